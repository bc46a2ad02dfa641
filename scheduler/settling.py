"""Writing down what became of sends: whatever ends while one transaction is being written goes into the next one.

A transaction with its flush to the disk costs about the same for one row as for a hundred (group commit).
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from bot.ports import Clock, Receipt
from scheduler.parcels import Job
from storage.models import DeliveryState
from storage.queries import outcomes
from storage.queries.outcomes import Outcome
from storage.uow import Store, UnitOfWork

log = structlog.get_logger(__name__)

_WAITS = (0.2, 1.0, 5.0)
"""Seconds before writing again what the database did not take. After the last, recovery asks the platforms."""


class Result(NamedTuple):
    """How one send ended. `receipt` where it arrived; `gone` when its address takes nothing any more."""

    job: Job
    outcome: Outcome
    receipt: Receipt | None = None
    gone: bool = False


class Settler:
    """Takes results one by one, writes them in groups."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        on_settled: Callable[[], None],
        seconds_to_gather: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_settled = on_settled
        self._seconds_to_gather = seconds_to_gather
        self._results: list[Result] = []
        self._writing: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether results wait to be written."""
        return self._writing is not None

    def add(self, result: Result) -> None:
        """Notes a result; it is written soon."""
        self._results.append(result)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())

    async def finish(self) -> None:
        """Waits until everything noted so far is written."""
        while self._writing is not None:
            await asyncio.shield(self._writing)

    async def _write_all(self) -> None:
        try:
            while self._results:
                await asyncio.sleep(self._seconds_to_gather())  # at 0: what ends in this very turn comes along
                batch, self._results = self._results, []
                await self._write(batch)
        finally:
            self._writing = None
        self._on_settled()

    async def _write(self, batch: list[Result]) -> None:
        for wait in (*_WAITS, None):
            try:
                return await self._write_once(batch)
            except Exception as error:
                log.error("delivery.not_settled", deliveries=_ids(batch), again_in=wait, exc_info=error)
                if wait is not None:
                    await asyncio.sleep(wait)
        return None

    async def _write_once(self, batch: list[Result]) -> None:
        now = self._clock.now()
        await self._store.run(lambda db: write_results(db, batch, now))
        sent = [result for result in batch if result.outcome.state is DeliveryState.SENT]
        log.info("delivery.settled", sent=_ids(sent), others=len(batch) - len(sent))


def _ids(batch: Sequence[Result]) -> list[int]:
    return [result.outcome.id for result in batch]


def write_results(db: UnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """Writes results in one transaction, each only if its lease still stands."""
    outcomes.settle(db, [result.outcome for result in results if not result.gone], now)
    accounts = {id: address for result in results if (id := result.job.row.account_id) and (address := _learn(result))}
    rooms = {id: place for result in results if (id := result.job.row.room_id) and (place := _learn(result))}
    outcomes.keep_addresses(db, accounts, rooms)
    for result in results:
        if result.gone and outcomes.settle(db, [result.outcome], now):
            _move_on(db, result, now)


def _learn(result: Result) -> str:
    """What the platform told that was not known: a person's address, a room's conversation."""
    row, receipt = result.job.row, result.receipt
    if receipt is None:
        return ""
    if row.room_id is not None:
        return receipt.conversation if receipt.conversation != row.conversation else ""
    return receipt.address if receipt.address != row.address else ""


def _move_on(db: UnitOfWork, result: Result, now: datetime) -> None:
    """Nothing is sent to that address any more; this message goes to the person's next one."""
    row = result.job.row
    if row.account_id is not None:
        outcomes.close_account(db, row.account_id, result.outcome.reason, now)
        outcomes.retarget(db, row, now)
