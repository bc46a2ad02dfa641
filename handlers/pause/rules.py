"""How long a break may be and when it ends. Pure."""

import calendar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.recurrence import resolve

MONTHS = (1, 3, 6)
_ENDS_AT = time(9, 0)
"""Local time of the last day: the member is told, and nobody likes to hear at night."""


def find_end(now: datetime, months: int, zone: str) -> datetime:
    """The moment (UTC) a break of so many months from now ends: 9:00 of the same day of the month in `zone`, or of the
    month's last day when it has no such day."""
    place = ZoneInfo(zone)
    return resolve(datetime.combine(_add_months(now.astimezone(place).date(), months), _ENDS_AT), place)


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def number_end(until: datetime) -> int:
    """A number for the reminder of this end, so that each break has one of its own: minutes since 1970."""
    return int(until.timestamp()) // 60
