"""The bot as a process of its own, to be killed: the real app behind the real adapters, with one feature that counts.

Processes are forked from a server that has everything imported, so that a start takes tenths of a second.
"""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from bot.feature import Feature
from bot.incoming import MessageReceived
from bot.replies import Private, Reply
from bot.routing import Router, Who
from bot.ui import Message, Para
from storage.models import Delivery, Member
from storage.queries.audit import note_act
from storage.statements import run, table_of
from storage.uow import UnitOfWork

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
    """One process, in which `target` runs. `start` returns when its port is open."""

    def __init__(self, config: Listening, target: Callable[[Any], None] = run_bot) -> None:
        self.config = config
        self._target = target
        self._context = _context()
        self._process: BaseProcess | None = None

    async def start(self) -> None:
        """Starts the process. Raises TimeoutError when it does not open its port."""
        self._process = self._context.Process(target=self._target, args=(self.config,), daemon=True)
        self._process.start()
        async with asyncio.timeout(20):
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


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def hurry(db: UnitOfWork, now: datetime) -> None:
    """Lets the waits before another try be over: they grow to hours, and are tested elsewhere."""
    delivery = table_of(Delivery)
    run(db.session, delivery.update().where(delivery.c.state == "pending").values(available_at=now))
