"""Engines: what was committed is on the disk, and nothing private is in an error."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from storage.engine import make_engine
from storage.models import Seen
from storage.uow import Store
from tests.support.rows import list_rows
from tests.support.world import START

SECRET = "田中 美咲"


def ask(engine: Engine, question: str) -> object:
    with engine.begin() as connection:
        return connection.exec_driver_sql(question).scalar()


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_sqlite_is_durable_and_strict(empty_sqlite_url: str, pragma: str, value: object, grouped: bool) -> None:
    engine = make_engine(empty_sqlite_url, grouped=grouped)
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    engine.dispose()


def test_sqlite_waits_for_other_processes(empty_sqlite_url: str) -> None:
    engine = make_engine(empty_sqlite_url)
    assert ask(engine, "PRAGMA busy_timeout") == 30_000
    engine.dispose()


def test_sqlite_takes_its_write_lock_at_the_beginning(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        other = sqlite3.connect(engine.url.database or "", timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    engine.dispose()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'deep' / 'down' / 'musubi.db'}")
    assert ask(engine, "SELECT 1") == 1
    engine.dispose()


@pytest.mark.parametrize("prefix", ["postgresql://", "postgresql+psycopg://"])
def test_postgresql_is_serialisable_durable_and_spoken_through_psycopg(postgres_url: str, prefix: str) -> None:
    engine = make_engine(postgres_url.replace("postgresql+psycopg://", prefix))
    assert engine.driver == "psycopg"
    assert ask(engine, "SHOW transaction_isolation") == "serializable"
    engine.dispose()


def test_errors_do_not_quote_what_people_wrote(database_url: str) -> None:
    engine = make_engine(database_url)
    statement = text("INSERT INTO seen (key, at) VALUES (:key, :at)")
    given = {"key": SECRET, "at": None}
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.execute(statement, given)
    assert SECRET not in str(caught.value).split("DETAIL")[0]
    assert "hidden" in str(caught.value)
    engine.dispose()


async def test_a_postgresql_that_cut_us_off_is_reached_again(postgres_url: str) -> None:
    store = Store(postgres_url, threads=1)
    await store.run(lambda db: None)
    other = make_engine(postgres_url)
    ask(other, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    await store.run(lambda db: db.session.add(Seen(key="after", at=START)))
    assert [row.key for row in list_rows(store, Seen)] == ["after"]
    other.dispose()
    store.close()


def hold_the_lock(path: str, seconds: float, held: threading.Event) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    held.set()
    time.sleep(seconds)
    other.execute("ROLLBACK")
    other.close()


async def test_another_process_that_writes_is_waited_for(sqlite_url: str) -> None:
    store, held = Store(sqlite_url), threading.Event()
    thread = threading.Thread(target=hold_the_lock, args=(store.engine.url.database, 0.5, held))
    thread.start()
    held.wait()
    await store.run(lambda db: db.session.add(Seen(key="patient", at=START)))
    assert [row.key for row in list_rows(store, Seen)] == ["patient"]
    thread.join()
    store.close()
