"""The unit of work: one transaction, run in a worker thread, repeated when the database asks for it."""

import asyncio
import contextlib
import contextvars
import math
import random
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.engine import make_engine
from storage.grouped import Writer

T = TypeVar("T")

ATTEMPTS = 40
"""How often the same work is begun before its collision with others is told: for some ten seconds. On a busy machine
ten attempts were not enough: four threads that counted one number up lost a count in one run of a hundred."""

_REPEATABLE = {"40001", "40P01"}
"""PostgreSQL: serialization failure and deadlock. Nothing happened; the same work may be done again."""

_FIRST_WAIT, _LONGEST_WAIT = 0.008, 0.5

_LONGEST_WAY = 0.1
"""Seconds for which work in bulk lets others go first; then it has its turn."""

_WAKES_EVERY = 1.0
"""Seconds between the times at which work in bulk wakes delivery. To look after each of many chunks would cost as much
as the chunk; what comes in between is found at the next tick at the latest."""


def is_repeatable(error: Exception) -> bool:
    """Whether the database asks to do the same work again."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _REPEATABLE


class UnitOfWork:
    """An open transaction. Handlers pass it to the functions in `storage.queries`; only storage looks inside."""

    __slots__ = ("session", "wakes_delivery")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.wakes_delivery = False
        """Set when outbox rows were added, so that delivery starts at the commit and not at the next tick."""


class Store:
    """The database. `run` is how everything in the running bot reaches it; `begin` serves scripts and tests.

    Work is a plain function: it can't await, so no network call can stand inside a transaction. On SQLite one thread
    does all work (there is one writer anyway) and commits in groups, on PostgreSQL several do.
    """

    def __init__(self, url: str, *, threads: int = 4) -> None:
        self.engine = make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.on_wake: Callable[[], None] = lambda: None
        self._pool = None if self.is_sqlite else ThreadPoolExecutor(threads, thread_name_prefix="store")
        self._writer = Writer(make_engine(url, grouped=True)) if self.is_sqlite else None
        self._awaited = 0
        """How much of that for which somebody waits is under way."""
        self._freed: asyncio.Future[None] | None = None
        """Done when nothing is awaited any more."""
        self._bulk = asyncio.Lock()
        """One piece of work in bulk at a time: on PostgreSQL two errands' chunks would mostly be refused for each
        other."""
        self._woken_in_bulk = -math.inf

    @contextlib.contextmanager
    def begin(self) -> Generator[UnitOfWork]:
        """One transaction: committed at the end of the block, rolled back when an exception leaves it."""
        with Session(self.engine, expire_on_commit=False) as session:
            uow = UnitOfWork(session)
            yield uow
            session.commit()
        if uow.wakes_delivery:
            self.on_wake()

    async def run(self, work: Callable[[UnitOfWork], T], *, in_bulk: bool = False) -> T:
        """Runs `work` in a transaction of its own, in a thread, with the caller's context variables. With `in_bulk`
        nobody waits for it: what people wait for goes before it, and it wakes delivery now and then only.

        Returns after the commit. Work may run more than once, each time from the beginning, when the database could
        not put it in an order with others.
        """
        if not in_bulk:
            with self.awaited():
                return await self._run(work)
        async with self._bulk:
            await self._give_way()
            return await self._run(self._wake_seldom(work), in_bulk=True)

    @contextlib.contextmanager
    def awaited(self) -> Generator[None]:
        """Somebody waits for what is done meanwhile: work in bulk gives way for all of it, not only for its
        transactions, for both share the processor."""
        self._awaited += 1
        try:
            yield
        finally:
            self._awaited -= 1
            if not self._awaited and self._freed is not None and not self._freed.done():
                self._freed.set_result(None)

    async def _run(self, work: Callable[[UnitOfWork], T], *, in_bulk: bool = False) -> T:
        if self._writer is not None:
            return await self._write(self._writer, work, in_bulk=in_bulk)
        return await self._run_in_pool(work)

    async def _run_in_pool(self, work: Callable[[UnitOfWork], T]) -> T:
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: context.run(self.run_here, work))

    def _wake_seldom(self, work: Callable[[UnitOfWork], T]) -> Callable[[UnitOfWork], T]:
        def do(db: UnitOfWork) -> T:
            result, now = work(db), time.monotonic()
            if now - self._woken_in_bulk < _WAKES_EVERY:
                db.wakes_delivery = False
            elif db.wakes_delivery:
                self._woken_in_bulk = now
            return result

        return do

    async def _give_way(self) -> None:
        """While something is awaited, but not for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_WAY):
                while self._awaited:
                    self._freed = asyncio.get_running_loop().create_future()
                    await self._freed

    async def _write(self, writer: Writer, work: Callable[[UnitOfWork], T], *, in_bulk: bool) -> T:
        """In the thread that writes to SQLite."""

        def do(session: Session) -> tuple[T, UnitOfWork]:
            uow = UnitOfWork(session)
            return work(uow), uow

        result, uow = await writer.run(do, in_bulk=in_bulk)
        if uow.wakes_delivery:
            self.on_wake()
        return result

    def run_here(self, work: Callable[[UnitOfWork], T]) -> T:
        """As `run`, in the calling thread."""
        for attempt in range(ATTEMPTS - 1):
            try:
                return self._once(work)
            except DBAPIError as error:
                if not is_repeatable(error):
                    raise
            # Those who collided must not meet again: a random wait, longer each time.
            time.sleep(random.random() * min(_LONGEST_WAIT, _FIRST_WAIT * 2**attempt))  # noqa: S311 - no secret
        return self._once(work)

    def _once(self, work: Callable[[UnitOfWork], T]) -> T:
        with self.begin() as uow:
            return work(uow)

    def close(self) -> None:
        """Ends the threads and the connections."""
        if self._pool is not None:
            self._pool.shutdown()
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()
