"""A PostgreSQL database is used again only when nobody can tell."""

from datetime import UTC, datetime

import psycopg
import pytest
from sqlmodel import Session, SQLModel

from storage.engine import make_engine
from storage.models import Account, Member
from tests.support.postgres import PostgresServer
from tests.support.stock import Stock

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def stock(postgres_server: PostgresServer, postgres_template: str) -> Stock:
    return Stock(postgres_server, postgres_template)


def add(server: PostgresServer, database: str, *rows: SQLModel) -> None:
    """Through the product's own engine, as every test does."""
    engine = make_engine(server.url(database))
    with Session(engine, expire_on_commit=False) as session:
        session.add_all(rows)
        session.commit()
    engine.dispose()


def run(server: PostgresServer, database: str, statement: str) -> list[tuple[object, ...]]:
    with server.connect(database) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_what_was_written_is_gone_and_numbers_begin_anew(stock: Stock, postgres_server: PostgresServer) -> None:
    first = stock.take()
    add(postgres_server, first, *(Member(name=name, created_at=START) for name in ("一", "二", "三")))
    stock.give_back(first)
    second, again = stock.take(), Member(name="四", created_at=START)
    assert second == first
    assert run(postgres_server, second, "SELECT count(*) FROM member") == [(0,)]
    add(postgres_server, second, again)
    assert again.id == 1


def test_rows_that_hang_on_each_other_go_together(stock: Stock, postgres_server: PostgresServer) -> None:
    first = stock.take()
    add(postgres_server, first, Member(id=7, name="高橋 翔", created_at=START))
    add(postgres_server, first, Account(platform="chat", external_id="U1", member_id=7, created_at=START))
    stock.give_back(first)
    assert stock.take() == first
    assert run(postgres_server, first, "SELECT count(*) FROM member FULL JOIN account ON true") == [(0,)]


def test_who_takes_two_gets_two(stock: Stock) -> None:
    assert stock.take() != stock.take()


def test_the_version_of_the_tables_stays(stock: Stock, postgres_server: PostgresServer) -> None:
    first = stock.take()
    version = run(postgres_server, first, "SELECT version_num FROM alembic_version")
    stock.give_back(first)
    assert len(version) == 1
    assert run(postgres_server, stock.take(), "SELECT version_num FROM alembic_version") == version


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE left_behind (id integer)",
        "ALTER TABLE member ADD COLUMN more integer",
        "ALTER TABLE member ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE member ADD CHECK (capacity < 9)",
        "DROP INDEX ix_member_status",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO slot (name, next_run_at) VALUES ('x', now()); ANALYZE slot",
        "INSERT INTO slot (name, next_run_at) SELECT number, now() FROM generate_series(1, 3000) AS number",
    ],
)
def test_what_is_no_longer_as_it_was_is_not_used_again(
    stock: Stock, postgres_server: PostgresServer, statement: str
) -> None:
    first = stock.take()
    run(postgres_server, first, statement)
    stock.give_back(first)
    assert stock.take() != first
    assert run(postgres_server, "postgres", f"SELECT 1 FROM pg_database WHERE datname = '{first}'") == []


def test_what_somebody_still_uses_is_taken_from_them(stock: Stock, postgres_server: PostgresServer) -> None:
    """A program that goes on after its test would write into the next one."""
    first = stock.take()
    with postgres_server.connect(first) as connection:
        stock.give_back(first)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert stock.take() != first
