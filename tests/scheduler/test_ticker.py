"""The ticker, in real time: what is posted goes out at once, the pace is kept, closing leaves nothing open.

Ticks come once an hour here, so that what arrives has needed none, however slow the machine is.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock
from bot.feature import Due
from scheduler import ticker as ticker_module
from scheduler.delivery import DeliveryWorker
from scheduler.jobs import JobCall, prepare
from scheduler.pace import LaneLimits
from scheduler.reminders import ReminderRunner
from scheduler.rounds import RoundRunner
from scheduler.slots import SlotRunner
from scheduler.ticker import Ticker
from storage.models import Member
from storage.queries import outbox
from storage.queries.outbox import Terms
from storage.queries.reminders import remind
from storage.uow import Store, UnitOfWork
from tests.scheduler.postroom import FAST, PostRoom, say


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """See the module."""
    monkeypatch.setattr(ticker_module, "TICK", timedelta(hours=1))


class Ticking:
    """A ticker on a SQLite file and the machine's clock."""

    def __init__(self, url: str, limits: LaneLimits = FAST) -> None:
        self.room = PostRoom(url)
        self.store = self.room.store
        self.clock = SystemClock()
        self.jobs: dict[str, JobCall] = {}
        worker = DeliveryWorker(self.store, self.room.wires, self.clock, {"chat": limits})
        reminders = ReminderRunner(self.store, self.clock, self.jobs)
        slots = SlotRunner(self.store, self.clock, {}, "Asia/Tokyo")
        self.ticker = Ticker(worker, reminders, slots, RoundRunner(self.store, self.clock, (), "Asia/Tokyo"))

    async def start(self) -> None:
        self.store.on_wake = self.ticker.wake
        await self.ticker.start()

    async def post(self, *texts: tuple[Member, str]) -> None:
        """Posts in one transaction, as a handler does."""
        now = self.clock.now()

        def work(db: UnitOfWork) -> None:
            for member, text in texts:
                outbox.post(db, member, lambda text=text: say(text), Terms(text, now))

        await self.store.run(work)

    async def until(self, holds: Callable[[], bool]) -> float:
        """Waits until something holds; returns how many seconds it took."""
        begun = time.monotonic()
        while not holds():  # noqa: ASYNC110 - what is looked at tells nobody
            await asyncio.sleep(0.005)
        return time.monotonic() - begun


@pytest.fixture
async def ticking(sqlite_url: str) -> AsyncIterator[Ticking]:
    ticking = Ticking(sqlite_url)
    await ticking.start()
    yield ticking
    await ticking.ticker.close()
    ticking.room.close()


async def test_a_commit_wakes_delivery_at_once(ticking: Ticking) -> None:
    member = ticking.room.member("misaki")
    for turn in range(3):
        await ticking.post((member, f"m{turn}"))
        await ticking.until(lambda n=turn + 1: len(ticking.room.chat.sent) == n)


async def test_a_rolled_back_post_wakes_and_sends_nothing(ticking: Ticking) -> None:
    member = ticking.room.member("misaki")

    def fail(db: UnitOfWork) -> None:
        outbox.post(db, member, lambda: say("never"), Terms("never", ticking.clock.now()))
        raise RuntimeError("after the post")

    with pytest.raises(RuntimeError, match="after the post"):
        await ticking.store.run(fail)
    await asyncio.sleep(0.2)
    assert ticking.room.chat.sent == []


async def test_one_persons_next_message_needs_no_tick(ticking: Ticking) -> None:
    member = ticking.room.member("misaki")
    await ticking.post(*((member, f"m{number}") for number in range(10)))
    await ticking.until(lambda: len(ticking.room.chat.sent) == 10)
    assert ticking.room.chat.read("misaki") == [f"m{number}" for number in range(10)]


async def test_the_pace_is_kept_and_reached_between_ticks(sqlite_url: str) -> None:
    ticking = Ticking(sqlite_url, LaneLimits(rate=20, ceiling=20, at_once=20))
    await ticking.start()
    people = [ticking.room.member(f"u{number}") for number in range(50)]
    await ticking.post(*((member, member.name) for member in people))
    took = await ticking.until(lambda: len(ticking.room.chat.sent) == 50)
    assert took >= 1.4, "fifty at twenty a second, twenty of them at hand"
    await ticking.ticker.close()
    ticking.room.close()


async def test_a_thread_may_wake_it(ticking: Ticking) -> None:
    member = ticking.room.member("misaki")
    ticking.store.on_wake = lambda: None
    await ticking.post((member, "from a thread"))
    thread = threading.Thread(target=ticking.ticker.wake)
    thread.start()
    await ticking.until(lambda: bool(ticking.room.chat.sent))
    thread.join()


