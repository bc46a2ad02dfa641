"""Moments as people read them, in their language and zone."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_date, format_datetime

_PATTERNS = {
    ("ja", "datetime"): "M月d日（E）H:mm",
    ("ja", "date"): "M月d日（E）",
    ("ja", "time"): "H:mm",
    ("ja", "month"): "y年M月",
    ("en", "datetime"): "EEE d MMM, HH:mm",
    ("en", "date"): "EEE d MMM",
    ("en", "time"): "HH:mm",
    ("en", "month"): "MMM y",
}


@cache
def _list_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Whether it names a time zone we know, such as Asia/Tokyo. Platforms also send what is none."""
    return name in _list_zones()


def get_zone(name: str) -> ZoneInfo:
    """The zone of that name, UTC for a name that is none: a message is never held up by somebody's odd profile."""
    return ZoneInfo(name if is_zone(name) else "UTC")


def format_when(at: datetime, style: str, locale: str, zone: str) -> str:
    """`at` (aware) in the reader's zone, such as 「11月20日（金）10:00」 or "Fri 20 Nov, 10:00".

    `style` is datetime, date, time or month. Raises ValueError for a naive moment: it would be read as the server's.
    """
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone can't be shown")
    return format_datetime(at.astimezone(get_zone(zone)), _PATTERNS[locale, style], locale=locale)


def format_day(day: date, locale: str) -> str:
    """A calendar day, such as 「11月20日（金）」 or "Fri 20 Nov"."""
    return format_date(day, _PATTERNS[locale, "date"], locale=locale)


def format_month(day: date, locale: str) -> str:
    """A month with its year, such as 「2026年3月」 or "Mar 2026"."""
    return format_date(day, _PATTERNS[locale, "month"], locale=locale)
