"""Recurring jobs: every replica ticks, a compare-and-swap on the slot leaves one winner."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.feature import Due, Feature, Recurring
from bot.policy import Policy
from bot.ports import Clock
from bot.recurrence import Rule, next_run
from bot.routing import RoutingError
from scheduler.jobs import JobCall, JobProviders, prepare
from storage.queries import due
from storage.uow import Store, UnitOfWork

log = structlog.get_logger(__name__)

_REST = timedelta(minutes=10)
"""A job that failed is not called again before that."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A recurring job, ready to be called."""

    rule: Rule
    call: JobCall


def collect_slots(features: Iterable[Feature], providers: JobProviders, policy: Policy) -> dict[str, Planned]:
    """The recurring jobs of all features by slot name, at the policy's hours.

    Raises RoutingError when two share a name.
    """
    planned: dict[str, Planned] = {}
    for feature in features:
        for recurring in feature.recurring:
            if recurring.name in planned:
                raise RoutingError(f"two recurring jobs are called {recurring.name}")
            planned[recurring.name] = Planned(_find_rule(recurring, policy), prepare(recurring.job, providers))
    return planned


def _find_rule(recurring: Recurring, policy: Policy) -> Rule:
    return recurring.rule if isinstance(recurring.rule, Rule) else recurring.rule(policy)


class SlotRunner:
    """Runs recurring jobs by the community's clock.

    A run that was missed while Musubi was down happens once when it is back, however many were missed.
    """

    def __init__(self, store: Store, clock: Clock, planned: Mapping[str, Planned], zone: str) -> None:
        self._store = store
        self._clock = clock
        self._planned = planned
        self._zone = zone
        self._resting: dict[str, datetime] = {}

    async def prepare(self) -> None:
        """Makes the slots that are new, for their first run after now; a rule that was changed counts from now on."""
        now = self._clock.now()

        def work(db: UnitOfWork) -> None:
            for name, job in self._planned.items():
                due.ensure_slot(db, name, next_run(job.rule, self._zone, now))

        await self._store.run(work)

    async def run_due(self) -> int:
        """Runs every slot that is due and won; returns how many. One job's failure keeps no other from running."""
        now = self._clock.now()
        slots = await self._store.run(lambda db: _list_due(db, now))
        return sum([await self._try(name, seen, now) for name, seen in slots if self._may_run(name, now)])

    def _may_run(self, name: str, now: datetime) -> bool:
        return name in self._planned and self._resting.get(name, now) <= now

    async def _try(self, name: str, seen: datetime, now: datetime) -> bool:
        try:
            return await self._run(name, seen, now)
        except Exception as error:
            self._resting[name] = now + _REST
            log.error("slot.failed", slot=name, error_id=secrets.token_hex(4), exc_info=error)
            return False

    async def _run(self, name: str, seen: datetime, now: datetime) -> bool:
        job = self._planned[name]
        following = next_run(job.rule, self._zone, now)

        def work(db: UnitOfWork) -> bool:
            if not due.win_slot(db, name, seen, following):
                return False
            job.call(db, Due(name, 0, 0, seen), now)
            return True

        won = await self._store.run(work)
        log.info("slot.ran" if won else "slot.lost", slot=name)
        return won


def _list_due(db: UnitOfWork, now: datetime) -> list[tuple[str, datetime]]:
    return [(slot.name, slot.next_run_at) for slot in due.list_due_slots(db, now)]
