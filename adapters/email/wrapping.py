"""Breaking plain text into lines as Japanese and English are broken. Pure."""

import re
import unicodedata
from collections.abc import Iterator

WIDTH = 72
"""Columns: 36 characters of Japanese, the custom in mails; readers that show less break again by themselves."""

_PIECES = re.compile(r"[!-~]+|\s+|.", re.DOTALL)
"""Latin words, and with them addresses, stay whole; everything else may be broken between two characters."""

_NEVER_FIRST = frozenset(
    "、。，．,.・：；:;！？!?）)］]｝}〉》」』】〕ー～…‥々ゝゞぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゛゜％℃"
)
_NEVER_LAST = frozenset("（([［｛{〈《「『【〔￥＄＃")
"""JIS X 4051: characters that begin no line, and those that end none."""


def wrap(text: str, width: int = WIDTH) -> str:
    """The text with every line at most `width` columns wide, as far as its longest word allows. Line breaks that are
    there stay."""
    return "\n".join(part for line in text.split("\n") for part in _break(line, width))


def _break(line: str, width: int) -> Iterator[str]:
    taken: list[str] = []
    room = width
    for piece in _PIECES.findall(line):
        if count_columns(piece.rstrip()) > room and taken:
            carried = _list_carried(taken, piece)
            yield "".join(taken).rstrip()
            taken, piece = carried, piece if carried else piece.lstrip()
            room = width - count_columns("".join(taken))
        taken.append(piece)
        room -= count_columns(piece)
    yield "".join(taken).rstrip()


def _list_carried(taken: list[str], piece: str) -> list[str]:
    """Takes off the end of a line what must stand with `piece` on the next one, and returns it. A line of such
    characters only is left as it is."""
    carried: list[str] = []
    first = piece
    while len(taken) > 1 and (first[:1] in _NEVER_FIRST or taken[-1][-1:] in _NEVER_LAST):
        first = taken.pop()
        carried.insert(0, first)
    return carried


def count_columns(text: str) -> int:
    """How wide text is where Latin letters take one column and Japanese characters two."""
    return sum(0 if unicodedata.combining(sign) else _columns_of(sign) for sign in text)


def _columns_of(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
