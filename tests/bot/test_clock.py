"""The three clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FrozenClock, MovableClock, SystemClock

HOUR = timedelta(hours=1)


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_a_movable_clock_goes_on_from_where_it_was_moved() -> None:
    clock = MovableClock(HOUR)
    clock.move(HOUR)
    first, second = clock.now(), clock.now()
    assert timedelta(hours=2) - timedelta(seconds=5) < first - datetime.now(UTC) <= timedelta(hours=2)
    assert first <= second


def test_time_never_goes_back() -> None:
    with pytest.raises(ValueError, match="forward only"):
        MovableClock().move(-HOUR)


def test_a_frozen_clock_stands_until_it_is_moved() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    clock = FrozenClock(at)
    assert clock.now() == clock.now() == at
    clock.move(HOUR)
    assert clock.now() == at + HOUR
