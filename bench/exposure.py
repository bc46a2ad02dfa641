"""Whether everybody gets a turn: a year of requests in the invented community, and how evenly they fall on people.

What is counted is who is asked. The measure is the Gini coefficient: 0 when all are asked equally often, near 1 when
one person is asked always. Some of it is no fault of the order: a topic that one person alone knows falls on them.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from adapters.playground.people import Resident, load_people
from bench.figures import Aim, Figure, summarise
from handlers.consultations.matching import Matcher
from handlers.consultations.ranking import REMEMBERED, Facts, count_turns, rank
from handlers.consultations.rules import count_this_month
from handlers.topics import get_reader
from storage.models import Role
from storage.queries.members import Card

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_PROPOSALS = 3
_CHOICES = (0.6, 0.25, 0.15)
"""How often the first, second and third proposal is chosen: people read from the top."""


@dataclass(slots=True)
class Mentor:
    """Somebody who can be asked, and what has come to them so far."""

    card: Card
    capacity: int
    asked: list[datetime] = field(default_factory=list[datetime])
    shown: list[datetime] = field(default_factory=list[datetime])

    def has_room(self, now: datetime) -> bool:
        """Whether they take one more this month; everybody accepts here."""
        return self.taken(now) < 1

    def taken(self, now: datetime) -> float:
        """The part of the month's capacity that is taken."""
        return count_this_month(self.asked, now, "Asia/Tokyo") / self.capacity


def invite_mentors(people: Sequence[Resident]) -> list[Mentor]:
    """The alumni who want to be asked."""
    willing = [one for one in people if one.role == "alumnus" and one.capacity and not one.quiet]
    return [
        Mentor(
            Card(
                number,
                one.name,
                one.kana,
                Role.ALUMNUS,
                department=one.department,
                job=one.job,
                languages=(one.language,),
                topics=one.topics,
            ),
            one.capacity,
        )
        for number, one in enumerate(willing, start=1)
    ]


def live_a_year(mentors: Sequence[Mentor], *, turns: bool = True, a_week: int = 3, seed: int = 7) -> list[int]:
    """How often each was asked in a year with so many requests a week. Topics are asked for as they are spread among
    the mentors, the popular ones more often still: in the square of how many name them. Without `turns` nobody stands
    back for having been asked."""
    chance = random.Random(seed)
    popular = Counter(topic for mentor in mentors for topic in mentor.card.topics)
    topics = sorted(popular)
    fits = {topic: Matcher(get_reader(), topic).match(mentor.card for mentor in mentors) for topic in topics}
    for number in range(52 * a_week):
        now = START + timedelta(days=7 / a_week) * number
        (topic,) = chance.choices(topics, [popular[topic] ** 2 for topic in topics])
        free = [
            (mentor, match.topic)
            for mentor, match in zip(mentors, fits[topic], strict=True)
            if match.topic and mentor.has_room(now)
        ]
        facts = [_find_facts(mentor, fit, now) for mentor, fit in free]
        _ask(mentors, facts if turns else [replace(one, turns=0.0, taken=0.0) for one in facts], now, chance)
    return [len(mentor.asked) for mentor in mentors]


def _find_facts(mentor: Mentor, fit: float, now: datetime) -> Facts:
    since = now - REMEMBERED
    asked = [at for at in mentor.asked if at > since]
    turns = count_turns(asked, [at for at in mentor.shown if at > since], now)
    return Facts(mentor.card.member_id, fit, taken=mentor.taken(now), turns=turns)


def _ask(mentors: Sequence[Mentor], facts: Sequence[Facts], now: datetime, chance: random.Random) -> None:
    proposed = rank(facts)[:_PROPOSALS]
    for one in proposed:
        mentors[one.member_id - 1].shown.append(now)
    if proposed:
        (chosen,) = chance.choices(proposed, _CHOICES[: len(proposed)])
        mentors[chosen.member_id - 1].asked.append(now)


def find_gini(counts: Sequence[int]) -> float:
    """The Gini coefficient: half the mean difference between two people, as a part of the mean. 0 for nobody."""
    ordered, total = sorted(counts), sum(counts)
    if not total:
        return 0.0
    weighted = sum(place * count for place, count in enumerate(ordered, start=1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def measure_exposure(seeds: Sequence[int]) -> list[Figure]:
    """The coefficient with and without turns, over a year each."""
    people = load_people(date(2026, 11, 20))
    ways = {"with turns": True, "without turns": False}
    return [
        summarise(
            f"requests in the invented community, Gini coefficient {name}",
            [find_gini(live_a_year(invite_mentors(people), turns=turns, seed=seed)) for seed in seeds],
            "",
            Aim(0.3, "less") if turns else None,
        )
        for name, turns in ways.items()
    ]
