"""What wakes the scheduler: APScheduler ticks, and every commit that adds to the outbox wakes delivery at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.delivery import DeliveryWorker
from scheduler.errands import ErrandRunner
from scheduler.reminders import ReminderRunner
from scheduler.rounds import RoundRunner
from scheduler.slots import SlotRunner

log = structlog.get_logger(__name__)

TICK = timedelta(seconds=2)

_AT_A_TIME = 100
"""Reminders called before looking whether Musubi is being closed."""

_SHORTEST_WAIT = 0.01

_LOOK_AFTER = 0.5
"""Seconds until somebody's next message is looked for, at the latest, while a lane is closed or busy."""


class Ticker:
    """Runs delivery, reminders, slots, rounds and errands until closed."""

    def __init__(
        self,
        worker: DeliveryWorker,
        reminders: ReminderRunner,
        slots: SlotRunner,
        rounds: RoundRunner,
        errands: ErrandRunner | None = None,
    ) -> None:
        self._worker = worker
        self._reminders = reminders
        self._slots = slots
        self.rounds = rounds
        self.errands = errands
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._closing = False
        self._look: asyncio.TimerHandle | None = None
        worker.on_progress = self._go_on

    async def start(self) -> None:
        """Begins to tick. Only ticks come from APScheduler; what is due is decided in the database, so a late or a
        missed tick costs nothing but time."""
        self._loop = asyncio.get_running_loop()
        await self._slots.prepare()
        await self.rounds.prepare()
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            self.tick,
            "interval",
            seconds=TICK.total_seconds(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        self._delivery = asyncio.create_task(self._deliver())

    def wake(self) -> None:
        """Starts delivery now. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)

    def _go_on(self) -> None:
        """Sends have ended. While lanes only wait for their pace, their own turns do, several times a second: looking
        after each send costs more than the send."""
        if not self._worker.waits_for_pace:
            self._wake.set()
        elif self._look is None:
            self._look = asyncio.get_running_loop().call_later(_LOOK_AFTER, self._look_again)

    def _look_again(self) -> None:
        self._look = None
        self._wake.set()

    async def tick(self) -> None:
        """Runs what is due, then wakes delivery."""
        async with self._turn:
            await self._guard(self._slots.run_due)
            await self._guard(self._run_reminders)
            await self._guard(self.rounds.start_due)
            if self.errands is not None:
                self.errands.start_due()
        self._wake.set()

    async def _run_reminders(self) -> None:
        while await self._reminders.run_due(_AT_A_TIME) == _AT_A_TIME and not self._closing:
            self._wake.set()

    async def settle(self) -> None:
        """Runs and sends until nothing more is due at this moment: for the browser workspace, when its clock has
        moved. Rounds are left to the ticks.
        """
        await self._worker.finish()
        while True:
            async with self._turn:
                ran = await self._slots.run_due() + await self._reminders.run_due()
            ran += await self.errands.run_due() if self.errands is not None else 0
            await self._worker.drain()
            if not ran:
                return

    async def close(self) -> None:
        """Stops ticking, and lets what is under way end: no claimed message is left without its send."""
        if self._delivery is None:
            return
        self._closing = True
        self._scheduler.pause()
        async with self._turn:  # APScheduler would break a running tick off
            self._scheduler.shutdown(wait=False)
        await self.rounds.close()
        if self.errands is not None:
            await self.errands.close()
        self._wake.set()
        await self._delivery
        await self._worker.finish()

    async def _deliver(self) -> None:
        while True:
            is_woken = await self._wait()
            if self._closing:
                return
            if is_woken:
                self._wake.clear()
                await self._guard(self._worker.run_once)
            else:
                await self._guard(self._worker.run_held)

    async def _wait(self) -> bool:
        """Until something is posted or settled or a tick comes; or, then False, a lane's pace allows the next send."""
        seconds = self._worker.seconds_until_free()
        try:
            async with asyncio.timeout(None if seconds is None else max(seconds, _SHORTEST_WAIT)):
                return await self._wake.wait()
        except TimeoutError:
            return False

    async def _guard(self, work: Callable[[], Awaitable[object]]) -> None:
        """One failing round must not end the loop: it is logged, and the next tick tries again."""
        try:
            await work()
        except Exception as error:
            log.error("scheduler.round_failed", exc_info=error)
