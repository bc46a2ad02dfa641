"""A workspace on a real file, behind a real server, with a small bot that answers."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from adapters.playground.keeper import Keeper
from adapters.playground.people import load_people
from adapters.playground.store import Settler, Store
from bot.clock import MovableClock
from tests.adapters.playground.small_bot import SmallBot, make_app

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Friday, 20 November 2026, 10:00 in Tokyo."""

CHANNELS = (("channel:news", "news"),)

Client = TestClient[Any, Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "playground.sqlite3"


@pytest.fixture
def open_store(path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same file as often as a test restarts."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(Store(path))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    """misaki and sho are in, kenichi has yet to join."""
    store = open_store()
    store.settle([Settler("misaki", True), Settler("sho", True), Settler("kenichi", False)], CHANNELS, [], NOW)
    return store


@pytest.fixture
async def keeper(path: Path) -> AsyncIterator[Keeper]:
    """The store of the whole invented community, in its thread."""
    store = Store(path)
    store.settle([Settler(p.id, p.role != "leaver") for p in load_people(NOW.date())], CHANNELS, [], NOW)
    keeper = Keeper(store)
    yield keeper
    await keeper.close()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def bot(clock: MovableClock, tmp_path: Path) -> SmallBot:
    return SmallBot(clock, tmp_path / "workspace")


@pytest.fixture
async def client(bot: SmallBot) -> AsyncIterator[Client]:
    """A browser on this machine, on the playground's own page."""
    server = TestServer(make_app(bot), host="127.0.0.1")
    await server.start_server()
    headers = {"Origin": str(server.make_url("/").origin()), "Sec-Fetch-Site": "same-origin"}
    async with TestClient[Any, Any](server, headers=headers) as client:
        yield client
