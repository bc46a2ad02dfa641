"""Between the plan and the introduction somebody goes, or sets a block: those who are left over find each other."""

from collections.abc import Iterator
from typing import Any

import pytest

from handlers.coffee import rounds
from storage.models import Account, CoffeePlan, RoundState, SeatState, Status
from tests.handlers.coffee.people import (
    EVE,
    ROUND,
    add_members,
    block,
    change,
    find_seat,
    list_groups,
    list_rounds,
    make_world,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def plan(world: World, count: int) -> tuple[list[Actor], list[list[Actor]]]:
    """People, and the groups that are planned for them; nobody has been told."""
    people = await add_members(world, count)
    await world.app.slots.prepare()
    world.clock.at = EVE.replace(day=7)
    await world.app.slots.run_due()
    errands: Any = world.app.ticker.errands
    await rounds._find_groups(errands.run, rounds.Task(1, ROUND, RoundState.FROZEN))  # pyright: ignore[reportPrivateUsage]
    by_id = {person.member().id: person for person in people}
    return people, [[by_id[id] for id in row.members] for row in list_rows(world.store, CoffeePlan)]


def members(*people: Actor) -> set[int]:
    """Their numbers."""
    return {person.member().id or 0 for person in people}


async def test_the_partners_of_two_who_go_are_introduced_to_each_other(world: World) -> None:
    _people, ((gone, one), (other, gone_too)) = await plan(world, 4)
    change(world, gone, status=Status.PAUSED)
    change(world, gone_too, status=Status.SUSPENDED)
    await world.settle()
    assert list_groups(world) == [members(one, other)]
    assert find_seat(world, gone).state == find_seat(world, gone_too).state == SeatState.GONE
    assert list_rounds(world) == [(ROUND, "done")]


async def test_of_three_two_are_introduced_when_one_goes(world: World) -> None:
    _people, ((one, gone, other),) = await plan(world, 3)
    change(world, gone, status=Status.PAUSED)
    await world.settle()
    assert list_groups(world) == [members(one, other)]
    assert gone.member().name not in text_of(one.inbox[-1])


async def test_of_three_of_whom_two_must_not_meet_the_third_meets_one(world: World) -> None:
    people, _groups = await plan(world, 3)
    block(world, people[0], people[1])
    await world.settle()
    (met,) = list_groups(world)
    assert len(met) == 2
    assert met != members(people[0], people[1])
    left = next(person for person in people if not members(person) & met)
    assert "今回はご紹介できる方がいませんでした" in text_of(left.inbox[-1])
    assert "1月4日（月）" in text_of(left.inbox[-1])


async def test_those_left_over_are_not_introduced_across_a_block_either(world: World) -> None:
    _people, ((gone, one), (other, gone_too)) = await plan(world, 4)
    change(world, gone, status=Status.PAUSED)
    change(world, gone_too, status=Status.PAUSED)
    block(world, other, one)
    await world.settle()
    assert list_groups(world) == []
    for person in (one, other):
        assert find_seat(world, person).state == SeatState.LEFT_OVER
        assert "今回はご紹介できる方がいませんでした" in text_of(person.inbox[-1])


async def test_when_everybody_goes_the_round_ends_quietly(world: World) -> None:
    people, _groups = await plan(world, 2)
    for person in people:
        change(world, person, status=Status.PAUSED)
    await world.settle()
    assert list_rounds(world) == [(ROUND, "done")]
    assert list_groups(world) == []


async def test_three_in_different_places_share_a_relayed_room(world: World) -> None:
    people, _groups = await plan(world, 3)
    ids = members(*people)
    with world.store.begin() as db:
        db.session.get_one(Account, 3).tenant = "T3"
    await world.settle()
    assert list_groups(world) == [ids]
    for person in people:
        assert "お使いの場所が異なる" in text_of(person.inbox[-2])
        assert person.groups == []


async def test_what_was_planned_in_vain_is_cleared_away(world: World) -> None:
    """A solver's process that died while it wrote its plan leaves a part of it behind."""
    people, _groups = await plan(world, 4)
    errands: Any = world.app.ticker.errands
    await errands.run(rounds.write_some, 1, "another", 0, [(1, 2)])
    await world.settle()
    assert list_rows(world.store, CoffeePlan) == []
    met = sorted(person for group in list_groups(world) for person in group)
    assert met == sorted(members(*people))
