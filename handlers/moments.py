"""Moments for two people in two zones: each reads their own time, with the other's beside it where it differs."""

from datetime import datetime

from babel.dates import get_timezone_location

from bot.dates import format_when, get_zone
from bot.i18n import current_locale, pgettext
from bot.ui import Inline, When


def say_place(zone: str) -> str:
    """The city that a zone is named for, in the current language."""
    name = get_zone(zone).key
    return get_timezone_location(name, locale=current_locale(), return_city=True)


def say_there(at: datetime, zone: str, there: str) -> str:
    """The time of the other's zone `there` in brackets, such as 「（ベルリン 11:00）」, with the day where that is
    another one than in `zone`; "" where both zones' clocks show the same."""
    here, other = (at.astimezone(get_zone(name)).replace(tzinfo=None) for name in (zone, there))
    if here == other:
        return ""
    style = "time" if here.date() == other.date() else "datetime"
    text = pgettext("a time somewhere else", " ({place} {time})")
    return text.format(place=say_place(there), time=format_when(at, style, current_locale(), there))


def say_both(at: datetime, zone: str, there: str) -> str:
    """A moment as plain text in both zones, for buttons and subjects."""
    return format_when(at, "datetime", current_locale(), zone) + say_there(at, zone, there)


def show_both(at: datetime, zone: str, there: str) -> tuple[Inline, ...]:
    """The same as a piece of a sentence: the reader's own time is a moment, which platforms show in their own way."""
    other = say_there(at, zone, there)
    return (When(at), other) if other else (When(at),)
