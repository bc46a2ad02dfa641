"""HR's queue: who could not be matched with the roster, and whom of the roster they may be."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, exists, func, or_, select

from storage.folding import fold_name
from storage.models import Account, Application, Member, RosterEntry, WrongCode
from storage.queries.roster import list_spellings
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_LOOKED_AT = 300
"""Roster entries that are weighed by a rule, after the database has narrowed them down."""


def list_waiting(db: UnitOfWork, offset: int, limit: int) -> Sequence[tuple[Application, Member]]:
    """Who waits for HR, the longest wait first."""
    statement = (
        select(Application, Member)
        .join(Member, col(Member.id) == Application.member_id)
        .where(Application.state == "waiting")
        .order_by(col(Application.id))
        .offset(offset)
        .limit(limit)
    )
    return db.session.exec(statement).all()


def count_waiting(db: UnitOfWork, before: datetime | None = None) -> int:
    """How many wait for HR; with `before`, how many have since before that moment."""
    statement = select(func.count()).select_from(Application).where(Application.state == "waiting")
    if before is not None:
        statement = statement.where(col(Application.created_at) < before)
    return db.session.exec(statement).one()


def list_accounts(db: UnitOfWork, member_id: int) -> Sequence[Account]:
    """A member's accounts on the platforms, mail left out."""
    statement = select(Account).where(Account.member_id == member_id, Account.platform != "email")
    return db.session.exec(statement.order_by(col(Account.id))).all()


def has_not_come_in() -> ColumnElement[bool]:
    """A condition on RosterEntry: nobody came in as this person."""
    return ~exists().where(col(Member.roster_id) == col(RosterEntry.id))


def list_lookalikes(db: UnitOfWork, number: str, name: str, first: date, last: date) -> Sequence[RosterEntry]:
    """Leavers who have not come in and share something with what was entered: the number but for zeros, the beginning
    of the name, or a last day from `first` to `last`."""
    start = name.strip()[:2]
    similar = [col(RosterEntry.left_on).between(first, last)]
    if number:
        similar.append(col(RosterEntry.employee_number).in_(list_spellings(number)))
    if start:
        similar += [col(RosterEntry.name).startswith(start, autoescape=True)]
        similar += [col(RosterEntry.kana).startswith(fold_name(start), autoescape=True)]
    statement = select(RosterEntry).where(has_not_come_in(), or_(*similar)).order_by(col(RosterEntry.id).desc())
    return db.session.exec(statement.limit(_LOOKED_AT)).all()


def list_wrong_codes(db: UnitOfWork, since: datetime) -> dict[int, list[datetime]]:
    """When wrong codes came since then, by account, earliest first."""
    statement = select(WrongCode.account_id, WrongCode.at).where(col(WrongCode.at) >= since)
    found: dict[int, list[datetime]] = {}
    for account_id, at in db.session.exec(statement.order_by(col(WrongCode.at), col(WrongCode.id))):
        found.setdefault(account_id, []).append(at)
    return found


def list_people_behind(db: UnitOfWork, account_ids: Sequence[int]) -> Sequence[tuple[Account, Member]]:
    """Accounts with their members."""
    statement = select(Account, Member).join(Member, col(Member.id) == Account.member_id)
    return db.session.exec(statement.where(col(Account.id).in_(account_ids)).order_by(col(Account.id))).all()


def forget_wrong_codes(db: UnitOfWork, account_id: int) -> int:
    """Takes an account's wrong codes off the record, so that its form opens again; returns how many there were."""
    wrong = table_of(WrongCode)
    return run(db.session, wrong.delete().where(wrong.c.account_id == account_id)).rowcount
