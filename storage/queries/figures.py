"""Figures for HR. `list_months` and `list_demand` are all that HR's page reads, from tables that hold nothing about
fewer than `FEWEST_PEOPLE` people; the rest is for the job that fills them, and shows nobody anything.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select as core_select
from sqlmodel import col, func, or_, select

from storage.models import (
    Consultation,
    ConsultationState,
    DemandFigure,
    FollowUp,
    Member,
    MonthFigures,
    RosterEntry,
    UnmetDemand,
)
from storage.statements import insert_or_update, run, table_of
from storage.uow import UnitOfWork

# What HR reads


def list_months(db: UnitOfWork, limit: int) -> list[MonthFigures]:
    """The months that have been counted, the newest first."""
    return list(db.session.exec(select(MonthFigures).order_by(col(MonthFigures.month).desc()).limit(limit)).all())


def list_demand(db: UnitOfWork, since: str, limit: int) -> list[DemandFigure]:
    """Topics that nobody could help with, counted in the month `since` (`2026-11`) or later: the newest first, then by
    how many people wished for them."""
    statement = (
        select(DemandFigure)
        .where(DemandFigure.until >= since)
        .order_by(col(DemandFigure.until).desc(), col(DemandFigure.people).desc(), col(DemandFigure.term))
        .limit(limit)
    )
    return list(db.session.exec(statement).all())


# Noting unmet demand

CONCEPT = "concept:"
"""Before the id of a concept in the vocabulary."""
WORD = "word:"
"""Before a folded word that is in no concept."""


def hash_asker(secret: bytes, asker_id: int) -> str:
    """What stands for a person in `unmet_demand`."""
    return hmac.digest(secret, f"unmet-demand:{asker_id}".encode(), hashlib.sha256).hex()[:32]


def note_unmet_demand(db: UnitOfWork, terms: Collection[str], asker: str, month: str) -> None:
    """Notes that `asker` (a hash) wished for these, and nobody could help; again and again counts once."""
    rows = [{"term": term, "asker": asker, "month": month} for term in sorted(set(terms))]
    if rows:
        insert_or_update(db.session, UnmetDemand, rows, ("term", "asker"), ("month",))


# Counting, once, what has ended


class Talk(NamedTuple):
    """A consultation as it is counted: by whom, and with whom if anybody accepted."""

    id: int
    asker: int
    mentor: int = 0


class Rating(NamedTuple):
    """How useful one side found a consultation, from 1 to 5."""

    talk: Talk
    rater: int
    useful: int


class Month(NamedTuple):
    """What happened in a month."""

    asked: tuple[Talk, ...] = ()
    accepted: tuple[Talk, ...] = ()
    held: tuple[Talk, ...] = ()
    ratings: tuple[Rating, ...] = ()


class Wish(NamedTuple):
    """A row of unmet demand."""

    term: str
    asker: str
    month: str


def read_month(db: UnitOfWork, start: datetime, end: datetime) -> Month:
    """What happened from `start` until before `end`; for counting, never for showing."""
    is_held = Consultation.state == ConsultationState.HELD
    return Month(
        _list_talks(db, col(Consultation.created_at), start, end),
        _list_talks(db, col(Consultation.accepted_at), start, end),
        _list_talks(db, col(Consultation.ended_at), start, end, is_held),
        _list_ratings(db, start, end),
    )


def _list_talks(db: UnitOfWork, at: Any, start: datetime, end: datetime, *where: Any) -> tuple[Talk, ...]:
    columns = select(col(Consultation.id), col(Consultation.asker_id), col(Consultation.mentor_id))
    rows = db.session.exec(columns.where(at >= start, at < end, *where)).all()
    return tuple(Talk(id or 0, asker, mentor or 0) for id, asker, mentor in rows)


def _list_ratings(db: UnitOfWork, start: datetime, end: datetime) -> tuple[Rating, ...]:
    talk, said = table_of(Consultation), table_of(FollowUp)
    statement = (
        core_select(talk.c.id, talk.c.asker_id, talk.c.mentor_id, said.c.member_id, said.c.useful)
        .join(said, said.c.consultation_id == talk.c.id)
        .where(said.c.useful.is_not(None), said.c.at >= start, said.c.at < end)
    )
    rows = run(db.session, statement).all()
    return tuple(Rating(Talk(id, asker, mentor or 0), rater, useful) for id, asker, mentor, rater, useful in rows)


def find_first_moment(db: UnitOfWork) -> datetime | None:
    """When the first consultation was asked for."""
    return db.session.exec(select(func.min(Consultation.created_at))).one()


def list_counted(db: UnitOfWork) -> set[str]:
    """The months that have been counted."""
    return set(db.session.exec(select(MonthFigures.month)).all())


def add_month(db: UnitOfWork, figures: MonthFigures) -> None:
    """Keeps a month's figures. Raises for a figure about too few people, and for a month that is there already."""
    db.session.add(figures)
    db.session.flush()


def list_wishes(db: UnitOfWork, until: str) -> list[Wish]:
    """The unmet demand that waits, up to and with the month `until`; for counting, never for showing."""
    columns = select(UnmetDemand.term, UnmetDemand.asker, UnmetDemand.month).where(UnmetDemand.month <= until)
    return [Wish(*row) for row in db.session.exec(columns).all()]


def is_in_a_name(db: UnitOfWork, word: str) -> bool:
    """Whether somebody's name, of the members or in the roster, begins or ends with `word` (folded)."""
    for column in (col(Member.name), col(RosterEntry.name), col(RosterEntry.kana)):
        name = func.lower(column)
        begins, ends = name.startswith(word, autoescape=True), name.endswith(word, autoescape=True)
        if db.session.exec(select(1).where(or_(begins, ends)).limit(1)).first():
            return True
    return False


def add_demand(db: UnitOfWork, figure: DemandFigure, wishes: Iterable[Wish]) -> None:
    """Keeps a figure, and forgets the wishes that it counts: no later one counts them again."""
    db.session.add(figure)
    db.session.flush()
    demand = table_of(UnmetDemand)
    for wish in wishes:
        run(db.session, demand.delete().where(demand.c.term == wish.term, demand.c.asker == wish.asker))


def forget_wishes(db: UnitOfWork, before: str) -> int:
    """Deletes the unmet demand of the months before `before`: too few wished for it. Returns how much it was."""
    demand = table_of(UnmetDemand)
    return run(db.session, demand.delete().where(demand.c.month < before)).rowcount
