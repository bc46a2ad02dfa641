"""Reminders: each in a transaction of its own with what it causes, once, whatever happens to the others."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from bot.clock import FrozenClock
from bot.feature import Due
from bot.policy import Policy
from scheduler.jobs import JobCall, prepare
from scheduler.reminders import ReminderRunner
from storage.models import AuditEntry, Member, Reminder
from storage.queries import reminders as table
from storage.queries.reminders import forget, list_reminders, remind
from storage.uow import Store, UnitOfWork
from tests.support.rows import list_rows
from tests.support.world import START

HOUR = timedelta(hours=1)


class Desk:
    """Reminders on a database, with jobs that leave a line in the audit log for every time they took effect."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = FrozenClock(START)
        self.store = Store(url)
        self.jobs: dict[str, JobCall] = {"note": self.job(note)}
        self.runner = self.make_runner(self.store)

    def job(self, job: Callable[..., None]) -> JobCall:
        return prepare(job, {Policy: lambda context: Policy()})

    def make_runner(self, store: Store) -> ReminderRunner:
        return ReminderRunner(store, self.clock, self.jobs)

    def remind(self, kind: str, subject: int, after: timedelta = timedelta(), step: int = 0) -> None:
        self.store.run_here(lambda db: remind(db, kind, subject, START + after, step))

    def notes(self) -> list[str]:
        return [entry.subject for entry in list_rows(self.store, AuditEntry)]

    def states(self) -> dict[tuple[str, int], str]:
        return {(row.kind, row.subject_id): row.state for row in list_rows(self.store, Reminder)}


def note(db: UnitOfWork, due: Due, now: datetime) -> None:
    """The usual job."""
    db.session.add(AuditEntry(at=now, act=due.kind, subject=f"{due.kind}:{due.subject_id}:{due.step}"))


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    desk = Desk(database_url)
    yield desk
    desk.store.close()


async def test_what_is_due_is_called_in_order_and_once(desk: Desk) -> None:
    desk.remind("note", 2, -HOUR)
    desk.remind("note", 1)
    desk.remind("note", 3, HOUR)
    assert await desk.runner.run_due() == 2
    assert desk.notes() == ["note:2:0", "note:1:0"]
    assert await desk.runner.run_due() == 0
    desk.clock.move(HOUR)
    assert await desk.runner.run_due() == 1
    assert desk.notes()[-1] == "note:3:0"


async def test_a_job_knows_what_it_was_made_for(desk: Desk) -> None:
    seen: list[tuple[Due, datetime, str]] = []

    def look(due: Due, now: datetime, policy: Policy) -> None:
        seen.append((due, now, policy.zone))

    desk.jobs["look"] = desk.job(look)
    desk.remind("look", 7, -HOUR, step=3)
    await desk.runner.run_due()
    assert seen == [(Due("look", 7, 3, START - HOUR), START, "Asia/Tokyo")]


async def test_a_second_reminder_for_the_same_changes_nothing(desk: Desk) -> None:
    desk.remind("note", 1, HOUR)
    desk.remind("note", 1, -HOUR)
    assert await desk.runner.run_due() == 0
    desk.clock.move(HOUR)
    await desk.runner.run_due()
    desk.remind("note", 1)
    assert await desk.runner.run_due() == 0
    assert desk.notes() == ["note:1:0"]


async def test_steps_are_reminders_of_their_own(desk: Desk) -> None:
    for step in (0, 1):
        desk.remind("note", 1, step=step)
    assert await desk.runner.run_due() == 2


async def test_what_is_forgotten_is_not_called(desk: Desk) -> None:
    desk.remind("note", 1)
    desk.remind("note", 2)
    with desk.store.begin() as db:
        forget(db, "note", 1)
        assert [reminder.subject_id for reminder in list_reminders(db, 2)] == [2]
    await desk.runner.run_due()
    assert desk.notes() == ["note:2:0"]


async def test_a_timer_can_be_set_again_after_it_fired(desk: Desk) -> None:
    with desk.store.begin() as db:
        table.set_reminders(db, "note", {1: START, 2: START + HOUR})
    await desk.runner.run_due()
    with desk.store.begin() as db:
        table.set_reminders(db, "note", {1: START + HOUR, 2: START + 3 * HOUR})
    desk.clock.move(HOUR)
    await desk.runner.run_due()
    assert desk.notes() == ["note:1:0", "note:1:0"]


