"""From the bytes of HR's list to leavers and problems. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from handlers.roster.cells import Leaver, Limits, read_leaver
from handlers.roster.columns import find_column
from handlers.roster.problems import Column, Fault, Problem, SheetError
from handlers.roster.reading import Row, Sheet, read_sheet
from storage.folding import fold_name

REQUIRED = (Column.NUMBER, Column.NAME, Column.LEFT)


@dataclass(slots=True)
class Parsed:
    """What a file says: its good rows, all problems in the order of lines, its encoding, and headings not used."""

    leavers: list[Leaver] = field(default_factory=list[Leaver])
    problems: list[Problem] = field(default_factory=list[Problem])
    encoding: str = ""
    unused: tuple[str, ...] = ()


def parse(data: bytes, limits: Limits, on_row: Callable[[int], None] = lambda line: None) -> Parsed:
    """Reads a file of leavers. Never raises for its content. `on_row` is called with the line of each row."""
    parsed = Parsed()
    try:
        sheet = read_sheet(data)
        parsed.encoding = sheet.encoding
        _read_rows(sheet, limits, parsed, on_row)
    except SheetError as error:
        parsed.problems.append(error.problem)
    return parsed


def _read_rows(sheet: Sheet, limits: Limits, parsed: Parsed, on_row: Callable[[int], None]) -> None:
    columns = [find_column(heading) for heading in sheet.header.cells]
    _check_header(columns, sheet.header.line)
    parsed.unused = tuple(
        heading for heading, column in zip(sheet.header.cells, columns, strict=True) if heading and column is None
    )
    doubles = Doubles()
    for row in sheet.rows():
        on_row(row.line)
        leaver, problems = _read_row(row, columns, limits)
        problems += doubles.check(leaver) if leaver else ()
        parsed.problems += problems
        if leaver and not problems:
            parsed.leavers.append(leaver)
    if not parsed.leavers and not parsed.problems:
        raise SheetError(Problem(0, Fault.NO_ROWS))


def _check_header(columns: list[Column | None], line: int) -> None:
    known = [column for column in columns if column]
    for column in known:
        if known.count(column) > 1:
            raise SheetError(Problem(line, Fault.DOUBLE_COLUMN, column))
    has_names = {Column.FAMILY_NAME, Column.GIVEN_NAME} <= set(known)
    for column in REQUIRED:
        if column not in known and not (column is Column.NAME and has_names):
            raise SheetError(Problem(line, Fault.MISSING_COLUMN, column))


def _read_row(row: Row, columns: list[Column | None], limits: Limits) -> tuple[Leaver | None, list[Problem]]:
    count = len(columns)
    if len(row.cells) < count or any(row.cells[count:]):
        return None, [Problem(row.line, Fault.CELL_COUNT, value=str(len(row.cells)), other=count)]
    cells = {column: cell for column, cell in zip(columns, row.cells, strict=False) if column and cell}
    return read_leaver(cells, limits, row.line)


class Doubles:
    """Finds people who stand in one file twice."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._addresses: dict[str, int] = {}
        self._people: dict[tuple[str, str], int] = {}

    def check(self, leaver: Leaver) -> Iterator[Problem]:
        """What of this person stood in an earlier line already. A number without its leading zeros and the same name
        are the same person: spreadsheets lose zeros."""
        person = (leaver.employee_number.lstrip("0"), fold_name(leaver.name))
        number_line = self._numbers.setdefault(leaver.employee_number, leaver.line)
        person_line = self._people.setdefault(person, leaver.line)
        address_line = self._addresses.setdefault(leaver.email, leaver.line) if leaver.email else leaver.line
        if number_line != leaver.line:
            yield Problem(leaver.line, Fault.SAME_NUMBER, Column.NUMBER, leaver.employee_number, number_line)
        elif person_line != leaver.line:
            yield Problem(leaver.line, Fault.SAME_PERSON, Column.NUMBER, leaver.employee_number, person_line)
        if address_line != leaver.line:
            yield Problem(leaver.line, Fault.SAME_ADDRESS, Column.EMAIL, leaver.email, address_line)
