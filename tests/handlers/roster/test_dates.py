"""Days however people write them, and what could be two days is none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.roster.dates import read_date

DAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "text",
    [
        "2026/11/30",
        "2026-11-30",
        "2026.11.30",
        "２０２６／１１／３０",
        "2026年11月30日",
        "2026年 11月 30日",
        "20261130",
        "2026/11/30 0:00:00",
        "2026-11-30T00:00:00Z",
        "2026/11/30(月)",
        "2026年11月30日（月）",
        "令和8年11月30日",
        "令和８年１１月３０日",
        "㋿8年11月30日",
        "R8.11.30",
        "R08/11/30",
        "r8-11-30",
        "令8.11.30",
        "30 Nov 2026",
        "30-Nov-2026",
        "30th November 2026",
        "Nov 30, 2026",
        "November 30 2026",
    ],
)
def test_one_day(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026/3/1", date(2026, 3, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R1.5.1", date(2019, 5, 1)),
        ("H1.1.8", date(1989, 1, 8)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("S50.4.1", date(1975, 4, 1)),
        ("2024/2/29", date(2024, 2, 29)),
    ],
)
def test_eras_and_leap_years(text: str, day: date) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "未定",
        "11/30/2026",
        "30/11/2026",
        "26/11/30",
        "2026/11",
        "2026/13/01",
        "2026/02/29",
        "2026/11/31",
        "0000/01/01",
        "46356",
        "2026113",
        "R8",
        "明治45年7月30日",
        "令和0年13月1日",
        "30 Foo 2026",
        "2026/11/30 or so",
        "2026年11月30日退職",
        "9999999999",
    ],
)
def test_no_day_for_sure(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(date(1926, 12, 25), date(2099, 12, 31)), st.sampled_from(["/", "-", ".", "年"]))
def test_every_day_in_western_years(day: date, sign: str) -> None:
    second = "月" if sign == "年" else sign
    assert read_date(f"{day.year}{sign}{day.month}{second}{day.day}{'日' if sign == '年' else ''}") == day


@given(st.dates(date(2019, 5, 1), date(2099, 12, 31)))
def test_every_day_of_reiwa(day: date) -> None:
    assert read_date(f"令和{day.year - 2018}年{day.month}月{day.day}日") == day
    assert read_date(f"R{day.year - 2018}.{day.month}.{day.day}") == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_none(text: str) -> None:
    assert read_date(text) is None or isinstance(read_date(text), date)
