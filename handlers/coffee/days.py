"""On which days coffee rounds are where the community is."""

from datetime import date
from functools import lru_cache, partial

from bot.days_off import is_day_off
from handlers.coffee.rules import IsDayOff, Rhythm, find_next


def find_days_off(zone: str) -> IsDayOff:
    """Tells days off: weekends, and the public holidays of the zone's country, where they are known."""
    return partial(is_day_off, zone)


@lru_cache(maxsize=64)  # asked for every home page, and the same all day
def find_next_day(after: date, rhythm: str, zone: str) -> date | None:
    """The next round's day after `after`, moved on from days off; None if there are no rounds."""
    return find_next(after, Rhythm(rhythm), find_days_off(zone))
