"""Lists of leavers for tests."""

from datetime import date

from handlers.roster.cells import Limits
from handlers.roster.problems import Column, Fault
from handlers.roster.rules import Parsed, parse

TODAY = date(2026, 11, 20)
LIMITS = Limits(TODAY, frozenset({"sample-seiki.example"}))
HEADER = "社員番号,氏名,フリガナ,退職日,入社日,部署,メール,職種,言語"
MISAKI = "00123,佐藤 美咲,サトウ ミサキ,2026/11/30,2001/4/1,設計2課,misaki@mail.example,技術,日本語"
SHO = "00124,高橋 翔,タカハシ ショウ,2026/12/31,2010/4/1,製造課,sho@mail.example,製造,ja"
JANE = "A-7,Jane Smith,,2026-12-15,,Sales,jane.smith@mail.example,Sales,English"


def sheet(*rows: str, header: str = HEADER) -> str:
    """A file's text."""
    return "".join(f"{row}\r\n" for row in (header, *rows))


def read(text: str | bytes, limits: Limits = LIMITS) -> Parsed:
    """What a file says; text is taken as UTF-8."""
    return parse(text if isinstance(text, bytes) else text.encode(), limits)


def faults(parsed: Parsed) -> list[tuple[int, Fault]]:
    """The problems as lines and faults."""
    return [(problem.line, problem.fault) for problem in parsed.problems]


def cell(column: Column, text: str) -> str:
    """One row in which this column holds `text` and all others are good."""
    values = {
        Column.NUMBER: "00123",
        Column.NAME: "佐藤 美咲",
        Column.KANA: "サトウ ミサキ",
        Column.LEFT: "2026/11/30",
        Column.JOINED: "2001/4/1",
        Column.DEPARTMENT: "設計2課",
        Column.EMAIL: "misaki@mail.example",
        Column.JOB: "技術",
        Column.LANGUAGE: "ja",
    }
    quoted = text.replace('"', '""')
    return ",".join(f'"{quoted}"' if key is column else value for key, value in values.items())
