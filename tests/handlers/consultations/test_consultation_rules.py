"""What may happen to a consultation and when: every state with every step, and time of every kind."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import Policy
from handlers.consultations import rules
from handlers.consultations.rules import Answer, Conclusion, Standing, Step, Wake
from storage.models import ConsultationState as State

POLICY = Policy()
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
ENDS = (State.HELD, State.CALLED_OFF, State.CLOSED)

MOMENTS = st.integers(0, 5 * 365 * 24 * 60).map(lambda minutes: FIRST + minutes * MINUTE)
ZONES = st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata"])
WAITS = st.lists(st.integers(1, 30), max_size=3, unique=True).map(sorted)


def make_policy(nudges: list[int], expires: int) -> Policy:
    """A policy with these waiting times, in days."""
    return Policy(request_nudges=tuple(days * DAY for days in nudges), request_expires=expires * DAY)


POLICIES = st.builds(make_policy, WAITS, st.integers(1, 40))

ALLOWED = {
    (State.PROPOSED, Step.PROPOSE): State.PROPOSED,
    (State.PROPOSED, Step.SEARCH): State.SEARCHING,
    (State.PROPOSED, Step.ASK): State.ASKING,
    (State.PROPOSED, Step.CALL_OFF): State.CALLED_OFF,
    (State.PROPOSED, Step.CLOSE): State.CLOSED,
    (State.SEARCHING, Step.PROPOSE): State.PROPOSED,
    (State.SEARCHING, Step.SEARCH): State.SEARCHING,
    (State.SEARCHING, Step.ASK): State.ASKING,
    (State.SEARCHING, Step.CALL_OFF): State.CALLED_OFF,
    (State.SEARCHING, Step.CLOSE): State.CLOSED,
    (State.ASKING, Step.ASK): State.ASKING,
    (State.ASKING, Step.SEARCH): State.SEARCHING,
    (State.ASKING, Step.ACCEPT): State.ACCEPTED,
    (State.ASKING, Step.CALL_OFF): State.CALLED_OFF,
    (State.ASKING, Step.CLOSE): State.CLOSED,
    (State.ACCEPTED, Step.TALK): State.HELD,
    (State.ACCEPTED, Step.CALL_OFF): State.CALLED_OFF,
    (State.ACCEPTED, Step.CLOSE): State.CLOSED,
}
"""Written out a second time on purpose."""


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_step_in_every_state(state: State, step: Step) -> None:
    assert rules.find_next_state(state, step) == ALLOWED.get((state, step))


def test_an_end_is_an_end() -> None:
    assert set(rules.OPEN) | set(ENDS) == set(State)
    assert not any(rules.find_next_state(state, step) for state in ENDS for step in Step)


def test_every_open_state_has_a_way_to_every_kind_of_end() -> None:
    for start in rules.OPEN:
        seen, edge = {start}, [start]
        while edge:
            state = edge.pop()
            for step in Step:
                found = rules.find_next_state(state, step)
                if found is not None and found not in seen:
                    seen.add(found)
                    edge.append(found)
        assert seen >= set(ENDS), start


# The timer


def standing_of(state: State, *, since: datetime = NOW, done: int = 0, due: datetime = NOW) -> Standing:
    """As the consultation's rows give it."""
    waits = state in (State.SEARCHING, State.ACCEPTED)
    return Standing(state, None if waits else since, done, due if waits else None)


@given(POLICIES, st.sampled_from(rules.OPEN), st.integers(0, 5), MOMENTS)
def test_whatever_is_open_has_a_timer(policy: Policy, state: State, done: int, at: datetime) -> None:
    assert rules.find_next_wake(standing_of(state, since=at, done=done, due=at), policy) is not None


@pytest.mark.parametrize("state", ENDS)
def test_what_has_ended_has_none(state: State) -> None:
    standing = Standing(state, NOW, 0, NOW)
    assert rules.find_next_wake(standing, POLICY) is None
    assert rules.decide_wake(standing, NOW + 1000 * DAY, POLICY) is Wake.WAIT


