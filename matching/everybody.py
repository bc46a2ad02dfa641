"""Pairs among people of one kind, where anybody may meet anybody: general matching.

Seen as rows and columns, both of them everybody, it can be assigned; half of that bound holds for the pairs. What is
chosen so are pairs, and rings: A is to meet B, B is to meet C, C is to meet A. Rings are taken apart, and somebody is
left over of each of odd length. Then people are parted at random, the two of each pair on either side, and the two
sides are assigned to each other: that is never worse, finds partners for those left over, and is done over and over.
Of few people the rest is solved exactly: whatever could make up for what is missing is given to CP-SAT.
"""

from dataclasses import dataclass

import numpy as np

from matching.assignment import Choice, assign
from matching.candidates import NONE, Arcs, join, merge
from matching.flow import NotSolved
from matching.people import UNKNOWN, Ints, Longs, People
from matching.prices import find_most_left
from matching.rings import break_rings
from matching.scores import NEVER, Table, iterate, list_forbidden, make_table
from matching.value import Value

PARTINGS = 60
"""How often people are parted at random at most; measured with 2,000: 0.4% is gained between the 10th and the 60th."""

FEW = 120
"""So many people are solved exactly, in less than two seconds."""

SECONDS = 10.0
"""How long CP-SAT may work; what it has found by then counts."""


@dataclass(frozen=True, slots=True)
class Paired(Value):
    """Pairs of people."""

    pairs: Ints


def pair_up(people: People, *, partings: int = PARTINGS, seconds: float = SECONDS) -> Paired:
    """The best pairs among these. Raises `matching.flow.NotSolved`."""
    even = _with_nobody(people) if people.count % 2 else people
    forbidden = list_forbidden(even)
    table = _make_square(even, forbidden)
    choice = assign(table)
    arcs, bonus = choice.arcs, choice.bonus
    bound = (int(arcs.scores.sum()) + bonus * arcs.count + choice.short) // 2  # down: values are whole numbers
    pairs = _part_and_assign(even, forbidden, break_rings(arcs, bonus), bonus, bound, partings)
    if _value(pairs, bonus) < bound and even.count <= FEW:
        pairs, bound = _solve_the_rest(table, choice, pairs, bound, seconds)
    real = pairs.pick(np.maximum(pairs.rows, pairs.columns) < people.count)
    both = np.stack((real.rows, real.columns), axis=1).astype(np.int32)
    return Paired(int(real.scores.sum()), bound - _value(pairs, bonus), bonus, both)


def _with_nobody(people: People) -> People:
    """An odd number and nobody in particular, with whom whoever is left over is paired: so the best of all people to
    be left over is found, and the bound knows that somebody must be."""
    return People(
        np.append(people.employee, np.int32(0)),
        np.append(people.department, np.int32(UNKNOWN)),
        np.append(people.starts, people.starts[-1]),
        people.topics,
        people.values,
        people.apart,
        people.shuns,
        people.change,
    )


def _make_square(people: People, forbidden: tuple[Longs, Longs]) -> Table:
    """Everybody in the rows and everybody in the columns; nobody meets themselves."""
    oneself = np.arange(people.count)
    one, other = forbidden
    return make_table(people, people, (np.concatenate((one, oneself)), np.concatenate((other, oneself))))


def _value(pairs: Arcs, bonus: int) -> int:
    return int(pairs.scores.sum()) + bonus * pairs.count


def _part_and_assign(
    people: People, forbidden: tuple[Longs, Longs], pairs: Arcs, bonus: int, bound: int, partings: int
) -> Arcs:
    """Better and better pairs, until the bound is reached or people were parted that often. By itself no parting is
    worse than the pairs it began with."""
    random = np.random.default_rng(people.count)
    for _ in range(partings):
        if _value(pairs, bonus) >= bound:
            break
        found = _assign_sides(people, forbidden, _part(pairs, people.count, random))
        if _value(found, bonus) >= _value(pairs, bonus):
            pairs = found
    return pairs


def _part(pairs: Arcs, count: int, random: np.random.Generator) -> Longs:
    """0 or 1 for each person: the two of a pair on different sides, whoever has no partner on either."""
    side = np.full(count, -1, np.int64)
    side[pairs.rows] = random.integers(0, 2, pairs.count)
    side[pairs.columns] = 1 - side[pairs.rows]
    alone = random.permutation(np.flatnonzero(side < 0))
    side[alone] = np.arange(len(alone)) % 2
    return side


def _assign_sides(people: People, forbidden: tuple[Longs, Longs], side: Longs) -> Arcs:
    here, there = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
    number = np.zeros(people.count, np.int64)
    number[here], number[there] = np.arange(len(here)), np.arange(len(there))
    one, other = forbidden
    across = (side[one] == 0) & (side[other] == 1)
    choice = assign(make_table(people.pick(here), people.pick(there), (number[one[across]], number[other[across]])))
    return Arcs(here[choice.arcs.rows], there[choice.arcs.columns], choice.arcs.scores)


def _solve_the_rest(table: Table, choice: Choice, pairs: Arcs, bound: int, seconds: float) -> tuple[Arcs, int]:
    """The best pairs, and the bound as it is known then. Not better than those given, if time was too short."""
    value = _value(pairs, choice.bonus)
    near = merge((_list_near(table, choice, bound - value), _low_first(pairs)), table.shape[0])
    found, proved = _solve_exactly(near, choice.bonus, seconds)
    best = max(pairs, found, key=lambda some: _value(some, choice.bonus))
    return best, min(bound, max(proved, _value(best, choice.bonus)))


def _low_first(pairs: Arcs) -> Arcs:
    return Arcs(np.minimum(pairs.rows, pairs.columns), np.maximum(pairs.rows, pairs.columns), pairs.scores)


def _list_near(table: Table, choice: Choice, short: int) -> Arcs:
    """The pairs that may be in something better: what the prices say of the two, less what the pair is worth, is at
    most what can be gained. Nothing else can be: the prices of all people together are the bound.
    """
    twice = choice.prices.of_column + find_most_left(table, choice.prices, choice.bonus)
    found = [NONE]
    for start, block in iterate(table):
        for row, scores in enumerate(block, start):
            slack = twice[row] + twice - 2 * (scores + np.int64(choice.bonus))
            places = np.flatnonzero((slack <= 2 * short) & (scores > NEVER))
            places = places[places > row]
            found.append(Arcs(np.full(len(places), row), places, scores[places].astype(np.int64)))
    return join(found)


def _solve_exactly(near: Arcs, bonus: int, seconds: float) -> tuple[Arcs, int]:
    """The best pairs among `near`, and a bound on them."""
    from ortools.sat.python import cp_model  # brings pandas along: only when it is needed

    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(near.count)]
    mine: dict[int, list[cp_model.IntVar]] = {}
    for variable, row, column in zip(taken, near.rows.tolist(), near.columns.tolist(), strict=True):
        mine.setdefault(row, []).append(variable)
        mine.setdefault(column, []).append(variable)
    for variables in mine.values():
        model.add_at_most_one(variables)
    model.maximize(sum(worth * one for worth, one in zip((near.scores + bonus).tolist(), taken, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise NotSolved(solver.status_name())
    chosen = np.array([solver.boolean_value(variable) for variable in taken], dtype=bool)
    return near.pick(chosen), int(solver.best_objective_bound)
