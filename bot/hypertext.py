"""HTML that a person's program wrote, as the plain text that the person meant. Pure; nothing in it is trusted."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

LONGEST_PAGE = 500_000
"""Characters that are read; what comes after them is left out."""

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl"),
        *("dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4"),
        *("h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    }
)
_UNSEEN = frozenset(
    {
        *("head", "script", "style", "template", "title", "noscript", "object", "iframe", "svg"),
        *("math", "attachment"),
    }
)
_NEVER_CLOSED = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link"),
        *("meta", "source", "track", "wbr"),
    }
)
_LONGEST_EMOJI = 8
_DEEPEST = 5
_NO_TAG = re.compile(r"<(?![A-Za-z/!?][^<>]{0,4000}>)")


@dataclass(frozen=True, slots=True)
class Tag:
    """An element's beginning: its name and attributes, in lower case."""

    name: str
    attributes: Mapping[str, str]

    def has_class(self, name: str) -> bool:
        """Whether it is of that class."""
        return name in self.attributes.get("class", "").split()


Which = Callable[[Tag], bool]


def _is_blockquote(tag: Tag) -> bool:
    return tag.name == "blockquote"


def _is_nothing(tag: Tag) -> bool:
    return False


def read_html(page: str, *, quoted: Which = _is_blockquote, without: Which = _is_nothing) -> str:
    """The words of a page, a line for each block. Lines inside an element that `quoted` names begin with `> `; elements
    that `without` names are left out. A link is `label (address)` where its label is not the address."""
    reader = _Reader(quoted, without)
    reader.feed(_close_tags(_drop_comments(page[:LONGEST_PAGE])))
    reader.close()
    return reader.text()


def _drop_comments(page: str) -> str:
    kept: list[str] = []
    start = 0
    while (begin := page.find("<!--", start)) >= 0:
        kept.append(page[start:begin])
        end = page.find("-->", begin + 4)
        if end < 0:
            return "".join(kept)
        start = end + 3
    return "".join((*kept, page[start:]))


def _close_tags(page: str) -> str:
    """Signs that begin no tag become words: on tags that never end the parser's time grows with their square."""
    return _NO_TAG.sub("&lt;", page)


@dataclass(slots=True)
class _Line:
    depth: int
    pieces: list[str] = field(default_factory=list[str])


class _Reader(HTMLParser):
    def __init__(self, quoted: Which, without: Which) -> None:
        super().__init__(convert_charrefs=True)
        self._quoted, self._without = quoted, without
        self._open: list[tuple[str, str]] = []
        self._counts: Counter[str] = Counter()
        self._skipped = self._depth = self._kept = 0
        self._lines = [_Line(0)]
        self._links: list[tuple[str, int, int]] = []

    # What the parser calls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        found = Tag(tag, {name: value or "" for name, value in attrs})
        if tag in _NEVER_CLOSED:
            self._see_single(found)
            return
        kind = self._find_kind(found)
        self._open.append((tag, kind))
        self._counts[tag] += 1
        self._skipped += kind == "skip"
        if tag in _BLOCKS:
            self._break()
        self._depth += kind == "quote"
        self._kept += tag == "pre"
        self._begin(found, kind)

    def _find_kind(self, tag: Tag) -> str:
        if tag.name in _UNSEEN or self._without(tag):
            return "skip"
        return "quote" if self._quoted(tag) else ""

    def _begin(self, tag: Tag, kind: str) -> None:
        if kind == "quote":
            self._break()
        if tag.name == "li":
            self._say("- ")
        if tag.name in ("td", "th") and self._lines[-1].pieces:
            self._say(" ")
        if tag.name == "a":
            self._links.append((tag.attributes.get("href", "").strip(), len(self._lines), len(self._lines[-1].pieces)))
        if tag.name == "emoji":
            self._say(tag.attributes.get("alt", "")[:_LONGEST_EMOJI])

    def _see_single(self, tag: Tag) -> None:
        if tag.name == "br":
            self._lines.append(_Line(self._depth))
        elif tag.name == "hr":
            self._break()
            self._say("----------")
            self._break()
        elif tag.name == "img":
            alt = tag.attributes.get("alt", "")
            self._say(alt if 0 < len(alt) <= _LONGEST_EMOJI and not alt.isascii() else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that says of itself that it is empty."""
        self.handle_starttag(tag, attrs)
        if tag not in _NEVER_CLOSED:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and with it all inside that were never closed. What was never begun is passed over."""
        if not self._counts[tag]:
            return
        while self._open:
            name, kind = self._open.pop()
            self._counts[name] -= 1
            self._end(name, kind)
            if name == tag:
                return

    def _end(self, name: str, kind: str) -> None:
        if name == "a" and self._links:
            self._end_link(*self._links.pop())
        self._kept -= name == "pre"
        self._depth -= kind == "quote"
        if name in _BLOCKS or kind == "quote":
            self._break()
        self._skipped -= kind == "skip"

    def _end_link(self, address: str, line: int, start: int) -> None:
        pieces = self._lines[-1].pieces[start if line == len(self._lines) else 0 :]
        label = " ".join("".join(pieces).split())
        shown = address.removeprefix("mailto:")
        says_it = re.search(r"[./@]", label) and label.casefold() in shown.casefold()
        if label and not says_it and re.match(r"(https?://|mailto:)\S+$", address):
            self._say(f" ({shown})")

    def handle_data(self, data: str) -> None:
        """Words. White space counts as one space, but for what is set as it was typed."""
        if not self._kept:
            self._say(re.sub(r"[ \t\r\n\f]+", " ", data))
            return
        for number, line in enumerate(data.split("\n")):
            if number:
                self._lines.append(_Line(self._depth))
            self._say(line)

    # What it makes of it

    def _say(self, words: str) -> None:
        if words and not self._skipped:
            self._lines[-1].pieces.append(words)

    def _break(self) -> None:
        """A new line, unless nothing stands in this one yet."""
        if "".join(self._lines[-1].pieces).strip(" "):
            self._lines.append(_Line(self._depth))
        else:
            self._lines[-1] = _Line(self._depth)

    def text(self) -> str:
        """The lines, without more than one empty one between two others."""
        lines = ["> " * min(line.depth, _DEEPEST) + _tidy("".join(line.pieces)) for line in self._lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _tidy(line: str) -> str:
    return line.replace("\xa0", " ").strip()
