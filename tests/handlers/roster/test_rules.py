"""Rows as people write them: what is taken, what is refused, and that all of it is named."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.roster.cells import Leaver
from handlers.roster.problems import Column, Fault, Problem
from tests.handlers.roster.sheets import JANE, MISAKI, SHO, cell, faults, read, sheet


def test_a_whole_row() -> None:
    (leaver,) = read(sheet(MISAKI)).leavers
    assert leaver == Leaver(
        line=2,
        employee_number="00123",
        name="佐藤 美咲",
        left_on=date(2026, 11, 30),
        kana="サトウ ミサキ",
        joined_on=date(2001, 4, 1),
        department="設計2課",
        email="misaki@mail.example",
        job="技術",
        language="ja",
    )


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (Column.NUMBER, " ００１２３ ", "00123"),
        (Column.NUMBER, "a-12", "A-12"),
        (Column.NUMBER, '="00123"', "00123"),
        (Column.NUMBER, "'00123", "00123"),
        (Column.NAME, "佐藤\u3000美咲", "佐藤 美咲"),
        (Column.NAME, "髙橋 翔", "髙橋 翔"),
        (Column.KANA, "さとう みさき", "サトウ ミサキ"),
        (Column.KANA, "ｻﾄｳ ﾐｻｷ", "サトウ ミサキ"),
        (Column.KANA, "-", ""),
        (Column.DEPARTMENT, "－", ""),
        (Column.DEPARTMENT, "なし", ""),
        (Column.EMAIL, "Misaki.Sato@Mail.Example", "misaki.sato@mail.example"),
        (Column.EMAIL, "ｍｉｓａｋｉ＠mail.example", "misaki@mail.example"),
        (Column.EMAIL, "mailto:misaki@mail.example", "misaki@mail.example"),
        (Column.EMAIL, "misaki..sato.@docomo.ne.jp", "misaki..sato.@docomo.ne.jp"),
        (Column.EMAIL, "misaki+musubi@mail.example", "misaki+musubi@mail.example"),
        (Column.EMAIL, "", ""),
        (Column.LANGUAGE, "英語", "en"),
        (Column.LANGUAGE, "JA", "ja"),
        (Column.LANGUAGE, "en-US", "en"),
        (Column.LANGUAGE, "Japanese", "ja"),
        (Column.LANGUAGE, "", ""),
        (Column.JOINED, "", None),
        (Column.JOINED, "平成13年4月1日", date(2001, 4, 1)),
    ],
)
def test_what_is_taken(column: Column, text: str, value: object) -> None:
    parsed = read(sheet(cell(column, text)))
    assert parsed.problems == []
    assert getattr(parsed.leavers[0], column.value) == value


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        (Column.NUMBER, "", Fault.MISSING),
        (Column.NUMBER, "-", Fault.MISSING),
        (Column.NAME, " ", Fault.MISSING),
        (Column.LEFT, "", Fault.MISSING),
        (Column.LEFT, "未定", Fault.NO_DATE),
        (Column.LEFT, "2026/11/31", Fault.NO_DATE),
        (Column.LEFT, "11/30/2026", Fault.NO_DATE),
        (Column.LEFT, "2062/11/30", Fault.TOO_LATE),
        (Column.LEFT, "1926/11/30", Fault.TOO_EARLY),
        (Column.LEFT, "2001/03/31", Fault.LEFT_BEFORE_JOINING),
        (Column.JOINED, "2026/12/01", Fault.LEFT_BEFORE_JOINING),
        (Column.JOINED, "いつか", Fault.NO_DATE),
        (Column.JOINED, "1826/11/30", Fault.TOO_EARLY),
        (Column.EMAIL, "misaki", Fault.NO_ADDRESS),
        (Column.EMAIL, "misaki@mail", Fault.NO_ADDRESS),
        (Column.EMAIL, "misaki@@mail.example", Fault.NO_ADDRESS),
        (Column.EMAIL, "misaki sato@mail.example", Fault.NO_ADDRESS),
        (Column.EMAIL, "a@mail.example,b@mail.example", Fault.NO_ADDRESS),
        (Column.EMAIL, "佐藤@mail.example", Fault.NO_ADDRESS),
        (Column.EMAIL, "misaki@mail.example\r\nBcc: x@mail.example", Fault.NO_ADDRESS),
        (Column.EMAIL, f"{'a' * 65}@mail.example", Fault.NO_ADDRESS),
        (Column.EMAIL, "misaki@sample-seiki.example", Fault.COMPANY_ADDRESS),
        (Column.EMAIL, "misaki@SAMPLE-SEIKI.example", Fault.COMPANY_ADDRESS),
        (Column.LANGUAGE, "fr", Fault.NO_LANGUAGE),
        (Column.LANGUAGE, "何でも", Fault.NO_LANGUAGE),
        (Column.NAME, '=HYPERLINK("https://x.example","x")', Fault.FORMULA),
        (Column.NAME, "=1+1", Fault.FORMULA),
        (Column.NAME, '="佐藤"&"美咲"', Fault.FORMULA),
        (Column.NUMBER, "-123", Fault.FORMULA),
        (Column.DEPARTMENT, "+cmd|' /C calc'!A0", Fault.FORMULA),
        (Column.DEPARTMENT, "@SUM(A1)", Fault.FORMULA),
        (Column.DEPARTMENT, "＝１＋１", Fault.FORMULA),
        (Column.JOB, "\t=1+1", Fault.FORMULA),
        (Column.JOB, '="=1+1"', Fault.FORMULA),
        (Column.NAME, "佐\ue000藤", Fault.UNREADABLE),
        (Column.NAME, "佐藤\ufffd", Fault.UNREADABLE),
        (Column.NAME, "佐藤\x07", Fault.UNREADABLE),
        (Column.NAME, "長" * 121, Fault.TOO_LONG),
        (Column.NUMBER, "1" * 41, Fault.TOO_LONG),
    ],
)
def test_what_is_refused(column: Column, text: str, fault: Fault) -> None:
    parsed = read(sheet(MISAKI.replace("00123", "00999").replace("misaki@", "other@"), cell(column, text)))
    (problem,) = parsed.problems
    assert (problem.line, problem.fault) == (3, fault)
    assert not problem.is_of_the_file
    assert len(parsed.leavers) == 1


def test_everything_that_is_wrong_with_a_row_is_named() -> None:
    parsed = read(sheet(",,,いつか,,,misaki,,fr"))
    assert {problem.fault for problem in parsed.problems} == {
        Fault.MISSING,
        Fault.NO_DATE,
        Fault.NO_ADDRESS,
        Fault.NO_LANGUAGE,
    }
    assert [problem.column for problem in parsed.problems if problem.fault is Fault.MISSING] == [
        Column.NUMBER,
        Column.NAME,
    ]


def test_what_is_refused_in_a_column_that_means_nothing_does_no_harm() -> None:
    parsed = read(sheet("00123,佐藤 美咲,2026/11/30,=1+1", header="社員番号,氏名,退職日,備考"))
    assert (len(parsed.leavers), parsed.problems) == (1, [])


@pytest.mark.parametrize(("row", "count"), [("00123,佐藤 美咲", "2"), (f"{MISAKI},余り", "10"), ("00123", "1")])
def test_the_wrong_number_of_cells(row: str, count: str) -> None:
    assert read(sheet(row)).problems == [Problem(2, Fault.CELL_COUNT, value=count, other=9)]


def test_empty_cells_and_rows_at_the_end_are_what_excel_adds() -> None:
    parsed = read(sheet(f"{MISAKI},,,", ",,,,,,,,,,", "", SHO))
    assert parsed.problems == []
    assert [leaver.line for leaver in parsed.leavers] == [2, 5]


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        (MISAKI.replace("misaki@", "other@"), Fault.SAME_NUMBER),
        (MISAKI.replace("misaki@", "other@").replace("00123", "００１２３"), Fault.SAME_NUMBER),
        (MISAKI.replace("misaki@", "other@").replace("00123", "123"), Fault.SAME_PERSON),
        (SHO.replace("sho@", "Misaki@"), Fault.SAME_ADDRESS),
    ],
)
def test_doubles_name_the_line_before(second: str, fault: Fault) -> None:
    parsed = read(sheet(MISAKI, JANE, second))
    (problem,) = parsed.problems
    assert (problem.line, problem.fault, problem.other) == (4, fault, 2)
    assert len(parsed.leavers) == 2


def test_two_people_whose_numbers_differ_in_zeros_only_are_two() -> None:
    assert faults(read(sheet(MISAKI, SHO.replace("00124", "0123")))) == []


CELLS = st.text(alphabet=st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["00123", "佐藤 美咲", "2026/11/30", "misaki@mail.example", "=1+1", "", "-", "R8.11.30", "ja", "\x00", '"', "\r\n"]
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=10), max_size=6), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_no_file_makes_it_stumble_and_every_row_is_a_leaver_or_a_problem(rows: list[list[str]], encoding: str) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["社員番号", "氏名", "退職日", "メール"])
    writer.writerows(rows)
    parsed = read(file.getvalue().encode(encoding))
    if any(problem.is_of_the_file for problem in parsed.problems):
        return
    named = {leaver.line for leaver in parsed.leavers} | {problem.line for problem in parsed.problems}
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert len(named) == len(filled)
    assert not {leaver.line for leaver in parsed.leavers} & {problem.line for problem in parsed.problems}


@given(st.binary(max_size=300))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    parsed = read(data)
    assert parsed.leavers or parsed.problems


NAMES = st.text(alphabet="佐藤高橋美咲翔太郎一二三田中鈴木", min_size=2, max_size=5)
PEOPLE = st.lists(
    st.tuples(st.integers(1, 99999), NAMES, st.dates(date(1990, 1, 1), date(2028, 1, 1))),
    min_size=1,
    max_size=8,
    unique_by=lambda person: person[0],
)


@given(PEOPLE, st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"]))
def test_what_was_written_is_read(people: list[tuple[int, str, date]], encoding: str) -> None:
    rows = [f"{number:05},{name},{day:%Y/%m/%d}" for number, name, day in people]
    parsed = read(sheet(*rows, header="社員番号,氏名,退職日").encode(encoding))
    found = [(int(each.employee_number), each.name, each.left_on) for each in parsed.leavers]
    assert (found, parsed.problems) == (people, [])
