"""What the community itself has for digests. Only of active members, and only what they agreed to.

To find them, all members are looked through; a month's digests are hundreds of chunks, and would do so for each. So who
was found is kept for a minute, and every time only they are looked at again: who has left or taken a consent back
meanwhile is not named.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy
from sqlalchemy import Engine, Select, or_
from sqlmodel import col, func, select

from storage.models import Consent, Consultation, ConsultationState, Member, Purpose, Status
from storage.queries.consents import agrees_to
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_member = table_of(Member)

_MOST = 50
_LONGEST = 30
"""Years of which anniversaries are looked for."""


_Key = tuple[object, ...]
_found: WeakKeyDictionary[Engine, dict[Purpose, tuple[_Key, list[int]]]] = WeakKeyDictionary()
"""By database: who was found, and for which question. In the next minute it is another, and once anybody has come or
agreed to something."""

_NEWEST = sqlalchemy.select(
    *(sqlalchemy.select(func.max(table.c.id)).scalar_subquery() for table in (table_of(Member), table_of(Consent)))
)


def _find(db: UnitOfWork, purpose: Purpose, asked: _Key, make: Callable[[], Select[*tuple[Any, ...]]]) -> list[int]:
    """The ids that the statement gives; `asked` is what it depends on, with the minute in which it is asked."""
    key = (*asked, *run(db.session, _NEWEST).one())
    known = _found.setdefault(db.session.get_bind().engine, {})
    if purpose not in known or known[purpose][0] != key:
        statement = make().where(_member.c.status == Status.ACTIVE.value, agrees_to(purpose)).limit(_MOST)
        known[purpose] = (key, list(run(db.session, statement).scalars()))
    return known[purpose][1]


def _list(db: UnitOfWork, purpose: Purpose, ids: list[int]) -> list[Member]:
    """Those of them who are still active and still agree, in their order."""
    if not ids:
        return []
    statement = select(Member).where(col(Member.id).in_(ids), Member.status == Status.ACTIVE, agrees_to(purpose))
    found = {member.id: member for member in db.session.exec(statement).all()}
    return [found[id] for id in ids if id in found]


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def list_newcomers(db: UnitOfWork, since: datetime, now: datetime) -> list[Member]:
    """Those who registered after `since` and may be named, the newest first."""

    def make() -> Select[*tuple[Any, ...]]:
        newest = (_member.c.activated_at.desc(), _member.c.id)
        return sqlalchemy.select(_member.c.id).where(_member.c.activated_at > since).order_by(*newest)

    return _list(db, Purpose.NEWCOMER, _find(db, Purpose.NEWCOMER, (_minute(since), _minute(now)), make))


def list_anniversaries(db: UnitOfWork, since: datetime, now: datetime) -> list[Member]:
    """Those who registered on a day between `since` and `now` of an earlier year, and may be congratulated."""

    def make() -> Select[*tuple[Any, ...]]:
        on_that_day = [
            _member.c.activated_at.between(_years_before(since, years), _years_before(now, years))
            for years in range(1, _LONGEST + 1)
        ]
        return sqlalchemy.select(_member.c.id).where(or_(*on_that_day)).order_by(_member.c.id)

    return _list(db, Purpose.MILESTONES, _find(db, Purpose.MILESTONES, (_minute(since), _minute(now)), make))


def _years_before(at: datetime, years: int) -> datetime:
    """The same day so many years before; 29 February becomes the 28th."""
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - years, day=day)


def list_spotlights(db: UnitOfWork, now: datetime) -> list[Member]:
    """Those who may be introduced and whose month it is: everybody has one of the twelve."""

    def make() -> Select[*tuple[Any, ...]]:
        return sqlalchemy.select(_member.c.id).where(_member.c.id % 12 == now.month % 12).order_by(_member.c.id)

    return _list(db, Purpose.SPOTLIGHT, _find(db, Purpose.SPOTLIGHT, (_minute(now),), make))


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
