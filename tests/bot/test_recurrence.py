"""When recurring jobs run, held against a plain model of every zone: stretches of time with one offset each."""

# ruff: noqa: DTZ001 - wall times are naive on purpose

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.recurrence import Rule, next_run, resolve

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
STEP = timedelta(days=5)
DAY = timedelta(days=1)
WALLS = [time(0), time(0, 30), time(1), time(1, 30), time(2), time(2, 30), time(3), time(10), time(23, 59, 59)]


@dataclass(frozen=True)
class Stretch:
    """From `begin` (UTC) on, clocks are ahead of UTC by `offset`."""

    begin: datetime
    offset: timedelta


def offset_at(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def find_jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset changes between two moments."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before).total_seconds() // 2)
        if offset_at(zone, middle) == offset_at(zone, before):
            before = middle
        else:
            after = middle
    return after


@cache
def stretches(name: str) -> tuple[Stretch, ...]:
    """All stretches of a zone in the ten years."""
    zone = ZoneInfo(name)
    found = [Stretch(BEGIN, offset_at(zone, BEGIN))]
    moment = BEGIN
    while moment < END:
        following = moment + STEP
        if offset_at(zone, following) != found[-1].offset:
            jump = find_jump(zone, moment, following)
            found.append(Stretch(jump, offset_at(zone, jump)))
        moment = following
    return tuple(found)


def expect(name: str, wall: datetime) -> datetime:
    """The policy in words of the model: the first moment that shows `wall`, else the end of the gap it lies in."""
    every = stretches(name)
    for here, following in zip(every, [*every[1:], Stretch(END + DAY * 10, timedelta())], strict=True):
        moment = wall.replace(tzinfo=UTC) - here.offset
        if here.begin <= moment < following.begin:
            return moment
        if moment >= following.begin and wall.replace(tzinfo=UTC) - following.offset < following.begin:
            return following.begin
    raise AssertionError(f"{wall} lies outside the ten years")


@cache
def distinct_zones() -> list[str]:
    """One name for each history of offsets: most of the 600 names are the same as another in these years."""
    names: dict[tuple[Stretch, ...], str] = {}
    for name in sorted(available_timezones()):
        names.setdefault(stretches(name), name)
    return sorted(names.values())


def days_around(jump: datetime) -> list[date]:
    return [(jump + DAY * shift).date() for shift in range(-3, 4)]


def test_the_model_sees_the_zones_that_matter() -> None:
    assert len(distinct_zones()) > 80
    assert len(stretches("Asia/Tokyo")) == 1
    assert len(stretches("Europe/Berlin")) == 21
    assert min(b.offset - a.offset for a, b in pairwise(stretches("Australia/Lord_Howe"))) == timedelta(minutes=-30)


def test_around_every_jump_of_every_zone_a_daily_rule_runs_as_the_policy_says() -> None:
    jumps = 0
    for name in distinct_zones():
        for stretch in stretches(name)[1:]:
            jumps += 1
            days = days_around(stretch.begin)
            for at in WALLS:
                walls = [datetime.combine(day, at) for day in days]
                expected = sorted({expect(name, wall) for wall in walls})
                assert runs(Rule(at), name, expected[0] - timedelta(microseconds=1), len(expected)) == expected
    assert jumps > 700


def runs(rule: Rule, zone: str, after: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(count):
        after = next_run(rule, zone, after)
        found.append(after)
    return found


def test_over_ten_years_in_every_zone_no_week_is_missed_and_none_has_two() -> None:
    rule = Rule(time(2, 30), frozenset({6}))  # Sundays at half past two: where most of the world changes its clocks
    sundays = [date(2020, 1, 5) + timedelta(weeks=week) for week in range(520)]
    for name in distinct_zones():
        expected = [expect(name, datetime.combine(day, rule.at)) for day in sundays]
        assert runs(rule, name, datetime(2020, 1, 3, tzinfo=UTC), 520) == expected


@pytest.mark.parametrize(
    ("zone", "wall", "moment"),
    [
        # The clock jumps from 2:00 to 3:00 at 1:00 UTC.
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", datetime(2026, 3, 29, 2, 0), datetime(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", datetime(2026, 3, 29, 3, 0), datetime(2026, 3, 29, 1, 0)),
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 59, 59), datetime(2026, 3, 29, 0, 59, 59)),
        # 2:30 comes twice; the first time is summer time still.
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30)),
        ("Asia/Tokyo", datetime(2026, 11, 20, 10, 0), datetime(2026, 11, 20, 1, 0)),
        # Samoa had no 30 December 2011.
        ("Pacific/Apia", datetime(2011, 12, 30, 10, 0), datetime(2011, 12, 30, 10, 0)),
    ],
)
def test_a_wall_time_is_one_moment(zone: str, wall: datetime, moment: datetime) -> None:
    assert resolve(wall, ZoneInfo(zone)) == moment.replace(tzinfo=UTC)


def test_a_day_that_does_not_exist_costs_no_run_and_makes_no_double() -> None:
    daily = runs(Rule(time(0)), "Pacific/Apia", datetime(2011, 12, 28, 12, tzinfo=UTC), 3)
    assert daily == [datetime(2011, 12, 29, 10, tzinfo=UTC) + DAY * shift for shift in range(3)]


@given(
    st.datetimes(datetime(2020, 2, 1), datetime(2029, 11, 1)),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Tokyo", "Africa/Casablanca", "Australia/Lord_Howe"]),
    st.times(),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 4),
)
def test_the_next_run_is_the_first_one_after(
    naive: datetime, zone: str, at: time, weekdays: frozenset[int], nth: int
) -> None:
    rule, after = Rule(at, weekdays, nth), naive.replace(tzinfo=UTC)
    found = next_run(rule, zone, after)
    start = after.date() - 2 * DAY
    days = [start + DAY * shift for shift in range((found.date() - start).days + 2)]
    candidates = [expect(zone, datetime.combine(day, at)) for day in days if rule.fits(day)]
    assert found == min(moment for moment in candidates if moment > after)


@given(st.datetimes(datetime(2020, 2, 1), datetime(2029, 11, 1)), st.times())
def test_runs_never_come_twice(naive: datetime, at: time) -> None:
    first, second = runs(Rule(at), "Europe/London", naive.replace(tzinfo=UTC), 2)
    assert naive.replace(tzinfo=UTC) < first < second


@pytest.mark.parametrize(
    ("nth", "expected"),
    [(1, [date(2026, 12, 1), date(2027, 1, 5)]), (3, [date(2026, 12, 15), date(2027, 1, 19)])],
)
def test_the_nth_weekday_of_a_month(nth: int, expected: list[date]) -> None:
    found = runs(Rule(time(10), frozenset({1}), nth), "Asia/Tokyo", datetime(2026, 11, 21, tzinfo=UTC), 2)
    assert [moment.astimezone(ZoneInfo("Asia/Tokyo")).date() for moment in found] == expected


@pytest.mark.parametrize(
    "make",
    [
        lambda: Rule(time(10), frozenset({7})),
        lambda: Rule(time(10), frozenset({-1})),
        lambda: Rule(time(10), frozenset({1}), 5),
        lambda: Rule(time(10), nth=1),
        lambda: Rule(time(10, tzinfo=UTC)),
    ],
)
def test_a_rule_that_never_runs_or_reads_wrongly_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"never runs|zone of its own"):
        make()
