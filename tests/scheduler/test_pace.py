"""The pace of a lane: never faster than agreed, never stuck."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.pace import Pace, count_free, next_free, refill, slow_down, speed_up, spend

START = datetime(2026, 11, 20, tzinfo=UTC)
rates = st.floats(0.1, 1000)
gaps = st.floats(0, 100).map(lambda seconds: timedelta(seconds=seconds))


def test_a_new_lane_has_a_second_in_hand() -> None:
    assert count_free(Pace.start(5, 20, START), START) == 5


def test_a_slow_lane_gets_its_turn_too() -> None:
    pace = Pace.start(0.5, 20, START)
    assert count_free(pace, START) == 0
    assert count_free(pace, START + timedelta(seconds=1)) == 1


@given(rates, st.lists(gaps, max_size=30))
def test_no_second_sees_more_than_the_rate_and_what_was_in_hand(rate: float, waits: list[timedelta]) -> None:
    pace, now, sent = Pace.start(rate, 1000, START), START, 0
    for wait in waits:
        now += wait
        free = count_free(pace, now)
        pace, sent = spend(pace, free, now), sent + free
    allowed = max(rate, 1.0) + (now - START).total_seconds() * rate
    assert sent <= allowed + 0.01 * len(waits) + 1e-3


@given(rates, st.integers(0, 2000), gaps)
def test_when_it_says_it_is_free_it_is(rate: float, sends: int, later: timedelta) -> None:
    pace = spend(Pace.start(rate, 1000, START), min(sends, int(max(rate, 1))), START)
    now = START + later
    at = next_free(pace, now)
    assert at >= now
    assert count_free(pace, at) >= 1


@given(rates, st.floats(0, 600))
def test_a_throttle_closes_the_lane_and_halves_the_rate(rate: float, retry_after: float) -> None:
    pace = Pace.start(rate, 1000, START)
    slower = slow_down(pace, retry_after, START)
    wait = timedelta(seconds=max(1.0, retry_after))
    assert count_free(slower, START + wait - timedelta(milliseconds=1)) == 0
    assert next_free(slower, START) == START + wait
    assert slower.rate == max(slower.floor, rate / 2)
    assert count_free(slower, START + wait + timedelta(seconds=1 / slower.rate + 0.001)) >= 1


def test_a_second_throttle_never_opens_the_lane_earlier() -> None:
    pace = slow_down(slow_down(Pace.start(8, 20, START), 60, START), 1, START)
    assert next_free(pace, START) == START + timedelta(seconds=60)


def test_what_was_under_way_when_the_lane_closed_does_not_slow_it_further() -> None:
    pace = Pace.start(200, 300, START)
    for each in range(40):
        pace = slow_down(pace, 2, START + timedelta(milliseconds=10 * each))
    assert pace.rate == 100
    reopened = START + timedelta(milliseconds=390) + timedelta(seconds=2)
    assert next_free(pace, reopened) <= reopened + timedelta(milliseconds=11)
    assert slow_down(pace, 2, reopened + timedelta(seconds=1)).rate == 50


@given(rates, st.lists(st.booleans(), max_size=200))
def test_the_rate_stays_between_its_bounds(rate: float, history: list[bool]) -> None:
    pace = Pace.start(rate, max(rate, 20.0), START)
    for throttled in history:
        pace = slow_down(pace, 1, START) if throttled else speed_up(pace, 10)
        assert min(1.0, rate) <= pace.rate <= max(rate, 20.0)


def test_without_complaints_it_gets_faster() -> None:
    pace = Pace.start(5, 20, START)
    assert pace.rate < speed_up(pace, 100).rate <= 20
    assert speed_up(pace, 0) == pace
    assert speed_up(pace, 1_000_000).rate == 20


def test_a_clock_set_back_takes_nothing_away() -> None:
    pace = spend(Pace.start(5, 20, START), 5, START)
    assert refill(pace, START - timedelta(hours=1)).tokens == 0
    assert next_free(pace, START - timedelta(hours=1)) < START
