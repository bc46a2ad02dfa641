"""Finding people who can be asked: what the database knows, judged by the rules."""

import unicodedata

from handlers.consultations import rules
from handlers.consultations.desk import Desk
from handlers.consultations.matching import EQUAL, list_pieces, relate
from handlers.consultations.rules import Candidate
from storage.models import Consultation, Member
from storage.queries import availability
from storage.queries import consultations as queries
from storage.queries.availability import Available

_MOST_REASONS = 2
_TITLES = ("さん", "様", "氏", "さま")


def find_people(desk: Desk, consultation: Consultation) -> list[Candidate]:
    """Everybody who could be asked now, the best first."""
    asker = desk.asker(consultation)
    alike = availability.has_topic_like(list_pieces(consultation.topic))
    found = availability.list_available(
        desk.db, asker, _excluded(desk, consultation), desk.now, desk.policy.ignored_limit, alike
    )
    candidates = (_judge(desk, consultation, asker, one) for one in found)
    return rules.rank(candidate for candidate in candidates if candidate is not None and candidate.nearness)


def can_ask(desk: Desk, consultation: Consultation, member_id: int) -> bool:
    """Whether this person can still be asked."""
    asker = desk.asker(consultation)
    found = availability.list_available(
        desk.db,
        asker,
        _excluded(desk, consultation),
        desk.now,
        desk.policy.ignored_limit,
        availability.is_member(member_id),
    )
    return any(_judge(desk, consultation, asker, one) is not None for one in found)


def find_suggested(desk: Desk, consultation: Consultation, name: str) -> Candidate | None:
    """The one person of that name who can be asked; None also when there are several, because the wrong one might be
    asked. What they can help with is left to the one who suggests them."""
    asker = desk.asker(consultation)
    found = availability.list_available(
        desk.db,
        asker,
        _excluded(desk, consultation),
        desk.now,
        desk.policy.ignored_limit,
        availability.is_called(_tighten(name)),
    )
    candidates = [candidate for one in found if (candidate := _judge(desk, consultation, asker, one)) is not None]
    if len(candidates) != 1:
        return None
    only = candidates[0]
    return Candidate(only.member_id, only.nearness, reasons=({"kind": "suggested"}, *only.reasons))


def _excluded(desk: Desk, consultation: Consultation) -> set[int]:
    return queries.list_asked(desk.db, consultation) | {consultation.asker_id}


def _judge(desk: Desk, consultation: Consultation, asker: Member, one: Available) -> Candidate | None:
    """The person with the reasons that are true for them; None when language or capacity don't fit."""
    if not rules.speaks(one.languages, consultation.language):
        return None
    if not rules.has_room(one.capacity, one.accepted, one.waiting, desk.now, one.zone):
        return None
    near = sorted(
        ((nearness, topic) for topic in one.card.topics if (nearness := relate(consultation.topic, topic))),
        key=lambda found: -found[0],
    )
    same_department = bool(asker.department) and one.card.department.casefold() == asker.department.casefold()
    return Candidate(
        one.card.member_id,
        near[0][0] if near else 0,
        same_department,
        rules.count_this_month(one.accepted, desk.now, one.zone) + one.waiting,
        (*_topic_reasons(near), *_other_reasons(consultation, one, same_department=same_department)),
    )


def _topic_reasons(near: list[tuple[int, str]]) -> list[dict[str, str]]:
    return [
        {"kind": "topic", "topic": topic, "near": "same" if nearness == EQUAL else "related"}
        for nearness, topic in near[:_MOST_REASONS]
    ]


def _other_reasons(consultation: Consultation, one: Available, *, same_department: bool) -> list[dict[str, str]]:
    reasons: list[dict[str, str]] = [{"kind": "department"}] if same_department else []
    if consultation.language in one.card.languages:
        reasons.append({"kind": "language", "language": consultation.language})
    return reasons


def _tighten(name: str) -> str:
    """A name for comparing: NFKC, lower case, without spaces and without a title behind it."""
    tight = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    title = next((title for title in _TITLES if tight.endswith(title) and tight != title), "")
    return tight.removesuffix(title) if title else tight
