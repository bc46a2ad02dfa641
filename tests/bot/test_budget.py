"""The monthly push budget, as a rule: whatever wants to go out, no month holds more than four."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.budget import MONTH, MOST_A_MONTH, next_push

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_four_are_free_and_the_fifth_waits_for_the_first_to_be_a_month_old() -> None:
    taken = [START + timedelta(days=day) for day in range(4)]
    now = START + timedelta(days=10)
    assert next_push(taken[:3], now) == now
    assert next_push(taken, now) == START + MONTH
    assert next_push(taken, START + MONTH) == START + MONTH
    assert next_push([], now) == now


def test_what_was_too_much_already_makes_the_next_wait_longer() -> None:
    taken = [START + timedelta(hours=hour) for hour in range(6)]
    assert next_push(taken, START + timedelta(days=1)) == START + timedelta(hours=2) + MONTH


@given(st.lists(st.integers(0, 200 * 24 * 60), max_size=60))
def test_no_calendar_month_and_no_31_days_ever_hold_more_than_four(minutes: list[int]) -> None:
    sent: list[datetime] = []
    for minute in sorted(minutes):
        now = START + timedelta(minutes=minute)
        at = next_push(sent, now)
        assert at >= now
        if at == now:
            sent.append(now)
    for first in sent:
        assert sum(first <= moment < first + MONTH for moment in sent) <= MOST_A_MONTH
        assert sum((moment.year, moment.month) == (first.year, first.month) for moment in sent) <= MOST_A_MONTH


@given(st.lists(st.integers(0, 60 * 24), max_size=12))
def test_who_waits_until_the_moment_named_may_then_go(hours: list[int]) -> None:
    taken = [START + timedelta(hours=hour) for hour in hours]
    now = max(taken, default=START)
    at = next_push(taken, now)
    assert next_push(taken, at) == at
