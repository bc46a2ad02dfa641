"""The real core on a real database behind the real adapter, talking to the fake Slack over HTTP or Socket Mode."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Literal, Self

from aiohttp import web

from adapters.slack import SlackAdapter
from bot.app import App, Lines, build
from bot.clock import FrozenClock
from bot.feature import Feature
from bot.incoming import Origin
from bot.policy import Policy
from bot.settings import read_settings
from scheduler.pace import LaneLimits
from storage.models import Account
from storage.queries.callers import find_account
from tests.adapters.slack.feature import SmallFeature
from tests.adapters.slack.samples import AT
from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.delivery import HttpTransport
from tests.support import patience

Mode = Literal["http", "socket"]

UNHURRIED = {"slack": LaneLimits(rate=2000, ceiling=2000, at_once=50)}
"""Our own pace waits for the clock, which stands still here; Slack's is the fake's business."""


class SlackWorld:
    """Use as an async context manager. `slack.patience` is how long the fake Slack waits for an answer.

    `ping_interval` (seconds) is as in life: with a short one the SDK notices sooner that it has to connect anew, but
    takes a connection for dead on a slow machine. Without `features` there is the small one of these tests alone.
    """

    def __init__(
        self,
        url: str,
        mode: Mode = "http",
        *,
        manifest: str | None = None,
        features: Sequence[Feature] = (),
        policy: Policy | None = None,
        ping_interval: float = 10.0,
        answer_budget: float = patience.UNHURRIED,
    ) -> None:
        self.mode = mode
        self.ping_interval = ping_interval
        self.answer_budget = answer_budget
        self.clock = FrozenClock(AT)
        self.slack = FakeSlack(now=self.clock.now, manifest=manifest)
        self.small = SmallFeature()
        self._url = url
        self._features = features or (self.small.feature,)
        self._policy = policy
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.slack)
        settings = read_settings(_env_file=None, musubi_database_url=self._url, musubi_secret="secret of a test")
        self.app: App = build(
            settings, [self._make], clock=self.clock, features=self._features, policy=self._policy, limits=UNHURRIED
        )
        self.store = self.app.store
        self.http = await self._serve()
        await self.adapter.start()
        self._stack.push_async_callback(self.app.close)
        if self.mode == "socket":
            await self.slack.connect_socket()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()
        await asyncio.sleep(0)

    def _make(self, lines: Lines) -> SlackAdapter:
        self.adapter = SlackAdapter(
            token=self.slack.bot_token,
            signing_secret=self.slack.signing_secret,
            app_token=self.slack.app_token if self.mode == "socket" else "",
            api_url=self.slack.api_url,
            dispatch=lines.dispatch,
            clock=lines.clock,
            ping_interval=self.ping_interval,
            answer_budget=self.answer_budget,
            call_limit=patience.UNHURRIED,
        )
        self.adapter.sender.timeout = patience.UNHURRIED
        return self.adapter

    async def _serve(self) -> HttpTransport:
        runner = web.AppRunner(self.app.make_web(), shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address: Any = runner.addresses[0]
        return self.slack.connect_http(f"http://127.0.0.1:{address[1]}/slack/events")

    @property
    def effects(self) -> list[str]:
        """What the small feature did."""
        return self.small.effects

    async def settle(self) -> None:
        """Sends whatever is due."""
        await self.app.ticker.settle()

    async def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        """Moves the clock, hour by hour, and lets everything happen that is due until then."""
        end = self.clock.now() + timedelta(days=days, hours=hours)
        while self.clock.now() < end:
            self.clock.at = min(end, self.clock.at + timedelta(hours=1))
            await self.settle()

    async def welcome(self, person: Person) -> None:
        """Lets somebody join and reads them the welcome."""
        await person.join_team()
        await self.settle()

    def account(self, person: Person) -> Account | None:
        """What Musubi knows of somebody."""
        origin = Origin("slack", self.slack.workspace.team, person.id)
        found = self.app.store.run_here(lambda db: find_account(db, origin))
        return found[0] if found else None
