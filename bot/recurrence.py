"""When a recurring job runs next: a pure function of a wall-clock rule, a zone and a moment.

The policy on daylight saving time: a wall time that does not exist (the clock jumps over it) runs at the moment the
gap ends, a wall time that exists twice runs at its first occurrence, once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Rule:
    """A wall-clock rule: at `at`, on the weekdays in `weekdays` (0 is Monday; empty: every day); with `nth` only on
    the n-th such weekday of a month (1 to 4; 0: every one).

    Raises ValueError for what would never run, or in a zone of its own.
    """

    at: time
    weekdays: frozenset[int] = frozenset()
    nth: int = 0

    def __post_init__(self) -> None:
        """See the class."""
        if self.at.tzinfo is not None:
            raise ValueError("a rule's time has no zone of its own")
        if not self.weekdays <= frozenset(range(7)) or not 0 <= self.nth <= 4 or (self.nth and not self.weekdays):
            raise ValueError(f"{self} never runs, or not as it reads")

    def fits(self, day: date) -> bool:
        """Whether the rule runs on that calendar day."""
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return not self.nth or (day.day - 1) // 7 + 1 == self.nth


def next_run(rule: Rule, zone: str, after: datetime) -> datetime:
    """The first run strictly after `after` (aware), in UTC."""
    place = ZoneInfo(zone)
    day = after.astimezone(place).date() - timedelta(days=1)
    while True:
        if rule.fits(day):
            moment = resolve(datetime.combine(day, rule.at), place)
            if moment > after:
                return moment
        day += timedelta(days=1)


def resolve(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a zone's clocks show `wall` (naive), by the policy of this module."""
    first = wall.replace(tzinfo=zone, fold=0)
    there = first.astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == wall:
        return there
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after the jump that skips `wall`. The two readings of `wall` lie on both sides of the jump."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
