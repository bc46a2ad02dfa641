"""From the cells of one row, or the fields of a form, to a leaver, with everything that is wrong. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.i18n import find_language
from handlers.roster.dates import read_date
from handlers.roster.problems import Column, Fault, Problem
from storage.folding import fold_number

LONGEST = {Column.NUMBER: 40, Column.EMAIL: 254}
LONGEST_TEXT = 120

_AHEAD = timedelta(days=2 * 366)
_BACK = timedelta(days=80 * 366)
"""Last days further ahead, and days further back, are slips of the finger."""

_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
"""Two dots in a row and one before the @ are allowed: Japanese mobile companies gave out such addresses."""

_NOTHING = frozenset(("-", "－", "―", "ー", "—", "–", "なし", "無し", "N/A", "n/a", "#N/A"))
"""What people write into a cell that has nothing in it."""

_TEXT_FORMULA = re.compile(r'="([^"]*)"')
"""`="00123"` is how a number keeps its zeros in Excel: a plain value."""

_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
_UNREADABLE = frozenset(("Cc", "Co", "Cs", "Cn"))
"""Control characters, private ones (外字: drawn on one company's machines only), and what is no character."""

_LANGUAGES = {
    **dict.fromkeys(("日本語", "日", "和", "japanese", "jp", "jpn"), "ja"),
    **dict.fromkeys(("英語", "英", "english", "eng"), "en"),
}


@dataclass(frozen=True, slots=True)
class Leaver:
    """One person of HR's list; names as in `storage.models.RosterEntry`. Empty texts mean "not told"."""

    line: int
    employee_number: str
    name: str
    left_on: date
    kana: str = ""
    joined_on: date | None = None
    department: str = ""
    email: str = ""
    job: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a row is held against: the day of the import in the community's zone, and the company's mail domains."""

    today: date
    company_domains: frozenset[str] = frozenset()


def read_leaver(cells: Mapping[Column, str], limits: Limits, line: int = 0) -> tuple[Leaver | None, list[Problem]]:
    """The person whom a row or a form tells of, and everything that is wrong with it; None if anything is."""
    reader = _Reader(cells, limits, line)
    left, joined = reader.day(Column.LEFT), reader.day(Column.JOINED)
    reader.check_order(joined, left)
    leaver = Leaver(
        line,
        employee_number=fold_number(reader.required(Column.NUMBER)),
        name=reader.name(),
        left_on=left or date.min,
        kana=reader.kana(),
        joined_on=joined,
        department=reader.text(Column.DEPARTMENT),
        email=reader.address(),
        job=reader.text(Column.JOB),
        language=reader.language(),
    )
    return (None if reader.problems else leaver), reader.problems


class _Reader:
    """Reads one row's cells, collecting what is wrong."""

    def __init__(self, cells: Mapping[Column, str], limits: Limits, line: int) -> None:
        self._cells = cells
        self._limits = limits
        self._line = line
        self.problems: list[Problem] = []

    def text(self, column: Column) -> str:
        """The cell's plain value: what stands for nothing is empty, what could act in a spreadsheet is refused."""
        text = " ".join(self._cells.get(column, "").split()).removeprefix("'")
        if not text or text in _NOTHING:
            return ""
        if plain := _TEXT_FORMULA.fullmatch(text):
            text = plain[1].strip()
        if text.startswith(_FORMULA_SIGNS):
            return self._refuse(Fault.FORMULA, column, text)
        if not is_readable(text):
            return self._refuse(Fault.UNREADABLE, column)
        if len(text) > (most := LONGEST.get(column, LONGEST_TEXT)):
            return self._refuse(Fault.TOO_LONG, column, text[:20], most)
        return text

    def required(self, column: Column) -> str:
        """As `text`, and a problem when there is none."""
        text = self.text(column)
        if not text and not any(problem.column is column for problem in self.problems):
            self._refuse(Fault.MISSING, column)
        return text

    def name(self) -> str:
        """As it is written, because the characters of a person's name are theirs; two columns become one."""
        parts = self._join(Column.FAMILY_NAME, Column.GIVEN_NAME)
        return parts if parts and not self._cells.get(Column.NAME) else self.required(Column.NAME)

    def kana(self) -> str:
        """The reading in full-width katakana."""
        text = self.text(Column.KANA) or self._join(Column.FAMILY_KANA, Column.GIVEN_KANA)
        if text.isascii():
            return text
        wide = unicodedata.normalize("NFKC", text)
        return "".join(chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in wide)

    def day(self, column: Column) -> date | None:
        """A day within reason."""
        text = self.required(column) if column is Column.LEFT else self.text(column)
        if not text:
            return None
        day = read_date(text)
        if (fault := self._find_fault(day)) is not None:
            self._refuse(fault, column, text)
            return None
        return day

    def _find_fault(self, day: date | None) -> Fault | None:
        if day is None:
            return Fault.NO_DATE
        if day > self._limits.today + _AHEAD:
            return Fault.TOO_LATE
        return Fault.TOO_EARLY if day < self._limits.today - _BACK else None

    def check_order(self, joined: date | None, left: date | None) -> None:
        """Nobody leaves before joining."""
        if joined and left and left < joined:
            self._refuse(Fault.LEFT_BEFORE_JOINING, Column.LEFT, f"{left:%Y/%m/%d}")

    def address(self) -> str:
        """A private mail address, in small letters."""
        text = self.text(Column.EMAIL)
        if not text:
            return ""
        address = unicodedata.normalize("NFKC", text).lower().removeprefix("mailto:")
        if not _ADDRESS.fullmatch(address):
            return self._refuse(Fault.NO_ADDRESS, Column.EMAIL, text)
        if address.rpartition("@")[2] in self._limits.company_domains:
            return self._refuse(Fault.COMPANY_ADDRESS, Column.EMAIL, text)
        return address

    def language(self) -> str:
        """`ja` or `en`."""
        text = self.text(Column.LANGUAGE)
        if not text:
            return ""
        name = unicodedata.normalize("NFKC", text).casefold()
        return _LANGUAGES.get(name) or find_language(name) or self._refuse(Fault.NO_LANGUAGE, Column.LANGUAGE, text)

    def _join(self, *columns: Column) -> str:
        return " ".join(text for column in columns if column in self._cells and (text := self.text(column)))

    def _refuse(self, fault: Fault, column: Column, value: str = "", other: int = 0) -> str:
        self.problems.append(Problem(self._line, fault, column, value, other))
        return ""


def is_readable(text: str) -> bool:
    """Whether every character is one that others can read too."""
    if text.isprintable():
        return "\ufffd" not in text
    return not any(unicodedata.category(sign) in _UNREADABLE or sign == "\ufffd" for sign in text)
