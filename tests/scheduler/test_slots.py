"""Recurring jobs: every replica ticks, one wins; what was missed happens once."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import FrozenClock
from bot.feature import Due, Feature, Recurring
from bot.policy import Policy
from bot.recurrence import Rule
from bot.routing import RoutingError
from scheduler.jobs import collect_reminders, prepare
from scheduler.slots import SlotRunner, collect_slots
from storage.models import AuditEntry, Slot
from storage.uow import Store, UnitOfWork
from tests.support.rows import list_rows
from tests.support.world import START

DAILY = Rule(time(11, 0))
"""In Tokyo: an hour after the start."""
TOKYO = "Asia/Tokyo"


def note(db: UnitOfWork, due: Due, now: datetime) -> None:
    """Leaves a line for every time it took effect."""
    db.session.add(AuditEntry(at=now, act="ran", subject=due.kind, detail=due.at.isoformat()))


def fail(db: UnitOfWork, due: Due, now: datetime) -> None:
    """Does something, then breaks."""
    note(db, due, now)
    raise RuntimeError("broken on purpose")


class Clockwork:
    """Slots on a database."""

    def __init__(self, url: str, *recurring: Recurring) -> None:
        self.url = url
        self.clock = FrozenClock(START)
        self.store = Store(url)
        self.recurring = recurring
        self.policy = Policy(invitation_at=time(23, 50))
        self.runner = self.make_runner(self.store)

    def make_runner(self, store: Store, *recurring: Recurring) -> SlotRunner:
        features = [Feature("test", recurring=recurring or self.recurring)]
        return SlotRunner(store, self.clock, collect_slots(features, {}, self.policy), TOKYO)

    def first_run(self) -> datetime:
        """When the one job runs next, in Tokyo."""
        (slot,) = list_rows(self.store, Slot)
        return slot.next_run_at.astimezone(ZoneInfo(TOKYO))

    def runs(self) -> list[str]:
        return [entry.subject for entry in list_rows(self.store, AuditEntry)]

    def next_run(self, name: str) -> datetime:
        return {slot.name: slot.next_run_at for slot in list_rows(self.store, Slot)}[name]


@pytest.fixture
def make(database_url: str) -> Iterator[Callable[..., Clockwork]]:
    made: list[Clockwork] = []

    def build(*recurring: Recurring) -> Clockwork:
        made.append(Clockwork(database_url, *recurring))
        return made[-1]

    yield build
    for clockwork in made:
        clockwork.store.close()


async def test_a_new_slot_waits_for_its_first_time(make: Callable[..., Clockwork]) -> None:
    clockwork = make(Recurring("daily", DAILY, note))
    await clockwork.runner.prepare()
    assert await clockwork.runner.run_due() == 0
    clockwork.clock.move(timedelta(hours=1))
    assert await clockwork.runner.run_due() == 1
    assert await clockwork.runner.run_due() == 0
    assert clockwork.next_run("daily") == START + timedelta(days=1, hours=1)


async def test_a_rule_may_depend_on_the_policy(make: Callable[..., Clockwork]) -> None:
    clockwork = make(Recurring("late", lambda policy: Rule(policy.invitation_at), note))
    await clockwork.runner.prepare()
    assert clockwork.first_run().time() == time(23, 50)


async def test_two_replicas_have_one_winner(make: Callable[..., Clockwork]) -> None:
    clockwork = make(Recurring("a", DAILY, note), Recurring("b", DAILY, note))
    stores = [Store(clockwork.url) for _replica in range(4)]
    runners = [clockwork.make_runner(store) for store in stores]
    await asyncio.gather(*(runner.prepare() for runner in runners))
    for day in range(1, 4):
        clockwork.clock.move(timedelta(days=1))
        won = await asyncio.gather(*(runner.run_due() for runner in runners))
        assert sum(won) == 2
        assert sorted(clockwork.runs()) == ["a"] * day + ["b"] * day
    for store in stores:
        store.close()


@pytest.mark.parametrize("days", [1, 3, 40])
async def test_however_many_were_missed_it_happens_once(make: Callable[..., Clockwork], days: int) -> None:
    clockwork = make(Recurring("daily", DAILY, note))
    await clockwork.runner.prepare()
    clockwork.clock.move(timedelta(days=days, hours=3))
    restarted = clockwork.make_runner(clockwork.store)
    await restarted.prepare()
    assert await restarted.run_due() == 1
    assert await restarted.run_due() == 0
    assert clockwork.runs() == ["daily"]
    assert clockwork.next_run("daily") > clockwork.clock.now()


async def test_a_job_knows_which_run_it_is(make: Callable[..., Clockwork]) -> None:
    clockwork = make(Recurring("daily", DAILY, note))
    await clockwork.runner.prepare()
    clockwork.clock.move(timedelta(hours=5))
    await clockwork.runner.run_due()
    (entry,) = list_rows(clockwork.store, AuditEntry)
    assert entry.detail == (START + timedelta(hours=1)).isoformat()


async def test_a_failing_job_leaves_no_trace_rests_and_stops_nobody(make: Callable[..., Clockwork]) -> None:
    clockwork = make(Recurring("bad", DAILY, fail), Recurring("good", DAILY, note))
    await clockwork.runner.prepare()
    clockwork.clock.move(timedelta(hours=1))
    assert await clockwork.runner.run_due() == 1
    assert clockwork.runs() == ["good"]
    assert clockwork.next_run("bad") == START + timedelta(hours=1), "the run is still to come"
    assert await clockwork.runner.run_due() == 0


async def test_a_failed_job_is_tried_again_after_its_rest(make: Callable[..., Clockwork]) -> None:
    tries: list[datetime] = []

    def recover(db: UnitOfWork, due: Due, now: datetime) -> None:
        tries.append(now)
        if len(tries) < 3:
            raise RuntimeError("not yet")
        note(db, due, now)

    clockwork = make(Recurring("moody", DAILY, recover))
    await clockwork.runner.prepare()
    clockwork.clock.move(timedelta(hours=1))
    for _minute in range(30):
        await clockwork.runner.run_due()
        clockwork.clock.move(timedelta(minutes=1))
    assert [(at - tries[0]).total_seconds() / 60 for at in tries] == [0, 10, 20]
    assert clockwork.runs() == ["moody"]


async def test_a_rule_that_now_runs_earlier_counts_at_once(make: Callable[..., Clockwork]) -> None:
    monthly = Rule(time(10, 0), frozenset({1}), nth=1)
    clockwork = make(Recurring("digest", monthly, note))
    await clockwork.runner.prepare()
    changed = clockwork.make_runner(clockwork.store, Recurring("digest", DAILY, note))
    await changed.prepare()
    assert clockwork.next_run("digest") == START + timedelta(hours=1)


async def test_a_slot_of_an_older_version_is_left_alone(make: Callable[..., Clockwork]) -> None:
    clockwork = make(Recurring("old", DAILY, note))
    await clockwork.runner.prepare()
    clockwork.clock.move(timedelta(hours=2))
    newer = clockwork.make_runner(clockwork.store, Recurring("new", DAILY, note))
    assert await newer.run_due() == 0
    assert clockwork.runs() == []


def test_two_jobs_of_one_name_stop_the_start() -> None:
    features = [
        Feature("a", recurring=(Recurring("x", DAILY, note),)),
        Feature("b", recurring=(Recurring("x", DAILY, note),)),
    ]
    with pytest.raises(RoutingError, match="two recurring jobs are called x"):
        collect_slots(features, {}, Policy())


def test_two_jobs_for_one_kind_of_reminder_stop_the_start() -> None:
    features = [Feature("a", reminders={"x": note}), Feature("b", reminders={"x": note})]
    with pytest.raises(RoutingError, match="two jobs answer reminders of the kind x"):
        collect_reminders(features, {})


def needs_policy(db: UnitOfWork, policy: Policy) -> None:
    """A job that asks for what may not be there."""


async def waits(db: UnitOfWork) -> None:
    """No job: it could wait inside the transaction."""


def test_a_job_that_can_not_be_called_stops_the_start() -> None:
    with pytest.raises(RoutingError, match=r"needs_policy: nobody provides policy"):
        prepare(needs_policy, {})
    prepare(needs_policy, {Policy: lambda context: Policy()})
    with pytest.raises(RoutingError, match="waits must be a plain function"):
        prepare(waits, {})  # pyright: ignore[reportArgumentType]