async def test_ticks_call_what_is_due(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticker_module, "TICK", timedelta(seconds=0.05))
    ticking = Ticking(sqlite_url)
    member = ticking.room.member("misaki")

    def nudge(db: UnitOfWork, due: Due, now: datetime) -> None:
        outbox.post(db, db.session.get_one(Member, due.subject_id), lambda: say("nudge"), Terms("nudge", now))

    ticking.jobs["nudge"] = prepare(nudge, {})
    with ticking.store.begin() as db:
        remind(db, "nudge", member.id or 0, datetime.now(UTC))
    await ticking.start()
    await ticking.until(lambda: ticking.room.chat.read("misaki") == ["nudge"])
    await ticking.ticker.close()
    ticking.room.close()


async def test_a_failing_round_ends_nothing(ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    member = ticking.room.member("misaki")
    with monkeypatch.context() as patch:
        patch.setattr(ticking.store, "run", broken)
        ticking.ticker.wake()
        await asyncio.sleep(0.1)
    await ticking.post((member, "after the trouble"))
    await ticking.until(lambda: bool(ticking.room.chat.sent))


async def broken(work: object) -> None:
    raise OSError("the database is away")


async def test_closing_lets_what_is_under_way_end(sqlite_url: str) -> None:
    ticking = Ticking(sqlite_url)
    await ticking.start()
    people = [ticking.room.member(f"u{number}") for number in range(5)]
    gate = asyncio.Event()
    ticking.room.chat.gates = {member.name: gate for member in people}
    await ticking.post(*((member, member.name) for member in people))
    await ticking.until(lambda: len(ticking.room.chat.attempts) == 5)
    closing = asyncio.create_task(ticking.ticker.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    gate.set()
    await closing
    assert set(ticking.room.states().values()) == {"sent"}
    ticking.room.close()


@pytest.mark.parametrize("moment", [0.0, 0.001, 0.003, 0.01, 0.03])
async def test_closing_at_any_moment_leaves_no_claim_without_its_send(sqlite_url: str, moment: float) -> None:
    ticking = Ticking(sqlite_url)
    await ticking.start()
    people = [ticking.room.member(f"u{number}") for number in range(20)]
    await ticking.post(*((member, member.name) for member in people))
    await asyncio.sleep(moment)
    await ticking.ticker.close()
    states = ticking.room.states().values()
    assert set(states) <= {"pending", "sent"}
    assert list(states).count("sent") == len(ticking.room.chat.sent)
    ticking.room.close()


async def test_closing_waits_for_a_running_job_but_not_for_all_that_are_due(sqlite_url: str) -> None:
    ticking = Ticking(sqlite_url)
    called: list[int] = []

    def slow(due: Due) -> None:
        called.append(due.subject_id)
        time.sleep(0.01)

    ticking.jobs["slow"] = prepare(slow, {})
    with ticking.store.begin() as db:
        for subject in range(400):
            remind(db, "slow", subject, datetime.now(UTC))
    await ticking.start()
    tick = asyncio.create_task(ticking.ticker.tick())
    await ticking.until(lambda: bool(called))
    await ticking.ticker.close()
    await tick
    assert 1 <= len(called) <= 200
    ticking.room.close()


async def test_closing_what_never_began_is_nothing(sqlite_url: str) -> None:
    ticking = Ticking(sqlite_url)
    ticking.ticker.wake()
    await ticking.ticker.close()
    ticking.room.close()


async def test_settling_runs_and_sends_until_nothing_is_due(sqlite_url: str) -> None:
    ticking = Ticking(sqlite_url)
    member = ticking.room.member("misaki")

    def chain(db: UnitOfWork, due: Due, now: datetime) -> None:
        text = f"step {due.step}"
        outbox.post(db, db.session.get_one(Member, due.subject_id), lambda: say(text), Terms(text, now))
        if due.step < 3:
            remind(db, "chain", due.subject_id, now, due.step + 1)

    ticking.jobs["chain"] = prepare(chain, {})
    with ticking.store.begin() as db:
        remind(db, "chain", member.id or 0, datetime.now(UTC))
    await ticking.ticker.settle()
    assert ticking.room.chat.read("misaki") == [f"step {step}" for step in range(4)]
    ticking.room.close()


async def test_a_store_that_is_closed_ends_its_thread(sqlite_url: str) -> None:
    before = set(threading.enumerate())
    store = Store(sqlite_url)
    assert await store.run(lambda db: 1) == 1
    assert set(threading.enumerate()) - before
    store.close()
    assert not set(threading.enumerate()) - before
