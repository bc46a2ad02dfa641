"""The unit of work: all or nothing, never over another's change, repeated when the database asks for it."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import SQLModel, select

from bot.i18n import current_locale, use_locale
from storage import uow
from storage.models import Account, Member, Room, Seen
from storage.uow import ATTEMPTS, Store, UnitOfWork, is_repeatable
from tests.storage.counting import count_up
from tests.support.patience import UNHURRIED
from tests.support.rows import list_rows
from tests.support.world import START

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def add_member(store: Store) -> None:
    with store.begin() as db:
        db.session.add(Member(name="counter", created_at=START))


def note(db: UnitOfWork, key: str) -> None:
    db.session.add(Seen(key=key, at=START))


def keys(store: Store) -> list[str]:
    return [row.key for row in list_rows(store, Seen)]


async def test_work_is_committed_when_run_returns(store: Store, database_url: str) -> None:
    assert await store.run(lambda db: note(db, "a")) is None
    other = Store(database_url)
    assert keys(other) == ["a"]
    other.close()


async def test_what_raises_leaves_no_trace_and_takes_nothing_with_it(store: Store) -> None:
    def fail(db: UnitOfWork) -> None:
        note(db, "lost")
        db.session.flush()
        raise KeyError("on purpose")

    results = await asyncio.gather(
        store.run(lambda db: note(db, "before")),
        store.run(fail),
        store.run(lambda db: note(db, "after")),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [type(None), KeyError, type(None)]
    assert keys(store) == ["after", "before"]


async def test_what_the_database_refuses_takes_nothing_with_it(store: Store) -> None:
    """Also when it is refused at the very end, by the flush before the commit."""
    works: list[Callable[[UnitOfWork], None]] = [
        lambda db: note(db, "a"),
        lambda db: db.session.add(Account(platform="x", external_id="y", member_id=999, created_at=START)),
        lambda db: note(db, "b"),
        lambda db: note(db, "x" if db.session.get(Seen, "a") else "a"),
        lambda db: note(db, "c"),
    ]
    results = [await outcome(store, work) for work in works]
    assert [type(result) for result in results] == [type(None), IntegrityError, *[type(None)] * 3]
    assert keys(store) == ["a", "b", "c", "x"]


async def outcome(store: Store, work: Callable[[UnitOfWork], None]) -> Exception | None:
    try:
        return await store.run(work)
    except Exception as error:  # noqa: BLE001 - looked at by the test
        return error


async def test_many_at_once_are_each_done_once(store: Store) -> None:
    await asyncio.gather(*(store.run(lambda db, n=number: note(db, f"{n:03}")) for number in range(200)))
    assert keys(store) == [f"{number:03}" for number in range(200)]


async def test_work_sees_the_context_of_its_caller(store: Store) -> None:
    with use_locale("en"):
        english = store.run(lambda db: current_locale())
        task = asyncio.create_task(english)
        await asyncio.sleep(0)
    with use_locale("ja"):
        assert await store.run(lambda db: current_locale()) == "ja"
    assert await task == "en"


_marker: ContextVar[str] = ContextVar("marker", default="untouched")


async def test_what_work_sets_in_its_context_stays_there(store: Store) -> None:
    await store.run(lambda db: _marker.set("changed"))
    assert _marker.get() == "untouched"
    assert await store.run(lambda db: _marker.get()) == "untouched"


async def test_work_runs_beside_the_event_loop(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(db: UnitOfWork) -> str:
        begun.set()
        assert go_on.wait(UNHURRIED)
        return threading.current_thread().name

    task = asyncio.create_task(store.run(wait))
    assert await asyncio.to_thread(begun.wait, UNHURRIED)
    go_on.set()  # the loop was free to do this
    assert (await task).startswith("store")


async def test_delivery_is_woken_after_the_commit_and_only_then(store: Store) -> None:
    woken: list[list[str]] = []
    store.on_wake = lambda: woken.append(keys(store))

    def post(db: UnitOfWork) -> None:
        note(db, "posted")
        db.wakes_delivery = True

    def fail(db: UnitOfWork) -> None:
        db.wakes_delivery = True
        raise KeyError

    await store.run(lambda db: note(db, "quiet"))
    with pytest.raises(KeyError):
        await store.run(fail)
    assert woken == []
    await store.run(post)
    assert woken == [["posted", "quiet"]]
    with store.begin() as db:
        db.wakes_delivery = True
    assert len(woken) == 2


@pytest.mark.parametrize(("every", "expected"), [(UNHURRIED, 1), (0.0, 3)])
async def test_what_is_posted_in_bulk_wakes_now_and_then(
    store: Store, monkeypatch: pytest.MonkeyPatch, every: float, expected: int
) -> None:
    monkeypatch.setattr(uow, "_WAKES_EVERY", every)
    woken: list[bool] = []
    store.on_wake = lambda: woken.append(True)

    def post(db: UnitOfWork, key: str) -> str:
        note(db, key)
        db.wakes_delivery = True
        return key

    await store.run(lambda db: None, in_bulk=True)
    for key in "abc":
        assert await store.run(partial(post, key=key), in_bulk=True) == key
    assert (keys(store), len(woken)) == (["a", "b", "c"], expected)


@pytest.mark.parametrize(("longest", "order"), [(UNHURRIED, ["awaited", "bulk"]), (0.0, ["bulk", "awaited"])])
async def test_bulk_gives_way_to_what_somebody_waits_for_but_not_for_ever(
    store: Store, monkeypatch: pytest.MonkeyPatch, longest: float, order: list[str]
) -> None:
    monkeypatch.setattr(uow, "_LONGEST_WAY", longest)
    done: list[str] = []
    with store.awaited():
        bulk = asyncio.create_task(store.run(lambda db: done.append("bulk"), in_bulk=True))
        await store.run(lambda db: None)  # one of several pieces of work for which the same person waits
        if longest:
            await asyncio.sleep(0.05)  # time in which it would have been done
        else:
            await bulk
        done.append("awaited")
    await bulk
    assert done == order


async def test_a_cancelled_caller_changes_nothing_for_the_others(store: Store) -> None:
    tasks = [asyncio.create_task(store.run(lambda db, n=number: note(db, str(n)))) for number in range(6)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    tasks[4].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await store.run(lambda db: None)
    assert {"0", "2", "3", "5"} <= set(keys(store))


async def test_a_process_counts_right_with_itself(store: Store) -> None:
    add_member(store)
    await asyncio.gather(*(store.run(count_up) for _turn in range(60)))
    assert list_rows(store, Member)[0].ignored_requests == 60


def test_four_processes_lose_no_update(database_url: str) -> None:
    """Read, add one, write: with SQLAlchemy's own transactions three quarters of these were lost."""
    store = Store(database_url)
    add_member(store)
    command = [sys.executable, "-m", "tests.storage.counting", database_url, "40"]
    processes = [subprocess.Popen(command, cwd=ROOT) for _each in range(4)]
    assert [process.wait(50) for process in processes] == [0] * 4
    assert list_rows(store, Member)[0].ignored_requests == 160
    store.close()


