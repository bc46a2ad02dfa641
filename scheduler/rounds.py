"""Rounds: recurring work that talks to platforms, and so can't be a job in a transaction.

The slot is won in a transaction of its own before the work begins, so that one replica does it. A round that breaks off
is not made up for: each must be such that the next one finds what is left.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.ports import Clock
from bot.recurrence import Rule, next_run
from storage.queries import due
from storage.uow import Store, UnitOfWork

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """Work that runs by the community's clock. `name` is its slot's name and must never change."""

    name: str
    rule: Rule
    work: Callable[[], Awaitable[object]]


class RoundRunner:
    """Runs rounds beside everything else: a slow platform holds up no tick."""

    def __init__(self, store: Store, clock: Clock, rounds: Sequence[Round], zone: str) -> None:
        self._store = store
        self._clock = clock
        self._rounds = {each.name: each for each in rounds}
        self._zone = zone
        self._tasks: set[asyncio.Task[None]] = set()

    async def prepare(self) -> None:
        """Makes the slots that are new, for their first run after now."""
        now = self._clock.now()

        def work(db: UnitOfWork) -> None:
            for each in self._rounds.values():
                due.ensure_slot(db, each.name, next_run(each.rule, self._zone, now))

        await self._store.run(work)

    async def start_due(self) -> int:
        """Begins every round that is due and won; returns how many."""
        now = self._clock.now()
        won = [each for each in self._rounds.values() if await self._win(each, now)]
        for each in won:
            task = asyncio.create_task(self._run(each))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(won)

    async def finish(self) -> None:
        """Waits for the rounds under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Breaks off the rounds under way, between two of their steps."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _win(self, each: Round, now: datetime) -> bool:
        def work(db: UnitOfWork) -> bool:
            seen = next((slot.next_run_at for slot in due.list_due_slots(db, now) if slot.name == each.name), None)
            return seen is not None and due.win_slot(db, each.name, seen, next_run(each.rule, self._zone, now))

        return await self._store.run(work)

    async def _run(self, each: Round) -> None:
        try:
            await each.work()
            log.info("round.ran", round=each.name)
        except Exception as error:
            log.error("round.failed", round=each.name, error_id=secrets.token_hex(4), exc_info=error)
