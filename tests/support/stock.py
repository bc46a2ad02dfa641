"""PostgreSQL databases that are used again: to make one and drop it takes the server sixty milliseconds, to empty it
a few.

Only a database that is as it was is handed out again. One that somebody is still connected to, whose tables a test has
changed, which has statistics (they change how the server reads), or which had so many rows that reading past what was
deleted takes time, is dropped.
"""

import time
from dataclasses import dataclass

from psycopg import Connection, sql

from tests.support.postgres import PostgresServer

_MOST_ROWS = 2000
"""Deleted rows stay in the file; beyond this many a new file is better."""

_LOOKS, _MOMENT = 20, 0.005
"""So often, and so many seconds apart, it is looked whether everybody has gone; then the database is dropped."""

_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

_CATALOGUES = ("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_attrdef", "pg_trigger", "pg_proc")

# Whatever changes a table writes rows of the catalogues anew, under the number of its transaction.
_SHAPE = " UNION ALL ".join(
    f"SELECT count(*), coalesce(sum(xmin::text::bigint), 0) FROM {name}" for name in (*_CATALOGUES, "pg_statistic")
)
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_NUMBERS_ANEW = """
    SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


@dataclass(frozen=True)
class Blank:
    """A database as it is before anybody has written into it."""

    tables: tuple[str, ...]
    """Those without rows."""
    shape: tuple[tuple[object, ...], ...]


def describe(connection: Connection) -> Blank:
    """What the connection's database is like now."""
    tables = [str(row[0]) for row in connection.execute(_TABLES)]
    empty = [name for name in tables if not connection.execute(_query("SELECT 1 FROM {} LIMIT 1", name)).fetchone()]
    return Blank(tuple(empty), _read_shape(connection))


def empty(connection: Connection, blank: Blank) -> bool:
    """Takes all rows out and lets the numbers begin anew. False when that would not make it what it was."""
    if not _is_left_alone(connection) or _read_shape(connection) != blank.shape:
        return False
    connection.execute("SET session_replication_role = replica")  # no foreign key looks meanwhile
    deleting = connection.execute(sql.SQL("; ").join(_query("DELETE FROM {}", name) for name in blank.tables))
    deleted = deleting.rowcount
    while deleting.nextset():
        deleted += deleting.rowcount
    connection.execute(_NUMBERS_ANEW)
    return deleted <= _MOST_ROWS


def _is_left_alone(connection: Connection) -> bool:
    """Whether nobody else is connected. The server needs a moment to see that somebody has gone."""
    for _ in range(_LOOKS):
        (others,) = connection.execute(_OTHERS).fetchone() or (1,)
        if not others:
            return True
        time.sleep(_MOMENT)
    return False


def _read_shape(connection: Connection) -> tuple[tuple[object, ...], ...]:
    return tuple(connection.execute(_SHAPE))


def _query(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))  # pyright: ignore[reportArgumentType] - written above


class Stock:
    """Databases with the tables of `template` on `server`. Nobody may be connected to the template but this, now."""

    def __init__(self, server: PostgresServer, template: str) -> None:
        self._server = server
        self._template = template
        self._free: list[str] = []
        with server.connect(template) as connection:
            self._blank = describe(connection)

    def take(self) -> str:
        """The name of a database with empty tables."""
        return self._free.pop() if self._free else self._server.create_database(self._template)

    def give_back(self, name: str) -> None:
        """Empties the database for the next one, or drops it."""
        with self._server.connect(name) as connection:
            is_blank = empty(connection, self._blank)
        if is_blank:
            self._free.append(name)
        else:
            self._server.drop_database(name)
