"""What may happen to a consultation, and when: pure decisions, without a clock, a database or a word.

    (new) ──propose──▶ PROPOSED ──ask──▶ ASKING ──accept──▶ ACCEPTED ──talk──▶ HELD
      │                   ▲  ▲             │ ▲ │                │
      └──search──▶ SEARCHING ┘◀──search────┘ └─┘ ask the next   ├──call off──▶ CALLED_OFF
                       └──close──▶ CLOSED ◀─────────────────────┘

Every state that is not an end has one timer, and every end is told with its reason: so nobody is left waiting.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.policy import Policy
from bot.recurrence import resolve
from storage.models import ConsultationState as State

LONGEST_TOPIC = 80
LONGEST_AIM = 300
"""Characters, from the product's description."""
LONGEST_LINE = 200
MOST_OPEN = 3
"""Consultations that one person may have open at once: alumni are asked for a favour, not for a service."""
MOST_LOOKS = 4
"""How often Musubi looks in vain for one topic before it closes: eight weeks with the default waiting time."""
MOST_TIMES_ASKED = 3
"""How often both are asked whether they talked."""
ASK_AGAIN = timedelta(days=7)
"""How long after "planned" or "not yet", or no answer, both are asked once more."""
FARTHEST_TALK = timedelta(days=180)
_MORNING = time(10, 0)


class Step(StrEnum):
    """What can be done with a consultation."""

    PROPOSE = "propose"
    SEARCH = "search"
    ASK = "ask"
    ACCEPT = "accept"
    TALK = "talk"
    CALL_OFF = "call_off"
    CLOSE = "close"


OPEN = (State.PROPOSED, State.ASKING, State.SEARCHING, State.ACCEPTED)
"""The states that are not an end."""

_LOOKING = (State.PROPOSED, State.ASKING, State.SEARCHING)

_MOVES: dict[Step, tuple[tuple[State, ...], State]] = {
    Step.PROPOSE: ((State.PROPOSED, State.SEARCHING), State.PROPOSED),
    Step.SEARCH: (_LOOKING, State.SEARCHING),
    Step.ASK: (_LOOKING, State.ASKING),
    Step.ACCEPT: ((State.ASKING,), State.ACCEPTED),
    Step.TALK: ((State.ACCEPTED,), State.HELD),
    Step.CALL_OFF: (OPEN, State.CALLED_OFF),
    Step.CLOSE: (OPEN, State.CLOSED),
}


def find_next_state(state: str, step: Step) -> State | None:
    """The state after `step`, or None if that can't happen now: then the person is shown how things stand."""
    before, after = _MOVES[step]
    return after if state in before else None


class News(StrEnum):
    """What has just happened, as the asker is told it."""

    NONE = "none"
    """Nothing: the card only shows how things stand."""
    FOUND = "found"
    FOUND_AGAIN = "found_again"
    """Found when Musubi looked again."""
    CHOICE_GONE = "choice_gone"
    """Who was chosen can't be asked any more."""
    STILL_HERE = "still_here"
    """The proposals wait."""
    ASKED = "asked"
    DECLINED = "declined"
    EXPIRED = "expired"
    MENTOR_GONE = "mentor_gone"
    """Who was asked can't be asked any more."""
    NOBODY = "nobody"
    STILL_NOBODY = "still_nobody"


class Wake(StrEnum):
    """What is to be done when a consultation's timer rings."""

    WAIT = "wait"
    NUDGE_ASKER = "nudge_asker"
    LAPSE = "lapse"
    """The proposals were left alone: it closes."""
    NUDGE_MENTOR = "nudge_mentor"
    EXPIRE = "expire"
    LOOK = "look"
    QUESTION = "question"
    """Both are asked whether they talked."""
    LET_GO = "let_go"
    """Nobody said that they talked, often enough: it closes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a consultation stands, as far as its timer is concerned. `since` is when the present state's waiting began:
    the proposals were shown, or the request was sent. `done` counts the reminders of this waiting, or how often both
    were asked whether they talked. `due` is when the next look or question is.
    """

    state: str
    since: datetime | None = None
    done: int = 0
    due: datetime | None = None


def count_nudges(since: datetime, now: datetime, policy: Policy) -> int:
    """How many of the reminders' moments have passed since `since`. What was missed is not sent later in a heap."""
    return sum(since + wait <= now for wait in policy.request_nudges)


