"""Decisions of the relayed room. Pure: no clock, no database, no words."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.incoming import SharedFile
from bot.routing import fold
from bot.ui import Inline, Link

MOST_WEIGHT = 10_000
"""What one message may weigh. Slack takes about 13,000 characters of JSON in all blocks of a message; see `weigh`."""

PARAGRAPH = 2_500
"""Characters of one paragraph: Slack's section takes 3,000."""

AWAKE = timedelta(minutes=30)
"""Whoever wrote in a room that short a while ago is awake, whatever their quiet hours say."""

SAY_AGAIN = timedelta(days=1)
"""After that, somebody who writes outside any thread is told again where it goes."""

HELD_FOR = timedelta(hours=1)
"""How long a text waits until its writer has chosen a room."""

OFFERED = 10
"""Messages that a report can be about: the last ones."""

_HEAVY = frozenset('&<>"\\')
_LINK = re.compile(r"(?:https://|mailto:)[^\s<>|\"'「」『』（）()\[\]、。，！？\u3000]+", re.IGNORECASE)
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of writing: it would make an address read as another one."""


class Problem(StrEnum):
    """Why something can't be passed on."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    FILES = "files"
    """Only files, and none that the others could open."""


class WordByMail(StrEnum):
    """What a mail may say in place of a button."""

    CLOSE = "close"
    REPORT = "report"


_WORDS = {
    WordByMail.CLOSE: ("close", "終える", "終わる", "終了"),
    WordByMail.REPORT: ("report", "通報"),
}


def read_word(text: str) -> WordByMail | None:
    """The word that stands for a button, if a mail says nothing else."""
    words = {fold(word): meaning for meaning, words in _WORDS.items() for word in words}
    return words.get(fold(text.strip(" \n\t[]［］「」。.")))


def tidy(text: str) -> str:
    """The text as it is passed on: without marks that turn the direction of writing, and without blank ends."""
    return _TURNING.sub("", text).strip()


def weigh(text: str) -> int:
    """How much room a text needs on the platform that takes the least: characters that must be escaped need six, and
    an address stands there twice."""
    heavy = sum(5 for sign in text if sign in _HEAVY or ord(sign) < 32)
    return len(text) + heavy + sum(len(found.group()) + 20 for found in _LINK.finditer(text))


def find_problem(text: str, files: Iterable[SharedFile], recent: int, most: int) -> Problem | None:
    """What speaks against passing a text on, whose writer has written `recent` messages within the last minute."""
    if recent >= most:
        return Problem.TOO_MANY
    if not text:
        return Problem.FILES if any(True for _file in files) else Problem.EMPTY
    return Problem.TOO_LONG if weigh(text) > MOST_WEIGHT else None


def split_paragraphs(text: str) -> list[str]:
    """The text in pieces of at most PARAGRAPH characters, cut where it hurts least and never inside a link."""
    pieces: list[str] = []
    while len(text) > PARAGRAPH:
        cut = _find_cut(text)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [piece for piece in (*pieces, text) if piece]


def _find_cut(text: str) -> int:
    best = max(text.rfind(sign, PARAGRAPH // 2, PARAGRAPH) + 1 for sign in ("\n", "。", ". ", " ", "、"))
    cut = best or PARAGRAPH
    inside = next((found for found in _LINK.finditer(text) if found.start() < cut < found.end()), None)
    return inside.start() if inside is not None and inside.start() > 0 else cut


def split_links(text: str) -> tuple[Inline, ...]:
    """A text with its addresses as links that show the whole address. Only https and mailto become links; whatever else
    looks like one stays text."""
    pieces: list[Inline] = []
    end = 0
    for found in _LINK.finditer(text):
        address = found.group().rstrip(".,;:!?*_~`'")
        if not _is_whole(address):
            continue
        pieces += [text[end : found.start()], Link(address, address)]
        end = found.start() + len(address)
    pieces.append(text[end:])
    return tuple(piece for piece in pieces if piece != "")


def _is_whole(address: str) -> bool:
    """Whether there is something behind the scheme, and not more than a platform takes for one link."""
    return 8 < len(address) <= 1_000 and address.isprintable()


def write_out(text: str, files: Iterable[SharedFile]) -> str:
    """The text with the files that can be passed on, as their addresses, one a line."""
    lines = [f"{file.name} {file.url}" if file.name else file.url for file in files if can_pass_on(file)]
    return "\n".join((text, *lines) if text else lines)


def can_pass_on(file: SharedFile) -> bool:
    """Whether a file's address may be shown to the others: it is on a service where whoever shares it has decided who
    may open it, and the address itself names nobody. What a chat platform keeps opens for its own people only, and
    often has the name of who put it there in its address."""
    address = file.url.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    host = (parts.hostname or "").casefold()
    names_nobody = "@" not in address and "%40" not in address.casefold()
    return parts.scheme == "https" and names_nobody and _is_whole(address) and _is_shared_host(host)


def _is_shared_host(host: str) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in _SHARED_HOSTS)


_SHARED_HOSTS = frozenset(
    {
        *("drive.google.com", "docs.google.com", "dropbox.com", "box.com", "1drv.ms", "gigafile.nu", "xgf.nz"),
        *("firestorage.jp", "wetransfer.com", "we.tl", "icloud.com", "figma.com", "miro.com", "youtube.com"),
        *("youtu.be", "vimeo.com", "github.com", "gitlab.com", "speakerdeck.com", "slideshare.net"),
    }
)


def is_awake(wrote_at: datetime | None, now: datetime) -> bool:
    """Whether somebody who last wrote in the room then waits for an answer now."""
    return wrote_at is not None and now - wrote_at <= AWAKE


def is_to_be_told(told_at: datetime | None, now: datetime) -> bool:
    """Whether it is to be said where a text went that was written outside any thread."""
    return told_at is None or now - told_at > SAY_AGAIN


def looks_like_command(text: str) -> bool:
    """A slash command that was typed as a message, perhaps wrongly, is meant for nobody but Musubi."""
    return text.lstrip().startswith(("/", "／"))
