"""Who could be asked for a consultation: conditions on members, and what they have taken on."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, exists, func, or_, select

from storage.models import (
    Account,
    Consultation,
    ConsultationRequest,
    ConsultationState,
    Member,
    Purpose,
    RequestState,
    Status,
)
from storage.queries.consents import agrees_to
from storage.queries.members import Card, list_visible
from storage.queries.outbox import find_best_account
from storage.uow import UnitOfWork

_MOST_CANDIDATES = 2000


@dataclass(frozen=True, slots=True)
class Available:
    """Somebody who may be asked: what the asker may see of them, and what they have taken on. `accepted` are moments of
    the last weeks, `waiting` the requests without an answer."""

    card: Card
    languages: tuple[str, ...]
    capacity: int
    zone: str
    accepted: tuple[datetime, ...] = field(default=())
    waiting: int = 0
    silent: int = 0
    """Requests in a row that got no answer."""


def can_be_reached() -> ColumnElement[bool]:
    """A condition on Member: there is a chat account that takes messages. Mail has no buttons to answer with."""
    return exists().where(
        col(Account.member_id) == col(Member.id),
        col(Account.reachable).is_(True),
        col(Account.platform) != "email",
    )


def is_willing(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions on Member: agrees to be asked, can be reached, and takes no rest."""
    rested = or_(col(Member.resting_until).is_(None), col(Member.resting_until) <= now)
    return (agrees_to(Purpose.CONSULTATIONS), can_be_reached(), rested)


def list_available(
    db: UnitOfWork,
    asker: Member,
    excluded: Collection[int],
    now: datetime,
    ignored_limit: int,
    *conditions: ColumnElement[bool],
) -> list[Available]:
    """Those who may be asked now, before capacity: visible to the asker, willing, not silent too often, not in
    `excluded`, and meeting `conditions` on Member."""
    cards = list_visible(
        db,
        asker,
        *is_willing(now),
        col(Member.capacity) > 0,
        col(Member.ignored_requests) < ignored_limit,
        col(Member.id).not_in(excluded),
        *conditions,
        limit=_MOST_CANDIDATES,
    )
    ids = [card.member_id for card in cards]
    members = {one.id: one for one in db.session.exec(select(Member).where(col(Member.id).in_(ids))).all()}
    accepted, waiting = _list_accepted(db, ids, now), _count_waiting(db, ids)
    return [
        Available(
            card,
            languages=tuple(members[card.member_id].languages) or (members[card.member_id].language,),
            capacity=members[card.member_id].capacity,
            zone=members[card.member_id].zone,
            accepted=tuple(accepted.get(card.member_id, ())),
            waiting=waiting.get(card.member_id, 0),
            silent=members[card.member_id].ignored_requests,
        )
        for card in cards
    ]


def is_member(member_id: int) -> ColumnElement[bool]:
    """A condition on Member: this one."""
    return col(Member.id) == member_id


def is_among(member_ids: Collection[int]) -> ColumnElement[bool]:
    """A condition on Member: one of these."""
    return col(Member.id).in_(member_ids)


def is_called(tight_name: str) -> ColumnElement[bool]:
    """A condition on Member: this is the name or its reading, in lower case and without spaces."""
    return or_(*(_tight(column) == tight_name for column in (col(Member.name), col(Member.kana))))


def _tight(column: Any) -> ColumnElement[str]:
    return func.lower(func.replace(func.replace(column, " ", ""), "\u3000", ""))


def _list_accepted(db: UnitOfWork, ids: Collection[int], now: datetime) -> dict[int, list[datetime]]:
    """What each accepted lately: two months back, more than any calendar month. What was called off doesn't count."""
    statement = select(Consultation.mentor_id, Consultation.accepted_at).where(
        col(Consultation.mentor_id).in_(ids),
        col(Consultation.accepted_at) > now - timedelta(days=62),
        Consultation.state != ConsultationState.CALLED_OFF,
    )
    found: dict[int, list[datetime]] = {}
    for mentor_id, at in db.session.exec(statement).all():
        if mentor_id is not None and at is not None:
            found.setdefault(mentor_id, []).append(at)
    return found


def _count_waiting(db: UnitOfWork, ids: Collection[int]) -> dict[int, int]:
    statement = (
        select(ConsultationRequest.mentor_id, func.count())
        .where(col(ConsultationRequest.mentor_id).in_(ids), ConsultationRequest.state == RequestState.OPEN)
        .group_by(col(ConsultationRequest.mentor_id))
    )
    return dict(db.session.exec(statement).all())


def is_willing_now(db: UnitOfWork, member_id: int, now: datetime) -> bool:
    """Whether a member still agrees to be asked, can be reached, and takes no rest."""
    return db.session.exec(select(Member.id).where(Member.id == member_id, *is_willing(now))).first() is not None


def is_present(db: UnitOfWork, member: Member, *, by_mail: bool = False) -> bool:
    """Whether a member is there: active, and reachable in a chat, or, with `by_mail`, at least by mail."""
    if member.status != Status.ACTIVE:
        return False
    if by_mail:
        return find_best_account(db, member) is not None
    return db.session.exec(select(Member.id).where(Member.id == member.id, can_be_reached())).first() is not None
