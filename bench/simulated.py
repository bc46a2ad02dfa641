"""Simulated time for an event loop with real sockets and real threads.

The loop's clock stands still while anything outside is under way (a request, a transaction), and leaps to the next
timer when nothing is. So an hour of waiting costs nothing, and what the machine is slow at is not measured.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

EPOCH = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""When simulated time begins: a Tuesday, ten in the morning in Tokyo."""

_PATIENCE = 1.0
"""Real seconds after which the loop looks again whether what it waits for outside has come."""


class Moment(Protocol):
    """Seconds since `EPOCH`, in memory that processes may share (`multiprocessing.RawValue`)."""

    value: float


@dataclass(slots=True)
class Time:
    """The simulated clock; see `bot.ports.Clock`."""

    moment: Moment
    _outside: int = 0

    def now(self) -> datetime:
        """The present moment."""
        return EPOCH + timedelta(seconds=self.moment.value)

    @property
    def is_held(self) -> bool:
        """Whether something outside is under way."""
        return self._outside > 0

    @contextmanager
    def hold(self) -> Generator[None]:
        """Time stands still within."""
        self._outside += 1
        try:
            yield
        finally:
            self._outside -= 1

    def holding(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """`work`, during which time stands still."""

        async def held(*arguments: Any, **named: Any) -> Any:
            with self.hold():
                return await work(*arguments, **named)

        return held


class _Selector(selectors.EpollSelector):
    """Waits for sockets without waiting for timers."""

    def __init__(self, time: Time) -> None:
        super().__init__()
        self._time = time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; else what becomes ready while something is under way; else nothing, and time has gone
        on."""
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self._time.is_held or timeout is None:
            return super().select(_PATIENCE)
        self._time.moment.value += timeout
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop on simulated time."""

    def __init__(self, time: Time) -> None:
        self._simulated = time
        super().__init__(_Selector(time))

    def time(self) -> float:
        """Seconds since `EPOCH`."""
        return self._simulated.moment.value