@pytest.mark.parametrize(
    ("days", "done", "expected"),
    [
        (0, 0, Wake.WAIT),
        (2.99, 0, Wake.WAIT),
        (3, 0, Wake.NUDGE_MENTOR),
        (3, 1, Wake.WAIT),
        (7, 1, Wake.NUDGE_MENTOR),
        (8, 0, Wake.NUDGE_MENTOR),
        (8, 2, Wake.WAIT),
        (9.99, 2, Wake.WAIT),
        (10, 2, Wake.EXPIRE),
        (10, 0, Wake.EXPIRE),
        (400, 1, Wake.EXPIRE),
    ],
)
def test_a_request_is_reminded_of_and_passed_on(days: float, done: int, expected: Wake) -> None:
    standing = standing_of(State.ASKING, done=done)
    assert rules.decide_wake(standing, NOW + days * DAY, POLICY) is expected


@pytest.mark.parametrize(
    ("days", "done", "expected"),
    [
        (2.99, 0, Wake.WAIT),
        (3, 0, Wake.NUDGE_ASKER),
        (5, 1, Wake.WAIT),
        (7, 1, Wake.WAIT),
        (10, 1, Wake.LAPSE),
        (11, 0, Wake.LAPSE),
    ],
)
def test_proposals_are_reminded_of_once_and_put_away(days: float, done: int, expected: Wake) -> None:
    standing = standing_of(State.PROPOSED, done=done)
    assert rules.decide_wake(standing, NOW + days * DAY, POLICY) is expected


def test_looking_again_and_asking_after_the_talk() -> None:
    assert rules.decide_wake(standing_of(State.SEARCHING, due=NOW), NOW - DAY, POLICY) is Wake.WAIT
    assert rules.decide_wake(standing_of(State.SEARCHING, due=NOW), NOW, POLICY) is Wake.LOOK
    for asked in range(rules.MOST_TIMES_ASKED):
        assert rules.decide_wake(standing_of(State.ACCEPTED, done=asked), NOW, POLICY) is Wake.QUESTION
    often = standing_of(State.ACCEPTED, done=rules.MOST_TIMES_ASKED)
    assert rules.decide_wake(often, NOW, POLICY) is Wake.LET_GO


@given(POLICIES, MOMENTS, st.sampled_from([State.PROPOSED, State.ASKING]))
def test_waiting_ends_when_the_policy_says_whatever_the_reminders(policy: Policy, at: datetime, state: State) -> None:
    """Rings the timer whenever it is set, as the scheduler would, until it is over."""
    standing, rings = standing_of(state, since=at), 0
    while True:
        now = rules.find_next_wake(standing, policy)
        assert now is not None
        wake = rules.decide_wake(standing, now, policy)
        assert wake is not Wake.WAIT, "a timer that rings on time finds something to do"
        if wake in (Wake.EXPIRE, Wake.LAPSE):
            break
        rings += 1
        done = rules.count_nudges(at, now, policy) if state is State.ASKING else 1
        assert done > standing.done, "each reminder is counted, so that the timer moves on"
        standing = standing_of(state, since=at, done=done)
    assert now == at + policy.request_expires
    assert rings <= len(policy.request_nudges)


@given(POLICIES, MOMENTS, st.integers(0, 3))
def test_a_timer_never_does_anything_before_it_rings(policy: Policy, at: datetime, done: int) -> None:
    for state in rules.OPEN:
        standing = standing_of(state, since=at, done=done, due=at)
        rings = rules.find_next_wake(standing, policy)
        assert rings is not None
        assert rules.decide_wake(standing, rings - timedelta(seconds=1), policy) is Wake.WAIT


def test_missed_reminders_become_one() -> None:
    assert rules.count_nudges(NOW, NOW + 2 * DAY, POLICY) == 0
    assert rules.count_nudges(NOW, NOW + 3 * DAY, POLICY) == 1
    assert rules.count_nudges(NOW, NOW + 9 * DAY, POLICY) == 2


# When both are asked how it went


