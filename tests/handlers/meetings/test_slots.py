"""Times that suit two people: whatever their zones, on working days of both, in their hours, never in the past."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.days_off import find_country, is_day_off
from bot.quiet import is_quiet
from handlers.meetings.slots import Side, propose_slots

ZONES = (
    "Asia/Tokyo",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Africa/Casablanca",
    "UTC",
)
TOKYO = Side("Asia/Tokyo", at_work=True)
ALUMNA = Side("Asia/Tokyo", at_work=False)
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

sides = st.builds(Side, st.sampled_from(ZONES), st.booleans())
odd_sides = st.builds(Side, st.sampled_from(ZONES), st.booleans(), st.integers(0, 23), st.integers(0, 23))
nows = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


def local(at: datetime, side: Side) -> datetime:
    """The moment on somebody's clock."""
    return at.astimezone(ZoneInfo(side.zone))


def never(zone: str, day: date) -> bool:
    """A world without weekends."""
    return False


@settings(max_examples=40, deadline=None)
@given(odd_sides, odd_sides, nows)
def test_what_holds_for_everybody(one: Side, other: Side, now: datetime) -> None:
    slots = propose_slots((one, other), now, 30, (), is_day_off)
    assert list(slots) == sorted(slots)
    assert len(slots) <= 3
    for side in (one, other):
        days = [local(at, side).date() for at in slots]
        assert len(set(days)) == len(days), "a day of its own for each"
        for at in slots:
            assert at >= now + timedelta(hours=24)
            assert local(at, side).date() > local(now, side).date()
            for moment in (at, at + timedelta(minutes=30, microseconds=-1)):
                assert not is_quiet(local(moment, side).hour, side.quiet_from, side.quiet_to)
                assert 8 <= local(moment, side).hour < 22
        if slots:
            assert local(slots[0], one).minute in (0, 30)


@settings(max_examples=40, deadline=None)
@given(sides, sides, nows)
def test_where_hours_are_shared_they_are_those_of_both(one: Side, other: Side, now: datetime) -> None:
    slots = propose_slots((one, other), now, 30, (), is_day_off)
    if len(slots) == 3 and _share_working_hours(one, other, now):
        for side in (one, other):
            last = time(18) if side.at_work else time(21)
            for at in slots:
                end = local(at + timedelta(minutes=30), side).time()
                assert time(9) <= local(at, side).time()
                assert end <= last
                assert not is_day_off(side.zone, local(at, side).date())


def _share_working_hours(one: Side, other: Side, now: datetime) -> bool:
    """Whether every ordinary week has hours in which both are at their desks, with room for clock changes."""
    apart = local(now, one).replace(tzinfo=None) - local(now, other).replace(tzinfo=None)
    return abs(apart) <= timedelta(hours=5)


@settings(max_examples=25, deadline=None)
@given(sides, nows)
def test_two_in_one_zone_always_get_three(side: Side, now: datetime) -> None:
    other = Side(side.zone, at_work=True)
    slots = propose_slots((side, other), now, 30, (), is_day_off)
    assert len(slots) == 3
    for at in slots:
        assert 9 <= local(at, side).hour < 18
        assert not is_day_off(side.zone, local(at, side).date())


def test_lunch_late_afternoon_and_another_day() -> None:
    slots = propose_slots((TOKYO, ALUMNA), NOW, 30, (), is_day_off)
    shown = [f"{local(at, TOKYO):%m-%d %H:%M}" for at in slots]
    # Monday the 23rd is 勤労感謝の日
    assert shown == ["11-24 12:00", "11-25 16:00", "11-26 12:00"]


def test_two_alumni_may_meet_in_the_evening() -> None:
    slots = propose_slots((ALUMNA, ALUMNA), NOW, 30, (), is_day_off)
    hours = {local(at, ALUMNA).hour for at in slots}
    assert all(hour == 12 or 16 <= hour < 21 for hour in hours)
    assert len(hours) == 3


def test_tokyo_and_berlin_meet_at_the_end_of_one_day_and_the_beginning_of_the_other() -> None:
    berlin = Side("Europe/Berlin", at_work=False)
    for at in propose_slots((TOKYO, berlin), NOW, 30, (), is_day_off):
        assert (local(at, TOKYO).hour, local(at, berlin).hour) == (17, 9)


