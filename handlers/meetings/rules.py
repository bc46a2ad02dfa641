"""What may happen to a time, and when: pure decisions, without a clock, a database or a word.

OPEN ──propose──▶ PROPOSED ──pick──▶ FIXED
  ▲                 │   ▲              │
  └─────lapse───────┘   └───propose────┘    and from FIXED back to OPEN by taking it off
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.dates import get_zone
from bot.recurrence import resolve

MOST_TURNS = 4
"""How many proposals go back and forth before the two are asked to settle it in their own words."""
FARTHEST = timedelta(days=180)
_SOONEST = timedelta(hours=1)
_NIGHT = (23, 6)
"""Local hours at which nobody is asked to talk, whoever proposes it."""

_NUDGE_AFTER = timedelta(days=2)
_NUDGE_BEFORE = timedelta(hours=24)
_NUDGE_SOONEST = timedelta(hours=4)
DAY_BEFORE = timedelta(hours=24)
HOUR_BEFORE = timedelta(hours=1)


def find_answer_check(proposed_at: datetime, slots: Sequence[datetime], *, nudged: bool) -> datetime:
    """When to look whether a proposal was answered: once to remind, in time before the first of its moments, and then
    when the last of them has come."""
    remind = min(proposed_at + _NUDGE_AFTER, min(slots) - _NUDGE_BEFORE)
    remind = max(remind, proposed_at + _NUDGE_SOONEST)
    return max(slots) if nudged or remind >= max(slots) else remind


def list_alarms(starts_at: datetime, now: datetime) -> dict[timedelta, datetime]:
    """When both are reminded of an agreed time, by how long before it. What is past already is left out: whoever has
    just agreed to something tomorrow needs no reminder today."""
    moments = {before: starts_at - before for before in (DAY_BEFORE, HOUR_BEFORE)}
    return {before: at for before, at in moments.items() if at > now}


def is_still_due(starts_at: datetime | None, before: timedelta, now: datetime) -> bool:
    """Whether a reminder that fires now is about the time as it stands: it may have moved meanwhile. One that Musubi
    missed while it was down is still sent as long as it helps: the day's until the hour's, the hour's until it begins.
    """
    if starts_at is None:
        return False
    latest = starts_at - HOUR_BEFORE if before == DAY_BEFORE else starts_at
    return starts_at - before <= now < latest


def read_moment(day: str, clock: str, zone: str) -> datetime | None:
    """A calendar day and a time of day of a zone as a moment; None when they can't be read. An hour that the zone's
    clocks leave out begins when they have jumped."""
    try:
        wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        return None
    return resolve(wall, get_zone(zone)) if wall.tzinfo is None else None


def can_be_proposed(at: datetime, now: datetime) -> bool:
    """Whether a moment leaves time to answer, and is not too far."""
    return now + _SOONEST <= at <= now + FARTHEST


def is_night(at: datetime, zone: str) -> bool:
    """Whether most people sleep there at that moment."""
    hour = at.astimezone(get_zone(zone)).hour
    return hour >= _NIGHT[0] or hour < _NIGHT[1]


def list_open_slots(slots: Sequence[datetime], now: datetime) -> list[tuple[int, datetime]]:
    """The proposed moments that can still be picked, each with its number in the proposal (from 1)."""
    return [(number, at) for number, at in enumerate(slots, start=1) if at > now]
