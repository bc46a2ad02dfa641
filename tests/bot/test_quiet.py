"""Quiet hours: nobody is disturbed in them, nobody waits longer than they last."""

# ruff: noqa: DTZ001 - wall times are naive on purpose

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiet import is_quiet, next_allowed

moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))
zones = st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/Havana", "Asia/Kathmandu", "Africa/Casablanca", "UTC"])
hours = st.integers(0, 24)
TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


@given(moments, zones, hours, hours)
def test_what_goes_out_is_never_in_the_quiet_hours(at: datetime, zone: str, start: int, end: int) -> None:
    allowed = next_allowed(at, zone, start, end)
    hour = allowed.astimezone(ZoneInfo(zone)).hour
    everything = start % 24 == end % 24 and start != end  # 0 to 24: no hour is left
    assert everything or not is_quiet(hour, start, end)


@given(moments, zones, hours, hours)
def test_nobody_waits_longer_than_a_day_and_an_hour(at: datetime, zone: str, start: int, end: int) -> None:
    assert at <= next_allowed(at, zone, start, end) <= at + timedelta(hours=25)


@given(moments, zones, hours, hours)
def test_outside_the_quiet_hours_nothing_waits(at: datetime, zone: str, start: int, end: int) -> None:
    if not is_quiet(at.astimezone(ZoneInfo(zone)).hour, start, end):
        assert next_allowed(at, zone, start, end) == at


@given(moments, zones, hours)
def test_equal_hours_mean_none(at: datetime, zone: str, hour: int) -> None:
    assert next_allowed(at, zone, hour, hour) == at


@given(moments, hours, hours)
def test_waiting_ends_on_the_full_hour(at: datetime, start: int, end: int) -> None:
    allowed = next_allowed(at, "Asia/Tokyo", start, end)
    if allowed != at:
        local = allowed.astimezone(TOKYO)
        assert (local.hour, local.minute, local.second) == (end % 24, 0, 0)


@pytest.mark.parametrize(
    ("at", "start", "end", "allowed"),
    [
        (tokyo(20, 20, 59), 21, 8, tokyo(20, 20, 59)),
        (tokyo(20, 21), 21, 8, tokyo(21, 8)),
        (tokyo(20, 23, 30), 21, 8, tokyo(21, 8)),
        (tokyo(21, 0), 21, 8, tokyo(21, 8)),
        (tokyo(21, 7, 59), 21, 8, tokyo(21, 8)),
        (tokyo(21, 8), 21, 8, tokyo(21, 8)),
        (tokyo(20, 13), 12, 14, tokyo(20, 14)),
        (tokyo(20, 22), 21, 0, tokyo(21, 0)),
        (tokyo(20, 22), 21, 24, tokyo(21, 0)),
        (tokyo(20, 3), 0, 6, tokyo(20, 6)),
    ],
)
def test_examples(at: datetime, start: int, end: int, allowed: datetime) -> None:
    assert next_allowed(at, "Asia/Tokyo", start, end) == allowed


def test_quiet_hours_that_end_in_a_gap_end_with_it() -> None:
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30 in Berlin; at 2:00 it becomes 3:00
    assert next_allowed(night, "Europe/Berlin", 22, 2) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_zone_that_is_none_counts_as_utc() -> None:
    at = datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert next_allowed(at, "Mars/Olympus", 21, 8) == datetime(2026, 11, 21, 8, tzinfo=UTC)
