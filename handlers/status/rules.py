"""When somebody is asked for news, and when thanks are told. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dates import get_zone
from bot.recurrence import Rule, next_run, resolve

ASKS = Rule(time(12), frozenset({3}), nth=3)
"""The third Thursday of a month at noon, by the member's own clock: far from the digest."""
FRESH_ENOUGH = timedelta(days=21)
"""Who told news so lately isn't asked."""
MOST_IGNORED = 2
"""After so many questions in a row from which nothing came nobody is asked any more, until they tick the box
again."""
KEPT_FOR = timedelta(days=92)
"""News older than that are no news."""
POOL = 200
"""So many news take part in one choice: those whose turn it is."""
THANKS_AT = time(18)


def next_question(zone: str, after: datetime) -> datetime:
    """When a member is asked next. A zone that is none counts as UTC."""
    return next_run(ASKS, get_zone(zone).key, after)


def next_thanks(zone: str, after: datetime) -> datetime:
    """The next 18:00 of the member's day: thanks are told once a day at most."""
    place = get_zone(zone)
    day = after.astimezone(place).date()
    today = resolve(datetime.combine(day, THANKS_AT), place)
    return today if today > after else resolve(datetime.combine(day + timedelta(days=1), THANKS_AT), place)


def number_day(at: datetime, zone: str) -> int:
    """A day as a number, 20261120: what makes a day's thanks one."""
    return int(at.astimezone(ZoneInfo(get_zone(zone).key)).strftime("%Y%m%d"))


def count_ignored(asked_at: datetime | None, told_at: datetime | None, ignored: int) -> int:
    """How many questions in a row came to nothing, the last one included."""
    if asked_at is None:
        return 0
    return 0 if told_at is not None and told_at >= asked_at else ignored + 1
