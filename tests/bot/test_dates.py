"""Moments as people read them."""

# ruff: noqa: DTZ001 - wall times are naive on purpose

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import format_day, format_month, format_when, get_zone, is_zone

AT = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("style", "locale", "shown"),
    [
        ("datetime", "ja", "11月20日（金）10:05"),
        ("date", "ja", "11月20日（金）"),
        ("time", "ja", "10:05"),
        ("month", "ja", "2026年11月"),
        ("datetime", "en", "Fri 20 Nov, 10:05"),
        ("date", "en", "Fri 20 Nov"),
        ("time", "en", "10:05"),
        ("month", "en", "Nov 2026"),
    ],
)
def test_a_moment_in_the_readers_language_and_zone(style: str, locale: str, shown: str) -> None:
    assert format_when(AT, style, locale, "Asia/Tokyo") == shown


def test_the_same_moment_is_another_day_elsewhere() -> None:
    assert format_when(AT, "datetime", "en", "America/Los_Angeles") == "Thu 19 Nov, 17:05"


def test_morning_hours_have_no_zero_in_japanese_and_one_in_english() -> None:
    early = datetime(2026, 11, 20, 0, 5, tzinfo=UTC)
    assert format_when(early, "time", "ja", "Asia/Tokyo") == "9:05"
    assert format_when(early, "time", "en", "Asia/Tokyo") == "09:05"


def test_days_and_months_without_a_zone() -> None:
    day = date(2026, 3, 31)
    assert (format_day(day, "ja"), format_day(day, "en")) == ("3月31日（火）", "Tue 31 Mar")
    assert (format_month(day, "ja"), format_month(day, "en")) == ("2026年3月", "Mar 2026")


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        format_when(AT.replace(tzinfo=None), "date", "ja", "Asia/Tokyo")


@pytest.mark.parametrize("name", ["", "Tokyo", "Mars/Olympus", "../../etc/passwd", "Asia/Tokyo\0"])
def test_a_name_that_is_no_zone_reads_as_utc(name: str) -> None:
    assert not is_zone(name)
    assert get_zone(name).key == "UTC"
    assert format_when(AT, "time", "en", name) == "01:05"


@pytest.mark.parametrize("name", ["Asia/Tokyo", "Asia/Calcutta", "US/Pacific", "UTC"])
def test_old_names_are_known_too(name: str) -> None:
    assert is_zone(name)
    assert get_zone(name).key == name


@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)), st.sampled_from(["ja", "en"]))
def test_every_moment_can_be_shown(naive: datetime, locale: str) -> None:
    shown = format_when(naive.replace(tzinfo=UTC), "datetime", locale, "Asia/Tokyo")
    assert shown
    assert str(naive.replace(tzinfo=UTC).astimezone(get_zone("Asia/Tokyo")).minute) in shown
