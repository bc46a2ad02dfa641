"""The delivery worker: claims rows in one transaction, speaks in none, settles in another.

Nothing is lost: a row leaves the outbox only when the platform took it or a reason stands in it. Nothing is doubled:
a send that was begun and not settled is never begun again before the platform was asked, after the send's own
deadline. Nobody waits for somebody else: every send and every question is a task of its own, and what a platform
throttles is one tenant or one conversation.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.ports import Clock, Receipt, Sender
from bot.quiet import next_allowed
from bot.ui import Message
from scheduler.budget import keep_budget
from scheduler.pace import LaneLimits, Learned, Pace
from scheduler.parcels import Job, Surroundings, find_message, make_jobs
from scheduler.retry import BROKEN, Step, decide, decide_after_asking
from scheduler.settling import Result, Settler
from storage.models import DeliveryState, Urgency
from storage.queries import deliveries, lanes, outcomes
from storage.queries.deliveries import Lane, Lease, Row
from storage.queries.outcomes import Outcome
from storage.uow import Store, UnitOfWork

log = structlog.get_logger(__name__)

_MARGIN = timedelta(seconds=5)
"""On top of a sender's timeout: after that a send has surely ended."""

_GRACE = 1.0
"""Seconds that a sender gets to end by itself at its timeout, before its call is broken off."""

_WAIT_FOR_ORIGINAL = timedelta(seconds=5)
_TIDY_EVERY = timedelta(minutes=1)
_MOST_ASKED = 50
"""Questions begun in one round."""

_GATHER = 0.02
"""Seconds for which results are gathered while a lane is busy. What is killed meanwhile has to be asked for."""

_FEW = 2
_USUAL = LaneLimits()


