"""What the community itself has for digests. Only of active members, and only what they agreed to; one query each."""

from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, func, select

from storage.models import Consultation, ConsultationState, Member, Purpose, Status
from storage.queries.consents import agrees_to
from storage.uow import UnitOfWork

_MOST = 50
_LONGEST = 30
"""Years of which anniversaries are looked for."""


def list_newcomers(db: UnitOfWork, since: datetime) -> list[Member]:
    """Those who registered after `since` and may be named, the newest first."""
    statement = select(Member).where(
        Member.status == Status.ACTIVE, col(Member.activated_at) > since, agrees_to(Purpose.NEWCOMER)
    )
    newest = statement.order_by(col(Member.activated_at).desc(), col(Member.id)).limit(_MOST)
    return list(db.session.exec(newest).all())


def list_anniversaries(db: UnitOfWork, since: datetime, until: datetime) -> list[Member]:
    """Those who registered on a day between `since` and `until` of an earlier year, and may be congratulated."""
    on_that_day = [
        col(Member.activated_at).between(_years_before(since, years), _years_before(until, years))
        for years in range(1, _LONGEST + 1)
    ]
    statement = select(Member).where(Member.status == Status.ACTIVE, or_(*on_that_day), agrees_to(Purpose.MILESTONES))
    return list(db.session.exec(statement.order_by(col(Member.id)).limit(_MOST)).all())


def _years_before(at: datetime, years: int) -> datetime:
    """The same day so many years before; 29 February becomes the 28th."""
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - years, day=day)


def list_spotlights(db: UnitOfWork, month: int) -> list[Member]:
    """Those who may be introduced and whose month it is: everybody has one of the twelve."""
    statement = select(Member).where(
        Member.status == Status.ACTIVE, col(Member.id) % 12 == month % 12, agrees_to(Purpose.SPOTLIGHT)
    )
    return list(db.session.exec(statement.order_by(col(Member.id)).limit(_MOST)).all())


def count_helpers(db: UnitOfWork, since: datetime) -> int:
    """How many people took the time for somebody's consultation after `since`."""
    held = (Consultation.state == ConsultationState.HELD, col(Consultation.ended_at) > since)
    return db.session.exec(select(func.count(func.distinct(Consultation.mentor_id))).where(*held)).one()


def list_open_topics(db: UnitOfWork, limit: int = 10) -> list[tuple[int, int, str]]:
    """Consultations for which nobody has been found yet: id, who asks, and the topic in the asker's words, which are
    nobody else's to read. The longest open first."""
    statement = (
        select(Consultation.id, Consultation.asker_id, Consultation.topic)
        .join(Member, col(Member.id) == col(Consultation.asker_id))
        .where(Consultation.state == ConsultationState.SEARCHING, Member.status == Status.ACTIVE)
        .order_by(col(Consultation.id))
        .limit(limit)
    )
    return [(id or 0, asker, topic) for id, asker, topic in db.session.exec(statement).all()]
