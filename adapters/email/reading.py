"""A mail as it arrives, read into what counts: from whom, to which addresses, the words, the files. Pure.

Everything in it is a stranger's. Headers are decoded leniently, what can't be read is passed over, and nothing but the
words that the sender wrote themselves goes on.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses
from typing import TYPE_CHECKING, Any, cast

from adapters.email.addresses import fold_address
from adapters.email.charsets import decode
from adapters.email.quoting import find_own_words
from bot.hypertext import Tag, read_html
from bot.incoming import SharedFile

if TYPE_CHECKING:
    Part = Message[Any, Any]
else:
    Part = Message  # not subscriptable in Python 3.11

_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
"""Where an address of ours may stand; servers that rewrite the first keep it in the others."""
_MOST_ADDRESSES = 50
_MOST_PARTS = 200
_MOST_FILES = 20
_LONGEST_ID = 250

_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(automatic reply|auto[- ]?reply|auto:|out of (the )?office|undeliver|mail delivery|delivery status|"
    r"自動返信|自動応答|【自動|不在通知|配信不能|配達不能)",
    re.IGNORECASE,
)
_MACHINES = re.compile(r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+@-]|$)", re.IGNORECASE)
_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail. `sender` is the bare address in lower case, "" if there is not exactly one. `id` is its Message-ID, or
    made of the mail itself. `words` are the sender's own."""

    id: str
    sender: str
    addressees: tuple[str, ...]
    words: str
    files: tuple[SharedFile, ...] = ()
    is_automatic: bool = False


def read_mail(data: bytes, ours: re.Pattern[str], own_address: str) -> Mail:
    """The mail in these bytes (RFC 5322). `ours` finds reply addresses of ours; `own_address` is who we write as."""
    message: Part = message_from_bytes(data, policy=cast(Any, compat32))
    senders = tuple(dict.fromkeys(_list_addresses(message, ("From",))))
    sender = senders[0] if len(senders) == 1 else ""
    automatic = _is_automatic(message, sender) or sender in ("", own_address) or ours.fullmatch(sender) is not None
    parts = [] if automatic else list(_list_leaves(message))
    found = re.compile(f"{ours.pattern}|{re.escape(own_address)}", re.IGNORECASE) if own_address else ours
    return Mail(
        id=_read_id(message) or f"<{hashlib.sha256(data).hexdigest()[:32]}@without-id>",
        sender=sender,
        addressees=tuple(_list_addresses(message, _TO)),
        words=find_own_words(_read_body(parts), found),
        files=tuple(_list_files(parts))[:_MOST_FILES],
        is_automatic=automatic,
    )


# Headers


def _header(message: Part, name: str) -> str:
    return _decode_header(next(_list_raw(message, name), ""))


def _list_raw(message: Part, name: str) -> Iterator[str]:
    """The headers of that name as they came; what is not ASCII in them as lone surrogates."""
    for each, value in message.raw_items():
        if each.casefold() == name.casefold():
            yield str(value)


def _decode_header(raw: str) -> str:
    plain = raw.encode("utf-8", errors="surrogateescape")
    if b"=?" not in plain:
        return decode(plain, "")
    try:
        pieces = decode_header(raw)
    except (ValueError, LookupError):
        return raw
    return "".join(part if isinstance(part, str) else decode(part, str(charset or "")) for part, charset in pieces)


def _list_addresses(message: Part, names: tuple[str, ...]) -> Iterator[str]:
    raw = [value for name in names for value in _list_raw(message, name)]
    # Read before anything in them is decoded: an encoded name could hold a comma, and with it another address.
    for _name, address in getaddresses([value.encode("ascii", "replace").decode() for value in raw])[:_MOST_ADDRESSES]:
        if "@" in address:
            yield fold_address(address)


def _read_id(message: Part) -> str:
    found = re.search(r"<[^<>\s]+>", _header(message, "Message-ID"))
    return found.group()[:_LONGEST_ID] if found else ""


