"""Times that suit two people: pure, without a clock or a database.

A good time lies on a working day of both, outside the quiet hours of both, and in the hours in which each can talk: an
employee at work, an alumna also in the evening. The best are those in which nobody has to leave anything: at lunch,
late in the afternoon, in the evening. Where two zones leave no such hour, the day is taken wider, at last the weekend
too. Moments are counted in UTC and read in each zone, so that clocks which are changed do no harm.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.dates import get_zone
from bot.quiet import is_quiet

COUNT = 3
"""How many times are proposed."""

_STEP = timedelta(minutes=15)
_EARLIEST = timedelta(hours=24)
_HORIZONS = (timedelta(days=14), timedelta(days=45))
"""How far ahead is looked: the second only when the first has too few, as around New Year."""

Taken = Collection[tuple[datetime, int]]
"""When somebody has something else: the beginning, and how many minutes."""

IsDayOff = Callable[[str, date], bool]
"""Whether a calendar day is free in a zone's country: a weekend or a holiday."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as far as times are concerned. Quiet hours are local full hours, as in `bot.quiet`."""

    zone: str
    at_work: bool
    """A present employee, who talks in working hours."""
    quiet_from: int = 21
    quiet_to: int = 8


@dataclass(frozen=True, slots=True)
class _Tier:
    """How strict the search is: the hours from and to, for those at work and for the others, and whether days off
    count as well."""

    at_work: tuple[int, int]
    others: tuple[int, int]
    days_off: bool = False


_TIERS = (_Tier((9, 18), (9, 21)), _Tier((8, 22), (8, 22)), _Tier((8, 22), (8, 22), days_off=True))


def propose_slots(
    sides: tuple[Side, Side], now: datetime, minutes: int, taken: Taken, is_day_off: IsDayOff
) -> tuple[datetime, ...]:
    """Up to three moments (UTC, earliest first) on different days of both, from tomorrow on. Fewer only when the two
    share no waking hour."""
    chosen: tuple[datetime, ...] = ()
    for tier in _TIERS:
        for horizon in _HORIZONS:
            candidates = list(_list_candidates(sides, now, now + horizon, minutes, tier, is_day_off))
            free = [at for at in candidates if not _is_taken(at, minutes, taken)]
            chosen = _choose(sides, free, chosen)
            if len(chosen) == COUNT:
                return chosen
    return chosen


def _list_candidates(
    sides: tuple[Side, Side], now: datetime, until: datetime, minutes: int, tier: _Tier, is_day_off: IsDayOff
) -> Iterator[datetime]:
    """Every full and half hour (of the first side's clock) that suits both."""
    at = _round_up(now + _EARLIEST)
    while at < until:
        if get_local(at, sides[0].zone).minute % 30 == 0 and all(
            _suits(side, at, now, minutes, tier, is_day_off) for side in sides
        ):
            yield at
        at += _STEP


def _round_up(at: datetime) -> datetime:
    return at + timedelta(seconds=-at.timestamp() % _STEP.total_seconds())


def _suits(side: Side, at: datetime, now: datetime, minutes: int, tier: _Tier, is_day_off: IsDayOff) -> bool:
    local, end = get_local(at, side.zone), get_local(at + timedelta(minutes=minutes), side.zone)
    begins, ends = tier.at_work if side.at_work else tier.others
    in_hours = begins <= local.hour and end.date() == local.date() and _hours(end) <= ends
    if not in_hours or local.date() <= get_local(now, side.zone).date():
        return False
    last = get_local(at + timedelta(minutes=minutes, microseconds=-1), side.zone)
    if any(is_quiet(moment.hour, side.quiet_from, side.quiet_to) for moment in (local, last)):
        return False
    return tier.days_off or not is_day_off(side.zone, local.date())


def get_local(at: datetime, zone: str) -> datetime:
    """What the clocks of a zone show at that moment."""
    return at.astimezone(get_zone(zone))


def _hours(local: datetime) -> float:
    return local.hour + local.minute / 60


def _is_taken(at: datetime, minutes: int, taken: Taken) -> bool:
    end = at + timedelta(minutes=minutes)
    return any(at < begins + timedelta(minutes=length) and begins < end for begins, length in taken)


def _choose(sides: tuple[Side, Side], free: Sequence[datetime], chosen: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """The best of the free ones, one after the other: each on a day of its own, and at another time of day if it
    can."""
    while len(chosen) < COUNT:
        days = {_day(at, side) for at in chosen for side in sides}
        left = [at for at in free if not any(_day(at, side) in days for side in sides)]
        if not left:
            break
        first, picked = left[0], chosen
        chosen = (*chosen, min(left, key=lambda at: (_cost(sides, at, first, picked), at)))
    return tuple(sorted(chosen))


def _day(at: datetime, side: Side) -> tuple[str, date]:
    return side.zone, get_local(at, side.zone).date()


def _cost(sides: tuple[Side, Side], at: datetime, first: datetime, chosen: Sequence[datetime]) -> float:
    """How little a time recommends itself: odd hours, a late day, the time of day of one that is chosen already."""
    locals_ = [get_local(at, side.zone) for side in sides]
    odd = sum(not _is_easy(local) for local in locals_)
    like = sum(abs(_hours(get_local(other, sides[0].zone)) - _hours(locals_[0])) < 2 for other in chosen)
    return 3 * odd + 2 * like + 0.4 * (at - first) / timedelta(days=1) + (0.5 if locals_[0].minute else 0)


def _is_easy(local: datetime) -> bool:
    """At lunch, late in the afternoon, or in the evening: when nobody has to leave a meeting for it."""
    return local.hour == 12 or 16 <= local.hour < 21
