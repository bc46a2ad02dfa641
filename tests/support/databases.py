"""Databases for tests, both kinds real: a SQLite file, and a database on a PostgreSQL server of this test run.

    sqlite_url, postgres_url        a fresh database with today's tables
    database_url                    the same; the test runs once on each kind
    empty_sqlite_url, empty_postgres_url, empty_database_url    without tables, for migrations

The tables are made once per run by the migrations themselves and then copied, which takes milliseconds; those of
PostgreSQL are emptied and used again (stock.py). With xdist each worker has a server of its own, started when the first
test asks for it.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.migrate import migrate
from tests.support.postgres import PostgresServer, start_postgres
from tests.support.stock import Stock

KINDS = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with today's tables. To be copied, never opened."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL server of this run."""
    with start_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database with today's tables. To be copied, never connected to."""
    name = postgres_server.create_database()
    migrate(postgres_server.url(name))
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite file with today's tables."""
    path = shutil.copyfile(sqlite_template, tmp_path / "musubi.sqlite3")
    return f"sqlite:///{path}"


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that doesn't exist yet."""
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture(scope="session")
def postgres_stock(postgres_server: PostgresServer, postgres_template: str) -> Stock:
    """The databases with today's tables that tests take turns with."""
    return Stock(postgres_server, postgres_template)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_stock: Stock) -> Iterator[str]:
    """The URL of a PostgreSQL database with today's tables and nothing in them; emptied or removed after the test."""
    name = postgres_stock.take()
    yield postgres_server.url(name)
    postgres_stock.give_back(name)


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database without tables; removed after the test."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with today's tables: once SQLite, once PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """A database without tables: once SQLite, once PostgreSQL."""
    return request.getfixturevalue(f"empty_{request.param}_url")
