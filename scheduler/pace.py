"""How fast a platform is spoken to: arithmetic on moments given by the caller.

Additive increase and multiplicative decrease would spend half its time too slow, and be refused again and again. So a
refusal is taken as what it is, a measurement: what the platform took in the span in which it counts is what it allows.
The lane stays just below, asks for more only after a while, and seldomer each time.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BELOW = 0.97
"""The part of a learned limit that is used: requests overtake one another on the way, and others use the limit too."""

_GROWTH = 0.06
"""How much the rate rises a second while nothing is known: from 25 to 50 a second in 12 s."""

_PROBE = 0.002
"""How much a learned limit rises a second when it is looked for anew; twice as much after each minute."""

_HOLD = timedelta(minutes=5)
_LONGEST_HOLD = timedelta(minutes=80)
"""How long a learned limit is believed: at first, and after being found again (fourfold each time)."""

_SHORT_HOLD = timedelta(seconds=30)
"""How long one is believed that was met before a whole window had passed: it is a guess."""

_REMEMBERED = timedelta(seconds=30)
"""How long after its beginning a send may be refused: sends of so much more than a window are remembered."""

_STEP = 0.9
"""What is left of the rate when the lane is refused again within `_SOON` seconds: then the count says little, because
the platform lets bursts through or was closed for long."""
_SOON = 30.0

_UNPROVED = 1.1
"""A limit that is being looked for anew may be so much too high."""

_WORTH_KEEPING = 0.03
"""By how much of itself a value changes before it is written down again."""

_ROUNDING = 1e-6
"""Sums of fractions lack a hair."""

_TICK = timedelta(microseconds=1)
"""Moments are whole microseconds: a wait is rounded up."""


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """How a platform is paced: sends a second at first and at most, how many may be under way at once, and how many may
    begin together after a pause (None: a second's worth). `window` is the span in seconds in which the platform counts.
    Sends of `ahead` seconds are claimed together, each begins at its own moment: a claim for each would cost more than
    the send. What is claimed when the process dies has to be asked for.
    """

    rate: float = 5.0
    ceiling: float = 20.0
    at_once: int = 20
    burst: float | None = None
    window: float = 1.0
    ahead: float = 0.1


@dataclass(frozen=True, slots=True)
class Learned:
    """What is worth keeping of a lane: its rate when last looked at, and the limit it met (None: none yet)."""

    rate: float
    limit: float | None = None

    def differs_from(self, other: "Learned | None") -> bool:
        """Whether it is worth keeping where `other` was kept."""
        if other is None or (self.limit is None) != (other.limit is None):
            return True
        return _is_far(self.rate, other.rate) or _is_far(self.limit or 0.0, other.limit or 0.0)


def _is_far(value: float, other: float) -> bool:
    return abs(value - other) > _WORTH_KEEPING * other


@dataclass(slots=True)
class Pace:
    """One lane. `tokens` sends may begin at `at`; fewer than none while claimed ones wait for their moment."""

    limits: LaneLimits
    rate: float
    tokens: float
    at: datetime
    limit: float | None = None
    """Sends a second that the platform allows, as far as it was met."""
    held_until: datetime | None = None
    """Before that the limit is believed."""
    closed_from: datetime | None = None
    closed_until: datetime | None = None
    _hold: timedelta = _HOLD
    _met: float = 0.0
    """The limit as it was last met."""
    _sure: bool = False
    """Whether it was met when a whole window had passed."""
    _proved: float = 0.0
    """The rate that was kept until the limit was looked for anew."""
    _taken: int = 0
    """Messages taken since the last refusal."""
    _begun: list[float] = field(default_factory=list[float])
    """When each send of the last window or longer began, in seconds since 1970, in order."""

    @classmethod
    def start(
        cls, limits: LaneLimits, now: datetime, learned: Learned | None = None, begun: Sequence[datetime] = ()
    ) -> "Pace":
        """A new lane: with a burst in hand where no limit is known, else going on where it was. `begun` are the sends
        of the last window, in order: they count, whoever sent them."""
        before = [moment.timestamp() for moment in begun]
        if learned is None:
            return cls(limits, limits.rate, _burst(limits, limits.rate), now, _begun=before)
        # Before a limit, another burst at each start would be too many; where none was met, it does no harm.
        tokens = 1.0 if learned.limit else _burst(limits, learned.rate)
        hold = now + _HOLD if learned.limit else None
        pace = cls(
            limits, learned.rate, tokens, now, learned.limit, hold, _sure=learned.limit is not None, _begun=before
        )
        pace.rate, pace._met = pace._keep(learned.rate), learned.limit or 0.0
        return pace

    @property
    def learned(self) -> Learned:
        """What the next process may begin with."""
        if self.limit is None or not self._sure:  # a guess must not be believed for long
            return Learned(self.rate)
        met = max(self._met, self.limit / _UNPROVED)
        return Learned(min(self.rate, met * BELOW), met)

    def count_free(self, now: datetime) -> int:
        """How many sends may be claimed now: those of this moment, and those claimed ahead."""
        if self.is_closed(now):
            return 0
        self._refill(now)
        if self.tokens + _ROUNDING < 1.0:
            return 0
        return max(0, min(int(self.tokens + self.limits.ahead * self.rate + _ROUNDING), self._room(now)))

    def spend(self, sends: int, now: datetime) -> list[float]:
        """Notes so many sends; gives how many seconds each has to wait for its moment."""
        self._refill(now)
        waits = [max(0.0, (number + 1 - self.tokens - _ROUNDING) / self.rate) for number in range(sends)]
        self.tokens -= sends
        self._begun.extend(now.timestamp() + wait for wait in waits)
        return waits

    def next_free(self, now: datetime) -> datetime:
        """When the next send may begin."""
        if self.is_closed(now):
            return self.closed_until or now
        self._refill(now)
        missing = 1.0 - self.tokens
        at = now + timedelta(seconds=missing / self.rate) + _TICK if missing > _ROUNDING else now
        if self._room(now) <= 0:
            full = self._begun[-self._quota()] + self.limits.window - now.timestamp()
            at = max(at, now + timedelta(seconds=max(0.0, full)) + _TICK)
        return at

    def note_taken(self, sends: int, now: datetime) -> None:
        """The platform took so many without complaint: a little faster, or a little later."""
        if sends <= 0:
            return
        self._taken += sends
        if self.limit is not None and self.held_until is not None and now >= self.held_until:
            self._proved = self._proved or self.rate
            minutes = (now - self.held_until).total_seconds() / 60
            growth = min(_GROWTH, _PROBE * 2 ** min(minutes, 10.0))
            self.limit *= 1 + growth * sends / max(self.rate, 1.0)
            if self.limit * BELOW >= self.limits.ceiling:
                self.limit = None
        self.rate = self._keep(self.rate + _GROWTH * sends * self.rate / max(self.rate, 1.0))

    def note_refused(self, begun: datetime, retry_after: float, now: datetime) -> None:
        """The platform refused the send that began at `begun`: nothing for `retry_after` seconds, then below what it
        took until then. What was under way when the lane closed is refused for the same reason, and says no more."""
        known = self.is_closed(now) or (self.closed_from is not None and begun <= self.closed_from)
        wait = now + timedelta(seconds=max(retry_after, 1.0))
        if not known:
            self._learn(begun.timestamp(), retry_after, wait)
            self.closed_from = now
        self.closed_until = max(wait, self.closed_until) if self.closed_until else wait
        self.tokens, self.at = 0.0, self.closed_until

    def _learn(self, begun: float, retry_after: float, opens: datetime) -> None:
        soon = self.limit is not None and self._taken < self.limit * max(self.limits.window, _SOON)
        open_for = begun - max(begun - self.limits.window, self._begun[0] if self._begun else begun)
        whole = open_for >= self.limits.window * 0.9
        taken = bisect_left(self._begun, begun) - bisect_right(self._begun, begun - self.limits.window)
        measured = taken / (self.limits.window if whole else min(self.limits.window, open_for + max(1.0, retry_after)))
        if soon:
            measured = self.rate * _STEP / BELOW
        elif measured >= self._proved * 0.9:
            measured = max(measured, self._proved / BELOW)
        self.limit = max(self._floor(), min(self.rate / BELOW, max(measured, self.rate / 4)))
        self.rate, self._met = self._keep(self.rate), self.limit
        # A platform that asks to wait until its window is over has told how long that is.
        told = open_for >= self.limits.window / 3 and open_for + retry_after >= self.limits.window * 0.9
        self._sure = (whole or told) and not soon
        self.held_until = opens + (self._hold if self._sure else _SHORT_HOLD)
        self._hold = min(_LONGEST_HOLD, self._hold * 4) if self._sure else self._hold
        self._taken, self._proved = 0, 0.0

    def is_closed(self, now: datetime) -> bool:
        """Whether nothing may begin, claimed or not."""
        return self.closed_until is not None and now < self.closed_until

    def _refill(self, now: datetime) -> None:
        """Tokens come in, at most a burst."""
        gone = max(0.0, (now - self.at).total_seconds())
        self.tokens = min(_burst(self.limits, self.rate), self.tokens + gone * self.rate)
        self.at = now
        old = bisect_right(self._begun, (now - _REMEMBERED).timestamp() - self.limits.window)
        if old > 1000:
            del self._begun[:old]

    def _quota(self) -> int:
        return max(1, int((self.limit or 0.0) * self.limits.window))

    def _room(self, now: datetime) -> int:
        """How many more fit into the window that ends now, as far as the limit is known."""
        if self.limit is None:
            return 1_000_000_000
        first = now.timestamp() - self.limits.window
        return self._quota() - (len(self._begun) - bisect_right(self._begun, first))

    def _floor(self) -> float:
        return min(1.0, self.limits.rate)

    def _keep(self, rate: float) -> float:
        most = self.limits.ceiling if self.limit is None else min(self.limits.ceiling, self.limit * BELOW)
        return max(self._floor(), min(most, rate))


def _burst(limits: LaneLimits, rate: float) -> float:
    return max(1.0, rate if limits.burst is None else limits.burst)
