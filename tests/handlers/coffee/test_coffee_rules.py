"""When rounds are, and what silence comes to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.coffee.days import find_days_off, find_next_day
from handlers.coffee.rules import (
    IGNORED_LIMIT,
    Rhythm,
    find_close,
    find_halfway,
    find_next,
    find_start,
    is_planned,
    list_days,
    note_sign,
    note_silence,
)
from storage.models import CoffeeMember

TOKYO = "Asia/Tokyo"
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))
RHYTHMS = st.sampled_from([Rhythm.MONTHLY, Rhythm.TWO_WEEKS, Rhythm.TWO_MONTHS])


@pytest.mark.parametrize(
    ("after", "rhythm", "expected"),
    [
        (date(2026, 11, 20), "monthly", date(2026, 12, 7)),
        (date(2026, 12, 7), "monthly", date(2027, 1, 4)),
        # 1 May 2028 is a Monday and a working day; 3 January 2028 is the last day of the New Year's break.
        (date(2027, 12, 6), "monthly", date(2028, 1, 4)),
        # 11 October 2027 would be Sports Day; the first Monday is the 4th.
        (date(2027, 9, 6), "monthly", date(2027, 10, 4)),
        # 3 May 2027 is Constitution Day, followed by Greenery Day and Children's Day.
        (date(2027, 4, 5), "monthly", date(2027, 5, 6)),
        (date(2026, 12, 7), "two_weeks", date(2026, 12, 21)),
        (date(2026, 11, 20), "two_months", date(2027, 1, 4)),
        (date(2026, 11, 20), "never", None),
    ],
)
def test_the_next_round(after: date, rhythm: str, expected: date | None) -> None:
    assert find_next_day(after, rhythm, TOKYO) == expected


@pytest.mark.parametrize(
    ("zone", "day", "off"),
    [
        (TOKYO, date(2026, 12, 29), True),
        (TOKYO, date(2026, 11, 23), True),
        (TOKYO, date(2026, 11, 24), False),
        (TOKYO, date(2026, 12, 25), False),
        ("Europe/Berlin", date(2026, 12, 25), True),
        ("Europe/Berlin", date(2026, 11, 23), False),
        ("UTC", date(2026, 12, 25), False),
        ("UTC", date(2026, 12, 26), True),
    ],
)
def test_days_off_are_those_of_the_community_s_country(zone: str, day: date, off: bool) -> None:
    assert find_days_off(zone)(day) is off


@given(DAYS, RHYTHMS)
def test_there_is_always_a_next_round_on_a_working_day(after: date, rhythm: Rhythm) -> None:
    off = find_days_off(TOKYO)
    day = find_next(after, rhythm, off)
    assert day is not None
    assert day > after
    assert not off(day)


@given(DAYS, RHYTHMS)
def test_whichever_day_one_asks_from_the_rounds_are_the_same(first: date, rhythm: Rhythm) -> None:
    off, last = find_days_off(TOKYO), first + timedelta(days=100)
    days = list(list_days(first, last, rhythm, off))
    walked = [
        day
        for day in (first + timedelta(days=n) for n in range(101))
        if find_next(day - timedelta(days=1), rhythm, off) == day
    ]
    assert days == walked


@given(DAYS, RHYTHMS)
def test_no_planned_round_is_lost_and_none_is_held_twice(first: date, rhythm: Rhythm) -> None:
    off = find_days_off(TOKYO)
    last = first + timedelta(days=364)
    planned = [day for day in (first + timedelta(days=n) for n in range(365)) if is_planned(day, rhythm)]
    held = list(list_days(first, last, rhythm, off))
    assert abs(len(held) - len(planned)) <= 1
    assert len(set(held)) == len(held)


def test_a_round_begins_at_ten_by_the_community_s_clock() -> None:
    assert find_start(date(2026, 12, 7), TOKYO) == datetime(2026, 12, 7, 1, tzinfo=UTC)
    assert find_start(date(2026, 7, 6), "Europe/Berlin") == datetime(2026, 7, 6, 8, tzinfo=UTC)


def test_halfway_lies_between_and_the_close_before_the_next_announcement() -> None:
    begun, following = find_start(date(2026, 12, 7), TOKYO), find_start(date(2027, 1, 4), TOKYO)
    assert find_halfway(begun, following) == begun + timedelta(days=14)
    assert find_close(following) == datetime(2027, 1, 1, 0, tzinfo=UTC)


def test_the_third_silence_is_one_too_many_and_a_sign_makes_up_for_all() -> None:
    part = CoffeeMember(member_id=1, changed_at=datetime(2026, 12, 7, tzinfo=UTC))
    assert [note_silence(part) for _ in range(IGNORED_LIMIT)] == [False, False, True]
    note_sign(part)
    assert (part.ignored, part.asked_to_stay) == (0, False)
    assert not note_silence(part)