async def test_a_limit_leaves_the_rest_for_the_next_turn(desk: Desk) -> None:
    for subject in range(5):
        desk.remind("note", subject)
    assert await desk.runner.run_due(3) == 3
    assert await desk.runner.run_due(3) == 2


async def test_a_job_may_make_the_next_reminder(desk: Desk) -> None:
    def chain(db: UnitOfWork, due: Due, now: datetime) -> None:
        note(db, due, now)
        if due.step < 3:
            remind(db, "chain", due.subject_id, now, due.step + 1)

    desk.jobs["chain"] = desk.job(chain)
    desk.remind("chain", 1)
    await desk.runner.run_due()
    assert desk.notes() == [f"chain:1:{step}" for step in range(4)]


def fail(db: UnitOfWork, due: Due, now: datetime) -> None:
    """Does something, then breaks."""
    note(db, due, now)
    raise RuntimeError("broken on purpose")


def break_a_rule(db: UnitOfWork, due: Due, now: datetime) -> None:
    """Leaves a row that the database refuses: a second member with one roster entry."""
    db.session.add(Member(roster_id=999_999, created_at=now))


@pytest.mark.parametrize("job", [fail, break_a_rule])
async def test_a_failing_job_leaves_no_trace_and_keeps_no_other_from_running(
    desk: Desk, job: Callable[..., None]
) -> None:
    desk.jobs["bad"] = desk.job(job)
    desk.remind("bad", 1, -HOUR)
    desk.remind("note", 2)
    assert await desk.runner.run_due() == 2
    assert desk.notes() == ["note:2:0"]
    (bad,) = [row for row in list_rows(desk.store, Reminder) if row.kind == "bad"]
    assert (bad.state, bad.attempts, len(bad.error_id)) == ("pending", 1, 8)
    assert bad.due_at == START + timedelta(minutes=10)
    assert list_rows(desk.store, Member) == []


async def test_after_five_attempts_a_human_must_look(desk: Desk) -> None:
    desk.jobs["bad"] = desk.job(fail)
    desk.remind("bad", 1)
    for _turn in range(8):
        await desk.runner.run_due()
        desk.clock.move(HOUR)
    (bad,) = list_rows(desk.store, Reminder)
    assert (bad.state, bad.attempts) == ("failed", 5)


async def test_a_kind_that_nobody_knows_any_more_is_put_off_too(desk: Desk) -> None:
    desk.remind("of an older version", 1)
    desk.remind("note", 1)
    await desk.runner.run_due()
    assert desk.states() == {("of an older version", 1): "pending", ("note", 1): "done"}


async def test_two_replicas_call_each_reminder_once(desk: Desk) -> None:
    for subject in range(40):
        desk.remind("note", subject)
    stores = [Store(desk.url) for _replica in range(3)]
    called = await asyncio.gather(*(desk.make_runner(store).run_due() for store in stores))
    called_later = await desk.runner.run_due()
    assert sorted(desk.notes()) == sorted(f"note:{subject}:0" for subject in range(40))
    assert sum(called) + called_later == 40
    for store in stores:
        store.close()


async def test_a_failure_is_not_noted_on_what_another_replica_has_done(desk: Desk) -> None:
    """Here the job fails; before that is written down, the other replica calls it with success."""
    desk.remind("note", 1)
    other = Store(desk.url)

    def fail_slowly(due: Due) -> None:
        raise RuntimeError("only here")

    broken = ReminderRunner(desk.store, desk.clock, {"note": desk.job(fail_slowly)})
    with pytest.MonkeyPatch.context() as patch:
        note_failure = broken._note_failure  # pyright: ignore[reportPrivateUsage]

        async def overtaken(*arguments: object) -> None:
            await desk.make_runner(other).run_due(1)
            await note_failure(*arguments)  # pyright: ignore[reportArgumentType]

        patch.setattr(broken, "_note_failure", overtaken)
        await broken.run_due(1)
    (reminder,) = list_rows(desk.store, Reminder)
    assert (reminder.state, reminder.attempts) == ("done", 0)
    assert desk.notes() == ["note:1:0"]
    other.close()
