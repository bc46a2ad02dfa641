"""The best round by trying everything, for few people; and what must hold of every round, however many they are."""

import itertools
from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from matching.people import UNKNOWN, Groups, People, make_people

Pairs = tuple[tuple[int, int], ...]
Value = tuple[int, int]
"""How many pairs, and the sum of their scores."""

COUNT_TOPICS, COUNT_DEPARTMENTS = 5, 3


@st.composite
def communities(draw: st.DrawFn, most: int = 8) -> People:
    """A few people with everything that can be between them."""
    count = draw(st.integers(0, most))
    person = st.integers(0, max(count - 1, 0))
    topics = st.lists(st.integers(0, COUNT_TOPICS - 1), max_size=4)
    apart = draw(st.lists(st.tuples(person, person), max_size=count))
    shuns = st.tuples(person, st.integers(0, COUNT_DEPARTMENTS - 1))
    return make_people(
        draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)),
        draw(st.lists(st.integers(UNKNOWN, COUNT_DEPARTMENTS - 1), min_size=count, max_size=count)),
        [draw(topics) for _ in range(count)],
        draw(st.lists(st.integers(1, 50), min_size=COUNT_TOPICS, max_size=COUNT_TOPICS)),
        [pair for pair in apart if pair[0] != pair[1]],
        draw(st.lists(shuns, max_size=3)) if count else [],
        draw(st.integers(0, 20)),
    )


def may_meet(people: People, one: int, other: int) -> bool:
    """Whether nothing stands between the two, said as plainly as possible."""
    named = {frozenset(pair) for pair in people.apart.tolist()}
    shunned = {tuple(pair) for pair in people.shuns.tolist()}
    by_department = {(one, int(people.department[other])), (other, int(people.department[one]))} & shunned
    return one != other and frozenset((one, other)) not in named and not by_department


def score(people: People, one: int, other: int) -> int:
    """What the pair is worth, likewise."""
    shared = set(people.topics_of(one).tolist()) & set(people.topics_of(other).tolist())
    here, there = int(people.department[one]), int(people.department[other])
    differ = here != there and UNKNOWN not in (here, there)
    return sum(int(people.values[topic]) for topic in shared) + (int(people.change[0]) if differ else 0)


def value_of(people: People, pairs: Pairs) -> Value:
    """How good some pairs are."""
    return len(pairs), sum(score(people, *pair) for pair in pairs)


def find_best_among(people: People, chosen: tuple[int, ...]) -> Value:
    """The best pairs among some people, by trying all of them."""
    if len(chosen) < 2:
        return 0, 0
    first, rest = chosen[0], chosen[1:]
    found = [find_best_among(people, rest)]
    for other in rest:
        if may_meet(people, first, other):
            count, worth = find_best_among(people, tuple(one for one in rest if one != other))
            found.append((count + 1, worth + score(people, first, other)))
    return max(found)


def find_best_across(people: People) -> Value:
    """The best pairs of an alumnus and an employee, by trying all of them."""
    alumni = [person for person in range(people.count) if not people.employee[person]]
    employees = [person for person in range(people.count) if people.employee[person]]
    fewer, more = sorted((alumni, employees), key=len)
    found = [(0, 0)]
    for partners in itertools.permutations([*more, *([-1] * len(fewer))], len(fewer)):
        pairs = tuple((one, other) for one, other in zip(fewer, partners, strict=True) if other >= 0)
        if all(may_meet(people, *pair) for pair in pairs):
            found.append(value_of(people, pairs))
    return max(found)


def list_met(groups: Groups) -> Iterator[tuple[int, int]]:
    """Everybody who meets everybody."""
    for number, pair in enumerate(groups.pairs.tolist()):
        members = [*pair, *([int(groups.third[1])] if len(groups.third) and int(groups.third[0]) == number else [])]
        yield from itertools.combinations(members, 2)


def check_groups(people: People, groups: Groups) -> None:
    """Raises AssertionError for anything that must never be."""
    members = [*groups.pairs.reshape(-1).tolist(), *groups.third[1:].tolist()]
    assert len(members) == len(set(members)), "somebody has two partners"
    assert all(may_meet(people, *met) for met in list_met(groups)), "two meet who must not"
    assert set(members) <= set(range(people.count))
    across = [pair for pair in groups.pairs.tolist() if people.employee[pair[0]] != people.employee[pair[1]]]
    left = sorted(set(range(people.count)) - set(members))
    for one, other in itertools.combinations(left, 2):
        assert not may_meet(people, one, other), "two are left who could have met"
    if people.count % 2 and left and len(groups.pairs):
        assert not len(groups.third) or len(left) % 2 == 0
    assert len(across) <= min(int(people.employee.sum()), people.count - int(people.employee.sum()))
    assert np.all(groups.bound >= groups.worth)
