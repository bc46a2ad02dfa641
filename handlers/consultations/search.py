"""Finding people who can be asked: what the database knows, judged by the rules."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from handlers.consultations import ranking, rules
from handlers.consultations.desk import Desk
from handlers.consultations.matching import Match, Matcher
from handlers.consultations.ranking import Facts
from handlers.consultations.rules import Candidate
from handlers.topics import Reader, get_working_reader
from storage.models import Consultation, Member
from storage.queries import availability, standing
from storage.queries import consultations as queries
from storage.queries.availability import Available
from storage.queries.standing import Texts

_MOST_PEOPLE = 600
"""People who are looked at for one question, after those who tell nothing near it have been left out."""
_TITLES = ("さん", "様", "氏", "さま")


def find_people(desk: Desk, consultation: Consultation) -> list[Candidate]:
    """Everybody who could be asked now, the best first."""
    matcher = _make_matcher(desk, consultation)
    found = _list_free(desk, consultation, availability.is_among(_narrow_down(desk, matcher)))
    matches = zip(found, matcher.match(one.card for one in found), strict=True)
    return ranking.rank(_list_facts(desk, consultation, [(one, match) for one, match in matches if match.topic]))


def can_ask(desk: Desk, consultation: Consultation, member_id: int) -> bool:
    """Whether this person can still be asked."""
    return bool(_list_free(desk, consultation, availability.is_member(member_id)))


def find_suggested(desk: Desk, consultation: Consultation, name: str) -> Candidate | None:
    """The one person of that name who can be asked; None also when there are several, because the wrong one might be
    asked. What they can help with is left to the one who suggests them."""
    found = _list_free(desk, consultation, availability.is_called(_tighten(name)))
    if len(found) != 1:
        return None
    matches = _make_matcher(desk, consultation).match(one.card for one in found)
    (facts,) = _list_facts(desk, consultation, list(zip(found, matches, strict=True)))
    only = ranking.make_candidate(facts)
    return Candidate(only.member_id, ({"kind": "suggested"}, *only.reasons))


def _make_matcher(desk: Desk, consultation: Consultation) -> Matcher:
    return Matcher(get_reader(desk), consultation.topic, consultation.aim)


def get_reader(desk: Desk) -> Reader:
    """The vocabulary of this community, ready to read."""
    return get_working_reader(desk.policy.topics_file)


def _narrow_down(desk: Desk, matcher: Matcher) -> list[int]:
    """The ids of those who tell what could fit, the most promising first; most members don't."""
    texts = standing.list_texts(desk.db)
    near = {folded: matcher.find_nearness(label) for folded, label in texts.topics.items()}
    near |= {text: matcher.find_nearness(text) for text in (*texts.jobs, *texts.departments)}
    some = Texts(
        {folded: texts.topics[folded] for folded in _pick_best(texts.topics, near)},
        _pick_best(texts.jobs, near),
        _pick_best(texts.departments, near),
    )
    people: dict[int, float] = {}
    for id, text in standing.list_who_says(desk.db, some):
        people[id] = people.get(id, 0.0) + near[text]
    return sorted(people, key=lambda id: (-people[id], id))[:_MOST_PEOPLE]


def _pick_best(texts: Iterable[str], near: dict[str, float]) -> list[str]:
    """The texts that could fit, the nearest first, as many as one statement takes."""
    return sorted((text for text in texts if near[text]), key=lambda text: (-near[text], text))[: standing.MOST_TEXTS]


def _list_free(desk: Desk, consultation: Consultation, condition: Any) -> list[Available]:
    """Those who meet a condition on Member, can be asked, speak the language and have room this month."""
    excluded = queries.list_asked(desk.db, consultation) | {consultation.asker_id}
    limit = desk.policy.ignored_limit
    found = availability.list_available(desk.db, desk.asker(consultation), excluded, desk.now, limit, condition)
    return [
        one
        for one in found
        if rules.speaks(one.languages, consultation.language)
        and rules.has_room(one.capacity, one.accepted, one.waiting, desk.now, one.zone)
    ]


def _list_facts(desk: Desk, consultation: Consultation, found: list[tuple[Available, Match]]) -> list[Facts]:
    """What is known of each."""
    ids, since = [one.card.member_id for one, _ in found], desk.now - ranking.REMEMBERED
    asked = standing.list_asked_moments(desk.db, ids, since)
    shown = standing.list_shown_moments(desk.db, ids, since)
    useful = standing.list_usefulness(desk.db, ids)
    asker = desk.asker(consultation)
    facts: list[Facts] = []
    for one, match in found:
        id = one.card.member_id
        turns = ranking.count_turns(asked.get(id, ()), shown.get(id, ()), desk.now)
        rated = ranking.rate_usefulness(*useful.get(id, (0, 0)))
        facts.append(_make_facts(desk, consultation, asker, one, match, turns, rated))
    return facts


def _make_facts(
    desk: Desk, consultation: Consultation, asker: Member, one: Available, match: Match, turns: float, useful: float
) -> Facts:
    card, today = one.card, desk.now.date()
    told = not card.nameless
    mine = ranking.find_years(asker.joined_on, asker.left_on or today)
    theirs = ranking.find_years(card.joined_on, card.left_on or today) if told else None
    busy = rules.count_this_month(one.accepted, desk.now, one.zone) + one.waiting
    return Facts(
        card.member_id,
        match.topic,
        match.reasons,
        match.step,
        same_department=bool(asker.department) and card.department.casefold() == asker.department.casefold(),
        tenure_gap=ranking.find_gap(mine, theirs),
        years_away=ranking.find_years(card.left_on, today) if told else None,
        speaks=consultation.language if consultation.language in card.languages else "",
        taken=busy / one.capacity,
        turns=turns,
        useful=useful,
        silent=one.silent,
    )


def _tighten(name: str) -> str:
    """A name for comparing: NFKC, lower case, without spaces and without a title behind it."""
    tight = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    title = next((title for title in _TITLES if tight.endswith(title) and tight != title), "")
    return tight.removesuffix(title) if title else tight
