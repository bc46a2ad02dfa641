"""Rounds run once per slot whoever ticks, beside the ticks, and a broken one is left to the next."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import time, timedelta

import pytest

from bot.clock import FrozenClock
from bot.recurrence import Rule
from scheduler.rounds import Round, RoundRunner
from storage.uow import Store
from tests.support.world import START


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on a fresh database of either kind."""
    made = Store(database_url)
    yield made
    made.close()


class Counter:
    """Work that counts how often it ran."""

    def __init__(self) -> None:
        self.runs = 0

    async def __call__(self) -> None:
        self.runs += 1


def runner(store: Store, clock: FrozenClock, work: Callable[[], Awaitable[object]], name: str = "daily") -> RoundRunner:
    return RoundRunner(store, clock, [Round(name, Rule(time(11)), work)], "Asia/Tokyo")


async def test_a_round_runs_at_its_hour_and_once(store: Store) -> None:
    clock, work = FrozenClock(START), Counter()
    rounds = runner(store, clock, work)
    await rounds.prepare()
    assert await rounds.start_due() == 0
    clock.move(timedelta(hours=1))
    assert await rounds.start_due() == 1
    assert await rounds.start_due() == 0
    await rounds.finish()
    assert work.runs == 1
    clock.move(timedelta(days=1))
    await rounds.start_due()
    await rounds.finish()
    assert work.runs == 2


async def test_a_round_before_the_slots_are_made_does_not_run(store: Store) -> None:
    assert await runner(store, FrozenClock(START + timedelta(days=1)), Counter()).start_due() == 0


async def test_missed_days_are_made_up_for_once(store: Store) -> None:
    clock, work = FrozenClock(START), Counter()
    await runner(store, clock, work).prepare()
    clock.move(timedelta(days=5))
    later = runner(store, clock, work)
    await later.prepare()
    await later.start_due()
    await later.start_due()
    await later.finish()
    assert work.runs == 1


async def test_of_two_replicas_one_wins(database_url: str) -> None:
    clock, work = FrozenClock(START), Counter()
    stores = [Store(database_url), Store(database_url)]
    replicas = [runner(store, clock, work) for store in stores]
    for replica in replicas:
        await replica.prepare()
    clock.move(timedelta(hours=1))
    won = await asyncio.gather(*(replica.start_due() for replica in replicas))
    for replica in replicas:
        await replica.finish()
    assert (sorted(won), work.runs) == ([0, 1], 1)
    for store in stores:
        store.close()


async def test_a_slow_round_holds_nobody_up_and_is_broken_off_at_the_end(sqlite_url: str) -> None:
    store, clock, begun = Store(sqlite_url), FrozenClock(START), asyncio.Event()

    async def wait_for_ever() -> None:
        begun.set()
        await asyncio.Event().wait()

    rounds = runner(store, clock, wait_for_ever)
    await rounds.prepare()
    clock.move(timedelta(hours=1))
    await rounds.start_due()
    await begun.wait()
    await rounds.close()
    store.close()


async def test_a_broken_round_is_logged_and_comes_again(sqlite_url: str) -> None:
    store, clock, work = Store(sqlite_url), FrozenClock(START), Counter()

    async def break_once() -> None:
        await work()
        if work.runs == 1:
            raise OSError("the platform is away")

    rounds = runner(store, clock, break_once)
    await rounds.prepare()
    for _ in range(2):
        clock.move(timedelta(days=1))
        await rounds.start_due()
        await rounds.finish()
    assert work.runs == 2
    store.close()
