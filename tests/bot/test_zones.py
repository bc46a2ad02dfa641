"""How entries describe a zone, held against the zone itself: every hour of years, for every zone there is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.zones import describe_zone

ALL = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))


def offset_by(description: Any, at: datetime) -> timedelta:
    """The offset that a reader of the description finds for a moment: that of the last change before it."""
    found: list[tuple[datetime, timedelta]] = []
    for part in description.subcomponents:
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        begins = part["DTSTART"].dt
        rule = part.get("RRULE")
        wall = (at + before).replace(tzinfo=None)
        last = begins if rule is None else rrulestr(rule.to_ical().decode(), dtstart=begins).before(wall, inc=True)
        if last is not None:
            found.append(((last - before).replace(tzinfo=UTC), after))
    return max(found)[1]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(ALL), st.integers(0, 2 * 365 * 24))
def test_whoever_reads_it_finds_the_zones_own_time(name: str, hours: int) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC) + timedelta(hours=hours)
    description = describe_zone(name, at.astimezone(ZoneInfo(name)).year)
    if description is not None:
        assert offset_by(description, at) == at.astimezone(ZoneInfo(name)).utcoffset()


def test_only_ramadan_has_no_yearly_rule() -> None:
    """Where clocks follow the moon, or a rule that is about to change, entries are written in UTC."""
    moon = {"Africa/Casablanca", "Africa/El_Aaiun", "Asia/Gaza", "Asia/Hebron"}
    assert {name for name in ALL if describe_zone(name, 2026) is None} <= moon


def test_a_description_is_the_same_every_year() -> None:
    """Programs remember a zone by its name."""
    for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"):
        assert len({describe_zone(name, year).to_ical() for year in range(2026, 2030)}) == 1


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Asia/Tokyo", 1), ("Europe/Berlin", 2), ("Europe/Dublin", 2), ("Asia/Kolkata", 1), ("Australia/Lord_Howe", 2)],
)
def test_how_many_parts(name: str, parts: int) -> None:
    assert len(describe_zone(name, 2026).subcomponents) == parts


def test_utc_has_no_description() -> None:
    assert describe_zone("UTC", 2026) is None
