"""Somebody always gets a turn: a year in the invented community, and how evenly requests fall on people."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.people import load_people
from bench.exposure import Mentor, find_gini, invite_mentors, live_a_year, measure_exposure

TODAY = date(2026, 11, 20)


def make_mentors() -> list[Mentor]:
    """The willing alumni, to whom nothing has happened yet."""
    return invite_mentors(load_people(TODAY))


def test_requests_are_spread_over_people() -> None:
    """The rule more than halves the coefficient, and hardly anybody is left out of a whole year."""
    spread, heaped = live_a_year(make_mentors()), live_a_year(make_mentors(), turns=False)
    assert sum(spread) == sum(heaped) == 156
    assert find_gini(spread) <= 0.3
    assert find_gini(spread) < find_gini(heaped) / 1.5
    assert sum(count == 0 for count in spread) <= 2 < sum(count == 0 for count in heaped)
    assert max(spread) < max(heaped)


def test_nobody_gets_more_than_they_wanted() -> None:
    mentors = make_mentors()
    live_a_year(mentors, a_week=20)
    for mentor in mentors:
        months = {(at.year, at.month): 0 for at in mentor.asked}
        for at in mentor.asked:
            months[at.year, at.month] += 1
        assert all(count <= mentor.capacity + 1 for count in months.values()), "one may fall over midnight in Tokyo"


def test_only_the_willing_are_asked() -> None:
    names = {mentor.card.name for mentor in make_mentors()}
    unwilling = [one for one in load_people(TODAY) if one.quiet or not one.capacity or one.role != "alumnus"]
    assert unwilling
    assert names.isdisjoint(one.name for one in unwilling)


def test_the_same_seed_is_the_same_year() -> None:
    assert live_a_year(make_mentors(), seed=3) == live_a_year(make_mentors(), seed=3)
    assert live_a_year(make_mentors(), seed=3) != live_a_year(make_mentors(), seed=4)


def test_the_figures() -> None:
    with_turns, without = measure_exposure([1])
    assert with_turns.met is True
    assert without.aim is None
    assert with_turns.value < without.value


@pytest.mark.parametrize(
    ("counts", "gini"),
    [([], 0.0), ([0, 0], 0.0), ([3, 3, 3], 0.0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25), ([3, 1], 0.25)],
)
def test_the_coefficient(counts: list[int], gini: float) -> None:
    assert find_gini(counts) == pytest.approx(gini)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_coefficient_is_half_the_mean_difference_as_a_part_of_the_mean(counts: list[int]) -> None:
    mean = sum(counts) / len(counts)
    differences = sum(abs(one - other) for one in counts for other in counts) / len(counts) ** 2
    assert find_gini(counts) == pytest.approx(differences / (2 * mean) if mean else 0.0)
