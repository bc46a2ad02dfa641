"""Errands: work with several transactions and, between them, something that takes long and must hold up nobody.

What has been done is kept in the database by the errand itself, step by step, so that it goes on where it was after a
crash; here it is only called again and again.
"""

import asyncio
import inspect
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar, get_type_hints

import structlog

from bot.feature import Due, Errand, Feature, Step
from bot.ports import Clock
from bot.routing import Bundle, RoutingError, plan
from scheduler.jobs import OWN, JobContext, JobProviders
from storage.uow import Store, UnitOfWork

log = structlog.get_logger(__name__)

T = TypeVar("T")

_REST = timedelta(minutes=1)
"""An errand that broke off is not called again before that."""
_LONGEST_PAUSE = 0.1
"""Seconds at most. An errand for which nobody waits pauses after each step for as long as the step took and had to
wait: a month of digests then takes half of one processor and not all of it, the less the more others have to do, and
the event loop sees who has come meanwhile before the next step."""


@cache
def _read_parameters(step: Callable[..., Any]) -> tuple[tuple[str, Any], ...]:
    """Names and types. Kept, as every errand is called at every tick."""
    hints = get_type_hints(step)
    return tuple((name, hints.get(name)) for name in inspect.signature(step).parameters)


class ErrandRunner:
    """Calls every feature's errands, each one at a time."""

    def __init__(self, store: Store, clock: Clock, features: Iterable[Feature], providers: JobProviders) -> None:
        self._store = store
        self._clock = clock
        self._errands: dict[str, Errand] = {}
        self._providers = {**providers, **OWN}
        self._tasks: dict[str, asyncio.Task[bool]] = {}
        self._resting: dict[str, datetime] = {}
        for errand in (errand for feature in features for errand in feature.errands):
            if errand.name in self._errands:
                raise RoutingError(f"two errands are called {errand.name}")
            self._errands[errand.name] = errand

    def start_due(self) -> None:
        """Begins every errand that isn't under way, and doesn't wait for it."""
        for name in self._errands:
            if name not in self._tasks and self._may_run(name):
                task = asyncio.create_task(self._try(name, self._run_and_pause))
                self._tasks[name] = task
                task.add_done_callback(lambda _task, name=name: self._tasks.pop(name, None))

    async def run_due(self) -> int:
        """Calls every errand and waits for it; returns how many had something to do."""
        await self.finish()
        return sum([await self._try(name, self.run) for name in self._errands if self._may_run(name)])

    async def finish(self) -> None:
        """Waits for what is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    async def close(self) -> None:
        """Breaks off what is under way, between two of its steps."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _may_run(self, name: str) -> bool:
        return self._resting.get(name, datetime.min.replace(tzinfo=self._clock.now().tzinfo)) <= self._clock.now()

    async def _try(self, name: str, step: Step) -> bool:
        try:
            return await self._errands[name].work(step)
        except Exception as error:
            self._resting[name] = self._clock.now() + _REST
            log.error("errand.failed", errand=name, error_id=secrets.token_hex(4), exc_info=error)
            return False

    async def run(self, step: Callable[..., T], *arguments: Any) -> T:
        """See `bot.feature.Step`."""
        now, wanted = self._clock.now(), self._plan(step, len(arguments))

        def work(db: UnitOfWork) -> T:
            context: Any = JobContext(db, Due("", 0, 0, now), now)
            return step(*arguments, **{name: provide(context) for name, provide in wanted.items()})

        return await self._store.run(work, in_bulk=True)

    async def _run_and_pause(self, step: Callable[..., T], *arguments: Any) -> T:
        began = time.monotonic()
        result = await self.run(step, *arguments)
        await asyncio.sleep(min(_LONGEST_PAUSE, time.monotonic() - began))
        return result

    def _plan(self, step: Callable[..., Any], given: int) -> dict[str, Callable[[Any], Any]]:
        """Who provides the parameters behind the first `given` ones. Raises RoutingError for one that nobody does."""
        return {name: self._find_provider(step, hint) for name, hint in _read_parameters(step)[given:]}

    def _find_provider(self, step: Callable[..., Any], hint: Any) -> Callable[[Any], Any]:
        if isinstance(hint, type) and issubclass(hint, Bundle):
            parts = plan(hint, self._providers)
            return lambda context: hint(**{name: provide(context) for name, provide in parts})
        if hint not in self._providers:
            raise RoutingError(f"{step.__qualname__}: nobody provides {hint}")
        return self._providers[hint]