def find_next_wake(standing: Standing, policy: Policy) -> datetime | None:
    """When the timer of an open consultation rings next; None for one that has ended."""
    match standing:
        case Standing(state=State.PROPOSED, since=datetime() as since, done=done):
            return since + min((*policy.request_nudges[:1][done:], policy.request_expires))
        case Standing(state=State.ASKING, since=datetime() as since, done=done):
            return since + min((*policy.request_nudges[done:], policy.request_expires))
        case Standing(state=State.SEARCHING | State.ACCEPTED, due=datetime() as due):
            return due
        case _:
            return None


def decide_wake(standing: Standing, now: datetime, policy: Policy) -> Wake:
    """What to do at `now`. A timer that rings early, or for something that has changed, does nothing."""
    at = find_next_wake(standing, policy)
    if at is None or now < at:
        return Wake.WAIT
    match standing.state:
        case State.PROPOSED:
            return Wake.LAPSE if _has_expired(standing, now, policy) else Wake.NUDGE_ASKER
        case State.ASKING:
            return Wake.EXPIRE if _has_expired(standing, now, policy) else Wake.NUDGE_MENTOR
        case State.SEARCHING:
            return Wake.LOOK
        case _:
            return Wake.QUESTION if standing.done < MOST_TIMES_ASKED else Wake.LET_GO


def _has_expired(standing: Standing, now: datetime, policy: Policy) -> bool:
    return standing.since is not None and now >= standing.since + policy.request_expires


def find_first_question(accepted_at: datetime, talk_on: date | None, zone: str, policy: Policy) -> datetime:
    """When both are first asked whether they talked: in the morning after the agreed day (in `zone`), or, where no day
    is known, after the time in which talks should be held."""
    if talk_on is None:
        return accepted_at + policy.talk_within + policy.follow_up
    return resolve(datetime.combine(talk_on, _MORNING), ZoneInfo(zone)) + policy.follow_up


def count_this_month(moments: Iterable[datetime], now: datetime, zone: str) -> int:
    """How many of the moments lie in the present calendar month of `zone`."""
    place = ZoneInfo(zone)
    local = now.astimezone(place)
    months = ((at.astimezone(place).year, at.astimezone(place).month) for at in moments)
    return sum(month == (local.year, local.month) for month in months)


def has_room(capacity: int, accepted: Iterable[datetime], waiting: int, now: datetime, zone: str) -> bool:
    """Whether a member takes one more this month: what was accepted in this calendar month of the member's zone and
    what waits for an answer both count, so that nobody who accepts everything gets more than they wanted."""
    return count_this_month(accepted, now, zone) + waiting < capacity


def find_rest_end(now: datetime, zone: str) -> datetime:
    """A month later: the beginning of the same day of the next month, or of that month's last day."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    year, month = (today.year + today.month // 12, today.month % 12 + 1)
    day = min(today.day, monthrange(year, month)[1])
    return resolve(datetime(year, month, day), place)  # noqa: DTZ001 - a wall-clock time, resolved in its zone


class Answer(StrEnum):
    """What one side said to "Did you talk?"."""

    NONE = ""
    YES = "yes"
    PLANNED = "planned"
    NOT_YET = "not_yet"
    CALLED_OFF = "called_off"


class Conclusion(StrEnum):
    """What the two answers mean together."""

    WAIT = "wait"
    HELD = "held"
    CALLED_OFF = "called_off"


def conclude(one: str, other: str) -> Conclusion:
    """What both answers mean together; the order doesn't matter.

    One "yes" is enough: people answer on different days, and nobody says yes without having talked. A talk takes two,
    so one "called off" ends it, unless the other says that it was held. Everything else is still open.
    """
    answers = {one, other}
    if Answer.YES in answers:
        return Conclusion.HELD
    return Conclusion.CALLED_OFF if Answer.CALLED_OFF in answers else Conclusion.WAIT


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be asked, and the reasons as data; `ranking` puts them in order."""

    member_id: int
    reasons: tuple[dict[str, str], ...] = ()


def find_letter(rank: int) -> str:
    """The letter by which a nameless person of that rank (from 1) is called."""
    return chr(ord("A") + rank - 1)


def speaks(languages: Sequence[str], wanted: str) -> bool:
    """Whether somebody with these languages can talk in the wanted one (`any` is always fine)."""
    return wanted == "any" or wanted in languages
