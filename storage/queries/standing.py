"""What members have taken on and how it went: whose turn it is to be asked, and how useful their talks were.

Only for putting people in order. None of this is shown to anybody.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, exists, func, or_, select

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


def list_topic_labels(db: UnitOfWork) -> dict[str, str]:
    """Every topic that somebody names: as it is compared → as one of them writes it."""
    statement = select(MemberTopic.folded, func.min(MemberTopic.label)).group_by(col(MemberTopic.folded))
    return dict(db.session.exec(statement).all())


def list_jobs(db: UnitOfWork) -> set[str]:
    """Every job of active members."""
    return _list_column(db, col(Member.job))


def list_departments(db: UnitOfWork) -> set[str]:
    """Every department of active members, former or present."""
    return _list_column(db, col(Member.department))


def _list_column(db: UnitOfWork, column: Any) -> set[str]:
    return set(db.session.exec(select(column).where(Member.status == Status.ACTIVE, column != "").distinct()).all())


def says_any(topics: Collection[str], jobs: Collection[str], departments: Collection[str]) -> ColumnElement[bool]:
    """A condition on Member: has one of these topics (as they are compared), jobs or departments. Whether the reader
    may see it is for the caller to look at."""
    names_topic = exists().where(
        and_(col(MemberTopic.member_id) == col(Member.id), col(MemberTopic.folded).in_(list(topics)[:MOST_TEXTS]))
    )
    return or_(
        names_topic,
        col(Member.job).in_(list(jobs)[:MOST_TEXTS]),
        col(Member.department).in_(list(departments)[:MOST_TEXTS]),
    )
