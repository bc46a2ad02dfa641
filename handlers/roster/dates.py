"""Calendar days as people and spreadsheets in Japan write them. Pure."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

_TAIL = r"(?:\s*\([月火水木金土日A-Za-z]{1,9}\))?(?:[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
"""A weekday in brackets and a time of day may follow; both say nothing more."""

_WESTERN = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _TAIL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ERA = re.compile(
    r"(令和?|平成?|昭和?|[RHS])\s*\.?\s*(元|\d{1,2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _TAIL
)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]([A-Za-z]{3,9})\.?,?[\s-](\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})")

_BEFORE_FIRST_YEAR = {"令": 2018, "R": 2018, "平": 1988, "H": 1988, "昭": 1925, "S": 1925}
"""The western year before an era's first: Reiwa 1 is 2019, Heisei 1 is 1989, Shōwa 1 is 1926."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 - as one reads them


@lru_cache(maxsize=4096)
def read_date(text: str) -> date | None:
    """The day, or None if it is none or could be two: `11/30/2026` and `26/11/30` mean different days to different
    people.

    Understood are 2026/11/30, 2026-11-30, 2026.11.30, 20261130, 2026年11月30日, Japanese years (令和8年11月30日,
    R8.11.30, 令和元年…), 30 Nov 2026 and November 30, 2026; a weekday in brackets and a time may follow.
    """
    numbers = _read_numbers(unicodedata.normalize("NFKC", text).strip())
    if numbers is None:
        return None
    try:
        return date(*numbers)
    except ValueError:
        return None


def _read_numbers(text: str) -> tuple[int, int, int] | None:
    if found := _WESTERN.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _ERA.fullmatch(text.upper()):
        year = 1 if found[2] == "元" else int(found[2])
        return _BEFORE_FIRST_YEAR[found[1][0]] + year, int(found[3]), int(found[4])
    if found := _DAY_FIRST.fullmatch(text):
        return _with_month(found[3], found[2], found[1])
    if found := _MONTH_FIRST.fullmatch(text):
        return _with_month(found[3], found[1], found[2])
    return None


def _with_month(year: str, month: str, day: str) -> tuple[int, int, int] | None:
    name = month[:3].casefold()
    return (int(year), _MONTHS.index(name) + 1, int(day)) if name in _MONTHS else None
