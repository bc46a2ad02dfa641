"""The steps of a round: begun twice, broken off between any two, and with a solver that doesn't work."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from bot.installation import Installation
from handlers.coffee import rounds
from handlers.coffee.desk import Desk
from handlers.coffee.introducing import introduce_some
from handlers.coffee.solving import solve
from matching import process
from matching.process import SolverFailed
from storage.models import Account, CoffeeGroup, CoffeePlan, CoffeeRound, Delivery, Member, RoundState, Slot, Status
from storage.queries import coffee
from storage.uow import UnitOfWork
from tests.handlers.coffee.people import (
    EVE,
    ROUND,
    add_members,
    find_seat,
    list_groups,
    list_rounds,
    make_world,
    pass_days,
    summaries,
)
from tests.support.rows import list_rows
from tests.support.world import World, text_of

MORNING = EVE.replace(day=7)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = make_world(database_url)
    yield world
    world.close()


def get_runner(world: World) -> Any:
    """What runs a step in a transaction of its own."""
    errands = world.app.ticker.errands
    assert errands is not None
    return errands.run


async def begin(world: World, people: int) -> Any:
    """So many people, and a round in which it is settled that they take part."""
    members = await add_members(world, people)
    await world.app.slots.prepare()
    world.clock.at = MORNING
    await world.app.slots.run_due()
    assert list_rounds(world) == [(ROUND, "frozen")]
    return members


async def test_each_step_counts_once_however_often_it_is_taken(world: World) -> None:
    await begin(world, 4)
    run, task = get_runner(world), rounds.Task(1, ROUND, RoundState.FROZEN)
    await rounds._find_groups(run, task)  # pyright: ignore[reportPrivateUsage]
    first = list_rows(world.store, CoffeeRound)[0].plan
    for token, groups in (("one", [(1, 2), (3, 4)]), ("other", [(1, 3), (2, 4)])):
        await run(rounds.write_some, 1, token, 0, groups)
        await run(rounds.keep, 1, token)
    await run(rounds.note_failure, 1)
    assert list_rows(world.store, CoffeeRound)[0].plan == first
    while await run(introduce_some, 1, 1):
        pass
    assert list_rows(world.store, CoffeePlan) == []
    sent = len(list_rows(world.store, Delivery))
    assert not await run(introduce_some, 1, 1)
    await world.settle()
    assert len(list_rows(world.store, Delivery)) == sent
    assert len(list_groups(world)) == 2


async def test_the_morning_comes_twice_and_the_round_is_one(world: World) -> None:
    """As when the slot's move was rolled back, or a second replica's clock is late."""
    people = await begin(world, 2)
    with world.store.begin() as db:
        db.session.get_one(Slot, "coffee.calendar").next_run_at = MORNING
    await world.app.slots.run_due()
    await world.settle()
    assert list_rounds(world) == [(ROUND, "done")]
    assert len(list_rows(world.store, CoffeeGroup)) == 1
    for person in people:
        assert sum("ご紹介します" in summary for summary in summaries(person)) == 1


async def test_two_replicas_share_a_round_and_not_its_introductions(database_url: str) -> None:
    world, other = make_world(database_url, at=MORNING), make_world(database_url, at=MORNING)
    other.clock = world.clock
    people = await begin_at_once(world, 7)
    assert world.app.ticker.errands is not None
    assert other.app.ticker.errands is not None
    world.app.ticker.errands.start_due()
    other.app.ticker.errands.start_due()
    await world.app.ticker.errands.finish()
    await other.app.ticker.errands.finish()
    await world.settle()
    assert list_rounds(world) == [(ROUND, "done")]
    met = [person for group in list_groups(world) for person in group]
    assert len(met) == len(set(met)) == people
    for world_ in (world, other):
        world_.close()


async def begin_at_once(world: World, people: int) -> int:
    """People, and a round that is settled, without the clock's going on."""
    await add_members(world, min(people, 26))
    with world.store.begin() as db:
        coffee.freeze(db, coffee.ensure_round(db, ROUND, world.clock.now()), world.clock.now())
    return min(people, 26)


