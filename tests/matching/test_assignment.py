"""The parts of the solver, each against the plainest way to the same: numpy's whole table, and scipy's dense solver."""

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize

from bench.invented import invent, invent_limits
from matching.assignment import assign, find_bonus
from matching.candidates import Arcs, Ties, find_candidates
from matching.flow import choose
from matching.people import People
from matching.prices import find_prices, prove
from matching.rings import break_rings
from matching.scores import NEVER, Table, iterate, list_forbidden, make_table, score_pairs
from tests.matching.brute import communities, may_meet, score


def halves(people: People, limits: NDArray[np.int64] | None = None) -> Table:
    """The first half as rows and the second as columns."""
    half = people.count // 2
    one, other = list_forbidden(people)
    across = (one < half) & (other >= half) & (other < 2 * half)
    rows, columns = people.pick(np.arange(half)), people.pick(np.arange(half, 2 * half))
    return make_table(rows, columns, (one[across], other[across] - half), limits)


def whole(table: Table) -> NDArray[np.int64]:
    """All scores at once."""
    found = np.zeros(table.shape, np.int64)
    for first, block in iterate(table):
        found[first : first + len(block)] = block
    return found


def solve_densely(table: Table) -> tuple[int, int]:
    """Pairs and worth by scipy, each row as often as it may be paired."""
    bonus = find_bonus(table)
    scores = np.repeat(whole(table), table.row_limit, axis=0)
    weights = np.where(scores > NEVER, scores + bonus, 0)
    rows, columns = cast(Any, optimize).linear_sum_assignment(weights, maximize=True)
    taken = scores[rows, columns] > NEVER
    return int(taken.sum()), int(scores[rows, columns][taken].sum())


@given(communities(12))
def test_scores_are_what_they_say(people: People) -> None:
    if people.count < 2:
        return
    half = people.count // 2
    found = whole(halves(people))
    for row in range(half):
        for column in range(half):
            pair = row, column + half
            assert found[row, column] == (score(people, *pair) if may_meet(people, *pair) else NEVER)


@given(communities(10))
def test_single_pairs_are_scored_as_the_table_scores_them(people: People) -> None:
    if people.count < 2:
        return
    half = people.count // 2
    table = halves(people)
    rows, columns = np.repeat(np.arange(half), half), np.tile(np.arange(half), half)
    apart, pairs = whole(table).reshape(-1), (rows, columns)
    assert np.array_equal(score_pairs(table.rows, table.columns, pairs)[apart > NEVER], apart[apart > NEVER])


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_with_limits_it_is_as_good_as_the_dense_solver(tied: bool, seed: int) -> None:
    table = halves(invent(300, 300, tied=tied, seed=seed), invent_limits(300, seed))
    choice = assign(table)
    assert (choice.arcs.count, choice.worth) == solve_densely(table)
    assert (choice.missing, choice.bound) == (0, choice.worth)


@settings(max_examples=200)
@given(communities(12), st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_limits_of_few_are_kept_and_used(people: People, limits: list[int]) -> None:
    if people.count < 2:
        return
    table = halves(people, np.array(limits[: people.count // 2], np.int64))
    choice = assign(table, candidates=1)
    assert np.all(np.bincount(choice.arcs.rows, minlength=table.shape[0]) <= table.row_limit)
    assert np.all(np.bincount(choice.arcs.columns, minlength=table.shape[1]) <= 1)
    assert (choice.arcs.count, choice.worth) == solve_densely(table)
    assert choice.short == 0


def test_columns_may_have_limits_too() -> None:
    table = halves(invent(60, 60, seed=3), invent_limits(60, 5))
    turned = table.turned()
    assert (assign(turned).arcs.count, assign(turned).worth) == (assign(table).arcs.count, assign(table).worth)


def test_a_bound_is_a_bound_whatever_is_chosen() -> None:
    """With one candidate each the first choice is bad, and the proof must say how bad it can be, and what is better."""
    table = halves(invent(200, 200, seed=1))
    arcs, bonus = find_candidates(table, 1), find_bonus(table)
    chosen = choose(arcs, table.row_limit, table.column_limit, bonus)
    proof = prove(table, find_prices(table, arcs, chosen, bonus), bonus)
    pairs, worth = solve_densely(table)
    assert proof.bound >= worth + bonus * pairs
    assert proof.better.count
    assert np.array_equal(proof.better.scores, whole(table)[proof.better.rows, proof.better.columns])


def test_ties_are_broken_otherwise_in_each_row() -> None:
    """Cut without it, everybody would have the same few candidates."""
    table = halves(invent(400, 400, tied=True))
    arcs = find_candidates(table, 5)
    assert len(set(arcs.columns.tolist())) == 400
    ties = Ties(3, 1000)
    assert not np.array_equal(ties.of_row(0), ties.of_row(1))
    assert np.array_equal(ties.of_row(2), Ties(3, 1000).of_row(2))


def rings(*people: list[int], scores: list[int]) -> Arcs:
    """Arcs along rings."""
    steps = [(ring[place], ring[(place + 1) % len(ring)]) for ring in people for place in range(len(ring))]
    return Arcs(np.array([one for one, _ in steps]), np.array([other for _, other in steps]), np.array(scores))


@pytest.mark.parametrize(
    ("arcs", "pairs"),
    [
        (rings([0, 1], scores=[5, 5]), [(0, 1)]),
        (rings([0, 1, 2], scores=[5, 9, 6]), [(1, 2)]),
        (rings([3, 1, 2, 0], scores=[5, 1, 5, 1]), [(0, 2), (1, 3)]),
        (rings([0, 1, 2, 3, 4], scores=[1, 9, 1, 1, 8]), [(0, 4), (1, 2)]),
        (Arcs(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([4, 9, 4])), [(0, 1), (2, 3)]),
        (Arcs(np.array([5]), np.array([2]), np.array([4])), [(2, 5)]),
        (rings([0, 1], [2, 3, 4], scores=[1, 1, 2, 3, 4]), [(0, 1), (2, 4)]),
    ],
)
def test_rings_and_chains_fall_apart_into_the_best_pairs(arcs: Arcs, pairs: list[tuple[int, int]]) -> None:
    found = break_rings(arcs, 100)
    assert sorted(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == pairs
