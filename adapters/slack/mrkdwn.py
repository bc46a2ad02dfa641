"""Text for Slack that never turns into markup by accident. Pure.

Where nothing but text is shown, `plain_text` shows it literally. Where a sentence holds a mention, a date, a link or
bold words, it must be mrkdwn: then `&`, `<` and `>` are escaped (a name like `<!channel>` pings nobody), and characters
that would format are replaced by their full-width twins, because Slack has no escape for them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from adapters.slack import limits
from adapters.slack.limits import RenderError
from bot.dates import format_when
from bot.i18n import find_language
from bot.ui import Bold, Inline, Link, Mention, Reader, When

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TWINS = str.maketrans("*_~`>", "＊＿～｀＞")
_FORMATS = re.compile(r"(?<![^\W_])[*_~](?!\s)|(?<!\s)[*_~](?![^\W_])|`|^[ \t]*>+", re.MULTILINE)

# What a name may carry to break more than itself: control characters, lone surrogates, and those that turn the
# direction of the text behind them.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

_ATOM = re.compile(r"[^\s。、]{1,200}[\s。、]{0,20}|[\s。、]{1,200}")
_BOLD_LENGTH = 400
_LABEL_LENGTH = 300

# A star beside a Japanese letter is no marker for Slack; a space of no width makes it one.
_EDGE = "\u200b"

_DATES = {"datetime": "{date_long} {time}", "date": "{date_long}", "time": "{time}"}


def clean(text: str) -> str:
    """The text without the characters that harm what stands around it."""
    return _HARMFUL.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The text, cleaned, on one line."""
    return " ".join(clean(text).split())


def cut(text: str, most: int) -> str:
    """The text, with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def escape(text: str) -> str:
    """The text with Slack's three entities."""
    return re.sub("[&<>]", lambda found: _ESCAPES[found.group()], text)


def unescape(text: str) -> str:
    """The text without Slack's three entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def defuse(text: str) -> str:
    """The text with every character that would format it replaced by its full-width twin."""
    return _FORMATS.sub(lambda found: found.group().translate(_TWINS), clean(text))


def literal(text: str) -> str:
    """The text as mrkdwn that looks like the text."""
    return escape(defuse(text))


def is_plain(content: Sequence[Inline]) -> bool:
    """Whether a sentence is nothing but text."""
    return all(isinstance(piece, str) for piece in content)


def render_inlines(content: Iterable[Inline], reader: Reader) -> Iterator[str]:
    """A sentence as pieces of mrkdwn between which it may be cut. Raises RenderError for an address that is no link."""
    for piece in content:
        match piece:
            case str():
                yield from map(escape, split_text(defuse(piece)))
            case Bold(text=text):
                yield from _render_bold(text)
            case Link():
                yield _render_link(piece)
            case Mention(member_id=member_id, name=name):
                known = reader.mentions.get(member_id)
                yield f"<@{known}>" if known else literal(one_line(name))
            case When():
                yield _render_when(piece, reader)
            case _:
                assert_never(piece)


def _render_bold(text: str) -> Iterator[str]:
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            yield "\n"
        if line.strip():
            inner = [escape(part.translate(_TWINS)) for part in split_text(line.strip(), _BOLD_LENGTH)]
            yield from (f"{_EDGE}*{part.strip()}*{_EDGE}" for part in inner if part.strip())


def _render_link(link: Link) -> str:
    url = check_url(link.url)
    label = cut(one_line(link.label), _LABEL_LENGTH)
    return f"<{escape(url)}|{literal(label)}>" if label else f"<{escape(url)}>"


def check_url(url: str) -> str:
    """The address, with characters that would end it encoded. Raises RenderError for all but https, http, mailto."""
    if not re.match(r"(https?://|mailto:)[^\s]+$", url):
        raise RenderError("a link must be an https, http or mailto address")
    encoded = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E")
    return limits.check_length("an address", encoded, limits.URL - _LABEL_LENGTH * 5 - 200)


def _render_when(when: When, reader: Reader) -> str:
    written = format_when(when.at, when.style, find_language(reader.locale) or "en", reader.zone)
    return f"<!date^{int(when.at.timestamp())}^{_DATES[when.style]}|{written}>"


def split_text(text: str, most: int = 200) -> list[str]:
    """The text in pieces of about `most` characters at most, cut after spaces and Japanese stops where possible."""
    atoms: list[str] = _ATOM.findall(text)
    return pack(atoms, most) if most != 200 else atoms


def pack(pieces: Iterable[str], most: int) -> list[str]:
    """The pieces joined into texts of at most `most` characters; a piece that is longer alone is cut."""
    packed = [""]
    for piece in pieces:
        for start in range(0, len(piece), most):
            part = piece[start : start + most]
            if len(packed[-1]) + len(part) > most:
                packed.append("")
            packed[-1] += part
    return [text for text in packed if text]


def quote(text: str, most: int) -> list[str]:
    """A person's words as quoted lines, in texts of at most `most` characters."""
    lines = [line for raw in clean(text).strip().split("\n") for line in _split_line(raw, most - 10)]
    return [part.rstrip("\n") for part in pack([f"> {line}\n" for line in lines], most)]


def _split_line(line: str, most: int) -> list[str]:
    return pack(map(escape, split_text(defuse(line))), most) or [""]
