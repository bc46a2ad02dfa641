"""On which days nobody is expected at work where the community is."""

from datetime import date
from functools import cache

import holidays
from babel.core import get_global

from handlers.coffee.rules import IsDayOff, Rhythm, find_next

_NEW_YEAR = ((12, 29), (12, 30), (12, 31), (1, 2), (1, 3))
"""Japanese offices are closed then, holidays or not."""


@cache
def find_days_off(zone: str) -> IsDayOff:
    """Tells days off: weekends, and the public holidays of the zone's country, where they are known."""
    country = str(get_global("zone_territories").get(zone, ""))
    try:
        public = holidays.country_holidays(country)
    except NotImplementedError:
        public = holidays.HolidayBase()

    def is_day_off(day: date) -> bool:
        closed = country == "JP" and (day.month, day.day) in _NEW_YEAR
        return day.weekday() >= 5 or closed or day in public

    return is_day_off


def find_next_day(after: date, rhythm: str, zone: str) -> date | None:
    """The next round's day after `after`, moved on from days off; None if there are no rounds."""
    return find_next(after, Rhythm(rhythm), find_days_off(zone))
