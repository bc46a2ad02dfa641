"""The bot as a process of its own, to be killed: the real app behind the real adapters, with one feature that counts.

Processes are forked from a server that has everything imported, so that a start takes tenths of a second.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from sqlmodel import select

from bot.feature import Feature
from bot.incoming import MessageReceived
from bot.replies import Private, Reply
from bot.routing import Router, Who
from bot.ui import Message, Para
from storage.models import AuditEntry, Delivery, Member
from storage.queries.audit import note_act
from storage.statements import run, table_of
from storage.uow import Store, UnitOfWork

ACT = "test.note"

TIMEOUT = 3.0
"""Seconds after which a send has surely ended: short, so that recovery is seen within a test."""


@dataclass(frozen=True, slots=True)
class Config:
    """What a bot needs to know. `platform` is slack or teams."""

    platform: str
    database_url: str
    port: int
    api_url: str
    secrets: tuple[str, ...]


def make_feature() -> Feature:
    """Each message is noted once in the audit log, and answered once."""
    router = Router()

    @router.event(MessageReceived, who=Who.ANYONE)
    def note(message: MessageReceived, me: Member, db: UnitOfWork, now: datetime) -> Reply:
        note_act(db, None, ACT, now, subject=message.text)
        return Private(Message(f"noted {message.text}", (Para((f"noted {message.text}",)),)))

    return Feature("faults", router)


def now() -> datetime:
    """Real time: processes can't share a clock that stands still."""
    return datetime.now(UTC)


def run_bot(config: Config) -> None:
    """Serves until killed. Runs in a process of its own."""
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - closed by the kill
    from bot.app import build
    from bot.cli.serve import run
    from bot.logs import set_up_logs
    from bot.settings import read_settings
    from scheduler.pace import LaneLimits
    from tests.faults.makers import make_adapter

    set_up_logs("text", "error")
    settings = read_settings(_env_file=None, musubi_database_url=config.database_url, musubi_secret="secret")
    limits = {config.platform: LaneLimits(rate=300, ceiling=300, at_once=40)}
    app = build(settings, [make_adapter(config)], features=[make_feature()], limits=limits)
    asyncio.run(run(app, "127.0.0.1", config.port))


_PRELOADED = ("bot.cli.serve", "tests.faults.makers", "tests.faults.relay_bots", "tests.faults.vocabulary")


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context


class Listening(Protocol):
    """What is known of every bot."""

    @property
    def port(self) -> int:
        """Where it listens."""
        ...


class Bot:
    """One process, in which `target` runs, on a port that is held for it. `start` returns when its port is open."""

    def __init__(self, config: Listening, target: Callable[[Any], None] = run_bot) -> None:
        self.config = config
        self._target = target
        self._context = _context()
        self._process: BaseProcess | None = None

    async def start(self) -> None:
        """Starts the process. Raises AssertionError when it ends without opening its port."""
        self._process = self._context.Process(target=self._target, args=(self.config,), daemon=True)
        self._process.start()
        while not await _is_open(self.config.port):
            assert self._process.is_alive(), "the bot did not come up"
            await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL: no goodbye."""
        if self._process is None or self._process.pid is None:
            return
        os.kill(self._process.pid, signal.SIGKILL)
        while self._process.is_alive():  # noqa: ASYNC110 - another process tells nothing
            await asyncio.sleep(0.005)
        self._process.join()
        self._process.close()
        self._process = None


async def _is_open(port: int) -> bool:
    with contextlib.suppress(OSError):  # not yet: that is the answer
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()
        return True
    return False


def hurry(db: UnitOfWork, now: datetime) -> Counter[str]:
    """Lets the waits before another try be over: they grow to hours, and are tested elsewhere. Gives how many
    deliveries are in which state. By `Store.run` only: bots are at work on the same database."""
    delivery = table_of(Delivery)
    waits = (delivery.c.state == "pending", delivery.c.available_at > now)
    run(db.session, delivery.update().where(*waits).values(available_at=now))
    return Counter(db.session.exec(select(Delivery.state)).all())


async def wait_until_idle(store: Store) -> Counter[str]:
    """Waits until nothing is on its way any more; gives how many deliveries ended in which state."""
    while True:
        states = store.run_here(lambda db: hurry(db, now()))
        if not states["pending"] and not states["sending"]:
            return states
        await asyncio.sleep(0.5)  # seldom: the bots need the database, too


def count_effects(db: UnitOfWork) -> Counter[str]:
    """How often each message had its effect."""
    return Counter(db.session.exec(select(AuditEntry.subject).where(AuditEntry.act == ACT)).all())
