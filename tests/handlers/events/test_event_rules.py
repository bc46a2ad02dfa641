"""The rules: stages, answers, offers, moments and counts, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import get_zone
from bot.quiet import is_quiet
from handlers.events import rules
from handlers.events.rules import Alarm, Refusal, Stage
from storage.models import Event, EventState, Rsvp
from tests.handlers.events.people import BEGINS
from tests.support.world import START

ZONES = st.sampled_from(
    ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "UTC"]
)
ANSWERS = (Rsvp.GOING, Rsvp.MAYBE, Rsvp.NOT_GOING)


def event(**fields: object) -> Event:
    given: dict[str, object] = {
        "author_id": 1,
        "state": EventState.ANNOUNCED,
        "starts_at": BEGINS,
        "ends_at": BEGINS + timedelta(hours=2),
        "uid": "x",
        "created_at": START,
        **fields,
    }
    return Event(**given)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("fields", "taken", "now", "stage"),
    [
        ({"state": EventState.DRAFT}, 0, START, Stage.DRAFT),
        ({}, 500, START, Stage.OPEN),
        ({"capacity": 2}, 1, START, Stage.OPEN),
        ({"capacity": 2}, 2, START, Stage.FULL),
        ({"capacity": 2}, 3, START, Stage.FULL),
        ({"answer_by": START}, 0, START, Stage.CLOSED),
        ({}, 0, BEGINS, Stage.CLOSED),
        ({}, 0, BEGINS + timedelta(hours=2), Stage.OVER),
        ({"state": EventState.CANCELLED}, 0, BEGINS + timedelta(hours=3), Stage.CANCELLED),
    ],
)
def test_where_an_event_stands(fields: dict[str, object], taken: int, now: datetime, stage: Stage) -> None:
    assert rules.find_stage(event(**fields), taken, now) is stage


@pytest.mark.parametrize("before", [None, *Rsvp])
@pytest.mark.parametrize("said", ANSWERS)
def test_nobody_answers_what_is_cancelled_or_has_begun(before: Rsvp | None, said: Rsvp) -> None:
    cancelled = event(state=EventState.CANCELLED)
    assert rules.decide(cancelled, before, said, 0, START) is Refusal.CANCELLED
    assert rules.decide(event(), before, said, 0, BEGINS) is Refusal.BEGUN


@pytest.mark.parametrize("said", ANSWERS)
def test_a_preview_is_no_invitation(said: Rsvp) -> None:
    assert rules.decide(event(state=EventState.DRAFT), None, said, 0, START) is Refusal.DRAFT


@pytest.mark.parametrize("before", [None, *Rsvp])
def test_that_somebody_cant_come_is_heard_after_the_last_day_too(before: Rsvp | None) -> None:
    closed = event(answer_by=START, capacity=1)
    assert rules.decide(closed, before, Rsvp.NOT_GOING, 1, START) is Rsvp.NOT_GOING


@pytest.mark.parametrize(
    ("before", "taken", "after"),
    [
        (None, 0, Rsvp.GOING),
        (None, 1, Rsvp.WAITING),
        (Rsvp.MAYBE, 1, Rsvp.WAITING),
        (Rsvp.LAPSED, 1, Rsvp.WAITING),
        (Rsvp.GOING, 1, Rsvp.GOING),
        (Rsvp.OFFERED, 1, Rsvp.GOING),
        (Rsvp.WAITING, 1, Rsvp.WAITING),
        (Rsvp.WAITING, 0, Rsvp.WAITING),
    ],
)
def test_going_is_a_seat_or_the_waiting_list(before: Rsvp | None, taken: int, after: Rsvp) -> None:
    assert rules.decide(event(capacity=1), before, Rsvp.GOING, taken, START) is after


@pytest.mark.parametrize("before", [Rsvp.GOING, Rsvp.OFFERED, Rsvp.WAITING])
def test_who_has_a_seat_or_waits_keeps_it_after_the_last_day(before: Rsvp) -> None:
    closed = event(answer_by=START, capacity=1)
    assert not isinstance(rules.decide(closed, before, Rsvp.GOING, 1, START), Refusal)
    assert rules.decide(closed, None, Rsvp.GOING, 0, START) is Refusal.CLOSED
    assert rules.decide(closed, before, Rsvp.MAYBE, 1, START) is Refusal.CLOSED


def test_a_seat_is_kept_for_twelve_hours_from_when_it_can_be_heard_of() -> None:
    day, night = START, START + timedelta(hours=12)  # 10:00 and 22:00 in Tokyo
    assert rules.plan_offer(day, BEGINS, "Asia/Tokyo", (21, 8)) == rules.Offer(day + timedelta(hours=12))
    assert rules.plan_offer(night, BEGINS, "Asia/Tokyo", (21, 8)) == rules.Offer(night + timedelta(hours=22))


def test_close_to_the_event_an_offer_is_short_and_then_there_is_none() -> None:
    soon = BEGINS - timedelta(hours=5)
    assert rules.plan_offer(soon, BEGINS, "Asia/Tokyo", (21, 8)) == rules.Offer(BEGINS - timedelta(hours=1))
    assert rules.plan_offer(BEGINS - timedelta(minutes=70), BEGINS, "Asia/Tokyo", (21, 8)) is None
    early = datetime(2026, 12, 11, 0, 0, tzinfo=UTC)  # it begins at 9:00 in Tokyo; now it is 23:00 of the day before
    planned = rules.plan_offer(early - timedelta(hours=10), early, "Asia/Tokyo", (21, 8))
    assert planned == rules.Offer(early - timedelta(hours=1), at_once=True)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(-2, 40 * 24),
    ZONES,
    st.integers(0, 23),
    st.integers(0, 23),
)
def test_every_offer_can_be_heard_of_and_ends_before_the_event(
    now: datetime, hours: int, zone: str, quiet_from: int, quiet_to: int
) -> None:
    starts_at = now + timedelta(hours=hours)
    planned = rules.plan_offer(now, starts_at, zone, (quiet_from, quiet_to))
    if planned is None:
        assert starts_at - now < timedelta(minutes=75)
        return
    assert now < planned.until <= starts_at - rules.LAST_CALL
    if not planned.at_once:
        awake = [
            now + timedelta(minutes=step)
            for step in range(0, int((planned.until - now).total_seconds()) // 60, 15)
            if not is_quiet((now + timedelta(minutes=step)).astimezone(get_zone(zone)).hour, quiet_from, quiet_to)
        ]
        assert awake, "there is a waking moment in which it can be answered"


@given(st.integers(0, 6), st.integers(0, 8), st.lists(st.integers(), max_size=8))
def test_seats_are_offered_in_order_and_never_too_many(capacity: int, taken: int, waiting: list[int]) -> None:
    chosen = rules.choose_next(capacity, taken, waiting)
    assert list(chosen) == waiting[: len(chosen)]
    if capacity:
        assert len(chosen) <= max(0, capacity - taken)
    else:
        assert len(chosen) == len(waiting)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(15, 60 * 30),
    ZONES,
)
def test_reminders_stand_where_the_readers_clock_says(starts_at: datetime, minutes: int, zone: str) -> None:
    ends_at = starts_at + timedelta(minutes=minutes)
    moments = rules.list_moments(starts_at, ends_at, zone)
    day = starts_at.astimezone(get_zone(zone)).date()
    week, eve = (moments[one][0].astimezone(get_zone(zone)) for one in (Alarm.UNDECIDED, Alarm.DAY_BEFORE))
    assert (day - week.date()).days == 7
    assert (day - eve.date()).days == 1
    assert (week.hour, eve.hour) == (12, 18)
    assert moments[Alarm.HOUR_BEFORE] == (starts_at - timedelta(hours=1), starts_at)
    assert moments[Alarm.AFTER][0] > ends_at


def test_what_is_past_already_doesnt_ring() -> None:
    assert set(rules.list_alarms(event(), Rsvp.GOING, "Asia/Tokyo", START)) == {
        Alarm.DAY_BEFORE,
        Alarm.HOUR_BEFORE,
        Alarm.AFTER,
    }
    assert set(rules.list_alarms(event(), Rsvp.GOING, "Asia/Tokyo", BEGINS - timedelta(minutes=30))) == {Alarm.AFTER}
    assert set(rules.list_alarms(event(), Rsvp.MAYBE, "Asia/Tokyo", START)) == {Alarm.UNDECIDED}
    assert rules.list_alarms(event(), Rsvp.NOT_GOING, "Asia/Tokyo", START) == {}
    assert rules.list_alarms(event(state=EventState.CANCELLED), Rsvp.GOING, "Asia/Tokyo", START) == {}


@pytest.mark.parametrize("alarm", list(Alarm))
def test_a_reminder_is_about_the_event_as_it_stands(alarm: Alarm) -> None:
    rsvp = Rsvp.MAYBE if alarm is Alarm.UNDECIDED else Rsvp.GOING
    due, last = rules.list_moments(BEGINS, BEGINS + timedelta(hours=2), "Asia/Tokyo")[alarm]
    assert rules.find_last_moment(event(), rsvp, "Asia/Tokyo", alarm, due) == last
    assert rules.find_last_moment(event(), rsvp, "Asia/Tokyo", alarm, last) is None
    assert rules.find_last_moment(event(), Rsvp.NOT_GOING, "Asia/Tokyo", alarm, due) is None
    assert rules.find_last_moment(event(state=EventState.CANCELLED), rsvp, "Asia/Tokyo", alarm, due) is None
    moved = event(starts_at=BEGINS + timedelta(days=30), ends_at=BEGINS + timedelta(days=30, hours=2))
    assert rules.find_last_moment(moved, rsvp, "Asia/Tokyo", alarm, due) is None


# What people said


def test_nothing_is_shown_of_fewer_than_five() -> None:
    four = [(5, ["talk"], ["again"])] * 4
    assert rules.sum_up(four) is None
    five = rules.sum_up([*four, (1, ["people"], ["again"])])
    assert five is not None
    assert (five.people, five.useful) == (5, 4.2)
    assert (five.liked, five.wished) == ({"talk": None, "people": None}, {"again": 5})


@given(st.lists(st.tuples(st.integers(1, 5), st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("xy")))))
def test_no_count_below_five_ever_comes_out(said: list[tuple[int, list[str], list[str]]]) -> None:
    found = rules.sum_up(said)
    if found is not None:
        shown = [count for count in (*found.liked.values(), *found.wished.values()) if count is not None]
        assert min([found.people, *shown]) >= rules.FEWEST
