"""Who comes first: the topic decides, everything else moves people who fit about equally well."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.consultations.ranking import (
    REMEMBERED,
    Facts,
    count_turns,
    find_gap,
    find_years,
    is_near,
    is_recent,
    make_candidate,
    rank,
    rate_usefulness,
    score,
)

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
PLAIN = Facts(1, 0.8)


@pytest.mark.parametrize(
    "better",
    [
        {"topic": 0.9},
        {"same_department": True},
        {"tenure_gap": 1.0},
        {"step": 0.5},
        {"speaks": "ja"},
        {"years_away": 1.0},
        {"useful": 0.5},
    ],
)
def test_what_speaks_for_somebody(better: dict[str, Any]) -> None:
    assert score(replace(PLAIN, **better)) > score(PLAIN)


@pytest.mark.parametrize("worse", [{"taken": 0.5}, {"turns": 1.0}, {"silent": 1}, {"useful": -0.5}, {"topic": 0.7}])
def test_what_speaks_against_somebody(worse: dict[str, Any]) -> None:
    assert score(replace(PLAIN, **worse)) < score(PLAIN)


FACTS = st.builds(
    Facts,
    st.integers(1, 9),
    st.floats(0, 1),
    step=st.floats(0, 1),
    same_department=st.booleans(),
    tenure_gap=st.none() | st.floats(0, 40),
    years_away=st.none() | st.floats(0, 40),
    speaks=st.sampled_from(["", "ja", "en"]),
    taken=st.floats(0, 1),
    turns=st.floats(0, 100),
    useful=st.floats(-1, 1),
    silent=st.integers(0, 2),
)


@given(FACTS, FACTS)
def test_who_fits_far_better_comes_first_whatever_else_is_true(one: Facts, other: Facts) -> None:
    """Nothing makes up for a topic that fits three times as well."""
    strong, weak = replace(one, topic=0.9), replace(other, topic=0.25)
    assert score(strong) > score(weak)


@given(FACTS)
def test_who_does_not_fit_stays_last(facts: Facts) -> None:
    assert score(replace(facts, topic=0.0)) == 0.0


@given(st.lists(FACTS, max_size=8, unique_by=lambda facts: facts.member_id), st.randoms())
def test_the_order_does_not_depend_on_how_they_were_found(people: list[Facts], chance: Any) -> None:
    turned = list(people)
    chance.shuffle(turned)
    assert rank(turned) == rank(people)


def test_of_two_who_fit_alike_whoever_had_fewer_turns_comes_first() -> None:
    people = [replace(PLAIN, member_id=1, turns=3), replace(PLAIN, member_id=2, turns=1), replace(PLAIN, member_id=3)]
    assert [one.member_id for one in rank(people)] == [3, 2, 1]
    assert [one.member_id for one in rank([replace(one, turns=0) for one in people])] == [1, 2, 3]


def test_a_turn_fades_and_is_forgotten() -> None:
    def turns(days: int) -> float:
        return count_turns([NOW - timedelta(days=days)], [], NOW)

    assert turns(0) == 1.0
    assert turns(30) == pytest.approx(0.5)
    assert turns(60) == pytest.approx(0.25)
    assert turns(REMEMBERED.days) == 0.0
    assert count_turns([NOW + timedelta(minutes=1)], [], NOW) == 1.0, "clocks of two machines differ"


def test_being_proposed_is_less_of_a_turn_than_being_asked() -> None:
    assert 0 < count_turns([], [NOW], NOW) < count_turns([NOW], [], NOW)


@pytest.mark.parametrize(
    ("total", "count", "rated"),
    [(0, 0, 0.0), (5, 1, 0.25), (1, 1, -0.25), (50, 10, 0.769), (10, 10, -0.769), (9, 3, 0)],
)
def test_few_answers_say_little(total: int, count: int, rated: float) -> None:
    assert rate_usefulness(total, count) == pytest.approx(rated, abs=0.001)


def test_years() -> None:
    years = find_years(date(2015, 4, 1), date(2025, 4, 1))
    assert years == pytest.approx(10, abs=0.01)
    assert find_years(None, date(2025, 4, 1)) is None
    assert find_years(date(2025, 4, 1), None) is None
    assert find_gap(years, 12.0) == pytest.approx(2.0, abs=0.01)
    assert find_gap(None, 12.0) is None
    assert find_gap(12.0, None) is None


def test_near_and_recent() -> None:
    assert [is_near(gap) for gap in (None, 0.0, 2.0, 2.1)] == [False, True, True, False]
    assert [is_recent(years) for years in (None, -0.1, 0.0, 3.0, 3.1)] == [False, False, True, True, False]


def test_every_reason_is_there_because_it_is_true() -> None:
    topic = ({"kind": "topic", "near": "same", "topic": "電池"},)
    everything = Facts(7, 1.0, topic, same_department=True, tenure_gap=1.0, speaks="ja", years_away=1.0, useful=1.0)
    assert [reason["kind"] for reason in make_candidate(everything).reasons] == [
        "topic",
        "department",
        "tenure",
        "language",
    ]
    assert make_candidate(Facts(7, 1.0)).reasons == ()
    assert make_candidate(Facts(7, 1.0, tenure_gap=9.0)).reasons == ()
