"""Scripted trouble: the next request that fits fails, hangs, or loses its answer."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

How = Literal["status", "hang", "drop"]


@dataclass
class Fault:
    """One scripted fault.

    `part` must occur in "METHOD path". With `accepted` the request takes effect before the trouble starts. `times`
    counts down to 0; a negative number lasts until `Faults.clear`.
    """

    how: How
    part: str = ""
    times: int = 1
    status: int = 500
    body: object = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    accepted: bool = False


@dataclass
class Faults:
    """The scripted faults, first come first served. `release` ends every hanging request."""

    waiting: list[Fault] = field(default_factory=list[Fault])
    release: asyncio.Event = field(default_factory=asyncio.Event)
    hit: int = 0

    def add(self, fault: Fault) -> None:
        """Scripts one more."""
        self.waiting.append(fault)

    def take(self, request: str) -> Fault | None:
        """The fault for this request ("METHOD path"), counted down."""
        for fault in self.waiting:
            if fault.part in request and fault.times:
                fault.times -= 1
                self.hit += 1
                return fault
        return None

    def clear(self) -> None:
        """Forgets the rest and lets hanging requests go."""
        self.waiting.clear()
        self.release.set()
        self.release = asyncio.Event()
