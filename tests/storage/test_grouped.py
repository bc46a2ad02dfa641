"""Several pieces of work in one commit: cheaper, and as safe as one by one."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import grouped, uow
from storage.models import Account, Member, Seen
from storage.uow import Store, UnitOfWork
from tests.support.patience import UNHURRIED
from tests.support.rows import list_rows
from tests.support.world import START


class Watched:
    """A store whose SQLite statements are counted."""

    def __init__(self, url: str) -> None:
        self.store = Store(url)
        self.path = str(self.store.engine.url.database)
        self.statements: list[str] = []

    async def watch(self) -> None:
        def trace(db: UnitOfWork) -> None:
            raw = db.session.connection().connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.set_trace_callback(self.statements.append)

        await self.store.run(trace)
        await self.store.run(lambda db: None)
        self.statements.clear()

    def count(self, statement: str) -> int:
        return sum(each.startswith(statement) for each in self.statements)


@pytest.fixture
def watched(sqlite_url: str) -> Iterator[Watched]:
    watched = Watched(sqlite_url)
    yield watched
    watched.store.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in bulk reaches the thread without giving way before."""
    monkeypatch.setattr(uow, "_LONGEST_WAY", 0.0)


def note(key: str) -> Callable[[UnitOfWork], None]:
    return lambda db: db.session.add(Seen(key=key, at=START))


def block(event: threading.Event, begun: threading.Event | None = None) -> Callable[[UnitOfWork], None]:
    """Work that lasts until the event is set, while others queue up."""

    def wait(db: UnitOfWork) -> None:
        if begun is not None:
            begun.set()
        assert event.wait(UNHURRIED)

    return wait


async def queue_up(watched: Watched, *works: Callable[[UnitOfWork], object]) -> list[object]:
    """Lets all works arrive while another one keeps the thread busy, so that they come in one group. The one before
    them is not of it: it takes longer than a group may.
    """
    busy, begun = threading.Event(), threading.Event()
    first = asyncio.create_task(watched.store.run(block(busy, begun)))
    await asyncio.to_thread(begun.wait)
    others = [asyncio.create_task(watched.store.run(work)) for work in works]
    await asyncio.sleep(0.05)
    busy.set()
    await first
    return list(await asyncio.gather(*others, return_exceptions=True))


async def test_what_waits_together_is_committed_together(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouped, "_LONGEST", UNHURRIED)  # else a slow machine writes twenty in more commits
    await watched.watch()
    await queue_up(watched, *(note(str(number)) for number in range(20)))
    assert len(list_rows(watched.store, Seen)) == 20
    assert watched.count("COMMIT") == watched.count("BEGIN IMMEDIATE") == 1, "with the one before them"


async def test_one_at_a_time_is_one_commit_each(watched: Watched) -> None:
    await watched.watch()
    for number in range(3):
        await watched.store.run(note(str(number)))
    assert watched.count("COMMIT") == 3


async def test_a_failure_in_a_group_is_undone_alone(watched: Watched) -> None:
    def fail_late(db: UnitOfWork) -> None:
        note("lost")(db)
        db.session.flush()
        raise KeyError("on purpose")

    def refused(db: UnitOfWork) -> None:
        note("lost too")(db)
        db.session.add(Account(platform="x", external_id="y", member_id=999, created_at=START))

    results = await queue_up(watched, note("a"), fail_late, note("b"), refused, note("c"))
    assert [type(result) for result in results] == [type(None), KeyError, type(None), IntegrityError, type(None)]
    assert [row.key for row in list_rows(watched.store, Seen)] == ["a", "b", "c"]


async def test_pieces_of_a_group_see_each_other_in_turn(watched: Watched) -> None:
    def count_up(db: UnitOfWork) -> int:
        member = db.session.get_one(Member, 1)
        member.capacity += 1
        return member.capacity

    with watched.store.begin() as db:
        db.session.add(Member(capacity=0, created_at=START))
    assert await queue_up(watched, *[count_up] * 10) == list(range(1, 11))


async def test_nobody_is_answered_before_the_commit(watched: Watched) -> None:
    """What another process can't see yet must not be answered yet."""
    seen: list[int] = []

    async def note_and_look(key: str) -> None:
        await watched.store.run(note(key))
        other = sqlite3.connect(watched.path)
        seen.append(other.execute("SELECT count(*) FROM seen WHERE key = ?", (key,)).fetchone()[0])
        other.close()

    await asyncio.gather(*(note_and_look(str(number)) for number in range(50)))
    assert seen == [1] * 50