async def test_work_is_repeated_from_the_beginning_when_it_collides(postgres_url: str) -> None:
    """Two transactions that each read what the other writes: PostgreSQL lets one of them pass."""
    store = Store(postgres_url)
    runs: list[int] = []
    meeting = threading.Barrier(2, timeout=UNHURRIED)

    def look_then_write(db: UnitOfWork, number: int) -> int:
        runs.append(number)
        seen = len(db.session.exec(select(Seen)).all())
        if runs.count(number) == 1:
            meeting.wait()  # both have read before either writes
        note(db, str(number))
        return seen

    seen = await asyncio.gather(*(store.run(lambda db, n=number: look_then_write(db, n)) for number in (1, 2)))
    assert sorted(seen) == [0, 1], "one of them saw the other's row: they came one after the other"
    assert sorted(runs) in ([1, 1, 2], [1, 2, 2])
    store.close()


async def test_what_collides_every_time_is_told_in_the_end(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uow, "_LONGEST_WAIT", 0.0)
    store, tries = Store(postgres_url), 0

    def never(db: UnitOfWork) -> None:
        nonlocal tries
        tries += 1
        db.session.connection().exec_driver_sql(
            "DO $$ BEGIN RAISE EXCEPTION 'as PostgreSQL says it' USING ERRCODE = '40001'; END $$"
        )

    with pytest.raises(OperationalError) as caught:
        await store.run(never)
    assert is_repeatable(caught.value)
    assert tries == ATTEMPTS
    store.close()


def test_only_collisions_are_repeatable() -> None:
    assert not is_repeatable(ValueError())
    assert not is_repeatable(IntegrityError("", None, Exception()))


def test_a_naive_moment_is_refused_by_every_column(store: Store) -> None:
    columns = [
        column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if type(column.type).__name__ == "UtcDateTime"
    ]
    assert len(columns) > 20
    for column in columns:
        processor = column.type.bind_processor(store.engine.dialect)
        assert processor is not None
        with pytest.raises(ValueError, match="without a time zone"):
            processor(START.replace(tzinfo=None))


def test_no_column_keeps_moments_in_another_way() -> None:
    kinds = {type(column.type).__name__ for table in SQLModel.metadata.sorted_tables for column in table.columns}
    assert "DateTime" not in kinds


def test_moments_come_back_aware_and_in_utc(store: Store) -> None:
    tokyo = START.astimezone(ZoneInfo("Asia/Tokyo"))
    with store.begin() as db:
        db.session.add(Room(key="r", platform="chat", created_at=tokyo))
    (room,) = list_rows(store, Room)
    assert room.created_at == START
    assert room.created_at.utcoffset() is not None
    assert room.created_at.hour == START.hour
