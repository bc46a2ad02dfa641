"""A bot without a mind, for the fake's own tests: it keeps what it gets and answers what it is told."""

import asyncio
from collections import deque

from aiohttp import web

from .keys import Json


class StubBot:
    """Answers each activity with the next of `answers` (status, body), then with 200 and nothing."""

    def __init__(self) -> None:
        self.got: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.answers: deque[tuple[int, object]] = deque()
        self.delay = 0.0
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listens; gives the address of its endpoint."""
        app = web.Application()
        app.router.add_post("/api/messages", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages"

    async def close(self) -> None:
        """Stops listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.headers.append(dict(request.headers))
        await asyncio.sleep(self.delay)
        status, body = self.answers.popleft() if self.answers else (200, None)
        return web.Response(status=status) if body is None else web.json_response(body, status=status)
