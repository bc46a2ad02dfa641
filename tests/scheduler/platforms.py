"""Platforms on simulated time: how they count, and a lane that sends to one."""

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Protocol

from scheduler.pace import LaneLimits, Learned, Pace

START = datetime(2026, 11, 20, tzinfo=UTC)


class Limiter(Protocol):
    """How a platform counts. `rate` is what it allows a second, in the long run."""

    rate: float

    def take(self, now: float) -> float:
        """0 for a request that is let through at `now`, else the seconds of its Retry-After."""
        ...


class Sliding:
    """At most `most` requests in every span of `seconds`, as Teams has it; Retry-After is never below `least`."""

    def __init__(self, most: int, seconds: float, least: int = 1) -> None:
        self.rate = most / seconds
        self._most, self._seconds, self._least = most, seconds, least
        self._hits: deque[float] = deque()

    def take(self, now: float) -> float:
        """See `Limiter`."""
        while self._hits and self._hits[0] <= now - self._seconds:
            self._hits.popleft()
        if len(self._hits) >= self._most:
            return max(self._least, math.ceil(self._hits[0] + self._seconds - now))
        self._hits.append(now)
        return 0.0


class Bucket:
    """`rate` requests a second, and `burst` at once after a pause."""

    def __init__(self, rate: float, burst: float, least: int = 1) -> None:
        self.rate = rate
        self._burst, self._least, self._left, self._at = burst, least, burst, 0.0

    def take(self, now: float) -> float:
        """See `Limiter`."""
        self._left, self._at = min(self._burst, self._left + (now - self._at) * self.rate), now
        if self._left < 1:
            return max(self._least, math.ceil((1 - self._left) / self.rate))
        self._left -= 1
        return 0.0


@dataclass
class Broadcast:
    """So many messages through one lane, as the delivery worker sends them: claimed ahead, each begun at its moment.

    A request takes 50 ms and up to `jitter` seconds more each way.
    """

    limits: LaneLimits
    limiter: Limiter
    count: int
    learned: Learned | None = None
    jitter: float = 0.02
    sent: int = 0
    refused: int = 0
    now: float = 0.0
    _under_way: int = 0
    _woken: bool = False
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _events: list[tuple[float, int, Callable[[], None]]] = field(
        default_factory=list[tuple[float, int, Callable[[], None]]]
    )

    def run(self) -> "Broadcast":
        """Until everything is sent."""
        self.pace, self._todo, self._draw = Pace.start(self.limits, START, self.learned), self.count, Random(1)
        self._claim()
        while self.sent < self.count:
            self.now, _number, happen = heapq.heappop(self._events)
            happen()
            self._claim()
        return self

    @property
    def factor(self) -> float:
        """The time it took by the least that the platform allows."""
        return self.now * self.limiter.rate / self.count

    @property
    def share_refused(self) -> float:
        """Refused requests by all requests."""
        return self.refused / (self.refused + self.sent)

    def _at(self) -> datetime:
        return START + timedelta(seconds=self.now)

    def _later(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), happen))

    def _travel(self) -> float:
        return 0.05 + self._draw.random() * self.jitter

    def _claim(self) -> None:
        free = min(self.pace.count_free(self._at()), self.limits.at_once - self._under_way, self._todo)
        for wait in self.pace.spend(free, self._at()) if free > 0 else ():
            self._later(wait, self._begin)
            self._todo, self._under_way = self._todo - 1, self._under_way + 1
        until = (self.pace.next_free(self._at()) - START).total_seconds()
        if self._todo and not self._woken and until > self.now:
            self._woken = True
            self._later(until - self.now, self._wake)

    def _wake(self) -> None:
        self._woken = False

    def _begin(self) -> None:
        if self.pace.is_closed(self._at()):
            self._todo, self._under_way = self._todo + 1, self._under_way - 1
            return
        begun = self._at()
        self._later(self._travel(), lambda: self._arrive(begun))

    def _arrive(self, begun: datetime) -> None:
        wait = self.limiter.take(self.now)
        self._later(self._travel(), lambda: self._answer(begun, wait))

    def _answer(self, begun: datetime, wait: float) -> None:
        self._under_way -= 1
        if wait:
            self.refused, self._todo = self.refused + 1, self._todo + 1
            self.pace.note_refused(begun, wait, self._at())
        else:
            self.sent += 1
            self.pace.note_taken(1, self._at())
