"""Moving the workspace's clock, so that the nudge of day 3 is seen today."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from adapters.playground.keeper import Keeper
from adapters.playground.store import Store
from bot.clock import MovableClock

Json = dict[str, Any]

NextDue = Callable[[], Awaitable[datetime | None]]
"""When the next thing is due (aware), None if nothing is."""

Settle = Callable[[], Awaitable[None]]
"""Runs the scheduler and the delivery until nothing is left to do at the clock's present time."""


FARTHEST = timedelta(days=14)
"""How far one search for the next event goes past what nobody notices, such as a job that finds nothing to do."""


class TimeTravel:
    """Moves the clock forward and lets everything happen that is due by then. The move outlives the process."""

    def __init__(self, keeper: Keeper, clock: MovableClock, next_due: NextDue, settle: Settle) -> None:
        self._keeper = keeper
        self._clock = clock
        self._next_due = next_due
        self._settle = settle
        self._one_at_a_time = asyncio.Lock()

    async def move(self, key: str, by: timedelta | None) -> Json:
        """Moves by `by`, or if None to the next thing due that somebody notices; the same key moves once.

        Answers where the clock stands and whether there was anywhere to go.
        """
        async with self._one_at_a_time:
            moved = await self._go_to_event(key) if by is None else await self._go(key, by)
            return {"moved": moved, "now": self._clock.now().isoformat()}

    async def _go_to_event(self, key: str) -> bool:
        before, begun = await self._keeper(Store.message_change), self._clock.now()
        passed: datetime | None = None
        while (due := await self._next_due()) is not None:
            # What is still due after everything has settled will happen by itself; there is no going on past it.
            if due == passed or (passed is not None and due - begun > FARTHEST):
                break
            await self._go(f"{key}:{due.isoformat()}", max(due - self._clock.now(), timedelta()))
            passed = due
            if await self._keeper(Store.message_change) > before:
                break
        return passed is not None

    async def _go(self, key: str, by: timedelta) -> bool:
        offset = await self._keeper(Store.move_clock, by, key)
        self._clock.move(max(offset - self._clock.offset, timedelta()))
        await self._settle()
        return True
