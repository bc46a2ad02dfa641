"""The bot as a process of its own that sends what is in the outbox, on simulated time, until killed or done.

It is the app as `serve` builds it, real adapters and all; only what wakes it up is another: APScheduler asks the
machine what time it is.
"""

import asyncio
import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from typing import Any, cast

from adapters.slack import SlackAdapter
from adapters.teams import TeamsAdapter
from adapters.teams.addresses import LOOPBACK_HOSTS
from bench.announcing import is_open
from bench.simulated import Moment, SimulatedLoop, Time
from bot.app import App, Lines, build
from bot.logs import set_up_logs
from bot.ports import Clock, Parcel, Receipt, Sender
from bot.settings import read_settings
from scheduler.ticker import TICK, Ticker
from storage.models import Delivery, DeliveryState
from storage.statements import run, table_of
from storage.uow import UnitOfWork
from tests.fake_slack import FakeSlack
from tests.fake_teams import APP_ID, PASSWORD, TENANT, FakeTeams

_TOO_LONG = 24 * 3600.0
"""Simulated seconds after which something is wrong."""
TRAVEL, JITTER = 0.05, 0.02
"""Simulated seconds that a request takes each way, and up to how many more. What the process has begun to send arrives
although it is killed, for the system sends it on. So only the part in which requests overtake one another is waited for
before, and the rest after."""

_delivery = table_of(Delivery)


@dataclass(frozen=True, slots=True)
class Platforms:
    """Where the database and the fakes are: what a process needs to know."""

    database_url: str
    slack_api_url: str
    slack_token: str
    slack_secret: str
    teams_url: str
    teams_openid_url: str
    teams_service_url: str
    domain: str = "bench.example"
    """Of the employees' mail addresses."""

    @classmethod
    def of(cls, url: str, slack: FakeSlack, teams: FakeTeams) -> "Platforms":
        """These fakes, and the database at `url`."""
        return cls(
            url,
            slack.api_url,
            slack.bot_token,
            slack.signing_secret,
            teams.url,
            teams.openid_url,
            teams.service_url,
        )


def send_all(platforms: Platforms, moment: Moment, life: int) -> None:
    """Sends until nothing is open. Runs in a process of its own; `life` is how often it was started before."""
    set_up_logs("json", "info", Path(os.devnull).open("w"))  # noqa: SIM115 - open as long as the process
    time = Time(moment)
    with asyncio.Runner(loop_factory=lambda: SimulatedLoop(time)) as runner:
        runner.run(_send(platforms, time, life))


def make_context() -> ForkServerContext:
    """Processes forked from a server that has everything imported start in tenths of a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.sending", "bench.serving"])
    return context


async def _send(platforms: Platforms, time: Time, life: int) -> None:
    app = build_app(platforms, time)
    cast(Any, app.store).run = time.holding(app.store.run)
    draw = Random(life)
    for name, sender in app.senders.items():
        app.senders[name] = _Distant(sender, time, draw)
    with time.hold():
        for adapter in app.adapters:
            await adapter.start()
    ticker = _SimulatedTicker(app.worker, app.reminders, app.slots, app.ticker.rounds, app.ticker.errands)
    app.store.on_wake = ticker.wake
    await ticker.run(app)
    with time.hold():
        for adapter in app.adapters:
            await adapter.close()


def build_app(platforms: Platforms, clock: Clock) -> App:
    """The app on the fakes, with the limits that it has in life."""

    def make_slack(lines: Lines) -> SlackAdapter:
        return SlackAdapter(
            token=platforms.slack_token,
            signing_secret=platforms.slack_secret,
            api_url=platforms.slack_api_url,
            dispatch=lines.dispatch,
            clock=lines.clock,
        )

    def make_teams(lines: Lines) -> TeamsAdapter:
        return TeamsAdapter(
            app_id=APP_ID,
            app_password=PASSWORD,
            tenant_id=TENANT,
            dispatch=lines.dispatch,
            clock=lines.clock,
            login_url=platforms.teams_url,
            openid_url=platforms.teams_openid_url,
            service_hosts=LOOPBACK_HOSTS,
            default_service_url=platforms.teams_service_url,
        )

    settings = read_settings(
        _env_file=None,
        musubi_database_url=platforms.database_url,
        musubi_secret="secret of a benchmark",
        musubi_employee_domains=platforms.domain,
    )
    return build(settings, [make_slack, make_teams], clock=clock)


@dataclass(frozen=True, slots=True)
class _Distant:
    """A platform that is some way off. While a request is under way in fact, simulated time stands still."""

    inner: Sender
    time: Time
    draw: Random

    @property
    def platform(self) -> str:
        return self.inner.platform

    @property
    def timeout(self) -> float:
        return self.inner.timeout

    @property
    def opens_groups(self) -> bool:
        return self.inner.opens_groups

    async def send(self, parcel: Parcel) -> Receipt:
        await asyncio.sleep(JITTER * self.draw.random())
        try:
            with self.time.hold():
                return await self.inner.send(parcel)
        finally:
            await asyncio.sleep(2 * TRAVEL + JITTER * self.draw.random())

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        with self.time.hold():
            found = await self.inner.find_sent(parcel)
        await asyncio.sleep(2 * TRAVEL)
        return found


class _SimulatedTicker(Ticker):
    """As it is, but woken by the loop's own clock."""

    async def run(self, app: App) -> None:
        """Until nothing is open."""
        self._loop = asyncio.get_running_loop()
        self._delivery = asyncio.create_task(self._deliver())
        while await app.store.run(_has_open):
            if self._loop.time() > _TOO_LONG:
                raise RuntimeError("not everything was sent within a day")
            await self.tick()
            await asyncio.sleep(TICK.total_seconds())
        self._closing = True
        self._wake.set()
        await self._delivery
        await self._worker.finish()


def _has_open(db: UnitOfWork) -> bool:
    states = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)
    return (
        is_open(db)
        or run(db.session, _delivery.select().where(_delivery.c.state.in_(states)).limit(1)).first() is not None
    )
