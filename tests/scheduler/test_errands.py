"""Errands are called again and again, one at a time, and one that breaks off keeps no other from running."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import FrozenClock
from bot.feature import Errand, Feature, Step
from bot.policy import Policy
from bot.routing import Bundle, RoutingError
from scheduler.errands import ErrandRunner
from storage.models import Seen
from storage.uow import Store, UnitOfWork
from tests.support.rows import list_rows
from tests.support.world import START

POLICY = Policy(community="縁")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def make(store: Store, *works: Callable[[Step], Any], clock: FrozenClock | None = None) -> ErrandRunner:
    """A runner of these errands."""
    errands = tuple(Errand(f"errand{number}", work) for number, work in enumerate(works))
    return ErrandRunner(store, clock or FrozenClock(START), [Feature("x", errands=errands)], {Policy: lambda _: POLICY})


def note(key: str, db: UnitOfWork, now: datetime) -> str:
    """A step that leaves something behind."""
    db.session.add(Seen(key=key, at=now))
    return key


async def test_a_step_is_a_transaction_with_its_parameters_provided(store: Store) -> None:
    async def work(run: Step) -> bool:
        assert await run(note, "a") == "a"
        with pytest.raises(ValueError, match="broken"):
            await run(break_off, "b")
        return True

    assert await make(store, work).run_due() == 1
    assert [seen.key for seen in list_rows(store, Seen)] == ["a"]


def break_off(key: str, db: UnitOfWork, now: datetime) -> None:
    """A step that fails after it has written."""
    note(key, db, now)
    raise ValueError("broken")


async def test_a_bundle_is_filled_in(store: Store) -> None:
    async def work(run: Step) -> bool:
        return await run(look) == ("縁", START)

    assert await make(store, work).run_due() == 1


@dataclass(frozen=True, slots=True)
class _Desk(Bundle):
    policy: Policy
    now: datetime


def look(desk: _Desk) -> tuple[str, datetime]:
    """A step that asks for a bundle."""
    return desk.policy.community, desk.now


async def test_a_parameter_that_nobody_provides_is_named(store: Store) -> None:
    def ask(what: str, other: bytes) -> None:
        """Asks for what there is none of."""

    with pytest.raises(RoutingError, match="nobody provides <class 'bytes'>"):
        await make(store).run(ask, "a")


async def test_one_that_breaks_off_rests_and_keeps_no_other_from_running(store: Store) -> None:
    clock, calls = FrozenClock(START), list[str]()

    async def bad(run: Step) -> bool:
        calls.append("bad")
        raise ValueError("broken")

    async def good(run: Step) -> bool:
        calls.append("good")
        return True

    runner = make(store, bad, good, clock=clock)
    assert await runner.run_due() == 1
    assert await runner.run_due() == 1
    clock.move(timedelta(minutes=1))
    await runner.run_due()
    assert calls == ["bad", "good", "good", "bad", "good"]


async def test_one_that_is_under_way_is_not_begun_again_and_can_be_broken_off(store: Store) -> None:
    begun, ended, going = 0, 0, asyncio.Event()

    async def work(run: Step) -> bool:
        nonlocal begun, ended
        begun += 1
        await going.wait()
        ended += 1
        return True

    runner = make(store, work)
    for _ in range(3):
        runner.start_due()
        await asyncio.sleep(0)
    assert (begun, ended) == (1, 0)
    going.set()
    await runner.finish()
    assert (begun, ended) == (1, 1)
    going.clear()
    runner.start_due()
    await asyncio.sleep(0)
    await runner.close()
    assert (begun, ended) == (2, 1)


async def test_after_each_step_it_pauses_for_as_long_as_the_step_took(store: Store) -> None:
    """Others have the processor then. No machine is too slow for it: nothing has to be over in time."""

    def take_long(db: UnitOfWork) -> None:
        time.sleep(0.05)

    async def work(run: Step) -> bool:
        await run(take_long)
        return True

    runner, began = make(store, work), time.monotonic()
    runner.start_due()
    await runner.finish()
    assert time.monotonic() - began > 0.09


def test_two_errands_of_one_name_stop_the_start(sqlite_url: str) -> None:
    async def work(run: Step) -> bool:
        return False

    store = Store(sqlite_url)
    features = [Feature("x", errands=(Errand("a", work),)), Feature("y", errands=(Errand("a", work),))]
    with pytest.raises(RoutingError, match="two errands are called a"):
        ErrandRunner(store, FrozenClock(START), features, {})
    store.close()
