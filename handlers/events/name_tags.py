"""Name tags to print: a PDF of A4 sheets, ten tags of 91 × 55 mm on each, where sheets for business cards have them.

Pure. The font is embedded, so that every printer has it (docs/decisions/name-tags.md).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen import canvas

from bot.i18n import pgettext, use_locale
from bot.text import clean

_pdf: Any = canvas  # the package has no types
_fonts: Any = ttfonts
_metrics: Any = pdfmetrics

_FONT = "NotoSansJP"
_FONT_FILE = Path(__file__).parent / "fonts" / "NotoSansJP-Medium.ttf"
_MISSING = "〓"
"""The printers' sign for a type that is not in the case."""

_MM = 72 / 25.4
"""Points in a millimetre."""
WIDTH, HEIGHT = 91 * _MM, 55 * _MM
COLUMNS, ROWS = 2, 5
_LEFT, _TOP = 14 * _MM, 11 * _MM
_SHEET = (210 * _MM, 297 * _MM)
_PAD = 6 * _MM
_INNER = WIDTH - 2 * _PAD

MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands on one tag. `former`: the department is one they worked in."""

    name: str
    kana: str = ""
    department: str = ""
    former: bool = True
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a tag: its size (points) and the least to which it shrinks, how far its foot is below the tag's upper
    edge (mm), and how dark it is."""

    size: float
    least: float
    foot: float
    grey: float = 0.0


_EVENT = _Line(7, 6, 9, grey=0.45)
_KANA = _Line(9, 6, 17, grey=0.3)
_NAME = _Line(28, 11, 28)
_DEPARTMENT = _Line(17, 8, 39)
_TOPICS = _Line(10, 7, 48, grey=0.2)


@cache
def _load_font() -> Any:
    font = _fonts.TTFont(_FONT, str(_FONT_FILE))
    _metrics.registerFont(font)
    return font


def print_tags(title: str, tags: Sequence[Tag], locale: str) -> bytes:
    """The tags as a PDF, in the order given; `locale` is the language of the few words that are ours."""
    _load_font()
    out = BytesIO()
    sheet = _pdf.Canvas(out, pagesize=_SHEET, invariant=1)
    sheet.setTitle(clean(title))
    with use_locale(locale):
        for number, tag in enumerate(tags):
            place = number % (COLUMNS * ROWS)
            if number and not place:
                sheet.showPage()
            if not place:
                _draw_marks(sheet)
            _draw_tag(sheet, title, tag, place)
    sheet.save()
    return out.getvalue()


def _draw_tag(sheet: Any, title: str, tag: Tag, place: int) -> None:
    left = _LEFT + place % COLUMNS * WIDTH
    top = _SHEET[1] - _TOP - place // COLUMNS * HEIGHT
    _write(sheet, title, _EVENT, left, top)
    if tag.kana and tag.kana != tag.name:
        _write(sheet, tag.kana, _KANA, left, top)
    _write(sheet, tag.name, _NAME, left, top)
    if tag.department:
        _write(sheet, _say_department(tag), _DEPARTMENT, left, top)
    if tag.topics:
        _write(sheet, "　".join(tag.topics[:MOST_TOPICS]), _TOPICS, left, top)


def _say_department(tag: Tag) -> str:
    if not tag.former:
        return tag.department
    return pgettext("on a name tag", "formerly {department}").format(department=tag.department)


def _write(sheet: Any, text: str, line: _Line, left: float, top: float) -> None:
    """A line in the middle of its tag, as large as fits; what doesn't fit at the least size is cut."""
    text, size = fit(text, line.size, line.least)
    sheet.setFont(_FONT, size)
    sheet.setFillGray(line.grey)
    sheet.drawCentredString(left + WIDTH / 2, top - line.foot * _MM, text)


def fit(text: str, size: float, least: float) -> tuple[str, float]:
    """The text and the size (points) in which it is as wide as a tag at most."""
    _load_font()
    text = _replace_missing(" ".join(clean(text).split(" ")).replace("\n", " "))
    width = _measure(text, size)
    if width <= _INNER:
        return text, size
    size = max(least, size * _INNER / width)
    while _measure(text, size) > _INNER + 0.01:
        text = f"{text[:-2]}…"
    return text, size


def _measure(text: str, size: float) -> float:
    return _metrics.stringWidth(text, _FONT, size)


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _replace_missing(text: str) -> str:
    known = _load_font().face.charToGlyph
    return "".join(sign if ord(sign) in known else _MISSING for sign in _compose(text))


def list_missing(tags: Sequence[Tag]) -> list[str]:
    """The names that the font can't write whole, in the order of the tags."""
    known = _load_font().face.charToGlyph
    return [tag.name for tag in tags if any(ord(sign) not in known for sign in _compose(clean(tag.name)))]


def _draw_marks(sheet: Any) -> None:
    """Short hairlines in the margins, for those who print on plain paper and cut."""
    sheet.setStrokeGray(0.6)
    sheet.setLineWidth(0.25)
    width, height = _SHEET
    for column in range(COLUMNS + 1):
        across = _LEFT + column * WIDTH
        sheet.line(across, height - _TOP + 2 * _MM, across, height - _TOP + 6 * _MM)
        sheet.line(across, _TOP - 2 * _MM, across, _TOP - 6 * _MM)
    for row in range(ROWS + 1):
        down = height - _TOP - row * HEIGHT
        sheet.line(_LEFT - 2 * _MM, down, _LEFT - 6 * _MM, down)
        sheet.line(width - _LEFT + 2 * _MM, down, width - _LEFT + 6 * _MM, down)