def _is_automatic(message: Part, sender: str) -> bool:
    """Whether no person wrote it: answering such mails makes loops (RFC 3834)."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    if submitted not in ("", "no") or _header(message, "Precedence").strip().casefold() in _BULK:
        return True
    if any(
        message.get(name) is not None for name in ("List-Id", "X-Autoreply", "X-Autorespond", "X-Failed-Recipients")
    ):
        return True
    path = message.get("Return-Path")
    if path is not None and str(path).strip() in ("", "<>"):
        return True
    answers = any(part.get_content_type() == "text/calendar" and part.get_param("method") for part in _walk(message))
    machine = _MACHINES.match(sender) or _AUTOMATIC_SUBJECT.match(_header(message, "Subject"))
    return bool(machine) or message.get_content_type() == "multipart/report" or answers


# Parts


def _walk(message: Part) -> list[Part]:
    found: list[Part] = []
    for part in message.walk():
        found.append(part)
        if len(found) == _MOST_PARTS:
            break
    return found


def _list_leaves(message: Part) -> Iterator[tuple[Part, bool]]:
    """The parts that hold something, each with whether it belongs to a page (its logo, its smileys)."""
    waiting: list[tuple[Part, bool]] = [(message, False)]
    for _number in range(_MOST_PARTS):
        if not waiting:
            return
        part, related = waiting.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            inside = part.get_content_type() == "multipart/related"
            waiting += [(cast(Part, each), inside) for each in reversed(cast("list[Any]", inner))]
        else:
            yield part, related


def _is_file(part: Part, *, related: bool) -> bool:
    if part.get_content_disposition() == "attachment":
        return True
    if related and part.get("Content-ID") is not None and part.get_content_maintype() == "image":
        return False
    return part.get_content_maintype() != "text" or part.get_filename() is not None


def _list_files(parts: list[tuple[Part, bool]]) -> Iterator[SharedFile]:
    for part, related in parts:
        if _is_file(part, related=related):
            size = len(_read_bytes(part))
            yield SharedFile(_read_name(part), part.get_content_type(), "", size)


def _read_name(part: Part) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError):
        return ""
    return " ".join(_decode_header(name).split()).replace("/", "_")[:200]


def _read_bytes(part: Part) -> bytes:
    payload: object = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _read_body(parts: list[tuple[Part, bool]]) -> str:
    """The plain text; of a mail that has none its page."""
    texts = [part for part, related in parts if not _is_file(part, related=related)]
    plain = "\n".join(_read_plain(part) for part in texts if part.get_content_type() == "text/plain")
    if plain.strip():
        return plain
    pages = (_read_text(part) for part in texts if part.get_content_type() == "text/html")
    return "\n".join(read_html(page, quoted=_is_history, without=_is_signature) for page in pages)


def _read_text(part: Part) -> str:
    return decode(_read_bytes(part), str(part.get_content_charset() or ""))


def _read_plain(part: Part) -> str:
    text = _read_text(part)
    if str(part.get_param("format") or "").casefold() != "flowed":
        return text
    return unflow(text, join="" if str(part.get_param("delsp") or "").casefold() == "yes" else " ")


def unflow(text: str, *, join: str = " ") -> str:
    """Text of RFC 3676 with its soft line breaks taken out. `join` stands for the space before such a break."""
    lines: list[str] = []
    soft, depth = False, 0
    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.lstrip(">")
        now = len(raw) - len(line)
        line = line.removeprefix(" ")
        if soft and now == depth and line != "-- ":
            lines[-1] = lines[-1][:-1] + join + line
        else:
            lines.append(("> " if now else "") + line)
        soft, depth = line.endswith(" ") and line != "-- ", now
    return "\n".join(lines)


def _is_history(tag: Tag) -> bool:
    """What programs put the mail into that is answered."""
    if tag.name == "blockquote" or tag.attributes.get("id") in (
        "divRplyFwdMsg",
        "mail-editor-reference-message-container",
    ):
        return True
    return any(map(tag.has_class, ("gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix", "gmail_attr")))


def _is_signature(tag: Tag) -> bool:
    named = tag.attributes.get("id", "").casefold() in ("signature", "ms-outlook-mobile-signature")
    return named or any(map(tag.has_class, ("gmail_signature", "moz-signature", "protonmail_signature_block")))
