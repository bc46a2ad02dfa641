"""The company of tests/flows whose Musubi runs in a process of its own, which is killed with SIGKILL and started again.

With `restarting` it is killed between two steps: after what somebody does or what time brings, in turn before anything
of it was sent and when all of it was sent, `first` before or after. With `at_random` it is killed while it works.
"""

import asyncio
import random
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from sqlmodel import Session, col, create_engine, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import Delivery, Reminder, Slot
from storage.uow import Store
from tests.fake_teams.courier import RESEND_AFTER
from tests.faults.bots import Bot
from tests.faults.relay_bots import RelayConfig, run_relay_bot
from tests.faults.shared import SharedClock
from tests.flows.relay_company import RelayCompany
from tests.support.world import START

T = TypeVar("T")

_SOON = timedelta(minutes=30)
"""What waits no longer than that waits for another try, not for an hour of the day."""

_LONGEST = 0.08
"""Real seconds in which an event is taken and what follows from it is sent, or most of it."""

_PATIENCE = 60
"""Real seconds until something that is due must have happened."""


class KilledCompany(RelayCompany):
    """See the module."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        restarting: bool = True,
        first: str = "before",
        at_random: random.Random | None = None,
    ) -> None:
        super().__init__(url, restarting=restarting, clock=cast(Any, SharedClock(folder / "clock", START)))
        self._folder = folder
        self._bot: Bot | None = None
        self.draw = at_random
        self._is_before = first != "before"
        self.kills = 0
        self._left_behind: set[str] = set()
        """The leases of sends that a kill broke off: nobody is at them until their deadline."""

    @property
    def time(self) -> SharedClock:
        """The clock, and the gate."""
        return cast(SharedClock, cast(Any, self.clock))

    async def __aenter__(self) -> Self:
        self.store = Store(self._url)
        self._stack.callback(self.store.close)
        self._reader = create_engine(self._url)
        self._stack.callback(self._reader.dispose)
        self.time.is_open = not self.restarting
        return await super().__aenter__()

    async def _start(self) -> None:
        if self._bot is None:
            self._bot = Bot(RelayConfig(self.around, self._folder / "clock"), run_relay_bot)
        await self._bot.start()
        self.starts += 1

    async def stop(self) -> None:
        """SIGKILL."""
        if self._bot is not None:
            await self._bot.kill()
            self.kills += 1
            self._left_behind = {row.lease_token for row in self._list_open() if row.state == "sending"}

    async def settle(self, seconds: float = 20) -> None:
        """Some seconds pass, and all that is due happens and is sent; killed before and after, or meanwhile, if it is
        to be."""
        self.time.move(timedelta(seconds=seconds))
        self._is_before = not self._is_before
        if self.restarting and self._is_before:
            await self._wait_until(self._is_decided)
            await self.restart()
        self.time.is_open = True
        if self.draw is not None:
            await self.kill_at_random(self.draw)
            await self.slack.redeliver_due(hurry=True)
            await self.teams.courier.pass_time(RESEND_AFTER)
        await self._send_all()
        self.time.is_open = not self.restarting
        if self.restarting and not self._is_before:
            await self.restart()

    async def kill_at_random(self, draw: random.Random) -> None:
        """Some hundredths of a second from now: while it takes what somebody did, or while it sends."""
        await asyncio.sleep(draw.uniform(0, _LONGEST))
        await self.restart()

    async def _send_all(self) -> None:
        """Until nothing is on its way: what a kill has interrupted is asked about or tried again a little later."""
        for _ in range(100):
            await self._wait_until(self._is_quiet_by_now)
            if not self._is_anything_soon():
                return
            self.time.move(timedelta(seconds=20))
        raise AssertionError("something is on its way for ever")

    async def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        """Moves the clock, at most an hour at a time, and settles wherever something is due."""
        end = self.time.now() + timedelta(days=days, hours=hours)
        while self.time.now() < end:
            self.time.move(min(end - self.time.now(), timedelta(hours=1)))
            if not self._is_quiet():
                await self.settle(0)
        await self.settle()

    async def _wait_until(self, happened: Any) -> None:
        end = time.monotonic() + _PATIENCE
        while not happened():  # another process tells nothing
            assert time.monotonic() < end, f"this never happened: {self._list_due()} {self._list_open()}"
            await asyncio.sleep(0.02)

    def _is_decided(self) -> bool:
        """Whether all that time brings has been decided: nothing is left but to send it."""
        return not self._list_due()

    def _is_quiet_by_now(self) -> bool:
        """The same, while time passes: each look is a millisecond, for a platform's pace waits for the clock."""
        self.time.move(timedelta(milliseconds=1))
        return self._is_quiet()

    def _is_quiet(self) -> bool:
        """Whether all that is due has happened and was sent."""
        now = self.time.now()
        return not self._list_due() and not any(self._is_due(row, now) for row in self._list_open())

    def _is_due(self, row: Delivery, now: datetime) -> bool:
        if row.state == "pending":
            return row.available_at <= now
        return row.lease_token not in self._left_behind or (row.deadline is not None and row.deadline < now)

    def _is_anything_soon(self) -> bool:
        soon = self.time.now() + _SOON
        return any(row.state == "sending" or row.available_at <= soon for row in self._list_open())

    def _list_due(self) -> list[str]:
        """Reminders and recurring jobs whose time has come."""
        now = self.time.now()
        reminders = select(Reminder.kind).where(Reminder.state == "pending", col(Reminder.due_at) <= now)
        slots = select(Slot.name).where(col(Slot.next_run_at) <= now)
        return [*self._read(reminders), *self._read(slots)]

    def _list_open(self) -> list[Delivery]:
        """What waits to be sent, or is on its way."""
        statement = select(Delivery).where(col(Delivery.state).in_(("pending", "sending")))
        return self._read(statement)

    def _read(self, statement: SelectOfScalar[T]) -> list[T]:
        """Looks without a lock: `Store` takes SQLite's only one for each of these many looks, and the bot waits."""
        with Session(self._reader) as session:
            return list(session.exec(statement).all())
