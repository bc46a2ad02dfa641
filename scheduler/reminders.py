"""Calling what is due: each reminder in a transaction of its own, together with what it causes."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from math import inf

import structlog

from bot.feature import Due
from bot.ports import Clock
from scheduler.jobs import JobCall
from storage.queries import due
from storage.uow import Store, UnitOfWork

log = structlog.get_logger(__name__)

_MOST_ATTEMPTS = 5
_WAIT = timedelta(minutes=10)


class ReminderRunner:
    """Runs due reminders, the oldest first."""

    def __init__(self, store: Store, clock: Clock, jobs: Mapping[str, JobCall]) -> None:
        self._store = store
        self._clock = clock
        self._jobs = jobs

    async def run_due(self, limit: float = inf) -> int:
        """Runs what is due, at most `limit`; returns how many were called."""
        count = 0
        while count < limit and await self._run_next():
            count += 1
        return count

    async def _run_next(self) -> bool:
        now = self._clock.now()
        try:
            return await self._store.run(lambda db: self._call_next(db, now))
        except due.ReminderFailed as failure:
            await self._note_failure(failure, now)
            return True

    def _call_next(self, db: UnitOfWork, now: datetime) -> bool:
        reminder = due.find_next(db, now)
        if reminder is None:
            return False
        call = self._jobs.get(reminder.kind)
        item = Due(reminder.kind, reminder.subject_id, reminder.step, reminder.due_at)
        reminder.state = "done"
        with due.naming_failure(db, reminder):
            if call is None:
                raise LookupError(f"no job for reminders of the kind {reminder.kind}")
            call(db, item, now)
        return True

    async def _note_failure(self, failure: due.ReminderFailed, now: datetime) -> None:
        """The work was rolled back: it is tried again later, and after too many times a human must look."""
        error_id = secrets.token_hex(4)
        log.error("reminder.failed", reminder=failure.id, kind=failure.kind, error_id=error_id, exc_info=failure.cause)
        await self._store.run(
            lambda db: due.put_off(db, failure.id, now + _WAIT, error_id, give_up_after=_MOST_ATTEMPTS)
        )
