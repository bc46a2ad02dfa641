"""What members have taken on and how it went: whose turn it is to be asked, and how useful their talks were.

Only for putting people in order. None of this is shown to anybody.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from storage.models import Consultation, ConsultationRequest, FollowUp, Member, MemberTopic, Proposal, Status
from storage.uow import UnitOfWork

MOST_TEXTS = 500
"""Different texts that one look at the database is narrowed down by; a statement takes a limited number of values."""


def list_asked_moments(db: UnitOfWork, ids: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When each was asked for a consultation since then."""
    statement = select(ConsultationRequest.mentor_id, ConsultationRequest.asked_at).where(
        col(ConsultationRequest.mentor_id).in_(ids), col(ConsultationRequest.asked_at) > since
    )
    return _gather(db.session.exec(statement).all())


def list_shown_moments(db: UnitOfWork, ids: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """When each was last proposed in a consultation since then."""
    statement = (
        select(Proposal.mentor_id, Consultation.proposed_at)
        .join(Consultation, col(Consultation.id) == col(Proposal.consultation_id))
        .where(col(Proposal.mentor_id).in_(ids), col(Proposal.rank) > 0, col(Consultation.proposed_at) > since)
    )
    return _gather((id, at) for id, at in db.session.exec(statement).all() if at is not None)


def _gather(rows: Iterable[tuple[int, datetime]]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    for id, at in rows:
        found.setdefault(id, []).append(at)
    return found


def list_usefulness(db: UnitOfWork, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """What those who asked each said of the talk: the sum of their answers (1 to 5), and how many there are."""
    statement = (
        select(Consultation.mentor_id, func.sum(FollowUp.useful), func.count())
        .join(FollowUp, col(FollowUp.consultation_id) == col(Consultation.id))
        .where(
            col(Consultation.mentor_id).in_(ids),
            col(FollowUp.member_id) == col(Consultation.asker_id),
            col(FollowUp.useful).is_not(None),
        )
        .group_by(col(Consultation.mentor_id))
    )
    return {id: (int(total or 0), count) for id, total, count in db.session.exec(statement).all() if id is not None}


# Narrowing down by what profiles say


@dataclass(frozen=True, slots=True)
class Texts:
    """What members tell of themselves, each text once: topics (as compared → as somebody writes them), jobs and
    departments."""

    topics: dict[str, str]
    jobs: list[str]
    departments: list[str]


def list_texts(db: UnitOfWork) -> Texts:
    """Everything that active members tell of themselves, without telling who."""
    topics = (
        select(MemberTopic.folded, func.min(MemberTopic.label))
        .join(Member, col(Member.id) == col(MemberTopic.member_id))
        .where(Member.status == Status.ACTIVE)
        .group_by(col(MemberTopic.folded))
    )
    return Texts(
        dict(db.session.exec(topics).all()),
        _list_column(db, col(Member.job)),
        _list_column(db, col(Member.department)),
    )


def _list_column(db: UnitOfWork, column: Any) -> list[str]:
    return list(db.session.exec(select(column).where(Member.status == Status.ACTIVE, column != "").distinct()).all())


def list_who_says(db: UnitOfWork, texts: Texts) -> Iterator[tuple[int, str]]:
    """The ids of those who tell any of these, each with the text (a topic as it is compared). Whether the reader may
    see it is for the caller to look at."""
    topics = select(MemberTopic.member_id, MemberTopic.folded)
    yield from db.session.exec(topics.where(col(MemberTopic.folded).in_(list(texts.topics)[:MOST_TEXTS]))).all()
    for column, given in ((col(Member.job), texts.jobs), (col(Member.department), texts.departments)):
        found = db.session.exec(select(Member.id, column).where(column.in_(given[:MOST_TEXTS]))).all() if given else ()
        yield from ((id, text) for id, text in found if id is not None)
