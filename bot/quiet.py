"""Quiet hours: when somebody may be disturbed. Pure rules."""

from datetime import datetime, time, timedelta

from bot.dates import get_zone
from bot.recurrence import resolve


def is_quiet(hour: int, start: int, end: int) -> bool:
    """Whether a local full hour lies in the quiet hours from `start` to `end`; equal hours mean none."""
    if start <= end:
        return start <= hour < end
    return hour >= start or hour < end


def next_allowed(at: datetime, zone: str, start: int, end: int) -> datetime:
    """`at` itself, or the end of the quiet hours it falls into (UTC). `start` and `end` are local full hours, 0 to
    24. A zone that is none counts as UTC.
    """
    place = get_zone(zone)
    local = at.astimezone(place)
    if not is_quiet(local.hour, start, end):
        return at
    day = local.date() + timedelta(days=1 if local.hour >= end % 24 else 0)
    return max(at, resolve(datetime.combine(day, time(end % 24)), place))