class DeliveryWorker:
    """Sends what is due. `run_once` does one round; `drain` goes on until nothing more can be sent now."""

    def __init__(
        self,
        store: Store,
        senders: Mapping[str, Sender],
        clock: Clock,
        limits: Mapping[str, LaneLimits] | None = None,
        around: Surroundings | None = None,
    ) -> None:
        self._store = store
        self._senders = senders
        self._clock = clock
        self._limits = limits or {}
        self._around = around or Surroundings()
        self._paces: dict[Lane, Pace] = {}
        self._kept: dict[Lane, Learned] = {}
        """What the database knows of each lane's pace."""
        self._taken: dict[Lane, int] = {}
        """How many messages each platform took since its pace was looked at."""
        self._held: set[Lane] = set()
        self._full: set[Lane] = set()
        """Lanes that wait for their pace, and those that have as much under way as they may."""
        self._under_way: dict[Lane, int] = {}
        self._tasks: dict[asyncio.Task[None], float] = {}
        """What is under way, and when (by the loop's clock) it is broken off."""
        self._idle = asyncio.Event()
        """Set while nothing is under way; clear otherwise. Waiting for each task would cost a tenth of a send."""
        self._watch: asyncio.TimerHandle | None = None
        self._tidied_at: datetime | None = None
        self._settler = Settler(store, clock, lambda: self.on_progress(), self._seconds_to_gather)
        self.on_progress: Callable[[], None] = lambda: None
        """Called whenever sends were settled, so that there is room for more."""

    async def run_once(self) -> int:
        """Recovers what was left behind, then begins every send that may begin now. Returns how many were begun."""
        now = self._clock.now()
        due, left_behind = await self._store.run(lambda db: self._look_around(db, now))
        for job in left_behind:
            self._begin(job.lane, self._ask(job))
        begun = len(left_behind)
        self._held.clear()
        self._full.clear()
        for lane in due:
            if lane[0] in self._senders:
                begun += await self._serve(lane)
        return begun

    async def run_held(self) -> int:
        """Begins what the lanes allow that have waited for their pace; returns how many. Everything else is left to the
        next whole round, which costs as much again."""
        now = self._clock.now()
        free = [lane for lane in self._held if self._paces[lane].next_free(now) <= now]
        self._held.difference_update(free)
        self._full.difference_update(free)
        return sum([await self._serve(lane) for lane in free])

    async def drain(self) -> None:
        """Sends until nothing is left that may be sent now, and waits for the sends that are under way."""
        waiting = True
        while waiting:
            waiting = bool(self._tasks) or self._settler.is_busy  # may free a person whose next message waits
            waiting = await self.run_once() > 0 or waiting
            await self.finish()

    async def finish(self) -> None:
        """Waits for the sends that are under way, and until their results are written."""
        while self._tasks:
            await self._idle.wait()
        await self._settler.finish()

    def next_free(self) -> datetime | None:
        """When the first lane that had to wait for its pace may send again, or None."""
        now = self._clock.now()
        return min((self._paces[lane].next_free(now) for lane in self._held), default=None)

    def seconds_until_free(self) -> float | None:
        """The same as seconds from now."""
        at = self.next_free()
        return None if at is None else max(0.0, (at - self._clock.now()).total_seconds())

    @property
    def waits_for_pace(self) -> bool:
        """Whether a lane waits for its pace, and none for sends to end."""
        return bool(self._held) and not self._full

    def _seconds_to_gather(self) -> float:
        """Sends that are spread over time end one by one: their results are written together, for the disk's sake."""
        return _GATHER if self._held and len(self._tasks) > _FEW else 0.0

    def _look_around(self, db: UnitOfWork, now: datetime) -> tuple[list[Lane], list[Job]]:
        """The lanes in which something is due, and the sends that nobody settled by their deadline."""
        if self._tidied_at is None or now - self._tidied_at >= _TIDY_EVERY:
            deliveries.skip_outdated(db, now)
            self._tidied_at = now
        lease = self._lease(max((sender.timeout for sender in self._senders.values()), default=0.0), now)
        rows = deliveries.reclaim(db, lease, now, tuple(self._senders), _MOST_ASKED)
        messages = {row.id: find_message(row) or Message("", ()) for row in rows}
        due = deliveries.list_due_lanes(db, now)
        for lane in due:
            if lane not in self._paces:
                self._open(db, lane, now)
        return due, make_jobs(db, lease, rows, messages, self._around)

    def _open(self, db: UnitOfWork, lane: Lane, now: datetime) -> None:
        """A lane of which this process knows nothing yet goes on as another one left it."""
        learned = lanes.find_pace(db, lane, now)
        if learned is not None:
            self._kept[lane] = Learned(*learned)
        limits = self._find_limits(lane)
        begun = lanes.list_recent(db, lane, now - timedelta(seconds=limits.window))
        self._paces[lane] = Pace.start(limits, now, self._kept.get(lane), begun)

    def _find_limits(self, lane: Lane) -> LaneLimits:
        return self._limits.get(lane[0], _USUAL)

    async def _serve(self, lane: Lane) -> int:
        """Begins what the lane's pace allows. A claim takes one row a person, so there may be several."""
        begun = 0
        while free := self._count_free(lane):
            jobs, waits, looked_at = await self._take(lane, free)
            for job, wait in zip(jobs, waits, strict=True):
                self._begin(lane, self._deliver(lane, job, wait))
            begun += len(jobs)
            if looked_at == 0:
                break
        return begun

    async def _take(self, lane: Lane, free: int) -> tuple[list[Job], list[float], int]:
        """The jobs to begin, after how many seconds each, and how many rows were looked at."""
        now, pace = self._clock.now(), self._paces[lane]
        lease, learned = self._lease(self._senders[lane[0]].timeout, now), pace.learned

        def work(db: UnitOfWork) -> tuple[list[Job], int]:
            if learned.differs_from(self._kept.get(lane)):
                lanes.keep_pace(db, lane, learned.rate, learned.limit, now)
            return self._claim(db, lane, lease, now, free)

        jobs, looked_at = await self._store.run(work)
        self._kept[lane] = learned if learned.differs_from(self._kept.get(lane)) else self._kept[lane]
        return jobs, pace.spend(len(jobs), now), looked_at

    def _count_free(self, lane: Lane) -> int:
        """How many sends may be claimed now."""
        now, pace = self._clock.now(), self._paces[lane]
        pace.note_taken(self._taken.pop(lane, 0), now)
        free = pace.count_free(now)
        if free <= 0:
            self._held.add(lane)
        room = pace.limits.at_once - self._under_way.get(lane, 0)
        if room < free:
            self._full.add(lane)
        return max(0, min(free, room))

    def _lease(self, timeout: float, now: datetime) -> Lease:
        return Lease(secrets.token_hex(8), now + timedelta(seconds=timeout) + _MARGIN)

    def _claim(self, db: UnitOfWork, lane: Lane, lease: Lease, now: datetime, limit: int) -> tuple[list[Job], int]:
        """The jobs to begin, and how many rows were taken for it: some only to be put off."""
        rows = deliveries.claim(db, lane, lease, now, limit)
        put_off = {row.id: outcome for row in rows if (outcome := self._put_off(db, row, lease.token, now))}
        put_off |= keep_budget(db, [row for row in rows if row.id not in put_off], lease.token, now)
        ready = [row for row in rows if row.id not in put_off]
        messages = {row.id: message for row in ready if (message := find_message(row)) is not None}
        failed = DeliveryState.FAILED
        unreadable = [
            Outcome(row.id, lease.token, failed, now, "unreadable") for row in ready if row.id not in messages
        ]
        outcomes.settle(db, [*put_off.values(), *unreadable], now)
        ready = [row for row in ready if row.id in messages]
        return make_jobs(db, lease, ready, messages, self._around), len(rows)

    def _put_off(self, db: UnitOfWork, row: Row, token: str, now: datetime) -> Outcome | None:
        """What must not go out now although it is due."""
        skipped, pending = DeliveryState.SKIPPED, DeliveryState.PENDING
        if row.not_after is not None and row.not_after < now:
            return Outcome(row.id, token, skipped, now, "too_late", counts=False)
        if row.account_id is not None and not row.reachable:
            outcomes.retarget(db, row, now)
            return Outcome(row.id, token, skipped, now, "unreachable", counts=False)
        if row.replaces_key and row.replaced_state in (pending, DeliveryState.SENDING):
            return Outcome(row.id, token, pending, now + _WAIT_FOR_ORIGINAL, counts=False)
        if row.replaces_key and not (row.replaced_message and row.replaced_platform == row.platform):
            return Outcome(row.id, token, skipped, now, "nothing_to_replace", counts=False)
        if row.urgency in (Urgency.NUDGE, Urgency.PUSH) and row.quiet_from is not None and row.quiet_to is not None:
            at = next_allowed(now, row.zone or self._around.zone, row.quiet_from, row.quiet_to)
            return Outcome(row.id, token, pending, at, counts=False) if at > now else None
        return None

    def _begin(self, lane: Lane, work: Coroutine[Any, Any, None]) -> None:
        loop = asyncio.get_running_loop()
        task = loop.create_task(work)
        self._under_way[lane] = self._under_way.get(lane, 0) + 1
        self._idle.clear()
        self._tasks[task] = loop.time() + self._senders[lane[0]].timeout + _GRACE
        task.add_done_callback(lambda done: self._end(lane, done))
        if self._watch is None:
            self._watch = loop.call_at(self._tasks[task], self._break_off_late)

    def _break_off_late(self) -> None:
        """Cancels what has not ended soon after its sender's timeout. One timer serves all: timers cost."""
        loop = asyncio.get_running_loop()
        for task, end in self._tasks.items():
            if end <= loop.time():
                task.cancel()
        following = min((end for end in self._tasks.values() if end > loop.time()), default=None)
        self._watch = None if following is None else loop.call_at(following, self._break_off_late)

    def _end(self, lane: Lane, task: "asyncio.Task[None]") -> None:
        del self._tasks[task]
        self._under_way[lane] -= 1
        if not self._tasks:
            self._idle.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("delivery.broken", exc_info=error)  # the row stays `sending`; recovery takes it up

    async def _deliver(self, lane: Lane, job: Job, wait: float) -> None:
        sender = self._senders[lane[0]]
        if wait:
            await asyncio.sleep(wait)
        begun = self._clock.now()
        outlives_deadline = begun + timedelta(seconds=sender.timeout) > job.lease.deadline  # the claim took very long
        if outlives_deadline or self._paces[lane].is_closed(begun):
            self._settler.add(_put_back(job))
            return
        try:
            receipt = await sender.send(job.parcel)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - _as_failure logs what nobody expected
            self._settler.add(self._judge(lane, job, _as_failure(job.row, error), begun))
        else:
            self._taken[lane] = self._taken.get(lane, 0) + 1
            self._settler.add(Result(job, _sent(job, receipt), receipt))

    def _judge(self, lane: Lane, job: Job, failure: SendFailed, begun: datetime) -> Result:
        now = self._clock.now()
        decision = decide(failure, job.row.attempts + 1, now)
        log.warning("delivery.failed", delivery=job.row.id, failure=failure.kind, reason=failure.reason)
        if failure.kind is FailureKind.THROTTLED and not failure.channel_only:
            self._paces[lane].note_refused(begun, failure.retry_after, now)
        state = _STATES[decision.step]
        outcome = Outcome(job.row.id, job.lease.token, state, decision.at, decision.reason, counts=decision.counts)
        return Result(job, outcome, gone=decision.step is Step.TRY_NEXT_ACCOUNT)

    async def _ask(self, job: Job) -> None:
        """Asks the platform about a send that nobody settled."""
        row, sender, now = job.row, self._senders[job.row.platform], self._clock.now()
        if job.parcel.replaces is not None:  # changing a message twice does no harm
            self._settler.add(_not_arrived(job, now))
            return
        try:
            receipt = await sender.find_sent(job.parcel)
        except CannotAsk:
            self._settler.add(_uncertain(job, "cannot_ask", now))
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - _as_failure logs what nobody expected
            failure = _as_failure(row, error)
            log.warning("delivery.not_asked", delivery=row.id, reason=failure.reason)
            if failure.kind in (FailureKind.GONE, FailureKind.BUG):
                self._settler.add(_uncertain(job, f"cannot_ask: {failure.reason}", now))
            # otherwise the new lease runs out, and it is asked again
        else:
            log.info("delivery.asked", delivery=row.id, arrived=receipt is not None)
            self._settler.add(Result(job, _sent(job, receipt), receipt) if receipt else _not_arrived(job, now))