@pytest.mark.parametrize(
    ("now", "hour_there"),
    [
        (datetime(2027, 3, 24, 1, 0, tzinfo=UTC), {9}),  # across the 28th, when Berlin's clocks go forward
        (datetime(2026, 10, 21, 1, 0, tzinfo=UTC), {9, 10}),  # across the 25th, when they go back
    ],
)
def test_changed_clocks_do_no_harm(now: datetime, hour_there: set[int]) -> None:
    berlin = Side("Europe/Berlin", at_work=False)
    slots = propose_slots((TOKYO, berlin), now, 30, (), is_day_off)
    assert len(slots) == 3
    for at in slots:
        assert 9 <= local(at, TOKYO).hour < 18
        assert local(at, berlin).hour in hour_there


def test_what_is_taken_is_left_out() -> None:
    free = propose_slots((TOKYO, ALUMNA), NOW, 30, (), is_day_off)
    taken = [(at - timedelta(minutes=15), 30) for at in free]
    again = propose_slots((TOKYO, ALUMNA), NOW, 30, taken, is_day_off)
    assert len(again) == 3
    for at in again:
        assert all(at >= begin + timedelta(minutes=30) or at + timedelta(minutes=30) <= begin for begin, _ in taken)


def test_new_year_is_looked_beyond() -> None:
    now = datetime(2026, 12, 27, 1, 0, tzinfo=UTC)
    slots = propose_slots((TOKYO, ALUMNA), now, 30, (), is_day_off)
    days = [local(at, TOKYO).date() for at in slots]
    assert date(2026, 12, 28) in days
    assert not any(date(2026, 12, 29) <= day <= date(2027, 1, 3) for day in days)


def test_who_shares_no_hour_at_work_meets_at_other_hours_or_not_at_all() -> None:
    far = Side("America/Los_Angeles", at_work=True)  # nine in Tokyo is sixteen there, the day before
    assert len(propose_slots((TOKYO, far), NOW, 30, (), is_day_off)) == 3
    owl, lark = (
        Side("Asia/Tokyo", at_work=False, quiet_from=8, quiet_to=18),
        Side("Asia/Tokyo", at_work=False, quiet_from=18),
    )
    assert propose_slots((owl, lark), NOW, 30, (), is_day_off) == ()


def test_days_off_count_when_nothing_else_is_left() -> None:
    def always(zone: str, day: date) -> bool:
        return True

    assert len(propose_slots((TOKYO, ALUMNA), NOW, 30, (), always)) == 3


def test_without_days_off_the_first_is_tomorrow() -> None:
    first = propose_slots((TOKYO, ALUMNA), NOW, 30, (), never)[0]
    assert local(first, TOKYO).date() == date(2026, 11, 21)


# Days off


@pytest.mark.parametrize(
    ("zone", "day", "off"),
    [
        ("Asia/Tokyo", date(2026, 11, 23), True),  # 勤労感謝の日
        ("Asia/Tokyo", date(2026, 11, 24), False),
        ("Asia/Tokyo", date(2026, 9, 22), True),  # between two holidays: 国民の休日
        ("Asia/Tokyo", date(2026, 12, 29), True),
        ("Asia/Tokyo", date(2027, 1, 4), False),
        ("Asia/Tokyo", date(2026, 11, 21), True),  # a Saturday
        ("Europe/Berlin", date(2026, 12, 25), True),
        ("Europe/Berlin", date(2026, 11, 23), False),
        ("America/New_York", date(2026, 11, 26), True),  # Thanksgiving
        ("Asia/Kolkata", date(2027, 1, 26), True),  # Republic Day
        ("UTC", date(2026, 12, 25), False),
        ("Antarctica/Troll", date(2026, 12, 25), False),
    ],
)
def test_days_off(zone: str, day: date, off: bool) -> None:
    assert is_day_off(zone, day) == off


def test_countries_of_zones() -> None:
    assert [find_country(zone) for zone in ("Asia/Tokyo", "Asia/Kolkata", "UTC", "nowhere")] == ["JP", "IN", "", ""]
