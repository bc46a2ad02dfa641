"""Whom of the roster somebody may be, and who deserves a personal note."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.hr.rules import (
    MOST_CANDIDATES,
    MOST_NOTES,
    Note,
    Reason,
    Week,
    choose_notes,
    count_years,
    month_around,
    rank_candidates,
    stalled_window,
    weigh,
)
from storage.models import Application, Member, RosterEntry

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def asked(number: str = "00123", name: str = "佐藤 美咲", month: str = "2026-03") -> Application:
    return Application(member_id=1, employee_number=number, name=name, left_month=month, created_at=NOW)


def entry(
    number: str = "00999", name: str = "渡辺 直人", left: date = date(2015, 1, 31), kana: str = ""
) -> RosterEntry:
    return RosterEntry(employee_number=number, name=name, kana=kana, left_on=left, imported_at=NOW)


@pytest.mark.parametrize(
    ("candidate", "weight"),
    [
        (entry(), 0),
        (entry("123"), 4),
        (entry(name="佐藤美咲"), 4),
        (entry(name="サトウ", kana="さとう みさき"), 0),
        (entry(name="佐藤 美紀"), 3),
        (entry(name="佐藤 翔"), 0),
        (entry(left=date(2026, 3, 1)), 2),
        (entry(left=date(2026, 2, 1)), 1),
        (entry(left=date(2026, 4, 30)), 1),
        (entry(left=date(2026, 5, 1)), 0),
        (entry("00123", "佐藤 美咲", date(2026, 3, 31)), 10),
    ],
)
def test_what_speaks_for_one_person(candidate: RosterEntry, weight: int) -> None:
    assert weigh(asked(), candidate) == weight


def test_the_reading_counts_as_the_name() -> None:
    assert weigh(asked(name="さとう みさき"), entry(name="佐藤 美咲", kana="サトウ ミサキ")) == 4


def test_the_likeliest_comes_first_and_a_month_alone_is_nothing() -> None:
    month_only, number, both = entry(left=date(2026, 3, 31)), entry("123"), entry("0123", "佐藤 美咲")
    assert rank_candidates(asked(), [month_only, number, both]) == [both, number]


def test_at_most_ten() -> None:
    assert len(rank_candidates(asked(), [entry(f"{n}", "佐藤 美咲") for n in range(30)])) == MOST_CANDIDATES


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "いつか"])
def test_a_month_that_can_not_be_read_says_nothing(month: str) -> None:
    assert month_around(month) is None
    assert weigh(asked(month=month), entry()) == 0


def test_around_a_month() -> None:
    assert month_around("2026-01") == (date(2025, 12, 1), date(2026, 2, 28))
    assert month_around("2026-12") == (date(2026, 11, 1), date(2027, 1, 31))


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_the_months_around_are_three_whole_ones(day: date) -> None:
    around = month_around(f"{day:%Y-%m}")
    assert around is not None
    first, last = around
    assert first <= day <= last
    assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
    assert (last.year - first.year) * 12 + last.month - first.month == 2


@pytest.mark.parametrize(
    ("joined", "left", "years"),
    [
        (date(2010, 4, 1), date(2026, 3, 31), 15),
        (date(2010, 4, 1), date(2026, 4, 1), 16),
        (None, date(2026, 4, 1), 0),
        (date(2010, 4, 1), None, 0),
    ],
)
def test_years_of_service(joined: date | None, left: date | None, years: int) -> None:
    assert count_years(joined, left) == years


def leaver(name: str, years: int) -> RosterEntry:
    return RosterEntry(
        employee_number=name, name=name, joined_on=date(2026 - years, 1, 1), left_on=date(2026, 1, 1), imported_at=NOW
    )


def test_three_notes_in_the_order_of_their_reasons_the_longest_service_first() -> None:
    joined = [Member(name="E", joined_on=date(1990, 1, 1), left_on=date(2026, 1, 1), created_at=NOW)]
    half = [Member(name="D", registration_step=1, created_at=NOW), Member(name="F", created_at=NOW)]
    week = Week(("A",), (leaver("B", 12), leaver("C", 30), leaver("G", 9)), half, joined)
    assert choose_notes(week) == [
        Note("A", Reason.NOT_DELIVERED),
        Note("C", Reason.LONG_SERVICE, 30),
        Note("B", Reason.LONG_SERVICE, 12),
    ]
    assert choose_notes(Week(half_way=half, joined=joined)) == [
        Note("D", Reason.HALF_WAY),
        Note("E", Reason.HAS_JOINED, 36),
    ]


def test_nobody_twice_and_nobody_without_a_reason() -> None:
    assert choose_notes(Week(("A",), (leaver("A", 30),))) == [Note("A", Reason.NOT_DELIVERED)]
    assert choose_notes(Week(invited=(leaver("A", 3),))) == []


@given(st.lists(st.tuples(st.text(min_size=1, max_size=3), st.integers(0, 40)), max_size=12))
def test_never_more_than_three_each_once(people: list[tuple[str, int]]) -> None:
    notes = choose_notes(Week(invited=[leaver(name, years) for name, years in people]))
    assert len(notes) <= MOST_NOTES
    assert len({note.name for note in notes}) == len(notes)


@given(st.integers(0, 365 * 24 * 60))
def test_everybody_stalls_in_one_week_only(minutes: int) -> None:
    invited_at = NOW - timedelta(minutes=minutes)
    mondays = [NOW + timedelta(weeks=week) for week in range(-60, 60)]
    told = [monday for monday in mondays if stalled_window(monday)[0] <= invited_at < stalled_window(monday)[1]]
    assert len(told) == 1
