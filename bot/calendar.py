"""A meeting or an event as a calendar entry: iCalendar text, and links that open Google's or Outlook's calendar with it
filled in.

Pure. The entry knows nobody but its reader: the organizer is Musubi, and nobody else attends. What changes it is the
same entry again, with the same UID and the next SEQUENCE (RFC 5545 and RFC 5546).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from icalendar import Calendar, Event, vCalAddress, vText

from bot.dates import get_zone
from bot.text import clean
from bot.ui import File
from bot.zones import describe_zone

_LONGEST_IN_LINK = 60
"""Characters of a title in a link: each Japanese one becomes nine, and platforms take addresses of some 1,200."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar is to show. `zone` is the reader's, `attendee` the reader's own address or ""; `made_at` is when
    this version was made (aware)."""

    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    title: str
    details: str
    zone: str
    organizer: str
    organizer_name: str
    made_at: datetime
    attendee: str = ""
    cancelled: bool = False
    place: str = ""
    """Where it is: a place in words, or the https address at which it is held."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def method(self) -> str:
        """What the entry is to its reader (RFC 5546). A request must name who is asked, and updates the entry in
        Outlook too; where the reader's address is not known, it is only published."""
        return "CANCEL" if self.cancelled else "REQUEST" if self.attendee else "PUBLISH"


def make_file(entry: Entry, label: str) -> File:
    """The entry as a file. Its name is unique for its reader: each version has its own."""
    name = f"musubi-{entry.uid[:8]}-{entry.sequence}.ics"
    return File(name, f"text/calendar; method={entry.method}; charset=utf-8", render(entry), label)


def render(entry: Entry) -> str:
    """The entry as iCalendar text, lines ended and folded as RFC 5545 wants them."""
    calendar: Any = Calendar()  # its `add` takes anything, and says so to no type checker
    calendar.add("prodid", "-//Musubi//Musubi//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", entry.method)
    zone = describe_zone(entry.zone, entry.starts_at.year)
    if zone is not None:
        calendar.add_component(zone)
    calendar.add_component(_make_event(entry, entry.zone if zone is not None else "UTC"))
    return bytes(calendar.to_ical()).decode()


def _make_event(entry: Entry, zone: str) -> Any:
    event: Any = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.made_at.astimezone(UTC))
    event.add("last-modified", entry.made_at.astimezone(UTC))
    event.add("dtstart", _place(entry.starts_at, zone))
    event.add("dtend", _place(entry.ends_at, zone))
    event.add("summary", clean(entry.title))
    event.add("description", clean(entry.details))
    if entry.place:
        event.add("location", clean(entry.place))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("organizer", _make_person(entry.organizer, entry.organizer_name))
    if entry.attendee:
        event.add("attendee", _make_attendee(entry.attendee))
    return event


def _place(at: datetime, zone: str) -> datetime:
    return at.astimezone(UTC if zone == "UTC" else get_zone(zone))


def _make_person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{address}")
    if name:
        person.params["CN"] = vText(name)
    return person


def _make_attendee(address: str) -> vCalAddress:
    """The reader, who has agreed to the time already: no answer is asked for, and none sent to Musubi."""
    person = _make_person(address, "")
    person.params["PARTSTAT"] = vText("ACCEPTED")
    person.params["ROLE"] = vText("REQ-PARTICIPANT")
    person.params["RSVP"] = vText("FALSE")
    return person


def link_google(entry: Entry) -> str:
    """Opens Google Calendar with a new entry filled in; it can't change one."""
    asked = {
        "action": "TEMPLATE",
        "text": _cut(entry.title),
        "dates": f"{_compact(entry.starts_at)}/{_compact(entry.ends_at)}",
        "ctz": entry.zone,
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(asked, quote_via=quote)}"


def link_outlook(entry: Entry) -> str:
    """Opens Outlook on the web with a new entry filled in, likewise."""
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": _cut(entry.title),
        "startdt": f"{entry.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{entry.ends_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return f"https://outlook.office.com/calendar/deeplink/compose?{urlencode(asked, quote_via=quote)}"


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST_IN_LINK else f"{title[: _LONGEST_IN_LINK - 1]}…"


def _compact(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
