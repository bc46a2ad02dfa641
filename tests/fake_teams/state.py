"""What the parts of the fake share."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from .faults import Faults
from .identity import Identity
from .keys import Json
from .limits import Limits
from .world import World


@dataclass
class Call:
    """One request of the bot to the connector, for the record."""

    method: str
    path: str
    body: Json | None
    status: int = 0


@dataclass
class Service:
    """World, identity, limits, faults and the two clocks: `now` for what is written, `elapsed` for waiting."""

    world: World
    identity: Identity
    now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list[Call])
    skipped: float = 0.0
    service_url: str = ""
    started: datetime | None = None
    runs: bool = True
    """Whether real time counts for `elapsed`, too. Where it doesn't, limits are met as surely on a slow machine."""

    def __post_init__(self) -> None:
        self.started = self.now()

    def elapsed(self) -> float:
        """Seconds on a clock that runs, can be pushed forward, and goes along when the test moves its own."""
        assert self.started is not None
        real = time.monotonic() if self.runs else 0.0
        return real + self.skipped + (self.now() - self.started).total_seconds()
