"""Taking apart what an assignment of everybody to everybody has chosen: chains and rings of people, into pairs."""

import numpy as np

from matching.candidates import NONE, Arcs, join


def break_rings(arcs: Arcs, bonus: int) -> Arcs:
    """The best pairs along each chain and ring: as many as possible, each for `bonus`, then the highest scores. In
    `arcs` everybody stands in at most one row and one column. Each pair has the lower number as its row.
    """
    following = dict(zip(arcs.rows.tolist(), arcs.columns.tolist(), strict=True))
    scores = dict(zip(arcs.rows.tolist(), arcs.scores.tolist(), strict=True))
    heads = np.setdiff1d(arcs.rows, arcs.columns).tolist()
    seen: set[int] = set()
    found = [NONE]
    for start in (*heads, *arcs.rows.tolist()):
        if start not in seen:
            people = _walk(start, following)
            seen.update(people)
            steps = [scores.get(person, 0) + bonus for person in people]
            is_ring = following.get(people[-1]) == start
            chosen = _choose_in_ring(steps) if is_ring else _choose_in_line(steps[:-1])
            found.append(_make_pairs([people[place] for place in chosen], following, scores))
    return join(found)


def _walk(start: int, following: dict[int, int]) -> list[int]:
    people = [start]
    while (person := following.get(people[-1], start)) != start:
        people.append(person)
    return people


def _choose_in_ring(steps: list[int]) -> list[int]:
    """The places of the best steps in a ring, no two of them neighbours. In a ring of two both steps are the same
    pair."""
    without_last = _choose_in_line(steps[:-1])
    with_last = [len(steps) - 1, *(place + 1 for place in _choose_in_line(steps[1:-2]))]
    return max(without_last, with_last, key=lambda places: sum(steps[place] for place in places))


def _choose_in_line(steps: list[int]) -> list[int]:
    """The places of the best steps in a line, no two of them neighbours."""
    sums = [0, 0]  # the best of nothing, twice, so that each step can look two back
    for step in steps:
        sums.append(max(sums[-1], sums[-2] + step))
    chosen: list[int] = []
    place = len(steps)
    while place > 0:
        if sums[place + 1] == sums[place]:
            place -= 1
        else:
            chosen.append(place - 1)
            place -= 2
    return chosen


def _make_pairs(rows: list[int], following: dict[int, int], scores: dict[int, int]) -> Arcs:
    ends = [sorted((row, following[row])) for row in rows]
    return Arcs(
        np.array([end[0] for end in ends], np.int64),
        np.array([end[1] for end in ends], np.int64),
        np.array([scores[row] for row in rows], np.int64),
    )
