"""A time zone as calendar entries describe it: how its clocks are changed every year. Pure.

The rule is read off the zone itself, as Outlook writes it: "the last Sunday of March at 2:00". A list of dates would
say the same, but many programs read no more than its beginning, and remember a zone by its name alone.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from bot.dates import get_zone

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BEGIN = 1970
"""The year with which every description begins: the custom of Outlook and Google."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of the clocks: what they showed just before, and the offsets from UTC before and after."""

    wall: datetime
    before: timedelta
    after: timedelta

    @property
    def weeks(self) -> frozenset[int]:
        """Which weekday of the month it is: the first is 1; the last is -1, and may be the fourth as well."""
        is_last = (self.wall + timedelta(days=7)).month != self.wall.month
        return frozenset({(self.wall.day - 1) // 7 + 1} | ({-1} if is_last else set[int]()))

    def is_like(self, other: "_Change") -> bool:
        """Whether both may follow one rule."""
        mine = (self.wall.month, self.wall.weekday(), self.wall.time(), self.before, self.after)
        theirs = (other.wall.month, other.wall.weekday(), other.wall.time(), other.before, other.after)
        return mine == theirs and bool(self.weeks & other.weeks)


def describe_zone(name: str, year: int) -> Any:
    """The VTIMEZONE of an IANA zone, as it holds in that year and the next; None where the clocks follow no yearly
    rule then, such as in Morocco, or where the zone is UTC."""
    changes, following = _list_changes(name, year), _list_changes(name, year + 1)
    if len(changes) != len(following) or name == "UTC":
        return None
    if not all(one.is_like(other) for one, other in zip(changes, following, strict=True)):
        return None
    made: Any = Timezone()
    made.add("tzid", name)
    for part in _list_parts(name, year, changes, following):
        made.add_component(part)
    return made


@lru_cache(maxsize=512)
def _list_changes(name: str, year: int) -> tuple[_Change, ...]:
    """The changes of the clocks in a year, the earliest first."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    mornings = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days]
    pairs = itertools.pairwise(mornings)
    return tuple(_find_change(name, one, other) for one, other in pairs if _offset(name, one) != _offset(name, other))


def _offset(name: str, at: datetime) -> timedelta:
    return at.astimezone(get_zone(name)).utcoffset() or timedelta()


def _find_change(name: str, before: datetime, after: datetime) -> _Change:
    """The change between two moments, to the minute."""
    first, last = _offset(name, before), _offset(name, after)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        before, after = (middle, after) if _offset(name, middle) == first else (before, middle)
    return _Change((after + first).replace(tzinfo=None), first, last)


def _list_parts(name: str, year: int, changes: tuple[_Change, ...], following: tuple[_Change, ...]) -> Iterator[Any]:
    if not changes:
        offset = _offset(name, datetime(year, 7, 1, tzinfo=UTC))
        yield _make_part(TimezoneStandard(), datetime(_BEGIN, 1, 1), offset, offset)  # noqa: DTZ001 - a wall clock
    for change, later in zip(changes, following, strict=True):
        week = -1 if -1 in change.weeks & later.weeks else min(change.weeks & later.weeks)
        part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
        made = _make_part(part, _find_first(change.wall, week), change.before, change.after)
        day = f"{week}{_WEEKDAYS[change.wall.weekday()]}"
        made.add("rrule", {"freq": "yearly", "bymonth": change.wall.month, "byday": day})
        yield made


def _make_part(part: Any, begins: datetime, before: timedelta, after: timedelta) -> Any:
    part.add("dtstart", begins)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    return part


def _find_first(wall: datetime, week: int) -> datetime:
    """The first day of the rule: that weekday of the month in the year with which descriptions begin."""
    days = [date(_BEGIN, wall.month, 1) + timedelta(days=number) for number in range(31)]
    fitting = [day for day in days if day.month == wall.month and day.weekday() == wall.weekday()]
    return datetime.combine(fitting[week if week < 0 else week - 1], wall.time())
