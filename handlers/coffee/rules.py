"""When rounds are, and what follows from what people do or don't. Pure."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.recurrence import resolve
from storage.models import CoffeeMember

AT = time(10, 0)
"""When a round begins, and is announced, by the community's clock."""

ANNOUNCED_BEFORE = timedelta(days=3)
IGNORED_LIMIT = 3
"""After so many introductions in a row without a word somebody is asked whether to go on."""

REST = timedelta(days=30)
"""A month's rest."""

LEASE = timedelta(minutes=10)
"""How long a round is left to whoever works at it, from their last step on; longer than the solver may take."""

_ON = 0
"""Rounds are on a Monday."""
_AHEAD = 140
"""Days in which every rhythm has its next round, moved by holidays or not."""

IsDayOff = Callable[[date], bool]


class Rhythm(StrEnum):
    """How often there is a round. What the setting MUSUBI_COFFEE says."""

    MONTHLY = "monthly"
    """On the first Monday of the month."""
    TWO_WEEKS = "two_weeks"
    """On every other Monday, in the even weeks of the ISO calendar."""
    TWO_MONTHS = "two_months"
    """On the first Monday of every odd month."""
    NEVER = "never"


def is_planned(day: date, rhythm: Rhythm) -> bool:
    """Whether the rhythm has a round on that day, before holidays are looked at."""
    first = day.weekday() == _ON and day.day <= 7
    match rhythm:
        case Rhythm.MONTHLY:
            return first
        case Rhythm.TWO_WEEKS:
            return day.weekday() == _ON and day.isocalendar().week % 2 == 0
        case Rhythm.TWO_MONTHS:
            return first and day.month % 2 == 1
        case Rhythm.NEVER:
            return False


def list_days(first: date, last: date, rhythm: Rhythm, is_day_off: IsDayOff) -> Iterator[date]:
    """The days of rounds from `first` to `last`. A round that falls on a day off is on the next working day."""
    planned = first - timedelta(days=14)  # no holidays last longer
    while planned <= last:
        if is_planned(planned, rhythm):
            day = planned
            while is_day_off(day):
                day += timedelta(days=1)
            if first <= day <= last:
                yield day
        planned += timedelta(days=1)


def find_next(after: date, rhythm: Rhythm, is_day_off: IsDayOff) -> date | None:
    """The next round's day after `after`; None if there are no rounds."""
    return next(list_days(after + timedelta(days=1), after + timedelta(days=_AHEAD), rhythm, is_day_off), None)


def find_start(day: date, zone: str) -> datetime:
    """When a round begins (UTC)."""
    return resolve(datetime.combine(day, AT), ZoneInfo(zone))


def find_halfway(introduced: datetime, next_start: datetime) -> datetime:
    """When the two are asked whether they have met: halfway to the next round."""
    return introduced + (next_start - introduced) / 2


def find_close(next_start: datetime) -> datetime:
    """When a round is over for its people: an hour before the next one is announced."""
    return next_start - ANNOUNCED_BEFORE - timedelta(hours=1)


def note_silence(part: CoffeeMember) -> bool:
    """One more introduction without a word. Whether that was one too many: then the three choices are open."""
    part.ignored += 1
    part.asked_to_stay = part.asked_to_stay or part.ignored >= IGNORED_LIMIT
    return part.asked_to_stay


def note_sign(part: CoffeeMember) -> None:
    """Any press is a sign of life."""
    part.ignored, part.asked_to_stay = 0, False
