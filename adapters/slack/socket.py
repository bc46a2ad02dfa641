"""Socket Mode: we call Slack, so that no public address is needed."""

import asyncio
import contextlib

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from adapters.slack.web import Web, sdk_log

log = structlog.get_logger(__name__)


class SocketMode:
    """Keeps one connection open, connecting anew whenever it breaks or Slack asks for it."""

    def __init__(self, web: Web, app_token: str, ping_interval: float = 10.0) -> None:
        self._web = web
        self._app_token = app_token
        self._ping_interval = ping_interval
        self._handler: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """Asks Slack for a connection without opening it. Raises CallFailed for a bad token."""
        await self._web.call(self._app_token, "apps.connections.open")

    def start(self, app: AsyncApp) -> None:
        """Connects in the background: Slack may be out of reach when we start, and come back."""
        self._handler = AsyncSocketModeHandler(
            app,
            self._app_token,
            logger=sdk_log,
            web_client=self._web.client(self._app_token),
            ping_interval=self._ping_interval,
        )
        self._connecting = asyncio.create_task(self._connect(self._handler), name="slack-socket-mode")

    async def _connect(self, handler: AsyncSocketModeHandler) -> None:
        await handler.connect_async()
        log.info("slack.socket_connected")

    async def close(self) -> None:
        """Hangs up. What was not acknowledged Slack sends again, to whoever is connected then."""
        if self._connecting is not None:
            self._connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):  # it is we who cancelled it
                await self._connecting
        if self._handler is not None:
            await self._handler.close_async()
        self._handler = self._connecting = None
