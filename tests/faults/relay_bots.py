"""The whole product as a process of its own, to be killed: all features behind the real adapters."""

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import scheduler.ticker
from bot.cli.serve import run
from bot.logs import set_up_logs
from scheduler.delivery import DeliveryWorker
from tests.faults.shared import SharedClock
from tests.flows.relay_makers import Surroundings, build_musubi


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """Where everything is, and the file with the time."""

    around: Surroundings
    clock: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.around.port


def run_relay_bot(config: RelayConfig) -> None:
    """Serves until killed. Runs in a process of its own."""
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - closed by the kill
    set_up_logs("text", "error")
    scheduler.ticker.TICK = timedelta(seconds=0.05)  # the time stands still; nobody shall wait for ticks
    clock = SharedClock(config.clock)
    app = build_musubi(config.around, clock)
    hold_back(app.worker, clock)
    asyncio.run(run(app, "127.0.0.1", config.port))


def hold_back(worker: DeliveryWorker, clock: SharedClock) -> None:
    """While the gate is shut nothing is sent: messages stay where they are, in the outbox, unclaimed."""

    run_once, run_held = worker.run_once, worker.run_held

    async def run_once_if_open() -> int:
        return await run_once() if clock.is_open else 0

    async def run_held_if_open() -> int:
        return await run_held() if clock.is_open else 0

    worker.run_once, worker.run_held = run_once_if_open, run_held_if_open
