"""What may happen to an event and to a seat in it, and when: pure decisions.

An event: DRAFT ─▶ ANNOUNCED ─▶ OVER, and from the first two CANCELLED. While it is announced it may be FULL, or CLOSED
to new answers; changed it may be at any time.

A person: Going, Maybe and Not going in any order. Where there is no seat, Going is the waiting list. A freed seat is
offered to who has waited longest, for 12 hours; it counts as taken meanwhile, so that nobody else can have it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.dates import get_zone
from bot.quiet import next_allowed
from bot.recurrence import resolve
from storage.models import Event, EventState, Rsvp

T = TypeVar("T")

OFFER = timedelta(hours=12)
"""How long a freed seat is kept for whoever it is offered to."""
LAST_CALL = timedelta(hours=1)
"""So long before it begins, offers end."""
_SHORTEST_OFFER = timedelta(minutes=15)
_READABLE = timedelta(hours=2)
"""An offer that would come too late after the quiet hours to be read for so long goes out at once."""

DAYS_BEFORE = 7
_DAY_BEFORE_AT, _NOON = time(18), time(12)
HOUR_BEFORE = timedelta(hours=1)
ASKED_FOR = timedelta(days=7)
"""How long after the day on which they were asked the questions can be answered; then HR sees the counts, once."""

HOLDS_SEAT = frozenset({Rsvp.GOING, Rsvp.OFFERED})
IN_IT = frozenset({Rsvp.GOING, Rsvp.OFFERED, Rsvp.WAITING, Rsvp.MAYBE})
"""Who is told when it doesn't take place."""


class Stage(StrEnum):
    """Where an event stands now."""

    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    """The day for answers has passed."""
    OVER = "over"
    CANCELLED = "cancelled"


class Refusal(StrEnum):
    """Why an answer can't be taken."""

    DRAFT = "draft"
    """It is not announced yet: HR has pressed a button of the preview."""
    CLOSED = "closed"
    BEGUN = "begun"
    CANCELLED = "cancelled"


class Alarm(StrEnum):
    """What rings for one person; the values are the reminders' kinds."""

    UNDECIDED = "event.undecided"
    DAY_BEFORE = "event.day_before"
    HOUR_BEFORE = "event.hour_before"
    AFTER = "event.after"


def find_stage(event: Event, taken: int, now: datetime) -> Stage:
    """Where the event stands; `taken` counts those who come and those to whom a seat is offered."""
    if event.state == EventState.CANCELLED:
        return Stage.CANCELLED
    if event.ends_at <= now:
        return Stage.OVER
    if event.state == EventState.DRAFT:
        return Stage.DRAFT
    if is_closed(event, now):
        return Stage.CLOSED
    return Stage.FULL if count_free(event.capacity, taken) == 0 else Stage.OPEN


def is_closed(event: Event, now: datetime) -> bool:
    """Whether nobody can sign up any more."""
    return now >= (event.answer_by or event.starts_at)


def count_free(capacity: int, taken: int) -> int | None:
    """How many seats are free; None where there is no limit."""
    return max(0, capacity - taken) if capacity else None


def decide(event: Event, before: Rsvp | None, said: Rsvp, taken: int, now: datetime) -> Rsvp | Refusal:
    """What an answer comes to: GOING, MAYBE and NOT_GOING are what can be said. Whoever holds a seat or a place on the
    waiting list keeps it by saying Going again; that somebody can't come is always heard."""
    if event.state == EventState.CANCELLED:
        return Refusal.CANCELLED
    if event.state == EventState.DRAFT:
        return Refusal.DRAFT
    if now >= event.starts_at:
        return Refusal.BEGUN
    if said == Rsvp.NOT_GOING:
        return said
    if said == Rsvp.GOING and before in HOLDS_SEAT:
        return Rsvp.GOING
    if said == Rsvp.GOING and before == Rsvp.WAITING:
        return Rsvp.WAITING
    if is_closed(event, now):
        return Refusal.CLOSED
    if said == Rsvp.MAYBE:
        return said
    return Rsvp.WAITING if count_free(event.capacity, taken) == 0 else Rsvp.GOING


def choose_next(capacity: int, taken: int, waiting: Sequence[T]) -> Sequence[T]:
    """To whom seats are offered now, of those who wait, the first first."""
    free = count_free(capacity, taken)
    return waiting if free is None else waiting[:free]


@dataclass(frozen=True, slots=True)
class Offer:
    """Until when a seat is kept, and whether the person is told at once, even in the quiet hours."""

    until: datetime
    at_once: bool = False


def plan_offer(now: datetime, starts_at: datetime, zone: str, quiet: tuple[int, int]) -> Offer | None:
    """An offer to somebody in `zone` with these quiet hours. The 12 hours begin when the person can hear of it; close
    to the event they are cut short, and right before it there is none."""
    latest = starts_at - LAST_CALL
    if now + _SHORTEST_OFFER > latest:
        return None
    heard = next_allowed(now, zone, *quiet)
    if heard + _READABLE <= latest:
        return Offer(min(heard + OFFER, latest))
    return Offer(min(now + OFFER, latest), at_once=True)


