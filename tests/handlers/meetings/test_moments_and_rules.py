"""Moments in two zones, the form's answers, and when something rings."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import use_locale
from bot.incoming import FormValues
from bot.ui import DateInput, Select, When
from handlers.meetings import actions, rules
from handlers.meetings.forms import Times, times_form
from handlers.moments import say_both, say_place, say_there, show_both

AT = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TOKYO, BERLIN, LA = "Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("locale", "zone", "there", "text"),
    [
        ("ja", TOKYO, BERLIN, "11月26日（木）19:00（ベルリン 11:00）"),
        ("ja", BERLIN, TOKYO, "11月26日（木）11:00（東京 19:00）"),
        ("ja", TOKYO, LA, "11月26日（木）19:00（ロサンゼルス 2:00）"),
        ("ja", TOKYO, TOKYO, "11月26日（木）19:00"),
        ("ja", TOKYO, "Asia/Seoul", "11月26日（木）19:00"),
        ("en", TOKYO, BERLIN, "Thu 26 Nov, 19:00 (Berlin 11:00)"),
        ("en", "Pacific/Auckland", LA, "Thu 26 Nov, 23:00 (Los Angeles 02:00)"),
    ],
)
def test_each_reads_their_own_time_with_the_others_beside_it(locale: str, zone: str, there: str, text: str) -> None:
    with use_locale(locale):
        assert say_both(AT, zone, there) == text


def test_another_day_there_is_said() -> None:
    with use_locale("ja"):
        assert say_there(datetime(2026, 11, 26, 0, 0, tzinfo=UTC), TOKYO, LA) == "（ロサンゼルス 11月25日（水）16:00）"


def test_only_where_the_zones_differ_is_there_more_than_a_moment() -> None:
    with use_locale("en"):
        assert show_both(AT, TOKYO, TOKYO) == (When(AT),)
        assert show_both(AT, TOKYO, BERLIN) == (When(AT), " (Berlin 11:00)")


def test_places_have_names_in_both_languages() -> None:
    names: dict[str, list[str]] = {}
    for locale in ("ja", "en"):
        with use_locale(locale):
            names[locale] = [say_place(zone) for zone in (TOKYO, BERLIN, LA, "odd")]
    assert names["ja"][:3] == ["東京", "ベルリン", "ロサンゼルス"]
    assert names["en"] == ["Tokyo", "Berlin", "Los Angeles", "UTC"]


def values(*pairs: tuple[str, str]) -> FormValues:
    """The form sent off with these days and times."""
    raw: dict[str, str] = {}
    for number, (day, clock) in enumerate(pairs, start=1):
        raw |= {f"day{number}": day, f"time{number}": clock}
    return FormValues(raw)


def test_a_form_comes_back_as_it_was_filled_in() -> None:
    slots = [AT, AT + timedelta(days=1), AT + timedelta(days=2, minutes=30)]
    times = Times.of(slots, BERLIN)
    assert times.chosen[0] == ("2026-11-26", "11:00")
    assert Times.read(values(*times.chosen)).check(NOW, BERLIN, TOKYO) == (slots, {})


@pytest.mark.parametrize(
    ("pairs", "wrong"),
    [
        ([("", "12:00")], "day1"),
        ([("2026-11-19", "12:00")], "day1"),
        ([("2026-11-20", "10:30")], "day1"),
        ([("2027-11-26", "12:00")], "day1"),
        ([("soon", "12:00")], "day1"),
        ([("2026-11-26", "25:00")], "day1"),
        ([("2026-11-26", "19:00"), ("2026-11-26", "")], "day2"),
        ([("2026-11-26", "19:00"), ("", ""), ("2026-11-26", "08:00")], "day3"),
    ],
)
def test_what_can_not_be_taken_is_said_beside_the_field(pairs: list[tuple[str, str]], wrong: str) -> None:
    with use_locale("en"):
        _slots, errors = Times.read(values(*pairs)).check(NOW, TOKYO, BERLIN)
    assert set(errors) == {wrong}


def test_the_night_of_the_other_is_named() -> None:
    with use_locale("en"):
        _slots, errors = Times.read(values(("2026-11-26", "08:00"))).check(NOW, TOKYO, BERLIN)
    assert errors == {"day1": "That is in the middle of the night there (Berlin 00:00). Please choose another time."}


def test_the_same_time_twice_is_one_and_the_order_is_that_of_time() -> None:
    pairs = [("2026-11-27", "19:00"), ("2026-11-26", "19:00"), ("2026-11-27", "19:00")]
    assert Times.read(values(*pairs)).check(NOW, TOKYO, TOKYO) == ([AT, AT + timedelta(days=1)], {})


@given(st.text(max_size=12), st.text(max_size=12))
def test_whatever_a_forged_form_holds_is_no_failure(day: str, clock: str) -> None:
    times = Times.read(values((day, clock)))
    times.check(NOW, TOKYO, BERLIN)
    form = times_form(actions.Times("consultation", 1, 0, 0), "x", times, TOKYO, BERLIN, NOW)
    days = [item for item in form.fields if isinstance(item, DateInput)]
    clocks = [item for item in form.fields if isinstance(item, Select)]
    assert (len(days), len(clocks)) == (3, 3)
    assert all(item.value in {option.value for option in item.options} for item in clocks)


def test_an_hour_that_is_left_out_begins_when_the_clocks_have_jumped() -> None:
    at = rules.read_moment("2027-03-28", "02:30", BERLIN)
    assert at == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


# When something rings


@given(st.integers(1, 24 * 60), st.integers(1, 24 * 60), st.booleans())
def test_a_proposal_is_looked_after_in_time(first: int, length: int, nudged: bool) -> None:
    slots = [NOW + timedelta(hours=first), NOW + timedelta(hours=first + length)]
    check = rules.find_answer_check(NOW, slots, nudged=nudged)
    assert NOW < check <= slots[-1]
    if nudged:
        assert check == slots[-1]
    else:
        assert check <= max(NOW + timedelta(days=2), NOW + timedelta(hours=4)) or check == slots[-1]


def test_reminders_are_a_day_and_an_hour_before() -> None:
    assert rules.list_alarms(AT, NOW) == {
        timedelta(hours=24): AT - timedelta(hours=24),
        timedelta(hours=1): AT - timedelta(hours=1),
    }
    assert list(rules.list_alarms(AT, AT - timedelta(hours=20))) == [timedelta(hours=1)]
    assert rules.list_alarms(AT, AT - timedelta(minutes=30)) == {}


@pytest.mark.parametrize(
    ("hours", "day", "hour"),
    [(25, False, False), (24, True, False), (2, True, False), (1, False, True), (0.5, False, True), (0, False, False)],
)
def test_a_late_reminder_is_sent_while_it_helps(hours: float, day: bool, hour: bool) -> None:
    now = AT - timedelta(hours=hours)
    assert rules.is_still_due(AT, rules.DAY_BEFORE, now) == day
    assert rules.is_still_due(AT, rules.HOUR_BEFORE, now) == hour
    assert not rules.is_still_due(None, rules.HOUR_BEFORE, now)


def test_only_what_is_ahead_can_be_picked() -> None:
    slots = [AT, AT + timedelta(days=1)]
    assert rules.list_open_slots(slots, AT) == [(2, slots[1])]