_STATES = {
    Step.TRY_LATER: DeliveryState.PENDING,
    Step.ASK_LATER: DeliveryState.SENDING,
    Step.TRY_NEXT_ACCOUNT: DeliveryState.FAILED,
    Step.GIVE_UP: DeliveryState.FAILED,
}


def _sent(job: Job, receipt: Receipt) -> Outcome:
    place = (receipt.conversation, receipt.message)
    return Outcome(job.row.id, job.lease.token, DeliveryState.SENT, job.row.created_at, "", *place)


def _put_back(job: Job) -> Result:
    """Nothing was begun: no need to ask."""
    pending = DeliveryState.PENDING
    return Result(job, Outcome(job.row.id, job.lease.token, pending, job.row.created_at, counts=False))


def _not_arrived(job: Job, now: datetime) -> Result:
    decision = decide_after_asking(job.row.reason, job.row.attempts, now)
    return Result(job, Outcome(job.row.id, job.lease.token, _STATES[decision.step], decision.at, decision.reason))


def _uncertain(job: Job, reason: str, now: datetime) -> Result:
    return Result(job, Outcome(job.row.id, job.lease.token, DeliveryState.UNCERTAIN, now, reason))


def _as_failure(row: Row, error: BaseException) -> SendFailed:
    """Whatever a sender raised, or that it was broken off. Neither says how far the send came."""
    if isinstance(error, SendFailed):
        return error
    if isinstance(error, TimeoutError | asyncio.CancelledError):
        return SendFailed(FailureKind.RETRY, "no answer in time", maybe_sent=True)
    log.error("delivery.broken", delivery=row.id, exc_info=error)
    return SendFailed(FailureKind.BUG, f"{BROKEN}{type(error).__name__}", maybe_sent=True)
