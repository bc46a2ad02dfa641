"""The pace of a lane: never faster than agreed, never stuck, and as fast as the platform allows."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import LIMITS
from scheduler.pace import BELOW, LaneLimits, Learned, Pace
from tests.scheduler.platforms import START, Broadcast, Bucket, Limiter, Sliding

rates = st.floats(0.1, 1000)
gaps = st.floats(0, 100).map(lambda seconds: timedelta(seconds=seconds))
SECOND = timedelta(seconds=1)
AHEAD = LaneLimits().ahead


def make(rate: float, ceiling: float = 1000.0, burst: float | None = None, window: float = 1.0) -> Pace:
    return Pace.start(LaneLimits(rate, ceiling, burst=burst, window=window), START)


def test_a_new_lane_has_a_second_in_hand() -> None:
    assert make(5).count_free(START) == 5


def test_a_lane_with_a_burst_has_that_in_hand() -> None:
    assert make(5, burst=2).count_free(START) == 2


def test_a_slow_lane_gets_its_turn_too() -> None:
    pace = make(0.5)
    assert pace.count_free(START) == 1
    pace.spend(1, START)
    assert pace.count_free(START + SECOND) == 0
    assert pace.count_free(START + 2 * SECOND) == 1


def test_what_is_claimed_ahead_begins_at_its_own_moment() -> None:
    pace = make(50, burst=1)
    free = pace.count_free(START)
    assert free == 1 + 50 * AHEAD
    assert pace.spend(free, START) == pytest.approx([0, 0.02, 0.04, 0.06, 0.08, 0.1], abs=1e-4)
    following = pace.next_free(START)
    assert following - START == pytest.approx(timedelta(seconds=0.12), abs=timedelta(milliseconds=1))
    assert pace.count_free(following - timedelta(milliseconds=2)) == 0
    assert pace.spend(1, following) == pytest.approx([0], abs=1e-4)


@given(rates, st.lists(gaps, max_size=30))
def test_no_second_sees_more_than_the_rate_and_what_was_in_hand(rate: float, waits: list[timedelta]) -> None:
    pace, now, sent = make(rate), START, 0
    for wait in waits:
        now += wait
        free = pace.count_free(now)
        pace.spend(free, now)
        sent += free
    allowed = max(rate, 1.0) + ((now - START).total_seconds() + AHEAD) * rate
    assert sent <= allowed + 0.01 * len(waits) + 1e-3


@given(rates, st.integers(0, 2000), gaps)
def test_when_it_says_it_is_free_it_is(rate: float, sends: int, later: timedelta) -> None:
    pace = make(rate)
    pace.spend(min(sends, pace.count_free(START)), START)
    now = START + later
    at = pace.next_free(now)
    assert at >= now
    assert pace.count_free(at) >= 1


@given(rates, st.floats(0, 600))
def test_a_refusal_closes_the_lane_for_as_long_as_asked(rate: float, retry_after: float) -> None:
    pace = make(rate)
    pace.spend(1, START)
    pace.note_refused(START, retry_after, START)
    wait = timedelta(seconds=max(1.0, retry_after))
    assert pace.is_closed(START + wait - timedelta(milliseconds=1))
    assert pace.count_free(START + wait - timedelta(milliseconds=1)) == 0
    assert pace.next_free(START) == START + wait
    assert pace.rate <= rate
    assert pace.count_free(START + wait + timedelta(seconds=1 / pace.rate + 0.001)) >= 1


def test_a_second_refusal_never_opens_the_lane_earlier() -> None:
    pace = make(8)
    pace.note_refused(START, 60, START)
    pace.note_refused(START, 1, START)
    assert pace.next_free(START) == START + 60 * SECOND


def test_a_refusal_tells_what_the_platform_takes() -> None:
    pace = make(40, burst=1)
    now = START
    for _turn in range(40):
        pace.spend(pace.count_free(now), now)
        now = pace.next_free(now)
    pace.note_refused(now, 1, now)
    assert pace.limit == pytest.approx(40, rel=0.03)
    assert pace.rate == pytest.approx(40 * BELOW, rel=0.03)


def test_what_was_under_way_when_the_lane_closed_says_nothing_more() -> None:
    pace = make(200, burst=1)
    pace.spend(pace.count_free(START), START)
    pace.note_refused(START, 2, START)
    once = pace.learned
    for each in range(40):
        pace.note_refused(START, 2, START + timedelta(milliseconds=10 * each))
    assert pace.learned == once
    pace.note_refused(START, 2, START + 5 * SECOND)  # begun before the lane closed, answered after it was open again
    assert pace.learned == once


def test_who_is_refused_again_at_once_steps_back() -> None:
    pace = make(10, burst=1, window=60)
    pace.limit, now, seen = 10.0, START, list[float]()
    for _turn in range(5):
        pace.note_refused(now, 1, now)
        seen.append(pace.rate)
        now += 2 * SECOND
    assert all(after < before * 0.95 for before, after in pairwise(seen))


@given(st.floats(1, 100), st.lists(st.booleans(), max_size=200))
def test_the_rate_stays_between_its_bounds(rate: float, history: list[bool]) -> None:
    pace, now = make(rate, max(rate, 20.0)), START
    for refused in history:
        now += SECOND
        if refused:
            pace.note_refused(now, 1, now)
        else:
            pace.note_taken(10, now)
        assert min(1.0, rate) <= pace.rate <= max(rate, 20.0)


def test_without_complaints_it_gets_faster() -> None:
    pace = make(5, 20)
    pace.note_taken(0, START)
    assert pace.rate == 5
    pace.note_taken(100, START)
    assert 5 < pace.rate <= 20
    pace.note_taken(1_000_000, START)
    assert pace.rate == 20


def test_a_limit_is_believed_for_a_while_and_then_looked_for_anew() -> None:
    before = [START - SECOND + timedelta(seconds=number / 10) for number in range(10)]
    pace = Pace.start(LaneLimits(10, 100), START, begun=before)
    pace.note_refused(START, 1, START)
    known = pace.learned
    pace.note_taken(1000, START + 10 * SECOND)
    assert pace.limit == known.limit
    pace.note_taken(1000, START + timedelta(hours=2))
    assert known.limit is not None
    assert pace.limit is None or pace.limit > known.limit


def test_a_lane_goes_on_where_it_was_left() -> None:
    limits = LaneLimits(5, 20, burst=5, window=60)
    pace = Pace.start(limits, START, Learned(9.7, 10.0))
    assert (pace.rate, pace.limit, pace.count_free(START)) == (9.7, 10.0, 1)
    pace.note_taken(500, START + 10 * SECOND)
    assert pace.learned == Learned(9.7, 10.0)
    assert Pace.start(limits, START, Learned(500.0)).rate == 20


def test_small_changes_are_not_worth_keeping() -> None:
    known = Learned(10.0, 12.0)
    assert known.differs_from(None)
    assert known.differs_from(Learned(10.0))
    assert not known.differs_from(Learned(10.1, 12.1))
    assert Learned(10.5, 12.0).differs_from(known)
    assert Learned(10.0, 12.5).differs_from(known)


def test_a_learned_limit_holds_in_every_window() -> None:
    """After a pause, too: what is in hand does not come on top."""
    pace = Pace.start(LaneLimits(5, 20, burst=10, window=60), START, Learned(0.9, 0.95))
    sent, now = 0, START
    while now < START + 60 * SECOND:
        free = pace.count_free(now)
        pace.spend(free, now)
        sent, now = sent + free, max(now + timedelta(milliseconds=10), pace.next_free(now))
    assert 50 <= sent <= 57


def test_a_clock_set_back_takes_nothing_away() -> None:
    pace = make(5)
    pace.spend(5, START)
    assert pace.count_free(START - timedelta(hours=1)) == 0
    assert pace.next_free(START - timedelta(hours=1)) < START


SLACK, TEAMS = LIMITS["slack"], LIMITS["teams"]

PLATFORMS = {
    "teams as documented": (TEAMS, Sliding(50, 1), 10_000),
    "teams, the older figure": (TEAMS, Sliding(30, 1), 12_000),
    "teams with a bucket": (TEAMS, Bucket(50, 50), 10_000),
    "slack, 600 a minute": (SLACK, Sliding(600, 60), 12_000),
    "slack, 400 a minute": (SLACK, Sliding(400, 60), 8_000),
    "slack, 900 a minute, ten seconds' wait": (SLACK, Sliding(900, 60, 10), 15_000),
    "slack with a bucket": (SLACK, Bucket(10, 100, 10), 15_000),
}


@pytest.mark.parametrize("name", PLATFORMS)
def test_a_broadcast_finds_what_the_platform_allows_and_keeps_just_below(name: str) -> None:
    limits, limiter, count = PLATFORMS[name]
    broadcast = Broadcast(limits, limiter, count).run()
    assert broadcast.factor <= 1.05
    assert broadcast.share_refused <= 0.001


def test_what_was_learned_spares_the_refusals_of_the_next_broadcast() -> None:
    def send(learned: Learned | None) -> Broadcast:
        limiter: Limiter = Sliding(600, 60)
        return Broadcast(SLACK, limiter, 2000, learned).run()

    first = send(None)
    again = send(first.pace.learned)
    assert first.refused > 0
    assert again.refused == 0
    assert again.factor <= 1.05


def test_what_another_process_sent_counts_too() -> None:
    before = [START + timedelta(seconds=number / 10) for number in range(600)]
    now = START + timedelta(seconds=60)
    pace = Pace.start(LaneLimits(5, 20, burst=5, window=60), now, Learned(12.0), before)
    pace.note_refused(now + timedelta(milliseconds=1), 1, now + SECOND)
    assert pace.limit == pytest.approx(10, rel=0.01)
    assert pace.learned.limit == pace.limit


def test_a_guess_is_not_told_to_the_next_process() -> None:
    pace = Pace.start(LaneLimits(5, 20, burst=5, window=60), START)
    pace.spend(pace.count_free(START), START)
    pace.note_refused(START + SECOND, 1, START + SECOND)
    assert pace.limit is not None
    assert pace.learned == Learned(pace.rate)
