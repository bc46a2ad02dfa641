"""HR's decisions that need no database: who of the roster somebody may be, and who deserves a personal note."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from storage.folding import fold_name, fold_number
from storage.models import Application, Member, RosterEntry

MOST_CANDIDATES = 10
_LIKELY = 3
_NEAR = 0.6
"""How much of two names must agree for one to be a slip in the other: 佐藤 美咲 and 佐藤 美紀 agree in 0.75."""


def rank_candidates(application: Application, entries: Iterable[RosterEntry]) -> list[RosterEntry]:
    """Whom of the roster the applicant may be, the likeliest first; nobody who merely left in the same month."""
    weighed = [(weigh(application, entry), entry) for entry in entries]
    likely = [(weight, entry) for weight, entry in weighed if weight >= _LIKELY]
    likely.sort(key=lambda pair: (-pair[0], pair[1].employee_number))
    return [entry for _weight, entry in likely[:MOST_CANDIDATES]]


def weigh(application: Application, entry: RosterEntry) -> int:
    """How much speaks for their being one person: 4 for the number and for the name each, 3 or 2 for a near name, 2 for
    the month, 1 for the month beside it."""
    weight = 4 if _bare(application.employee_number) == _bare(entry.employee_number) else 0
    weight += _weigh_name(application.name, entry)
    return weight + _weigh_month(application.left_month, entry.left_on)


def _bare(number: str) -> str:
    return fold_number(number).lstrip("0")


def _weigh_name(name: str, entry: RosterEntry) -> int:
    given, known = fold_name(name), [fold_name(text) for text in (entry.name, entry.kana) if text]
    if not given:
        return 0
    if given in known:
        return 4
    return 3 if any(SequenceMatcher(None, given, text).ratio() >= _NEAR for text in known) else 0


def _weigh_month(month: str, left_on: date) -> int:
    around = month_around(month)
    if around is None:
        return 0
    if f"{left_on:%Y-%m}" == month:
        return 2
    return 1 if around[0] <= left_on <= around[1] else 0


def month_around(month: str) -> tuple[date, date] | None:
    """The first day of the month before `month` (`2026-03`) and the last day of the month after it."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    before = (first - timedelta(days=1)).replace(day=1)
    after = (first + timedelta(days=63)).replace(day=1) - timedelta(days=1)
    return before, after


class Reason(StrEnum):
    """Why somebody deserves a personal note."""

    NOT_DELIVERED = "not_delivered"
    """The invitation did not arrive."""
    LONG_SERVICE = "long_service"
    """Was with the company for long, was invited, and has not come."""
    HALF_WAY = "half_way"
    """Came in by the invitation or by HR, and stopped half way."""
    HAS_JOINED = "has_joined"
    """Was with the company for long, and has just joined."""


@dataclass(frozen=True, slots=True)
class Note:
    """Somebody who deserves a personal note, and why. `years` of service where they are the reason."""

    name: str
    reason: Reason
    years: int = 0


LONG_SERVICE = 10
"""Years from which on the end of a working life in one company is worth a word of its own."""
MOST_NOTES = 3


@dataclass(frozen=True, slots=True)
class Week:
    """What the week brought: names of those whose invitation failed, who was invited a week ago and has not come, who
    is half way since then, who joined."""

    failed: Sequence[str] = ()
    invited: Sequence[RosterEntry] = ()
    half_way: Sequence[Member] = ()
    joined: Sequence[Member] = ()


def choose_notes(week: Week) -> list[Note]:
    """Up to three people, each for a true reason, each once."""
    notes = [Note(name, Reason.NOT_DELIVERED) for name in week.failed]
    notes += _of_long_service(week.invited, Reason.LONG_SERVICE)
    notes += [Note(member.name, Reason.HALF_WAY) for member in week.half_way if member.registration_step > 0]
    notes += _of_long_service(week.joined, Reason.HAS_JOINED)
    first: dict[str, Note] = {}
    for note in notes:
        first.setdefault(note.name, note)
    return list(first.values())[:MOST_NOTES]


def _of_long_service(people: Iterable[RosterEntry | Member], reason: Reason) -> list[Note]:
    notes = [Note(person.name, reason, count_years(person.joined_on, person.left_on)) for person in people]
    return sorted((note for note in notes if note.years >= LONG_SERVICE), key=lambda note: -note.years)


def count_years(joined_on: date | None, left_on: date | None) -> int:
    """Whole years with the company; 0 when a day isn't known."""
    if joined_on is None or left_on is None:
        return 0
    return left_on.year - joined_on.year - ((left_on.month, left_on.day) < (joined_on.month, joined_on.day))


STALLED_FROM = timedelta(days=7)
STALLED_TO = timedelta(days=14)
"""Who was invited or came in that long ago and is not registered, has stalled: each person in one week's summary."""


def stalled_window(now: datetime) -> tuple[datetime, datetime]:
    """From when to when one must have been invited to be told of as stalled in the summary of `now`."""
    return now - STALLED_TO, now - STALLED_FROM