async def test_a_commit_that_fails_fails_for_all_of_its_group(watched: Watched) -> None:
    """A constraint that is checked at the commit only, as a full disk is noticed."""
    with watched.store.begin() as db:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (parent INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)",
        ):
            db.session.connection().execute(text(statement))

    def orphan(db: UnitOfWork) -> None:
        db.session.connection().execute(text("INSERT INTO child VALUES (1)"))

    results = await queue_up(watched, note("a"), orphan, note("b"))
    errors = [result for result in results if isinstance(result, sqlite3.IntegrityError)]
    kept = [row.key for row in list_rows(watched.store, Seen)]
    assert len(errors) >= 1
    assert len(kept) + len(errors) == 3, "each was either kept and answered, or neither"
    await watched.store.run(note("after"))
    assert "after" in [row.key for row in list_rows(watched.store, Seen)]


async def test_a_transaction_that_sqlite_gives_up_fails_for_all_of_its_group(watched: Watched) -> None:
    def give_up(db: UnitOfWork) -> None:
        raw = db.session.connection().connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.execute("ROLLBACK")  # as SQLite does by itself when the disk is full
        raise OSError("disk full")

    results = await queue_up(watched, note("a"), give_up, note("b"))
    kept = {row.key for row in list_rows(watched.store, Seen)}
    answered = {key for key, result in zip("axb", results, strict=True) if result is None}
    assert kept == answered
    await watched.store.run(note("after"))


async def test_a_database_that_can_not_be_written_tells_everybody(tmp_path: Path, sqlite_url: str) -> None:
    store = Store(sqlite_url)
    await store.run(note("before"))
    other = sqlite3.connect(str(store.engine.url.database), isolation_level=None)
    other.execute("DROP TABLE seen")
    results = await asyncio.gather(*(store.run(note(str(number))) for number in range(5)), return_exceptions=True)
    assert all(isinstance(result, Exception) for result in results)
    other.close()
    store.close()


async def test_closing_does_what_still_waits(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    tasks = [asyncio.create_task(store.run(note(str(number)))) for number in range(10)]
    await asyncio.sleep(0)
    await asyncio.to_thread(store.close)
    await asyncio.gather(*tasks)
    other = Store(sqlite_url)
    assert len(list_rows(other, Seen)) == 10
    other.close()


def test_a_loop_that_is_gone_hinders_nobody(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    release = threading.Event()

    async def leave() -> None:
        task = asyncio.create_task(store.run(block(release)))
        await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(leave())
    release.set()
    assert asyncio.run(store.run(lambda db: 7)) == 7
    store.close()


@pytest.mark.usefixtures("at_once")
async def test_work_in_bulk_lets_everybody_else_go_first_and_shares_no_commit(watched: Watched) -> None:
    await watched.watch()
    event, order = threading.Event(), list[str]()

    def log(name: str) -> Callable[[UnitOfWork], None]:
        return lambda db: order.append(name)

    first = asyncio.create_task(watched.store.run(block(event)))
    await asyncio.sleep(0)
    bulk = [asyncio.create_task(watched.store.run(log(f"bulk{number}"), in_bulk=True)) for number in range(2)]
    others = [asyncio.create_task(watched.store.run(log(f"answer{number}"))) for number in range(3)]
    await asyncio.sleep(0)
    event.set()
    await asyncio.gather(first, *bulk, *others)
    assert order == ["answer0", "answer1", "answer2", "bulk0", "bulk1"]
    assert watched.count("COMMIT") >= 3, "each piece of bulk has a commit of its own"


@pytest.mark.usefixtures("at_once")
async def test_work_in_bulk_gets_its_turn_although_others_keep_coming(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped, "_MOST_PASSED", 5)
    event, order = threading.Event(), list[str]()
    first = asyncio.create_task(watched.store.run(block(event)))
    await asyncio.sleep(0)
    bulk = asyncio.create_task(watched.store.run(lambda db: order.append("bulk"), in_bulk=True))
    await asyncio.sleep(0.05)  # until it has reached the thread

    def work(db: UnitOfWork) -> None:
        order.append("answer")
        time.sleep(0.03)  # longer than a commit takes pieces: each is one of its own

    others = [asyncio.create_task(watched.store.run(work)) for _ in range(15)]
    await asyncio.sleep(0)
    event.set()
    await asyncio.gather(first, bulk, *others)
    # One may share the commit of the first; then as many as may pass. What came later is no matter.
    assert order.index("bulk") <= 6


@pytest.mark.usefixtures("at_once")
async def test_work_in_bulk_is_done_before_the_store_closes(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    event = threading.Event()
    first = asyncio.create_task(store.run(block(event)))
    await asyncio.sleep(0)
    bulk = asyncio.create_task(store.run(note("bulk"), in_bulk=True))
    await asyncio.sleep(0.05)  # until it has reached the thread
    event.set()
    await asyncio.to_thread(store.close)
    await asyncio.gather(first, bulk)
    other = Store(sqlite_url)
    assert [seen.key for seen in list_rows(other, Seen)] == ["bulk"]
    other.close()
