"""When somebody is asked and thanked: over all zones' days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.status.rules import count_ignored, next_question, next_thanks, number_day

ZONES = ["Asia/Tokyo", "America/Detroit", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu", "Australia/Lord_Howe"]
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.sampled_from(ZONES), MOMENTS)
def test_thanks_are_told_at_six_in_the_evening_within_a_day(zone: str, after: datetime) -> None:
    at = next_thanks(zone, after)
    assert after < at <= after + timedelta(hours=25)
    assert at.astimezone(ZoneInfo(zone)).hour == 18
    assert next_thanks(zone, at - timedelta(microseconds=1)) == at
    assert number_day(next_thanks(zone, at), zone) > number_day(at, zone)


@given(st.sampled_from(ZONES), MOMENTS)
def test_the_question_comes_once_in_each_month(zone: str, after: datetime) -> None:
    first = next_question(zone, after)
    second = next_question(zone, first)
    here, there = first.astimezone(ZoneInfo(zone)), second.astimezone(ZoneInfo(zone))
    assert (here.weekday(), here.hour) == (3, 12)
    assert 15 <= here.day <= 21
    assert (there.year * 12 + there.month) - (here.year * 12 + here.month) == 1


@pytest.mark.parametrize("zone", ["", "Nowhere/Town"])
def test_a_zone_that_is_none_counts_as_utc(zone: str) -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assert (next_thanks(zone, at), next_question(zone, at)) == (next_thanks("UTC", at), next_question("UTC", at))
    assert number_day(at, zone) == 20261201


NOW = datetime(2026, 12, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "told", "before", "ignored"),
    [
        (None, None, 0, 0),
        (None, NOW, 1, 0),
        (NOW, None, 0, 1),
        (NOW, NOW - timedelta(days=1), 1, 2),
        (NOW, NOW, 1, 0),
        (NOW, NOW + timedelta(days=1), 2, 0),
    ],
)
def test_a_question_is_ignored_when_no_news_followed(
    asked: datetime | None, told: datetime | None, before: int, ignored: int
) -> None:
    assert count_ignored(asked, told, before) == ignored
