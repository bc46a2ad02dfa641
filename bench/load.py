"""How long slash commands wait while a broadcast goes out and a month's digests are written, beside an idle bot.

The bot is a process of its own, served as it is deployed: port, adapters, ticker. Commands come signed, over HTTP, at a
steady rate from a third process. All in one run, on each database.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import digests
from bench.asking import Asker, Client
from bench.crowd import Crowd
from bench.figures import Aim, Figure, summarise
from bench.sending import Platforms
from bench.serving import Bot
from bot.clock import SystemClock
from storage.migrate import migrate
from storage.models import Delivery, DeliveryState, DigestRun
from storage.queries.outbox import add_contents
from storage.statements import insert_ignore
from storage.uow import Store
from tests.fake_slack import FakeSlack
from tests.fake_teams import FakeTeams
from tests.support.postgres import start_postgres

WARM_UP = 3.0
"""Seconds."""
PAST = 1000
"""Messages that were sent before."""
PERIOD = "2026-12"


@dataclass(frozen=True, slots=True)
class Load:
    """How many get the broadcast, how many a digest, and for how many seconds the idle bot is asked."""

    members: int = 50_000
    readers: int = 100_000
    idle_seconds: float = 20.0
    most_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds until each command was answered, idle and busy; those that the digests took, and what was sent then."""

    idle: list[float]
    busy: list[float]
    digests: float
    sent: int


async def measure_load(folder: Path, sizes: Load) -> list[Figure]:
    """The figures for SQLite, then for PostgreSQL."""
    url = f"sqlite:///{folder / 'load.sqlite3'}"
    migrate(url)
    figures = make_figures("SQLite", await _measure(url, sizes))
    with start_postgres() as server:
        url = server.url(server.create_database())
        migrate(url)
        return figures + make_figures("PostgreSQL", await _measure(url, sizes))


def make_figures(database: str, waits: Waits) -> list[Figure]:
    """The busy bot beside the idle one."""
    idle, busy = find_p99(waits.idle), find_p99(waits.busy)
    what = f"slash commands, {database}, a broadcast and digests under way"
    figures = [
        (f"{what}: p99 ÷ idle", busy / idle, "×", Aim(3, "less")),
        (f"{what}: the longest", max(waits.busy), "s", Aim(3, "less")),
        (f"{what}: p99", busy * 1000, "ms", None),
        (f"slash commands, {database}, idle: p99", idle * 1000, "ms", None),
        (f"digests, {database}: seconds beside that", waits.digests, "s", None),
        (f"broadcast, {database}: messages sent in that time", waits.sent, "messages", None),
    ]
    return [summarise(name, [value], unit, aim) for name, value, unit, aim in figures]


def find_p99(values: list[float]) -> float:
    """What 99 of 100 stay below."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


async def _measure(url: str, sizes: Load) -> Waits:
    clock, store = SystemClock(), Store(url)
    async with _open_platforms(clock) as (slack, teams):
        with store.begin() as db:
            digests.fill(db, sizes.readers, clock.now())
        on_slack = sizes.members * 3 // 5
        crowd = Crowd(slack, teams, on_slack, sizes.members - on_slack, first=sizes.readers + 1)
        crowd.move_in(store, clock.now())
        _settle_in(store, clock.now())
        bot = Bot(Platforms.of(url, slack, teams))
        await bot.start()
        client = Client(_introduce(slack, bot.url))
        try:
            return await _watch(client, crowd, store, sizes, clock.now())
        finally:
            client.close()
            bot.kill()
            store.close()


def _settle_in(store: Store, now: datetime) -> None:
    """Some messages of last month are there. On PostgreSQL, rows that brought their ids with them don't count for the
    next ones; and what it does by itself within a minute, it learns how much there is of what: of an empty table it
    keeps in mind, over thousands of rows, that looking through all of it is quickest."""
    month_ago = now - timedelta(days=30)
    with store.begin() as db:
        contents = add_contents(db, [f"message {number} of last month" for number in range(PAST)])
        blank = Delivery(key="", content_id=0, available_at=month_ago, created_at=month_ago).model_dump(exclude={"id"})
        sent = blank | {"state": DeliveryState.SENT.value, "settled_at": month_ago}
        rows = [sent | {"key": f"past:{id}", "content_id": id, "member_id": 1} for id in contents.values()]
        insert_ignore(db.session, Delivery, rows)
    if store.is_sqlite:
        return
    with store.begin() as db:
        for table in ("member", "account"):
            last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            db.session.connection().execute(text(last))
        db.session.connection().execute(text("ANALYZE"))


async def _watch(client: Client, crowd: Crowd, store: Store, sizes: Load, now: datetime) -> Waits:
    await client.ask_for(_after(WARM_UP))
    idle = await client.ask_for(_after(sizes.idle_seconds))
    await asyncio.to_thread(crowd.announce, store, now)
    run = DigestRun(zone="Asia/Tokyo", at=now, period=PERIOD, rhythms="monthly")
    with store.begin() as db:
        db.session.add(run)
    before, began = crowd.arrived, time.perf_counter()
    watcher = asyncio.create_task(asyncio.to_thread(_wait_for_digests, store, sizes.most_seconds))
    busy = await client.ask_for(watcher.done)
    if not await watcher:
        raise RuntimeError("the digests were not done in time")
    return Waits(idle, busy, time.perf_counter() - began, crowd.arrived - before)


def _after(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= end


def _wait_for_digests(store: Store, seconds: float) -> bool:
    """Looks without a lock, so that nobody waits for the one who looks."""
    engine = create_engine(store.engine.url, isolation_level="AUTOCOMMIT")
    over = _after(seconds)
    try:
        with engine.connect() as connection:
            while not over():
                time.sleep(0.25)
                if connection.execute(text("SELECT count(*) FROM digest_run WHERE done_at IS NULL")).scalar() == 0:
                    return True
        return False
    finally:
        engine.dispose()


def _introduce(slack: FakeSlack, url: str) -> Asker:
    person = slack.add_person("佐藤 美咲", email="misaki@bench.example")
    return Asker(url, slack.workspace.users[person.id], person.direct, slack.signing_secret)


@asynccontextmanager
async def _open_platforms(clock: SystemClock) -> AsyncGenerator[tuple[FakeSlack, FakeTeams]]:
    async with FakeSlack(now=clock.now) as slack, FakeTeams(now=clock.now, strict=False) as teams:
        yield slack, teams