async def count_statements(world: World, at_once: int) -> int:
    """How many statements introducing so many groups takes."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    def work(db: UnitOfWork) -> None:
        engine = db.session.connection().engine
        event.listen(engine, "before_cursor_execute", note)
        desk = Desk(db, world.clock.now(), world.policy, Installation(b"", group_platforms=frozenset({"chat"})))
        assert introduce_some(1, at_once, desk)
        event.remove(engine, "before_cursor_execute", note)

    await world.store.run(work)
    return len(statements)


async def test_ten_groups_take_as_many_statements_as_one(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    people = await add_members(world, 22)
    ids = [person.member().id or 0 for person in people]
    with world.store.begin() as db:
        for account in db.session.exec(select(Account).where(col(Account.member_id).in_(ids[2::4]))):
            account.tenant = "T2"  # in no workspace with their partner
        current = coffee.ensure_round(db, ROUND, world.clock.now())
        coffee.freeze(db, current, world.clock.now())
        coffee.add_plan(db, 1, "t", 0, [ids[first : first + 2] for first in range(0, 22, 2)])
        coffee.take_plan(current, "t")
    one = await count_statements(world, 2)
    assert one < 45
    assert await count_statements(world, 9) == one
    await world.settle()
    assert len(list_groups(world)) == 11
    for person in people:
        assert sum("ご紹介します" in summary for summary in summaries(person)) == 1
    world.close()


async def work_on(run: Any) -> None:
    """As the scheduler calls it, tick after tick."""
    while await rounds.work(run):
        pass


@pytest.mark.parametrize("steps", range(11))
async def test_broken_off_after_any_step_it_goes_on_where_it_was(world: World, steps: int) -> None:
    """Each step is one transaction; the process dies after so many of them, and another one comes ten minutes later."""
    people = await begin(world, 7)
    real, taken = get_runner(world), 0

    async def run(step: Any, *arguments: Any) -> Any:
        nonlocal taken
        taken += 1
        if taken > steps:
            raise KeyboardInterrupt
        return await real(step, *arguments)

    with pytest.raises(KeyboardInterrupt):
        await work_on(run)
    await pass_days(world, 0.5)
    assert list_rounds(world) == [(ROUND, "done")]
    met = [person for group in list_groups(world) for person in group]
    assert sorted(met) == sorted(person.member().id or 0 for person in people)
    for person in people:
        assert sum("ご紹介します" in summary for summary in summaries(person)) == 1


async def test_a_solver_that_fails_is_tried_three_times_and_then_everybody_hears_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "matching.py").write_text("import sys\nsys.stdin.buffer.read()\nsys.exit('out of luck')\n")
    hr = world.hr()
    await hr.write("こんにちは")
    set_hr(world, hr.member().id or 0)
    people = await begin(world, 2)
    monkeypatch.setattr(process, "ROOT", tmp_path)
    await world.settle()
    assert list_rounds(world) == [(ROUND, "frozen")]
    assert not any("不具合" in summary for summary in summaries(people[0]))
    await pass_days(world, 0.5)
    assert list_rounds(world) == [(ROUND, "failed")]
    for person in people:
        assert "こちらの不具合のため" in text_of(person.inbox[-1])
        assert "1月4日（月）" in text_of(person.inbox[-1])
        assert find_seat(world, person).state == "left_over"
    assert "組み合わせの計算が3回失敗しました" in text_of(hr.inbox[-1])


def set_hr(world: World, member_id: int) -> None:
    """Makes somebody an active member with the HR role."""
    with world.store.begin() as db:
        member = db.session.get_one(Member, member_id)
        member.status, member.is_hr = Status.ACTIVE, True


async def test_a_solver_that_works_the_second_time_is_enough(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await begin(world, 2)
    calls = 0

    async def fail_once(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise SolverFailed("no answer within 300 s")
        return await solve(*arguments)

    monkeypatch.setattr(rounds, "solve", fail_once)
    await world.settle()
    assert list_rounds(world) == [(ROUND, "frozen")]
    await pass_days(world, 0.5)
    assert list_rounds(world) == [(ROUND, "done")]
    assert calls == 2


PROGRAM = """
import asyncio, sys
from tests.handlers.coffee.people import EVE, make_world
world = make_world(sys.argv[1], at=EVE.replace(day=7))
asyncio.run(world.app.ticker.errands.run_due())
"""


@pytest.mark.parametrize("after", [0.0, 0.8, 1.4, 1.9, 2.3, 2.8])
async def test_killed_at_any_moment_it_loses_and_doubles_nothing(sqlite_url: str, after: float) -> None:
    """kill -9 of the process that works at the round."""
    world = make_world(sqlite_url)
    people = await begin(world, 7)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, sqlite_url)
    await asyncio.sleep(after)
    if child.returncode is None:
        child.kill()
    await child.wait()
    await pass_days(world, 0.5)
    assert list_rounds(world) == [(ROUND, "done")]
    met = [person for group in list_groups(world) for person in group]
    assert sorted(met) == sorted(person.member().id or 0 for person in people)
    rows = list_rows(world.store, CoffeeRound)
    assert len(rows) == 1
    keys = [delivery.key for delivery in list_rows(world.store, Delivery) if ":meet:" in delivery.key]
    assert len(keys) == len(set(keys)) == len(people)
    world.close()
