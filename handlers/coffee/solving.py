"""From people in the database to groups of them: as arrays to the solver's process, and back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy import Policy
from handlers.coffee.topics import number_topics
from matching.people import UNKNOWN, Groups, People, join_people, make_people
from matching.process import make_groups_apart
from storage.models import Role
from storage.queries import coffee as queries
from storage.queries.coffee import NOT_AGAIN, Person
from storage.uow import UnitOfWork

CHANGE = 120
"""What another department is worth beside shared topics: as much as a topic that every fourth person names."""

LONGEST = timedelta(minutes=5)
"""How long the solver may take. 20,000 people take half a minute."""

_AT_A_TIME = 300
"""People who are put into arrays before anything else gets its turn."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Who takes part, and what stands between them; `apart` are pairs of members, `shuns` members with departments."""

    people: tuple[Person, ...]
    apart: tuple[tuple[int, int], ...]
    shuns: tuple[tuple[int, str], ...]


def read_people(round_id: int, after: int, db: UnitOfWork) -> list[Person]:
    """Some of those who take part, from the first one above `after`: a few hundred at a time, so that nothing else
    waits long for the database."""
    return queries.list_people(db, round_id, after)


def read_apart(round_id: int, db: UnitOfWork, now: datetime) -> tuple[list[tuple[int, int]], list[tuple[int, str]]]:
    """Who must not meet whom: blocks by person and by department, and who met lately."""
    met = queries.list_introduced(db, now - NOT_AGAIN)
    persons, departments = queries.list_blocks(db, round_id)
    return [*met, *persons], departments


async def solve(snapshot: Snapshot, policy: Policy) -> list[tuple[int, ...]]:
    """Members by group. Raises `matching.process.SolverFailed`."""
    people = await make_arrays(snapshot, policy)
    groups = await make_groups_apart(people, LONGEST.total_seconds())
    return name_groups(groups, [person.id for person in snapshot.people])


async def make_arrays(snapshot: Snapshot, policy: Policy) -> People:
    """What the solver is told: numbers instead of people, departments and topics. Gives way now and then."""
    topics, values = await number_topics({person.id: person.topics for person in snapshot.people}, policy)
    number = {person.id: place for place, person in enumerate(snapshot.people)}
    departments = _number_departments(snapshot.people)
    parts = [make_people([], [], [], values, [], [], CHANGE)]
    for first in range(0, len(snapshot.people), _AT_A_TIME):
        some = snapshot.people[first : first + _AT_A_TIME]
        employee = [person.role == Role.EMPLOYEE for person in some]
        department = [departments.get(person.department, UNKNOWN) for person in some]
        parts.append(make_people(employee, department, [topics[one.id] for one in some], values, [], [], CHANGE))
        await asyncio.sleep(0)
    apart = [(number[one], number[other]) for one, other in snapshot.apart if one in number and other in number]
    shuns = [(number[one], departments[name]) for one, name in snapshot.shuns if one in number and name in departments]
    return join_people(parts, apart, shuns)


def _number_departments(people: Sequence[Person]) -> dict[str, int]:
    names = sorted({person.department for person in people if person.department})
    return {name: place for place, name in enumerate(names)}


def name_groups(groups: Groups, members: Sequence[int]) -> list[tuple[int, ...]]:
    """The solver's numbers as members again."""
    named = [tuple(members[int(person)] for person in pair) for pair in groups.pairs]
    if len(groups.third):
        pair, person = (int(number) for number in groups.third)
        named[pair] = (*named[pair], members[person])
    return named
