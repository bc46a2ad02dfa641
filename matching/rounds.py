"""A whole round: alumni with employees first, then the rest among themselves, and a group of three if one is left."""

import numpy as np

from matching.assignment import assign
from matching.everybody import pair_up
from matching.people import Groups, Ints, Longs, People
from matching.scores import list_forbidden, make_table, score_pairs


def make_groups(people: People) -> Groups:
    """Who meets whom. Nobody is in two groups, and nobody meets whom they must not meet.

    First as many alumni as possible meet an employee, then as many of the rest as possible each other; both times the
    sum of scores is the highest there is, or as near to it as the bound says. If their number is odd, the one left over
    joins a pair. Raises `matching.flow.NotSolved`.
    """
    forbidden = list_forbidden(people)
    across, worth, bound, missing = _pair_across(people, forbidden)
    rest = np.setdiff1d(np.arange(people.count), across)
    among = pair_up(people.pick(rest)) if len(rest) > 1 else None
    pairs = across if among is None else np.concatenate((across, rest[among.pairs].astype(np.int32)))
    if among is not None:
        worth, bound, missing = worth + among.worth, bound + among.bound, missing + among.missing
    return Groups(
        pairs,
        _find_third(people, pairs, forbidden),
        np.array([worth], np.int64),
        np.array([bound], np.int64),
        np.array([missing], np.int64),
    )


def _pair_across(people: People, forbidden: tuple[Longs, Longs]) -> tuple[Ints, int, int, int]:
    """Pairs of an alumnus and an employee."""
    employee = people.employee.astype(bool)
    alumni, employees = np.flatnonzero(~employee), np.flatnonzero(employee)
    if not len(alumni) or not len(employees):
        return np.zeros((0, 2), np.int32), 0, 0, 0
    number = np.cumsum(employee) - 1
    number[alumni] = np.arange(len(alumni))
    across = ~employee[forbidden[0]] & employee[forbidden[1]]
    never = number[forbidden[0][across]], number[forbidden[1][across]]
    choice = assign(make_table(people.pick(alumni), people.pick(employees), never))
    pairs = np.stack((alumni[choice.arcs.rows], employees[choice.arcs.columns]), axis=1).astype(np.int32)
    return pairs, choice.worth, choice.bound, choice.missing


def _find_third(people: People, pairs: Ints, forbidden: tuple[Longs, Longs]) -> Ints:
    """The pair and the person who make it three: if their number is odd, of all who are left over and all pairs that
    they may join the two with the highest scores."""
    left = np.setdiff1d(np.arange(people.count), pairs)
    if people.count % 2 == 0 or not len(pairs):
        return np.zeros(0, np.int32)
    best: tuple[int, int, int] | None = None
    for person in left.tolist():
        never = np.isin(pairs, forbidden[1][forbidden[0] == person]).any(axis=1)
        for number in np.flatnonzero(~never).tolist():
            worth = int(score_pairs(people, people, (np.full(2, person), pairs[number].astype(np.int64))).sum())
            best = max(best or (-1, 0, 0), (worth, -number, -person))
    return np.zeros(0, np.int32) if best is None else np.array([-best[1], -best[2]], np.int32)
