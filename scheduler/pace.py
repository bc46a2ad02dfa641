"""How fast a platform is spoken to: pure arithmetic on moments given by the caller."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """A lane's rate: `rate` sends a second now, between `floor` and `ceiling`; `tokens` sends may begin at `at`.

    It rises while the platform keeps up and halves when it throttles (additive increase, multiplicative decrease).
    """

    rate: float
    floor: float
    ceiling: float
    tokens: float
    at: datetime
    closed_until: datetime | None = None

    @classmethod
    def start(cls, rate: float, ceiling: float, now: datetime) -> "Pace":
        """A new lane, with one second's worth of sends in hand."""
        return cls(rate, min(1.0, rate), ceiling, rate, now)


_ROUNDING = 1e-6
"""Sums of fractions lack a hair."""

_TICK = timedelta(microseconds=1)
"""Moments are whole microseconds: a wait is rounded up."""


def refill(pace: Pace, now: datetime) -> Pace:
    """The pace at `now`: tokens have come in, at most one second's worth."""
    gone = max(0.0, (now - pace.at).total_seconds())
    return replace(pace, tokens=min(max(pace.rate, 1.0), pace.tokens + gone * pace.rate), at=now)


def count_free(pace: Pace, now: datetime) -> int:
    """How many sends may begin now."""
    if pace.closed_until is not None and now < pace.closed_until:
        return 0
    return int(refill(pace, now).tokens + _ROUNDING)


def spend(pace: Pace, sends: int, now: datetime) -> Pace:
    """The pace after that many sends have begun."""
    fresh = refill(pace, now)
    return replace(fresh, tokens=fresh.tokens - sends)


def speed_up(pace: Pace, sent: int) -> Pace:
    """The pace after the platform took `sent` messages without complaint: a little faster."""
    return replace(pace, rate=min(pace.ceiling, pace.rate + 0.01 * sent * pace.rate / max(pace.rate, 1.0)))


def slow_down(pace: Pace, retry_after: float, now: datetime) -> Pace:
    """The pace after a throttle: nothing for `retry_after` seconds, then half as fast.

    What was under way when the lane closed is refused for the same reason: it doesn't halve the rate once more.
    """
    wait = now + timedelta(seconds=max(retry_after, 1.0))
    known = pace.closed_until is not None and now < pace.closed_until
    closed = max(wait, pace.closed_until) if pace.closed_until else wait
    rate = pace.rate if known else max(pace.floor, pace.rate / 2)
    return replace(pace, rate=rate, tokens=0.0, at=closed, closed_until=closed)


def next_free(pace: Pace, now: datetime) -> datetime:
    """When the next send may begin."""
    if pace.closed_until is not None and now < pace.closed_until:
        return pace.closed_until
    missing = 1.0 - refill(pace, now).tokens
    return now + timedelta(seconds=missing / pace.rate) + _TICK if missing > _ROUNDING else now
