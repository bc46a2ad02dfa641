"""Several pieces of work in one commit, for SQLite.

SQLite has one writer, and what a commit costs is the flush to the disk. So one thread does all work, and what arrives
while a commit is being written goes into the next one together (group commit). Nobody is answered before the commit
that holds their work; a piece that fails takes nothing else with it, because each has a savepoint of its own.

Work in bulk, for which nobody waits, comes when nothing else is there, and alone: who presses a button must not wait
for a chunk of digests that happens to share the commit.
"""

import asyncio
import contextlib
import contextvars
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlmodel import Session

T = TypeVar("T")

_MOST_PASSED = 100
"""So many others go before a piece of work in bulk; then it has its turn."""

_LONGEST = 0.02
"""Seconds after which a transaction takes no further piece: those that are done wait for its commit."""


class GroupedSQLite(SQLiteDialect_pysqlite):
    """What SQLAlchemy takes for a transaction is a savepoint in the one that `Writer` begins and commits."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Sets the savepoint."""
        dbapi_connection.execute("SAVEPOINT piece")

    def do_commit(self, dbapi_connection: Any) -> None:
        """Keeps what was done since, as far as the whole is kept."""
        dbapi_connection.execute("RELEASE piece")

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Undoes what was done since. After a full disk SQLite has undone the whole by itself."""
        if dbapi_connection.in_transaction:
            dbapi_connection.execute("ROLLBACK TO piece")
            dbapi_connection.execute("RELEASE piece")


registry.register("sqlite.grouped", __name__, GroupedSQLite.__name__)


@dataclass(slots=True)
class _Piece:
    work: Callable[[Session], Any]
    context: contextvars.Context
    future: "asyncio.Future[Any]"
    in_bulk: bool = False
    result: Any = None
    error: BaseException | None = None

    def do(self, connection: Connection) -> None:
        try:
            with Session(connection, expire_on_commit=False) as session:
                self.result = self.context.run(self.work, session)
                session.commit()
        except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
            self.error = error

    def deliver(self) -> None:
        """In the event loop: whoever waits gets the result. Who was cancelled meanwhile doesn't."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Writer:
    """The one thread that works on a SQLite file. `engine` is of the dialect `sqlite+grouped`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pieces: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._bulk: deque[_Piece] = deque()
        self._passed = 0
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Session], T], *, in_bulk: bool = False) -> T:
        """Runs `work` with the caller's context variables; returns after the commit."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._pieces.put(_Piece(work, contextvars.copy_context(), future, in_bulk))
        return await future

    def close(self) -> None:
        """Does what is still waiting, then ends."""
        self._pieces.put(None)
        self._thread.join()

    def _work(self) -> None:
        with self._engine.connect() as connection:
            while (piece := self._wait_for_next()) is not None:
                self._write(connection, piece)

    def _wait_for_next(self) -> _Piece | None:
        """The next piece, or None when it is to end: then nothing is left."""
        while not self._bulk:
            piece = self._pieces.get()
            if piece is None or not piece.in_bulk:
                return piece
            self._bulk.append(piece)
        piece = self._find_next() if self._passed < _MOST_PASSED else None
        if piece is not None:
            self._passed += 1
            return piece
        self._passed = 0
        return self._bulk.popleft()

    def _write(self, connection: Connection, first: _Piece) -> None:
        """Does a piece and those that have come meanwhile, commits, and answers them all."""
        done: list[_Piece] = []
        raw = cast(Any, connection.connection.dbapi_connection)
        try:
            raw.execute("BEGIN IMMEDIATE")
            self._do(connection, raw, first, done)
            if not raw.in_transaction:
                raise RuntimeError("SQLite gave the transaction up")
            raw.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - raised again where the results are awaited
            raw.rollback()
            for piece in done or [first]:
                piece.error = piece.error or error
        _deliver(done or [first])

    def _do(self, connection: Connection, raw: Any, first: _Piece, done: list[_Piece]) -> None:
        end = time.monotonic() + _LONGEST
        piece: _Piece | None = first
        while piece is not None:
            done.append(piece)
            piece.do(connection)
            # Without a transaction the next savepoint would begin one of its own, and keep it without a word.
            goes_on = raw.in_transaction and time.monotonic() < end and not piece.in_bulk
            piece = self._find_next() if goes_on else None

    def _find_next(self) -> _Piece | None:
        """What is waiting now, work in bulk left out."""
        while True:
            try:
                piece = self._pieces.get_nowait()
            except queue.Empty:
                return None
            if piece is None:
                self._pieces.put(None)  # the sign to end: after this commit, and after what is done in bulk
                return None
            if not piece.in_bulk:
                return piece
            self._bulk.append(piece)


def _deliver(pieces: list[_Piece]) -> None:
    """Hands the results to those who wait, waking each event loop once."""
    waiting: dict[asyncio.AbstractEventLoop, list[_Piece]] = {}
    for piece in pieces:
        waiting.setdefault(piece.future.get_loop(), []).append(piece)
    for loop, group in waiting.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_deliver_all, group)


def _deliver_all(pieces: list[_Piece]) -> None:
    for piece in pieces:
        piece.deliver()
