"""What to do after a send: decisions without a clock or a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.failures import FailureKind, SendFailed
from scheduler.retry import BROKEN, MOST_ATTEMPTS, Step, decide, decide_after_asking, wait_before

NOW = datetime(2026, 11, 20, tzinfo=UTC)
kinds, attempts, seconds = st.sampled_from(FailureKind), st.integers(1, 20), st.floats(0, 86400)


@given(kinds, attempts, seconds, st.booleans())
def test_every_failure_has_a_next_step_with_its_reason(
    kind: FailureKind, attempt: int, retry_after: float, lost: bool
) -> None:
    decision = decide(SendFailed(kind, "why", retry_after=retry_after, maybe_sent=lost), attempt, NOW)
    assert decision.at >= NOW
    assert decision.reason == "why"


@given(kinds, attempts)
def test_what_may_have_arrived_is_asked_for_whatever_else_is_known(kind: FailureKind, attempt: int) -> None:
    assert decide(SendFailed(kind, "lost", maybe_sent=True), attempt, NOW).step is Step.ASK_LATER


@given(attempts, seconds)
def test_a_throttle_waits_as_told_and_costs_no_attempt(attempt: int, retry_after: float) -> None:
    decision = decide(SendFailed(FailureKind.THROTTLED, "slow", retry_after=retry_after), attempt, NOW)
    assert (decision.step, decision.counts) == (Step.TRY_LATER, False)
    assert decision.at == NOW + timedelta(seconds=max(1.0, retry_after))


@given(st.integers(1, MOST_ATTEMPTS - 1), seconds)
def test_passing_trouble_waits_longer_each_time_and_as_long_as_told(attempt: int, retry_after: float) -> None:
    decision = decide(SendFailed(FailureKind.RETRY, "trouble", retry_after=retry_after), attempt, NOW)
    assert (decision.step, decision.counts) == (Step.TRY_LATER, True)
    assert decision.at == NOW + max(wait_before(attempt + 1), timedelta(seconds=retry_after))


@given(st.integers(MOST_ATTEMPTS, 100))
def test_lasting_trouble_is_given_up(attempt: int) -> None:
    assert decide(SendFailed(FailureKind.RETRY, "trouble"), attempt, NOW).step is Step.GIVE_UP


@pytest.mark.parametrize(("kind", "step"), [(FailureKind.GONE, Step.TRY_NEXT_ACCOUNT), (FailureKind.BUG, Step.GIVE_UP)])
def test_what_will_not_pass_is_not_tried_again(kind: FailureKind, step: Step) -> None:
    assert decide(SendFailed(kind, "why"), 1, NOW).step is step


def test_waits_grow_to_six_hours_and_outlast_half_a_day() -> None:
    waits = [wait_before(attempt) for attempt in range(2, MOST_ATTEMPTS + 1)]
    assert waits[:3] == [timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=4)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=6)
    assert timedelta(hours=11) < sum(waits, timedelta()) < timedelta(hours=12)


@pytest.mark.parametrize(
    ("reason", "tried", "step", "told"),
    [
        ("", 1, Step.TRY_LATER, ""),
        ("no answer in time", 3, Step.TRY_LATER, ""),
        ("no answer in time", MOST_ATTEMPTS, Step.GIVE_UP, "no answer in time"),
        ("", MOST_ATTEMPTS, Step.GIVE_UP, "never arrived"),
        (BROKEN + "KeyError", 1, Step.GIVE_UP, BROKEN + "KeyError"),
    ],
)
def test_what_did_not_arrive_is_sent_again_unless_that_is_hopeless(
    reason: str, tried: int, step: Step, told: str
) -> None:
    decision = decide_after_asking(reason, tried, NOW)
    assert (decision.step, decision.reason, decision.at) == (step, told, NOW)