def test_without_a_day_both_are_asked_after_the_time_for_talking() -> None:
    asked = rules.find_first_question(NOW, None, "Asia/Tokyo", POLICY)
    assert asked == NOW + 15 * DAY


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Tokyo", datetime(2026, 12, 4, 1, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 12, 4, 9, 0, tzinfo=UTC)),
    ],
)
def test_with_a_day_they_are_asked_the_morning_after(zone: str, expected: datetime) -> None:
    assert rules.find_first_question(NOW, date(2026, 12, 3), zone, POLICY) == expected


# Capacity


@pytest.mark.parametrize(
    ("capacity", "accepted", "waiting", "free"),
    [
        (0, [], 0, False),
        (1, [], 0, True),
        (1, [NOW - DAY], 0, False),
        (1, [], 1, False),
        (2, [NOW - DAY], 0, True),
        (2, [NOW - DAY], 1, False),
        (1, [datetime(2026, 10, 31, 14, 59, tzinfo=UTC)], 0, True),
        (1, [datetime(2026, 10, 31, 15, 1, tzinfo=UTC)], 0, False),
    ],
)
def test_capacity_is_of_the_calendar_month(capacity: int, accepted: list[datetime], waiting: int, free: bool) -> None:
    assert rules.has_room(capacity, accepted, waiting, NOW, "Asia/Tokyo") is free


def test_the_month_is_the_members_own() -> None:
    """One minute into November in Tokyo is still October in Berlin."""
    just = datetime(2026, 10, 31, 15, 1, tzinfo=UTC)
    assert rules.count_this_month([just], NOW, "Asia/Tokyo") == 1
    assert rules.count_this_month([just], NOW, "Europe/Berlin") == 0


@given(st.lists(MOMENTS, max_size=8), MOMENTS, ZONES)
def test_no_moment_of_another_month_counts(moments: list[datetime], now: datetime, zone: str) -> None:
    local = now.astimezone(ZoneInfo(zone))
    same = [at for at in moments if at.astimezone(ZoneInfo(zone)).strftime("%Y-%m") == local.strftime("%Y-%m")]
    assert rules.count_this_month(moments, now, zone) == len(same)


@given(MOMENTS, ZONES)
def test_a_month_of_rest_ends_at_the_beginning_of_a_day_about_a_month_later(now: datetime, zone: str) -> None:
    end = rules.find_rest_end(now, zone)
    before, after = now.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    assert 27 * DAY <= end - now <= 31 * DAY + HOUR, "31 days and, where clocks go back in between, an hour"
    assert (after.month - before.month) % 12 == 1
    assert after.day == before.day or (after + DAY).month != after.month
    assert after.hour == 0


# Letters


def test_letters_and_languages() -> None:
    assert [rules.find_letter(rank) for rank in (1, 2, 3)] == ["A", "B", "C"]
    assert rules.speaks(["ja"], "ja")
    assert rules.speaks(["ja"], "any")
    assert not rules.speaks(["ja"], "en")
    assert not rules.speaks([], "en")


# What two answers mean

MEANING = {
    ("", ""): Conclusion.WAIT,
    ("", "yes"): Conclusion.HELD,
    ("", "planned"): Conclusion.WAIT,
    ("", "not_yet"): Conclusion.WAIT,
    ("", "called_off"): Conclusion.CALLED_OFF,
    ("yes", "yes"): Conclusion.HELD,
    ("planned", "yes"): Conclusion.HELD,
    ("not_yet", "yes"): Conclusion.HELD,
    ("called_off", "yes"): Conclusion.HELD,
    ("planned", "planned"): Conclusion.WAIT,
    ("not_yet", "planned"): Conclusion.WAIT,
    ("called_off", "planned"): Conclusion.CALLED_OFF,
    ("not_yet", "not_yet"): Conclusion.WAIT,
    ("called_off", "not_yet"): Conclusion.CALLED_OFF,
    ("called_off", "called_off"): Conclusion.CALLED_OFF,
}


@pytest.mark.parametrize(("one", "other"), list(product(Answer, Answer)))
def test_what_every_pair_of_answers_means(one: Answer, other: Answer) -> None:
    expected = MEANING.get((one, other)) or MEANING[other, one]
    assert rules.conclude(one, other) is expected
