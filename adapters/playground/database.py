"""The playground's own durable file: what a real platform keeps on its side, kept here.

One SQLite file, used from one thread. Every commit is on the disk before it returns (`synchronous=FULL`), so that a
killed process loses nothing it has answered for.
"""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_VERSION = 1

_TABLES = """
create table meta (name text primary key, value text not null) without rowid;
create table residents (
    person text primary key, joined_at text, language text not null default '', home text,
    home_changed integer not null default 0
) without rowid;
create table conversations (
    id text primary key, kind text not null, title text not null default '', created_at text not null
) without rowid;
create table seats (
    conversation text not null references conversations, person text not null, read_up_to integer not null default 0,
    primary key (conversation, person)
) without rowid;
create index seats_by_person on seats (person);
create table messages (
    id integer primary key autoincrement, conversation text not null references conversations, author text not null,
    kind text not null, body text not null, sent_at text not null, only_for text, edited_at text,
    changed integer not null
);
create index messages_by_conversation on messages (conversation, id);
create index messages_by_change on messages (changed);
create view visible as
    select s.person, s.read_up_to, m.* from seats s join messages m on m.conversation = s.conversation
    where m.only_for is null or m.only_for = s.person;
create table deliveries (key text primary key, message integer not null references messages) without rowid;
create table acts (key text primary key, answer text not null) without rowid;
create table queue (
    id integer primary key autoincrement, key text not null unique, event text not null, queued_at text not null
);
insert into meta values ('seq', '0');
"""


class FromTheFutureError(Exception):
    """The file was written by a newer Musubi than this one."""


class Database:
    """The open file. Raises FromTheFutureError, or sqlite3.Error when the file can't be used."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._make_tables()

    def _make_tables(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise FromTheFutureError(f"the workspace's file has version {version}; this Musubi knows {_VERSION}")
        if version == 0:
            self._connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}PRAGMA user_version={_VERSION};COMMIT;")

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """A transaction that is on the disk when the block ends, or undone when it raises."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """A consistent view of the file."""
        self._connection.execute("BEGIN")
        try:
            yield self._connection
        finally:
            self._connection.execute("ROLLBACK")


def next_change(connection: sqlite3.Connection) -> int:
    """Counts one more change, by which pages notice what is new to them."""
    counted = connection.execute("update meta set value = value + 1 where name = 'seq' returning value")
    return int(counted.fetchone()[0])


def read_change(connection: sqlite3.Connection) -> int:
    """The number of the last change."""
    return int(connection.execute("select value from meta where name = 'seq'").fetchone()[0])
