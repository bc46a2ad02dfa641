"""HR's form: whatever is typed, there is an event that can be held, or a sentence beside a field."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.events import actions
from handlers.events.flow import apply
from handlers.events.forms import FIELDS, LARGEST, PLACE, TEXT, TITLE, Entered, check, event_form
from handlers.links import is_link
from storage.models import Event
from tests.handlers.events.test_event_rules import event
from tests.support.world import START

CLOCKS = st.times().map(lambda at: f"{at:%H:%M}") | st.text(max_size=6)
DAYS = st.dates().map(str) | st.text(max_size=12)
ZONES = st.sampled_from(["Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "", "Mars"])
ANYTHING: dict[str, st.SearchStrategy[str]] = {
    "day": DAYS,
    "answer_by": DAYS | st.just(""),
    "starts": CLOCKS,
    "ends": CLOCKS,
    "zone": ZONES,
    "capacity": st.integers(-5, 2 * LARGEST).map(str) | st.text(max_size=8),
    "link": st.just("https://example.com/x") | st.text(max_size=40),
    **{name: st.text(max_size=2 * TITLE) for name in ("title_ja", "title_en", "text_ja", "text_en", "place")},
}


@given(st.fixed_dictionaries(ANYTHING), st.integers(0, 30))
def test_anything_at_all_is_an_event_or_a_sentence(values: dict[str, str], taken: int) -> None:
    details, errors = check(Entered(values), START, taken)
    assert (details is None) == bool(errors)
    assert set(errors) <= set(FIELDS)
    assert event_form(actions.Save(0, 0), Entered(values), ("Asia/Tokyo",)).fields
    if details is not None:
        assert START < details.starts_at < details.ends_at
        assert details.ends_at - details.starts_at <= timedelta(hours=25)
        assert details.answer_by is None or START < details.answer_by <= details.starts_at
        assert details.capacity == 0 or taken <= details.capacity <= LARGEST
        assert details.place or is_link(details.link)
        assert any(details.titles.values())
        assert all(len(text) <= TITLE for text in details.titles.values())
        assert all(len(text) <= TEXT for text in details.texts.values())
        assert len(details.place) <= PLACE


GOOD = st.fixed_dictionaries(
    {
        "starts_at": st.datetimes(datetime(2026, 12, 1), datetime(2028, 10, 1)),  # noqa: DTZ001 - a wall clock
        "minutes": st.integers(2, 64).map(lambda quarters: 15 * quarters),
        "zone": st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"]),
        "capacity": st.integers(0, LARGEST),
        "place": st.sampled_from(["", "本社1階 ホール"]),
    }
)


def make(values: dict[str, Any]) -> Event:
    """An event on full quarters of an hour."""
    starts_at = values["starts_at"].replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    return event(
        title_ja="電池の夕べ",
        title_en="",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=values["minutes"]),
        zone=values["zone"],
        capacity=values["capacity"],
        place=values["place"],
        link="https://meet.example.com/abc",
    )


@given(GOOD)
def test_saved_as_it_was_opened_nothing_changes(values: dict[str, Any]) -> None:
    before = make(values)
    details, errors = check(Entered.of(before), START, 0)
    if errors:  # it lasts until the morning, which HR can't enter, or through the hour that comes twice
        assert set(errors) <= {"ends", "starts"}
        return
    assert details is not None
    after = make(values)
    apply(after, details)
    for name in ("title_ja", "zone", "capacity", "place", "link", "answer_by"):
        assert getattr(after, name) == getattr(before, name)
    assert abs(after.starts_at - before.starts_at) <= timedelta(hours=1), "but for the hour that comes twice"
