"""The real throttling rules of Teams.

Source: Microsoft's "Optimize your bot with rate limiting": per bot and conversation, and 50 requests a second per app
and tenant.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Literal

Operation = Literal["send", "create", "members"]

WINDOWS: dict[Operation, tuple[tuple[int, float], ...]] = {
    "send": ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0)),
    "create": ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0)),
    "members": ((14, 1.0), (16, 2.0), (120, 30.0), (3600, 3600.0)),
}
"""At most so many operations in so many seconds, per conversation."""

PER_APP = (50, 1.0)
"""At most so many requests in so many seconds, over all conversations."""


@dataclass
class Limits:
    """Sliding windows over what was let through. Refused requests don't count."""

    enabled: bool = True
    _hits: dict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, operation: Operation, conversation: str, now: float) -> float:
        """Counts a request at `now` (seconds). Gives 0, or the seconds to wait when it goes over a limit."""
        if not self.enabled:
            return 0.0
        app, own = self._hits["app", ""], self._hits[operation, conversation]
        wait = max(_wait(app, (PER_APP,), now), _wait(own, WINDOWS[operation], now))
        if not wait:
            app.append(now)
            own.append(now)
        return wait


def _wait(hits: deque[float], windows: tuple[tuple[int, float], ...], now: float) -> float:
    longest = max(length for _, length in windows)
    while hits and hits[0] <= now - longest:
        hits.popleft()
    return max((_wait_in(hits, most, length, now) for most, length in windows), default=0.0)


def _wait_in(hits: deque[float], most: int, length: float, now: float) -> float:
    inside = [hit for hit in hits if hit > now - length]
    return inside[-most] + length - now if len(inside) >= most else 0.0
