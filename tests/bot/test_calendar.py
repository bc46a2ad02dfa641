"""The calendar entry, read back by two other programs' libraries, and the links that open a calendar."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from adapters.slack.mrkdwn import check_url
from bot.calendar import Entry, link_google, link_outlook, make_file, render

AT = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
ENTRY = Entry(
    uid="853cae90a4f0c45ee72b2ca6f1244140@musubi.invalid",
    sequence=0,
    starts_at=AT,
    minutes=30,
    title="相談：電池の量産立ち上げ（佐藤 美咲さん）",
    details="「縁」のMusubiで決めた予定です。",
    zone="Asia/Tokyo",
    organizer="noreply@musubi.invalid",
    organizer_name="縁",
    made_at=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
    attendee="sho@example.com",
)
ZONES = st.sampled_from(
    ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]
)


def read(entry: Entry) -> tuple[Any, Any]:
    """The event as vobject and as icalendar read it."""
    text = render(entry)
    calendar: Any = Calendar.from_ical(text)
    other_library: Any = vobject
    return other_library.readOne(text).vevent, calendar.walk("VEVENT")[0]


@settings(deadline=None, max_examples=60)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
    ZONES,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80),
    st.integers(15, 120),
)
def test_both_libraries_read_what_was_meant(at: datetime, zone: str, title: str, minutes: int) -> None:
    at = at.replace(microsecond=0)
    entry = replace(ENTRY, starts_at=at, zone=zone, title=title, minutes=minutes)
    one, other = read(entry)
    assert one.dtstart.value.astimezone(UTC) == other["DTSTART"].dt.astimezone(UTC) == at
    assert one.dtend.value.astimezone(UTC) == other["DTEND"].dt.astimezone(UTC) == at + timedelta(minutes=minutes)
    assert "\x00" not in str(other["SUMMARY"])
    assert str(other["UID"]) == one.uid.value == ENTRY.uid


def test_the_rules_of_the_format() -> None:
    text = render(ENTRY)
    assert text.replace("\r\n", "").count("\n") == 0, "lines end as RFC 5545 wants them"
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert "DTSTAMP:20261120T010000Z" in text
    assert "DTSTART;TZID=Asia/Tokyo:20261126T190000" in text
    assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")


def test_a_zone_whose_clocks_change_is_told() -> None:
    calendar: Any = Calendar.from_ical(render(replace(ENTRY, zone="Europe/Berlin")))
    kinds = {part.name for part in calendar.walk("VTIMEZONE")[0].subcomponents}
    assert kinds == {"STANDARD", "DAYLIGHT"}


def test_a_zone_is_described_as_outlook_does_it() -> None:
    text = render(replace(ENTRY, zone="Europe/Berlin"))
    assert "DTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in text
    assert "DTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in text
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n" in render(replace(ENTRY, zone="America/New_York"))


def test_a_zone_without_a_yearly_rule_is_left_to_utc() -> None:
    text = render(replace(ENTRY, zone="Africa/Casablanca"))
    assert "VTIMEZONE" not in text
    assert "DTSTART:20261126T100000Z" in text


def test_utc_needs_no_zone() -> None:
    text = render(replace(ENTRY, zone="UTC"))
    assert "VTIMEZONE" not in text
    assert "DTSTART:20261126T100000Z" in text


def test_a_change_is_the_same_entry_with_the_next_number() -> None:
    first, _ = read(ENTRY)
    later, _ = read(replace(ENTRY, sequence=1, starts_at=AT + timedelta(days=1)))
    assert later.uid.value == first.uid.value
    assert (first.sequence.value, later.sequence.value) == ("0", "1")
    assert later.status.value == "CONFIRMED"


def test_taking_it_off_cancels_it() -> None:
    text = render(replace(ENTRY, sequence=2, cancelled=True))
    assert "METHOD:CANCEL" in text
    one, _ = read(replace(ENTRY, sequence=2, cancelled=True))
    assert (one.status.value, one.sequence.value, one.uid.value) == ("CANCELLED", "2", ENTRY.uid)


@pytest.mark.parametrize(
    ("changes", "method"),
    [({}, "REQUEST"), ({"attendee": ""}, "PUBLISH"), ({"cancelled": True}, "CANCEL")],
)
def test_the_method_is_told_inside_and_outside(changes: dict[str, Any], method: str) -> None:
    file = make_file(replace(ENTRY, **changes), "Calendar file")
    assert f"METHOD:{method}\r\n" in file.text
    assert file.media_type == f"text/calendar; method={method}; charset=utf-8"


def test_who_is_named_in_it() -> None:
    one, _ = read(ENTRY)
    assert one.organizer.value == "mailto:noreply@musubi.invalid"
    assert [person.value for person in one.contents["attendee"]] == ["mailto:sho@example.com"]
    assert one.attendee.params["RSVP"] == ["FALSE"]
    assert "attendee" not in read(replace(ENTRY, attendee=""))[0].contents


def test_a_hostile_title_begins_no_line_of_its_own() -> None:
    text = render(replace(ENTRY, title="x\r\nATTENDEE:mailto:evil@example.com\nEND:VCALENDAR;,\\"))
    assert "\r\nATTENDEE:mailto:evil" not in text
    assert text.count("END:VCALENDAR\r\n") == 1
    assert read(replace(ENTRY, title="a;b,c\\d"))[0].summary.value == "a;b,c\\d"


def test_each_version_has_a_name_of_its_own() -> None:
    names = {make_file(replace(ENTRY, sequence=number), "").name for number in range(3)}
    assert names == {"musubi-853cae90-0.ics", "musubi-853cae90-1.ics", "musubi-853cae90-2.ics"}


# Links


def test_google_is_filled_in() -> None:
    url = urlsplit(link_google(ENTRY))
    asked = parse_qs(url.query)
    assert (url.netloc, asked["action"], asked["ctz"]) == ("calendar.google.com", ["TEMPLATE"], ["Asia/Tokyo"])
    assert asked["dates"] == ["20261126T100000Z/20261126T103000Z"]
    assert asked["text"] == [ENTRY.title]


def test_outlook_is_filled_in() -> None:
    url = urlsplit(link_outlook(ENTRY))
    asked = parse_qs(url.query)
    assert url.netloc == "outlook.office.com"
    assert (asked["startdt"], asked["enddt"]) == (["2026-11-26T10:00:00Z"], ["2026-11-26T10:30:00Z"])
    assert asked["subject"] == [ENTRY.title]


@pytest.mark.parametrize("link", [link_google, link_outlook])
def test_no_link_holds_an_address_or_is_too_long(link: Any) -> None:
    url = link(replace(ENTRY, title="電" * 200))
    assert "example.com" not in url
    assert "%40" not in url
    assert check_url(url) == url
