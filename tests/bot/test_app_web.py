"""What the web application does around every platform's endpoints."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from storage import uow
from tests.support.patience import UNHURRIED
from tests.support.world import World


@pytest.mark.parametrize(
    ("method", "puts_first", "expected"),
    [
        ("POST", True, ["answer", "bulk"]),
        ("GET", True, ["bulk", "answer"]),
        ("POST", False, ["bulk", "answer"]),
    ],
)
async def test_bulk_gives_way_while_a_platform_waits_for_an_answer(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, method: str, puts_first: bool, expected: list[str]
) -> None:
    """And not to what is only looked at, such as a page that is kept up to date for hours; nor in the demo, where the
    request that moves the clock waits for work in bulk."""
    monkeypatch.setattr(uow, "_LONGEST_WAY", UNHURRIED)
    world, done = World(sqlite_url), list[str]()

    async def answer(request: web.Request) -> web.Response:
        """Takes its time, and transactions, while work in bulk waits for its turn."""
        bulk.append(asyncio.create_task(world.store.run(lambda db: done.append("bulk"), in_bulk=True)))
        await world.store.run(lambda db: None)
        await asyncio.wait(bulk, timeout=0.05 if expected[0] == "answer" else UNHURRIED)
        done.append("answer")
        return web.Response()

    bulk: list[asyncio.Task[None]] = []
    world.app.puts_answers_first = puts_first
    application = world.app.make_web()
    application.router.add_route(method, "/probe", answer)
    async with TestClient(TestServer(application)) as client:
        assert (await client.request(method, "/probe")).status == 200
    await asyncio.gather(*bulk)
    assert done == expected
    world.store.close()
