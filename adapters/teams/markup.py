"""Text in Adaptive Cards. Nothing a person wrote may turn into formatting, a link, a mention or a date.

Where it can, a line becomes a RichTextBlock, which knows no markup at all. Mentions and dates work in a TextBlock only,
and there Markdown is read, differently on the desktop and on phones (phones show the backslash of an escape); so the
signs that Markdown reads are broken up with an invisible joiner, or swapped for signs that look the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, assert_never

from bot.ui import Bold, Inline, Link, Mention, Reader, When

Json = dict[str, Any]

JOINER = "\u2060"
"""WORD JOINER: takes no room and never breaks a line."""

_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing for the rest of the card."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_FUNCTION = re.compile(r"\{(?=\{)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=[#A-Za-z])")
_LINK = re.compile(r"\](?=[(\[:])")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(r"[-+*#>=|\s]|\d+[.)]")
_LOOKALIKES = str.maketrans({"*": "\u2217", "`": "\u02cb", "~": "\u223c"})


class RenderError(ValueError):
    """What is to be shown does not fit Teams; somebody must change the view."""


def clean(text: str) -> str:
    """Text without what no card can show, ended lines as they are."""
    text = _SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return _INVISIBLE.sub("", text)


def one_line(text: str) -> str:
    """Cleaned text with its line ends made spaces, for labels and titles."""
    return " ".join(clean(text).split())


def label(text: str) -> str:
    """One line for buttons and fields, which read no Markdown."""
    return plain(one_line(text))


def plain(text: str) -> str:
    """Cleaned text for places that read no Markdown; date functions and tags are broken all the same."""
    return _TAG.sub(f"<{JOINER}", _FUNCTION.sub(f"{{{JOINER}", clean(text)))


def neutral(text: str) -> str:
    """Cleaned text for places that read Markdown, reading the same with every sign taken literally."""
    text = _ESCAPE.sub(f"\\\\{JOINER}", plain(text))
    text = _LINK.sub(f"]{JOINER}", _ENTITY.sub(f"&{JOINER}", text))
    return _UNDERSCORE.sub("\uff3f", text.translate(_LOOKALIKES))


def neutral_line(text: str) -> str:
    """As `neutral`, for the start of a line, where Markdown sees lists, headings and quotes."""
    made = neutral(text)
    return f"{JOINER}{made}" if _LINE_START.match(clean(text)) else made


class TooLargeError(RenderError):
    """More than a card holds."""


@dataclass(slots=True)
class Mentions:
    """The mentions of one card: each person once, each under a text of their own."""

    reader: Reader
    texts: dict[int, str] = field(default_factory=dict[int, str])
    entities: list[Json] = field(default_factory=list[Json])

    def knows(self, mention: Mention) -> bool:
        """Whether the reader's platform knows the member."""
        return mention.member_id in self.reader.mentions

    def render(self, mention: Mention) -> str:
        """The mention's text, with its entity noted."""
        if mention.member_id not in self.texts:
            self._add(mention)
        return self.texts[mention.member_id]

    def _add(self, mention: Mention) -> None:
        name = neutral(one_line(mention.name)).replace("<", "").replace(">", "") or "?"
        text = f"<at>{name}</at>"
        while text in self.texts.values():
            name += JOINER
            text = f"<at>{name}</at>"
        self.texts[mention.member_id] = text
        mentioned = {"id": self.reader.mentions[mention.member_id], "name": label(mention.name) or "?"}
        self.entities.append({"type": "mention", "text": text, "mentioned": mentioned})


def split_lines(content: Iterable[Inline]) -> Iterator[tuple[Inline, ...]]:
    """The lines of a paragraph: plain text ends a line where it says so, nothing else does."""
    line: list[Inline] = []
    for piece in content:
        if not isinstance(piece, str):
            line.append(piece)
            continue
        first, *rest = clean(piece).split("\n")
        line.append(first)
        for text in rest:
            yield tuple(line)
            line = [text]
    yield tuple(line)


def render_line(line: Sequence[Inline], mentions: Mentions, **style: object) -> Json | None:
    """A line as a RichTextBlock, or as a TextBlock where it holds a date or mention; None for an empty line.

    `style` takes color, size, weight and isSubtle.
    """
    if not any(_words(piece).strip() for piece in line):
        return None
    if any(isinstance(piece, When) or (isinstance(piece, Mention) and mentions.knows(piece)) for piece in line):
        return {"type": "TextBlock", "text": render_markdown(line, mentions), "wrap": True, **style}
    runs = [_render_run(piece, style) for piece in line if _words(piece)]
    return {"type": "RichTextBlock", "inlines": runs}


def render_markdown(line: Sequence[Inline], mentions: Mentions) -> str:
    """A line as Markdown with everything that persons wrote made harmless."""
    text = ""
    for piece in line:
        text += _render_piece(piece, mentions, first=not text)
    return text


def _render_piece(piece: Inline, mentions: Mentions, *, first: bool) -> str:
    match piece:
        case str():
            return neutral_line(piece) if first else neutral(piece)
        case Bold(text=text):
            # The joiners make the stars count next to Japanese brackets, where CommonMark would not take them.
            return f"**{JOINER}{neutral(one_line(text))}{JOINER}**"
        case Link(label=label, url=url):
            return f"[{neutral(one_line(label))}]({check_url(url)})"
        case Mention(name=name):
            return mentions.render(piece) if mentions.knows(piece) else neutral(one_line(name) or "?")
        case When():
            return render_when(piece)
        case _:
            assert_never(piece)


def _render_run(piece: Inline, style: dict[str, object]) -> Json:
    run: Json = {"type": "TextRun", "text": plain(_words(piece)), **style}
    match piece:
        case Bold():
            run["weight"] = "Bolder"
        case Link(url=url):
            run["selectAction"] = {"type": "Action.OpenUrl", "url": check_url(url)}
        case _:
            pass
    return run


def _words(piece: Inline) -> str:
    match piece:
        case str():
            return piece
        case Bold(text=text):
            return text
        case Link(label=label):
            return label
        case Mention(name=name):
            return one_line(name) or "?"
        case When():
            return "-"
        case _:
            assert_never(piece)


def render_when(when: When) -> str:
    """Date functions: every reader sees their own zone, in their own language."""
    at = when.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    date, time = f"{{{{DATE({at},SHORT)}}}}", f"{{{{TIME({at})}}}}"
    match when.style:
        case "datetime":
            return f"{date} {time}"
        case "date":
            return date
        case "time":
            return time
        case _:
            assert_never(when.style)


def check_url(url: str) -> str:
    """An address that may stand in a card, with the signs that would end a Markdown link written as codes.

    Raises RenderError for anything but https, http (which people write to each other) and mailto.
    """
    if not url.startswith(("https://", "http://", "mailto:")):
        raise RenderError("a link must be https, http or mailto")
    codes = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", '"': "%22", "\\": "%5C", "\n": "%0A"}
    return clean(url).translate(str.maketrans(codes))
