"""From the bytes of a file to numbered rows of cells. Pure."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.roster.columns import find_column
from handlers.roster.problems import Fault, Problem, SheetError

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How Excel's own files begin: xlsx is a zip file, xls an OLE container."""

_DELIMITERS = (",", "\t", ";")
_CELL_ENDS = re.compile(r"[,\t;]")
_HEADER_WITHIN = 10
"""Lists made by hand often begin with a title; the headings are looked for in that many rows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record and the line of the file in which it begins."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A readable file: its text, how it was encoded, what separates its cells, and its headings."""

    text: str
    encoding: str
    delimiter: str
    header: Row

    def rows(self) -> Iterator[Row]:
        """The rows under the headings, empty ones left out. Raises SheetError where quotes don't pair."""
        return (row for row in _split(self.text, self.delimiter) if row.line > self.header.line and any(row.cells))


def read_sheet(data: bytes) -> Sheet:
    """The file as a sheet. Raises SheetError when it is empty, no text, or in an encoding that isn't known."""
    if data.startswith(_SPREADSHEETS):
        raise SheetError(Problem(0, Fault.SPREADSHEET))
    text, encoding = decode(data)
    if "\x00" in text:
        raise SheetError(Problem(text.count("\n", 0, text.index("\x00")) + 1, Fault.NOT_TEXT))
    if not text.strip():
        raise SheetError(Problem(0, Fault.EMPTY))
    delimiter, header = _find_header(text)
    return Sheet(text, encoding, delimiter, header)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8 with or without BOM, CP932, or UTF-16 with BOM (Excel's "Unicode
    text").

    What is valid UTF-8 is UTF-8: Japanese in CP932 never is but by the rarest accident. CP932 with full-width kana or
    common kanji is never valid EUC-JP, which has no bytes from 81 to 9F; where only half-width kana leaves a doubt, the
    headings decide. Raises SheetError for anything else.
    """
    if data.startswith(codecs.BOM_UTF8):
        return _decode(data, "utf-8-sig"), "UTF-8 (BOM)"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode(data, "utf-16"), "UTF-16"
    if b"\x1b$" in data:
        raise SheetError(Problem(0, Fault.ENCODING, value="ISO-2022-JP"))
    if _fits(data, "utf-8"):
        return data.decode("utf-8"), "UTF-8"
    if _fits(data, "euc_jp") and (not _fits(data, "cp932") or _has_headings(data.decode("euc_jp"))):
        raise SheetError(Problem(0, Fault.ENCODING, value="EUC-JP"))
    return _decode_cp932(data), "CP932"


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SheetError(Problem(line, Fault.ENCODING)) from error


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _has_headings(text: str) -> bool:
    cells = [cell for line in text.splitlines()[:_HEADER_WITHIN] for cell in _CELL_ENDS.split(line)]
    return any(find_column(cell) is not None and not cell.isascii() for cell in cells)


def _decode_cp932(data: bytes) -> str:
    text = _decode(data, "cp932")
    # Python reads the bytes that CP932 leaves undefined (80, A0, FD to FF) as these.
    if undefined := next((sign for sign in text if sign in "\x80\xa0\uf8f1\uf8f2\uf8f3"), ""):
        raise SheetError(Problem(text.count("\n", 0, text.index(undefined)) + 1, Fault.ENCODING))
    return text


def _find_header(text: str) -> tuple[str, Row]:
    """The delimiter and the row of headings: the row in which most headings are known."""
    first = Row(1, text.lstrip("\r\n").partition("\n")[0].rstrip("\r").split(","))
    best, known = (",", first), 1
    for delimiter in _DELIMITERS:
        for row in _first_rows(text, delimiter):
            count = sum(find_column(cell) is not None for cell in row.cells)
            if count > known:
                best, known = (delimiter, row), count
    return best


def _first_rows(text: str, delimiter: str) -> list[Row]:
    rows: list[Row] = []
    try:
        for row in _split(text, delimiter):
            rows.append(row)
            if len(rows) == _HEADER_WITHIN:
                break
    except SheetError:
        return rows  # what is wrong with the quotes is told when the rows are read
    return rows


def _split(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, [cell.strip() for cell in cells])
            line = reader.line_num + 1
    except csv.Error as error:
        raise SheetError(Problem(line, Fault.QUOTES)) from error
