"""A round is what it promises: the best by trying everything, for few; lawful and certified, for many."""

import numpy as np
import pytest
from hypothesis import given, settings

from bench.invented import invent
from matching.everybody import pair_up
from matching.people import Groups, People, make_people
from matching.rounds import make_groups
from tests.matching.brute import (
    check_groups,
    communities,
    find_best_across,
    find_best_among,
    may_meet,
    score,
    value_of,
)

PROMISED = 1e-4
"""0.01%."""


def simple(count: int, employees: int = 0, apart: tuple[tuple[int, int], ...] = ()) -> People:
    """People without topics, the last of them employees."""
    employee = [int(person >= count - employees) for person in range(count)]
    return make_people(employee, [-1] * count, [[] for _ in range(count)], [], apart, [], 0)


def split(people: People, groups: Groups) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """The pairs of an alumnus and an employee, and the others."""
    pairs = [(one, other) for one, other in groups.pairs.tolist()]
    across = tuple(pair for pair in pairs if people.employee[pair[0]] != people.employee[pair[1]])
    return across, tuple(pair for pair in pairs if pair not in across)


@settings(max_examples=150)
@given(communities())
def test_nothing_happens_that_must_not(people: People) -> None:
    check_groups(people, make_groups(people))


@settings(max_examples=150)
@given(communities(7))
def test_alumni_with_employees_are_the_best_that_there_is(people: People) -> None:
    across, _among = split(people, make_groups(people))
    assert value_of(people, across) == find_best_across(people)


@settings(max_examples=150)
@given(communities())
def test_the_rest_is_the_best_that_there_is(people: People) -> None:
    across, among = split(people, make_groups(people))
    rest = tuple(sorted(set(range(people.count)) - {person for pair in across for person in pair}))
    assert value_of(people, among) == find_best_among(people, rest)


@settings(max_examples=100)
@given(communities(9))
def test_people_of_one_kind_are_paired_as_well_as_they_can_be_and_the_bound_says_so(people: People) -> None:
    paired = pair_up(people) if people.count else None
    best = find_best_among(people, tuple(range(people.count)))
    found = tuple((one, other) for one, other in paired.pairs.tolist()) if paired else ()
    assert value_of(people, found) == best
    assert paired is None or paired.short == 0


@given(communities(9))
def test_one_left_over_joins_a_pair_that_it_may_meet(people: People) -> None:
    groups = make_groups(people)
    left = set(range(people.count)) - set(groups.pairs.reshape(-1).tolist())
    fits = [
        (score(people, person, one) + score(people, person, other))
        for person in left
        for one, other in groups.pairs.tolist()
        if may_meet(people, person, one) and may_meet(people, person, other)
    ]
    if people.count % 2 == 0 or not fits:
        assert not len(groups.third)
    else:
        number, person = groups.third.tolist()
        one, other = groups.pairs[number].tolist()
        assert score(people, person, one) + score(people, person, other) == max(fits)


@pytest.mark.parametrize(
    ("count", "pairs", "third"), [(0, 0, 0), (1, 0, 0), (2, 1, 0), (3, 1, 1), (4, 2, 0), (5, 2, 1)]
)
def test_few_people(count: int, pairs: int, third: int) -> None:
    groups = make_groups(simple(count))
    assert (len(groups.pairs), len(groups.third) // 2) == (pairs, third)


def test_everybody_apart_from_everybody_meets_nobody() -> None:
    apart = tuple((one, other) for one in range(5) for other in range(one))
    groups = make_groups(simple(5, 2, apart))
    assert not len(groups.pairs)
    assert not len(groups.third)


def test_more_pairs_come_before_better_ones() -> None:
    """0 and 3 would be the best pair, and then nobody would be left for 1 and 2."""
    people = make_people([0, 0, 1, 1], [-1] * 4, [[0], [1], [2], [0]], [500, 1, 1], [(1, 2)], [], 0)
    groups = make_groups(people)
    assert sorted(map(sorted, groups.pairs.tolist())) == [[0, 2], [1, 3]]


def test_an_employee_is_never_left_to_employees_while_an_alumnus_is_free() -> None:
    people = make_people([0, 0, 1, 1], [-1] * 4, [[0], [0], [1], [1]], [500, 500], [], [], 0)
    assert all(people.employee[one] != people.employee[other] for one, other in make_groups(people).pairs.tolist())


@pytest.mark.parametrize("tied", [False, True])
def test_thousands_are_certified_and_lawful(tied: bool) -> None:
    people = invent(1500, 1500, tied=tied)
    groups = make_groups(people)
    check_many(people, groups)
    assert len(groups.pairs) == 1500
    assert groups.gap <= PROMISED


def check_many(people: People, groups: Groups) -> None:
    """As `check_groups`, without looking at every two who are left."""
    members = groups.pairs.reshape(-1)
    assert len(members) == len(set(members.tolist()))
    never = {frozenset(pair) for pair in people.apart.tolist()}
    assert not any(frozenset(pair) in never for pair in groups.pairs.tolist())
    shunned = {tuple(pair) for pair in people.shuns.tolist()}
    for one, other in groups.pairs.tolist():
        assert (one, int(people.department[other])) not in shunned
        assert (other, int(people.department[one])) not in shunned


@pytest.mark.parametrize("tied", [False, True])
def test_hundreds_of_alumni_alone_all_meet_somebody_and_the_gap_is_told(tied: bool) -> None:
    people = invent(401, 0, tied=tied)
    groups = make_groups(people)
    check_many(people, groups)
    assert (len(groups.pairs), len(groups.third)) == (200, 2)
    assert 0 <= groups.gap < 0.015


def test_the_same_people_are_grouped_in_the_same_way_each_time() -> None:
    people = invent(150, 90)
    assert np.array_equal(make_groups(people).pairs, make_groups(people).pairs)
