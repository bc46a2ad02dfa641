"""The form with three times: a day and a time of day each, in the proposer's own zone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.dates import get_zone
from bot.i18n import _, prose
from bot.incoming import FormValues
from bot.ui import DateInput, Form, FormItem, Note, Option, Para, Select
from handlers.meetings import actions, rules
from handlers.meetings.slots import COUNT
from handlers.moments import say_both, say_place, say_there

_FIRST, _LAST = time(6), time(23)
_LIKELY = "12:00"
_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Times:
    """What the form holds: a day and a time of day (`19:00`, local) for each field, empty where nothing is chosen."""

    chosen: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, slots: Sequence[datetime], zone: str) -> "Times":
        """Filled in with these moments."""
        local = [at.astimezone(get_zone(zone)) for at in slots[:COUNT]]
        return cls(tuple((f"{at:%Y-%m-%d}", f"{at:%H:%M}") for at in local))

    @classmethod
    def read(cls, values: FormValues) -> "Times":
        """As it was sent off."""
        fields = range(1, COUNT + 1)
        return cls(tuple((values.text(f"day{number}"), values.text(f"time{number}")) for number in fields))

    def check(self, now: datetime, zone: str, there: str) -> tuple[list[datetime], dict[str, str]]:
        """The moments (UTC, earliest first, each once), and a sentence for each field that can't be taken. `there` is
        the other's zone."""
        moments: set[datetime] = set()
        errors: dict[str, str] = {}
        for number, (day, clock) in enumerate(self.chosen, start=1):
            if not day:
                continue
            at = rules.read_moment(day, clock, zone) if _is_clock(clock) else None
            if at is None:
                errors[f"day{number}"] = _("Please choose a day and a time.")
            elif problem := _find_problem(at, now, zone, there):
                errors[f"day{number}"] = problem
            else:
                moments.add(at)
        if not moments and not errors:
            errors["day1"] = _("Please choose a day and a time.")
        return sorted(moments), errors


def _find_problem(at: datetime, now: datetime, zone: str, there: str) -> str:
    if not rules.can_be_proposed(at, now):
        return _("Please choose a time from an hour from now on, within the next six months.")
    if rules.is_night(at, there) and (other := say_there(at, zone, there)):
        return _("That is in the middle of the night there{there}. Please choose another time.").format(there=other)
    return ""


def times_form(action: actions.Times, other: str, times: Times, zone: str, there: str, now: datetime) -> Form:
    """The form. Under each day stands its weekday, and what it means in the other's zone where that differs."""
    items: list[FormItem] = [
        Para((_("{name} gets these times, and picks one of them.").format(name=other),)),
        *_say_zones(zone, there, now),
    ]
    for number in range(1, COUNT + 1):
        items += _fields(number, _get(times, number), zone, there)
    items.append(Note((_("The second and the third may be left empty."),)))
    return Form(_("Suggest times"), _("Send"), action, tuple(items))


def _get(times: Times, number: int) -> tuple[str, str]:
    return times.chosen[number - 1] if number <= len(times.chosen) else ("", "")


def _say_zones(zone: str, there: str, now: datetime) -> tuple[Note, ...]:
    if not say_there(now, zone, there):
        return ()
    text = _("All times are yours, in {here}. The other side lives by the time of {there}.")
    return (Note(prose(text, here=say_place(zone), there=say_place(there)).content),)


def _fields(number: int, chosen: tuple[str, str], zone: str, there: str) -> tuple[FormItem, ...]:
    day, clock = chosen
    at = rules.read_moment(day, clock, zone)
    hint = _("Filled in: {time}").format(time=say_both(at, zone, there)) if at is not None else ""
    # A sentence for each: where a number stands in a label differs between languages.
    days = {1: _("First day"), 2: _("Second day"), 3: _("Third day")}
    times = {1: _("Time of the first"), 2: _("Time of the second"), 3: _("Time of the third")}
    value = date.fromisoformat(day) if at is not None else None
    shown = clock if _is_clock(clock) else _LIKELY
    return (
        DateInput(f"day{number}", days[number], value, hint=hint, required=number == 1),
        Select(f"time{number}", times[number], _list_clocks(shown), shown, required=number == 1),
    )


def _list_clocks(chosen: str) -> tuple[Option, ...]:
    """Every half hour of the day, and the chosen time where it lies between."""
    start = datetime.combine(date.min, _FIRST)
    count = (datetime.combine(date.min, _LAST) - start) // _HALF_HOUR + 1
    clocks = {f"{start + number * _HALF_HOUR:%H:%M}" for number in range(count)}
    return tuple(Option(clock, clock) for clock in sorted(clocks | {chosen}))


def _is_clock(text: str) -> bool:
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is not None
