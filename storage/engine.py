"""Engines for SQLite and PostgreSQL, set up so that what was committed is on the disk and no update is lost."""

from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

_PATIENCE = 30
"""Seconds that SQLite waits for another process to end its transaction."""


def make_engine(url: str, *, grouped: bool = False) -> Engine:
    """An engine for `url`; `postgresql://` is spoken through psycopg 3. The folder of a SQLite file is made.

    Transactions are serialisable on both databases: SQLite takes its write lock at the beginning (`BEGIN IMMEDIATE`;
    measured: without it three quarters of concurrent updates are lost), PostgreSQL is asked for SERIALIZABLE, and the
    unit of work repeats what it refuses. A `grouped` SQLite engine leaves beginning to `storage.grouped.Writer`.
    """
    parsed = make_url(url)
    # hide_parameters: what people wrote must not get into a log by way of an error's message.
    if parsed.get_backend_name() == "sqlite":
        _make_folder(parsed)
        return _sqlite(parsed.set(drivername="sqlite+grouped") if grouped else parsed, grouped=grouped)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, isolation_level="SERIALIZABLE", pool_pre_ping=True, hide_parameters=True)


def _make_folder(url: URL) -> None:
    """SQLite makes the file, not the folder it stands in."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _sqlite(url: URL, *, grouped: bool) -> Engine:
    arguments = {"timeout": _PATIENCE, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    if not grouped:
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself; see _begin_immediate
    # FULL flushes the log to the disk at every commit; the usual NORMAL may lose the last ones when the power fails.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    cast(Any, connection.connection.dbapi_connection).execute("BEGIN IMMEDIATE")