def list_moments(starts_at: datetime, ends_at: datetime, zone: str) -> dict[Alarm, tuple[datetime, datetime]]:
    """When each alarm rings for somebody in `zone`, and until when it still helps (both UTC). A zone that is none
    counts as UTC."""
    first, last = (at.astimezone(get_zone(zone)).date() for at in (starts_at, ends_at))

    def at(day: int, clock: time) -> datetime:
        return resolve(datetime.combine(first + timedelta(days=day), clock), get_zone(zone))

    asked = resolve(datetime.combine(last + timedelta(days=1), _NOON), get_zone(zone))
    return {
        Alarm.UNDECIDED: (at(-DAYS_BEFORE, _NOON), at(-1, _NOON)),
        Alarm.DAY_BEFORE: (at(-1, _DAY_BEFORE_AT), starts_at - HOUR_BEFORE),
        Alarm.HOUR_BEFORE: (starts_at - HOUR_BEFORE, starts_at),
        Alarm.AFTER: (asked, asked + timedelta(days=3)),
    }


_RINGS = {
    Rsvp.MAYBE: (Alarm.UNDECIDED,),
    Rsvp.GOING: (Alarm.DAY_BEFORE, Alarm.HOUR_BEFORE, Alarm.AFTER),
}


def list_alarms(event: Event, rsvp: str, zone: str, now: datetime) -> dict[Alarm, datetime]:
    """What is to ring for somebody, from how things stand. What is past already doesn't: who signs up an hour before it
    begins needs no reminder."""
    if event.state == EventState.CANCELLED:
        return {}
    moments = list_moments(event.starts_at, event.ends_at, zone)
    return {alarm: moments[alarm][0] for alarm in _RINGS.get(Rsvp(rsvp), ()) if moments[alarm][0] > now}


def find_last_moment(event: Event, rsvp: str, zone: str, alarm: Alarm, now: datetime) -> datetime | None:
    """Until when an alarm that rings now may be told; None when it is not about how things stand: the event is
    cancelled or has moved, the person has answered otherwise, or Musubi was down and it comes too late."""
    if event.state != EventState.ANNOUNCED or alarm not in _RINGS.get(Rsvp(rsvp), ()):
        return None
    first, last = list_moments(event.starts_at, event.ends_at, zone)[alarm]
    if alarm == Alarm.UNDECIDED:
        last = min(last, event.answer_by or last)
    return last if first <= now < last else None


def find_results_day(event: Event) -> datetime:
    """When HR sees what people said: once, after the last answer can have come, so that no answer stands alone."""
    return list_moments(event.starts_at, event.ends_at, event.zone)[Alarm.AFTER][0] + ASKED_FOR


def may_tell(event: Event, rsvp: str, now: datetime, *, attended: bool, marked: bool) -> bool:
    """Whether somebody is asked how it was: who came, or, where HR has marked nobody, who said so."""
    came = attended if marked else rsvp == Rsvp.GOING
    return event.state == EventState.ANNOUNCED and came and event.ends_at <= now < find_results_day(event)


def may_mark(event: Event, now: datetime) -> bool:
    """Whether HR can mark who is there: from an hour before it begins."""
    return event.state == EventState.ANNOUNCED and now >= event.starts_at - HOUR_BEFORE


def has_moved(before: Event, after: "Details") -> bool:
    """Whether those who come must hear of a change."""
    return (before.starts_at, before.ends_at, before.place, before.link) != (
        after.starts_at,
        after.ends_at,
        after.place,
        after.link,
    )


@dataclass(frozen=True, slots=True)
class Details:
    """What HR says of an event, checked. Texts by language; a missing one is ""."""

    titles: dict[str, str]
    texts: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str = ""
    link: str = ""
    capacity: int = 0
    answer_by: datetime | None = None


FEWEST = 5
"""Nothing is shown about fewer people (the product's description)."""


@dataclass(frozen=True, slots=True)
class Results:
    """What people said, as far as it may be shown: a count of fewer than five is None."""

    people: int
    useful: float | None
    liked: dict[str, int | None]
    wished: dict[str, int | None]


def sum_up(said: Collection[tuple[int, Sequence[str], Sequence[str]]]) -> Results | None:
    """The counts of what was said; None when fewer than five people answered."""
    if len(said) < FEWEST:
        return None
    return Results(
        len(said),
        round(sum(useful for useful, _liked, _wished in said) / len(said), 1),
        _count([liked for _useful, liked, _wished in said]),
        _count([wished for _useful, _liked, wished in said]),
    )


def _count(lists: Sequence[Sequence[str]]) -> dict[str, int | None]:
    counts: dict[str, int] = {}
    for chosen in lists:
        for one in dict.fromkeys(chosen):
            counts[one] = counts.get(one, 0) + 1
    return {one: count if count >= FEWEST else None for one, count in counts.items()}
