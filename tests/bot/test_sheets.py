"""Files for spreadsheets: read back as they were, and nothing in them is reckoned with."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sheets import render_csv


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_it_begins_as_excel_in_japan_wants_it() -> None:
    assert render_csv([("名前", 3, -1)]) == "\ufeff名前,3,-1\r\n"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠x", "－1", "＋1"])
def test_no_text_is_a_formula(cell: str) -> None:
    assert read(render_csv([(cell,)])) == [[f"'{cell}"]]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_everything_comes_back(rows: list[tuple[str, str]]) -> None:
    for found, given_row in zip(read(render_csv(rows)), rows, strict=True):
        assert all(cell in (back, back.removeprefix("'")) for back, cell in zip(found, given_row, strict=True))
