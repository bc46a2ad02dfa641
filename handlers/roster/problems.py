"""What can be wrong with a list of leavers, as data; `handlers.roster.views.describe` says it in words."""

from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """What a list of leavers may tell of each person. The first three are required."""

    NUMBER = "employee_number"
    NAME = "name"
    LEFT = "left_on"
    KANA = "kana"
    JOINED = "joined_on"
    DEPARTMENT = "department"
    EMAIL = "email"
    JOB = "job"
    LANGUAGE = "language"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    FAMILY_KANA = "family_kana"
    GIVEN_KANA = "given_kana"


class Fault(StrEnum):
    """A kind of problem."""

    EMPTY = "empty"
    NO_ROWS = "no_rows"
    SPREADSHEET = "spreadsheet"
    NOT_TEXT = "not_text"
    ENCODING = "encoding"
    QUOTES = "quotes"
    MISSING_COLUMN = "missing_column"
    DOUBLE_COLUMN = "double_column"
    CELL_COUNT = "cell_count"
    MISSING = "missing"
    NO_DATE = "no_date"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"
    LEFT_BEFORE_JOINING = "left_before_joining"
    NO_ADDRESS = "no_address"
    COMPANY_ADDRESS = "company_address"
    NO_LANGUAGE = "no_language"
    FORMULA = "formula"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    SAME_NUMBER = "same_number"
    SAME_ADDRESS = "same_address"
    SAME_PERSON = "same_person"
    KNOWN_NUMBER = "known_number"
    KNOWN_ADDRESS = "known_address"
    KNOWN_PERSON = "known_person"


_OF_THE_FILE = frozenset(
    {
        Fault.EMPTY,
        Fault.NO_ROWS,
        Fault.SPREADSHEET,
        Fault.NOT_TEXT,
        Fault.ENCODING,
        Fault.QUOTES,
        Fault.MISSING_COLUMN,
        Fault.DOUBLE_COLUMN,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: the line it is in (from 1; 0: the whole file), the column if it lies in one, what stands there, and
    the other line it is about, if any."""

    line: int
    fault: Fault
    column: Column | None = None
    value: str = ""
    other: int = 0

    @property
    def is_of_the_file(self) -> bool:
        """Whether the file can't be read at all, so that leaving out a row doesn't help."""
        return self.fault in _OF_THE_FILE


class SheetError(Exception):
    """The file can't be read, for `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.fault)
        self.problem = problem
