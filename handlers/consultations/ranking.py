"""Who should be proposed, in which order: pure, from what is known of each. docs/matching.md tells the rule in words.

The topic decides. What else speaks for somebody moves people who fit about equally well: a career like the asker's,
what they are thinking of, few requests on their plate, talks that others found useful. And everybody gets a turn:
whoever was asked or proposed lately stands back, by at most `Balance.turn`, for others who fit nearly as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.consultations.rules import Candidate

REMEMBERED = timedelta(days=90)
"""How long a request or a proposal counts as somebody's turn."""
_HALF_LIFE = timedelta(days=30)
_PROPOSED = 0.4
"""What a proposal counts as a turn, beside 1 for a request."""
NEAR_TENURE = 2.0
"""Years by which two tenures may differ to be called about as long."""
RECENT = 3.0
"""Years since leaving that are called recent."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What everything beside the topic counts, as parts of the topic's score."""

    department: float = 0.08
    tenure: float = 0.04
    step: float = 0.15
    """Times how well the person fits what the asker wrote of their aim."""
    language: float = 0.02
    recent: float = 0.03
    useful: float = 0.08
    """Times -1 (all talks useless) to 1 (all very useful)."""
    load: float = 0.10
    """Times the part of the month's capacity that is taken."""
    silent: float = 0.08
    """Once for each request in a row without an answer."""
    turn: float = 0.35
    """The most that having been asked lately takes off."""
    half_turn: float = 2.0
    """How many turns take off half of that."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person who could be asked. All that leads to a reason is what the asker may see."""

    member_id: int
    topic: float
    """How well the topics fit, 0 to 1."""
    reasons: tuple[dict[str, str], ...] = ()
    step: float = 0.0
    same_department: bool = False
    tenure_gap: float | None = None
    """Years by which both tenures differ; None where one isn't known."""
    years_away: float | None = None
    """Years since leaving the company."""
    speaks: str = ""
    """The wanted language, where the person is seen to speak it."""
    taken: float = 0.0
    """The part of the month's capacity that is taken, 0 to 1."""
    turns: float = 0.0
    """How often they were asked or proposed lately; older ones count less."""
    useful: float = 0.0
    silent: int = 0


def count_turns(asked: Iterable[datetime], proposed: Iterable[datetime], now: datetime) -> float:
    """How much of a turn somebody had lately: requests and proposals, each fading with a half-life of 30 days."""
    return sum(_fade(now - at) for at in asked) + _PROPOSED * sum(_fade(now - at) for at in proposed)


def _fade(age: timedelta) -> float:
    return 0.5 ** (max(age, timedelta()) / _HALF_LIFE) if age < REMEMBERED else 0.0


def rate_usefulness(total: int, count: int) -> float:
    """What askers said (1 to 5) as -1 to 1; few answers are drawn to the middle, as if three had said "fine" (3)."""
    return ((total + 3 * 3) / (count + 3) - 3) / 2


def find_years(start: date | None, end: date | None) -> float | None:
    """Years between two days, or None where one isn't known."""
    return (end - start).days / 365.25 if start and end else None


def find_gap(one: float | None, other: float | None) -> float | None:
    """By how much two numbers of years differ, or None where one isn't known."""
    return None if one is None or other is None else abs(one - other)


def score(facts: Facts, balance: Balance | None = None) -> float:
    """How much speaks for somebody, from 0; only for putting people in order."""
    weigh = balance or Balance()
    for_them = (
        weigh.department * facts.same_department
        + weigh.tenure * is_near(facts.tenure_gap)
        + weigh.step * facts.step
        + weigh.language * bool(facts.speaks)
        + weigh.recent * is_recent(facts.years_away)
        + weigh.useful * facts.useful
    )
    against = weigh.load * facts.taken + weigh.silent * facts.silent
    turn = weigh.turn * facts.turns / (facts.turns + weigh.half_turn)
    return facts.topic * max(1 + for_them - against, 0.0) * (1 - turn)


def is_near(gap: float | None) -> bool:
    """Whether two tenures are about as long."""
    return gap is not None and gap <= NEAR_TENURE


def is_recent(years_away: float | None) -> bool:
    """Whether somebody left recently."""
    return years_away is not None and 0 <= years_away <= RECENT


def rank(people: Iterable[Facts], balance: Balance | None = None) -> list[Candidate]:
    """Everybody as a candidate, the best first; of equal ones who had fewer turns, then who was here first."""
    ordered = sorted(people, key=lambda one: (-round(score(one, balance), 6), one.turns, one.member_id))
    return [make_candidate(one) for one in ordered]


def make_candidate(facts: Facts) -> Candidate:
    """Somebody with all reasons that are true for them: topics first."""
    return Candidate(facts.member_id, (*facts.reasons, *_other_reasons(facts)))


def _other_reasons(facts: Facts) -> tuple[dict[str, str], ...]:
    reasons: list[dict[str, str]] = []
    if facts.same_department:
        reasons.append({"kind": "department"})
    if is_near(facts.tenure_gap):
        reasons.append({"kind": "tenure"})
    if facts.speaks:
        reasons.append({"kind": "language", "language": facts.speaks})
    return tuple(reasons)
