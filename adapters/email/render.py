"""A message as a mail: subject, plain text and HTML. Pure.

A mail can't carry buttons that act, and a link that acts would be pressed by scanners: buttons become a line that says
where to press them. Text is escaped, and the subject is one line whatever stands in it.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from adapters.email.wrapping import WIDTH, wrap
from bot.dates import format_when
from bot.i18n import _, use_locale
from bot.ui import (
    Block,
    Bold,
    Buttons,
    Chips,
    Divider,
    Facts,
    File,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    Note,
    Para,
    Picture,
    Quote,
    Reader,
    When,
    list_files,
)

LONGEST_SUBJECT = 150
"""Characters; readers show about half of that."""

_BODY = (
    "font-family:'Hiragino Sans','Yu Gothic UI','Noto Sans JP',system-ui,sans-serif;font-size:16px;line-height:1.7;"
    "max-width:36em;margin:0 auto;padding:24px 16px"
)
_QUOTE = "border-left:3px solid #27446e;margin:12px 0;padding:2px 0 2px 12px"
_CHIP = "display:inline-block;border:1px solid #9aa3b2;border-radius:12px;padding:0 10px;margin:0 6px 6px 0"
_QUIET = "font-size:14px;opacity:.75"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's subject (one line), plain text, HTML, and the files that go with it."""

    subject: str
    text: str
    html: str
    files: tuple[File, ...] = ()


def render_letter(message: Message, reader: Reader) -> Letter:
    """The mail for a message, in the reader's language and zone."""
    with use_locale(reader.locale):
        text = "\n\n".join(part for block in message.blocks if (part := _wrapped(block, reader)))
        body = "\n".join(_html_of(block, reader) for block in message.blocks)
    page = _page(reader.locale, message.summary, body)
    return Letter(clean_subject(message.summary), f"{text}\n", page, list_files(message))


def clean_subject(text: str) -> str:
    """A subject of one line without control characters: nothing in it can begin another header."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def _page(locale: str, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f'<title>{html.escape(title)}</title></head><body style="margin:0">'
        f'<div style="{_BODY}">\n{body}\n</div></body></html>\n'
    )


# Plain text


def _wrapped(block: Block, reader: Reader) -> str:
    if isinstance(block, Quote):
        return "\n".join(f"> {line}" for line in wrap(block.text, WIDTH - 2).splitlines())
    return wrap(_text_of(block, reader))


def _text_of(block: Block, reader: Reader) -> str:
    match block:
        case Heading(text=text):
            return text
        case Para(content=content) | Note(content=content):
            return _plain(content, reader)
        case Quote(text=text):
            return text
        case Facts(rows=rows):
            return "\n".join(
                _("{label}: {value}").format(label=row.label, value=_plain(row.value, reader)) for row in rows
            )
        case Chips(labels=labels):
            return " / ".join(labels)
        case Picture(url=url, alt=alt):
            return f"{alt}\n{url}"
        case File():
            return _say_attached(block)
        case Divider():
            return "----------"
        case Buttons():
            return _where_to_press(block)
        case _:
            assert_never(block)


def _say_attached(file: File) -> str:
    return _("{label}: the file {name} comes with this mail.").format(label=file.label, name=file.name)


def _where_to_press(buttons: Buttons) -> str:
    labels = " ".join(_("[{label}]").format(label=button.label) for button in buttons.buttons)
    return _("You can answer in the chat with Musubi: {labels}").format(labels=labels)


def _plain(content: Sequence[Inline], reader: Reader) -> str:
    return "".join(_plain_piece(piece, reader) for piece in content)


def _plain_piece(piece: Inline, reader: Reader) -> str:
    match piece:
        case str():
            return piece
        case Bold(text=text):
            return text
        case Link(label=label, url=url):
            return url if label == url else f"{label} <{url}>"
        case Mention(name=name):
            return name
        case When(at=at, style=style):
            return format_when(at, style, reader.locale, reader.zone)
        case _:
            assert_never(piece)


# HTML


def _html_of(block: Block, reader: Reader) -> str:
    match block:
        case Heading(text=text):
            return f'<h1 style="font-size:20px;line-height:1.4;margin:0 0 12px">{html.escape(text)}</h1>'
        case Para(content=content):
            return f'<p style="margin:0 0 12px">{_marked(content, reader)}</p>'
        case Quote(text=text):
            return f'<blockquote style="{_QUOTE}">{_lines(text)}</blockquote>'
        case Facts(rows=rows):
            return "\n".join(_fact(row.label, row.value, reader) for row in rows)
        case Chips(labels=labels):
            return f"<p>{''.join(f'<span style={_quoted(_CHIP)}>{html.escape(label)}</span>' for label in labels)}</p>"
        case Note(content=content, tone=tone):
            return f'<p style="{_QUIET}">{"✓ " if tone == "done" else ""}{_marked(content, reader)}</p>'
        case Picture(url=url, alt=alt):
            return f'<p><img src={_quoted(url)} alt={_quoted(alt)} style="max-width:100%"></p>'
        case Divider():
            return '<hr style="border:0;border-top:1px solid #9aa3b2;margin:16px 0">'
        case Buttons() | File():
            return f'<p style="{_QUIET}">{html.escape(_text_of(block, reader))}</p>'
        case _:
            assert_never(block)


def _fact(label: str, value: Sequence[Inline], reader: Reader) -> str:
    sentence = html.escape(_("{label}: {value}"))
    marked = sentence.format(
        label=f'<span style="opacity:.75">{html.escape(label)}</span>', value=_marked(value, reader)
    )
    return f'<p style="margin:0 0 4px">{marked}</p>'


def _marked(content: Sequence[Inline], reader: Reader) -> str:
    return "".join(_marked_pieces(content, reader))


def _marked_pieces(content: Sequence[Inline], reader: Reader) -> Iterator[str]:
    for piece in content:
        plain = _lines(_plain_piece(piece, reader))
        match piece:
            case Bold() | Mention():
                yield f"<strong>{plain}</strong>"
            case Link(label=label, url=url) if url.startswith(_LINKED):
                yield f"<a href={_quoted(url)}>{html.escape(label)}</a>"
            case _:
                yield plain


_LINKED = ("https://", "mailto:", "http://127.0.0.1:")
"""What becomes a link; the last is the workspace in the browser, whose mails are read on the same machine."""


def _lines(text: str) -> str:
    return "<br>".join(html.escape(line) for line in _LINE_ENDS.split(text))


_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""As `str.splitlines` has them; unlike there, what stands at the end counts too."""


def _quoted(value: str) -> str:
    return f'"{html.escape(value)}"'
