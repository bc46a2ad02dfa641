"""How long a break is, on every calendar and in every zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.pause.rules import MONTHS, find_end, number_end

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 12, 20)),
        (date(2026, 11, 20), 3, date(2027, 2, 20)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_break_ends_on_the_same_day_of_a_later_month(day: date, months: int, end: date) -> None:
    now = datetime(day.year, day.month, day.day, 23, 30, tzinfo=TOKYO)
    assert find_end(now, months, "Asia/Tokyo") == datetime(end.year, end.month, end.day, 9, tzinfo=TOKYO)


zones = st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"])
# Hypothesis takes naive bounds and adds the zone.
bounds = (datetime(2024, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001
moments = st.datetimes(*bounds, timezones=st.just(UTC))


@given(moments, st.sampled_from(MONTHS), zones)
def test_a_break_ends_in_the_morning_of_that_place_so_many_months_later(now: datetime, months: int, zone: str) -> None:
    start, end = now.astimezone(ZoneInfo(zone)), find_end(now, months, zone).astimezone(ZoneInfo(zone))
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day <= start.day
    assert end.hour == 9


@given(moments, moments)
def test_breaks_that_end_at_different_minutes_have_different_reminders(one: datetime, other: datetime) -> None:
    same_minute = one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
    assert (number_end(one) == number_end(other)) is same_minute
    assert number_end(one) < 2**31, "an INTEGER column takes it"
