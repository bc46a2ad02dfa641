"""What the community itself has for digests. Only of active members, and only what they agreed to.

To look through all members takes 0.3 s where there are 150,000, and on SQLite everybody waits meanwhile. So each
question is asked of a bounded number, found by an index, whoever of them agreed: the newest, or those whose turn it is.
In a network of some thousands that is everybody.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, bindparam, func, union_all
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import Consultation, ConsultationState, Member, Purpose, Status
from storage.queries.consents import agrees_to
from storage.uow import UnitOfWork

_NEWCOMERS, _ANNIVERSARIES, _SPOTLIGHTS = 50, 20, 20
"""Found at most. A digest has two newcomers and one of the others."""
_ASKED = 300
"""How many may be looked at to find them."""
_ASKED_A_YEAR = 50
_MONTHS = 12
_PRIME, _STRIDE = 9973, 7919
"""Strews ids over a circle: `id * _STRIDE % _PRIME` puts neighbours far from each other."""

_newest = (col(Member.activated_at).desc(), col(Member.id).desc())


def list_newcomers(db: UnitOfWork, since: datetime) -> list[Member]:
    """Those who registered after `since` and may be named, the newest first."""
    newest = select(Member.id).where(col(Member.activated_at) > since).order_by(*_newest).limit(_ASKED)
    statement = _choose(Purpose.NEWCOMER, newest).order_by(*_newest).limit(_NEWCOMERS)
    return list(db.session.exec(statement).all())


def list_anniversaries(db: UnitOfWork, since: datetime, now: datetime) -> list[Member]:
    """Those who registered on a day between `since` and `now` of an earlier year, and may be congratulated. Each minute
    begins with others."""
    first = db.session.exec(select(func.min(Member.activated_at))).one()
    years = range(1, now.year - first.year + 1) if first else ()
    if not years:
        return []
    since_then = {f"since_{some}": _years_before(since, some) for some in years}
    until_then = {f"until_{some}": _years_before(now, some) for some in years}
    given = {"turn": _find_turn(now) % _PRIME} | since_then | until_then
    return list(db.session.exec(_make_anniversaries(len(years)), params=given).all())


@cache
def _make_anniversaries(years: int) -> SelectOfScalar[Member]:
    """Built once for each number of years: that costs more than to ask."""
    place = (col(Member.id) % _PRIME * _STRIDE + bindparam("turn", type_=Integer)) % _PRIME
    asked = union_all(*map(_make_year, range(1, years + 1)))
    return _choose(Purpose.MILESTONES, asked).order_by(place, col(Member.id)).limit(_ANNIVERSARIES)


def _make_year(some: int) -> Select[Any]:
    """The latest of the days so many years ago. SQLite wants a LIMIT within a UNION to stand in a subquery."""
    then = col(Member.activated_at).between(bindparam(f"since_{some}"), bindparam(f"until_{some}"))
    latest = select(Member.id).where(then).order_by(*_newest).limit(_ASKED_A_YEAR)
    return select(latest.subquery().c.id)


def _years_before(at: datetime, years: int) -> datetime:
    """The same day so many years before; 29 February becomes the 28th."""
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - years, day=day)


def list_spotlights(db: UnitOfWork, now: datetime) -> list[Member]:
    """Those who may be introduced and whose month it is: everybody has one of the twelve. Each minute begins with
    others."""
    last = db.session.exec(select(func.max(Member.id))).one() or 0
    of_month = range(now.month % _MONTHS or _MONTHS, last + 1, _MONTHS)
    if not of_month:
        return []
    start = _find_turn(now) % len(of_month)
    asked = [*of_month[start:], *of_month[:start]][:_ASKED]
    statement = _choose(Purpose.SPOTLIGHT, asked).order_by(col(Member.id) < asked[0], col(Member.id))
    return list(db.session.exec(statement.limit(_SPOTLIGHTS)).all())


def _find_turn(now: datetime) -> int:
    """How far the turn has gone in the minute of `now`."""
    return int(now.timestamp()) // 60 * _SPOTLIGHTS


def _choose(purpose: Purpose, asked: Select[Any] | CompoundSelect[Any] | Sequence[int]) -> SelectOfScalar[Member]:
    """Those of whom is asked who are active and agree."""
    return select(Member).where(col(Member.id).in_(asked), Member.status == Status.ACTIVE, agrees_to(purpose))


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
