"""The store's thread: nobody misses a change, nobody waits for ever."""

import asyncio

import pytest

from adapters.playground.keeper import Keeper
from adapters.playground.store import Store, UnknownPlaceError


async def test_who_waits_hears_of_the_next_change(keeper: Keeper) -> None:
    seen = keeper.seq
    waiting = asyncio.create_task(keeper.wait_beyond(seen, 5))
    await asyncio.sleep(0)
    await keeper(Store.set_home, "misaki-sato", {})
    assert await waiting == keeper.seq == seen + 1


async def test_who_is_behind_need_not_wait(keeper: Keeper) -> None:
    await keeper(Store.set_home, "misaki-sato", {})
    assert await keeper.wait_beyond(keeper.seq - 1, 5) == keeper.seq


async def test_many_waiters_all_hear(keeper: Keeper) -> None:
    waiting = [asyncio.create_task(keeper.wait_beyond(keeper.seq, 5)) for _ in range(30)]
    await asyncio.sleep(0)
    await keeper(Store.set_home, "misaki-sato", {})
    assert await asyncio.gather(*waiting) == [keeper.seq] * 30


async def test_patience_has_an_end(keeper: Keeper) -> None:
    assert await keeper.wait_beyond(keeper.seq, 0.01) == keeper.seq


async def test_reading_is_no_change(keeper: Keeper) -> None:
    seen = keeper.seq
    await keeper(Store.list_joined)
    assert keeper.seq == seen


async def test_closing_lets_everybody_go(keeper: Keeper) -> None:
    waiting = asyncio.create_task(keeper.wait_beyond(keeper.seq, 60))
    await asyncio.sleep(0)
    keeper.let_go()
    assert await waiting == keeper.seq
    assert keeper.closed


async def test_what_the_store_raises_comes_through(keeper: Keeper) -> None:
    with pytest.raises(UnknownPlaceError):
        await keeper(Store.kind_for, "nobody", "dm:nobody")


async def test_calls_at_once_do_not_mix(keeper: Keeper) -> None:
    before = keeper.seq
    await asyncio.gather(*(keeper(Store.set_home, "misaki-sato", {"n": n}) for n in range(50)))
    assert keeper.seq == before + 50
