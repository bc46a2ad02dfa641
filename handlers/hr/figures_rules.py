"""What may be told to HR: nothing about fewer than five people, and nothing from which that could be worked out. Pure.

- People are counted, not rows: one person who asks seven times is one.
- A figure stands on two sides: what five askers did with one alumna is a figure about that alumna, so both must be
  enough.
- What is left over when one figure is taken from another counts as a figure too, and hides the later one.
- Nothing is added up over months or topics, and what is counted once is neither counted again nor corrected: there is
  nothing to subtract, today from yesterday either.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, pstdev
from zoneinfo import ZoneInfo

from bot.recurrence import resolve
from storage.models import FEWEST_PEOPLE
from storage.queries.figures import Month, Rating, Talk, Wish

MOST_MONTHS = 24
"""How far back months are counted that nobody has counted yet."""
PATIENCE = 6
"""Months that a wish waits for others like it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A month as it may be told; None is what may not. `useful` is the average from 1 to 5, `spread` its standard
    deviation, both to one decimal."""

    asked: int | None = None
    accepted: int | None = None
    held: int | None = None
    useful: float | None = None
    spread: float | None = None


def count_month(month: Month) -> Counts:
    """What may be told of a month."""
    asked = _find_cell(month.asked, (), needs_mentors=False)
    accepted = _find_cell(month.accepted, (asked,))
    held = _find_cell(month.held, (asked, accepted))
    useful, spread = _rate(month.ratings)
    return Counts(len(asked) or None, len(accepted) or None, len(held) or None, useful, spread)


def _find_cell(
    talks: Sequence[Talk], before: Sequence[frozenset[int]], *, needs_mentors: bool = True
) -> frozenset[int]:
    """Who is counted, or nobody if that may not be told beside what is told already."""
    askers = frozenset(talk.asker for talk in talks)
    enough = _is_enough(askers) and (not needs_mentors or _is_enough({talk.mentor for talk in talks}))
    return askers if enough and not any(_gives_away(cell, askers) for cell in before if cell) else frozenset()


def _is_enough(people: Iterable[object]) -> bool:
    return len(set(people)) >= FEWEST_PEOPLE


def _gives_away(before: frozenset[int], after: frozenset[int]) -> bool:
    """Whether those by whom one number is larger than the other are too few."""
    larger, smaller = (before, after) if len(before) >= len(after) else (after, before)
    return 0 < len(larger - smaller) < FEWEST_PEOPLE


def _rate(ratings: Sequence[Rating]) -> tuple[float | None, float | None]:
    talks = [rating.talk for rating in ratings]
    sides = ({rating.rater for rating in ratings}, {talk.asker for talk in talks}, {talk.mentor for talk in talks})
    if not all(_is_enough(side) for side in sides):
        return None, None
    answers: dict[int, list[int]] = {}
    for rating in ratings:
        answers.setdefault(rating.rater, []).append(rating.useful)
    useful = [fmean(each) for each in answers.values()]  # one voice each: who talks often does not count more
    return round(fmean(useful), 1), round(pstdev(useful), 1)


@dataclass(frozen=True, slots=True)
class Demand:
    """A topic with everybody who wished for it, as they are forgotten when it is told."""

    term: str
    wishes: tuple[Wish, ...]

    @property
    def askers(self) -> frozenset[str]:
        """How they are told apart."""
        return frozenset(wish.asker for wish in self.wishes)

    @property
    def since(self) -> str:
        """The first month in which one of them did."""
        return min(wish.month for wish in self.wishes)


def count_demand(wishes: Iterable[Wish], broaden: Callable[[str], str]) -> list[Demand]:
    """Which topics enough people wished for, the most special first.

    Where too few did, they count for the broader topic (`broaden`; "" above the top), together with the others that
    were too few there. No wish is counted twice.
    """
    waiting: dict[str, list[Wish]] = {}
    for wish in wishes:
        waiting.setdefault(wish.term, []).append(wish)
    told: list[Demand] = []
    while waiting:
        term = max(waiting, key=lambda one: (_find_depth(one, broaden), one))
        group, above = waiting.pop(term), broaden(term)
        if _is_enough(wish.asker for wish in group):
            told.append(Demand(term, tuple(group)))
        elif above and _find_depth(above, broaden) < _find_depth(term, broaden):
            waiting.setdefault(above, []).extend(group)
    return told


_DEEPEST = 12
"""Steps from the most special topic to the most general, at most; a circle ends here too."""


def _find_depth(term: str, broaden: Callable[[str], str]) -> int:
    depth = 0
    while (term := broaden(term)) and depth < _DEEPEST:
        depth += 1
    return depth


# Months


def list_ended(first: datetime, now: datetime, zone: str) -> list[str]:
    """The months (`2026-11`) in `zone` that have ended by `now`, from that of `first` on, the oldest first."""
    place = ZoneInfo(zone)
    month, present = first.astimezone(place).date().replace(day=1), now.astimezone(place).date().replace(day=1)
    found: list[str] = []
    while month < present:
        found.append(f"{month:%Y-%m}")
        month = _next_month(month)
    return found[-MOST_MONTHS:]


def find_borders(month: str, zone: str) -> tuple[datetime, datetime]:
    """When a month begins and when the next does, in `zone`, as moments in UTC."""
    place, first = ZoneInfo(zone), date.fromisoformat(f"{month}-01")
    start, end = (datetime(day.year, day.month, 1) for day in (first, _next_month(first)))  # noqa: DTZ001 - wall clock
    return resolve(start, place), resolve(end, place)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def go_back(month: str, months: int) -> str:
    """The month so many months before."""
    year, number = int(month[:4]), int(month[5:])
    earlier = year * 12 + number - 1 - months
    return f"{earlier // 12:04}-{earlier % 12 + 1:02}"
