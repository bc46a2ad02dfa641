"""Accounts of one person: codes that join them, taking them apart again, and which one messages go to.

A join never throws anything away: only what has nothing of its own becomes part of a member, and it is kept as an empty
shell, to which its accounts go back if the owner says that it wasn't them.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, String, Table, cast, or_
from sqlmodel import SQLModel, col, exists, select

from storage.models import (
    Account,
    AccountJoin,
    Delivery,
    DeliveryState,
    JoinCode,
    Member,
    Role,
    Status,
)
from storage.queries.changes import announce_change
from storage.queries.outbox import find_best_account
from storage.queries.roster import CODE_ALPHABET, read_code, show_code
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_LENGTH = 8


def issue_join_code(db: UnitOfWork, account: Account, secret: bytes, valid: timedelta, now: datetime) -> str:
    """A new code for joining an account to that of `account`'s member, as people read it; the member's earlier ones no
    longer count. Only a keyed hash of it is kept."""
    forget_join_codes(db, account.member_id or 0)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(_LENGTH))
    kept = JoinCode(
        member_id=account.member_id or 0,
        account_id=account.id or 0,
        code_hash=_hash(secret, code),
        expires_at=now + valid,
    )
    db.session.add(kept)
    db.session.flush()
    return show_code(code)


def _hash(secret: bytes, code: str) -> str:
    return hmac.digest(secret, f"join:{code}".encode(), hashlib.sha256).hex()


def forget_join_codes(db: UnitOfWork, member_id: int) -> None:
    """What was made for this member no longer counts."""
    kept = db.session.get(JoinCode, member_id)
    if kept is not None:
        db.session.delete(kept)
        db.session.flush()


def find_join_code(db: UnitOfWork, text: str, secret: bytes) -> JoinCode | None:
    """The code that somebody typed, also when it was used or is past its time: the caller tells the person which."""
    code = read_code(text)
    if code is None:
        return None
    return db.session.exec(select(JoinCode).where(JoinCode.code_hash == _hash(secret, code))).first()


def get_account(db: UnitOfWork, id: int) -> Account:
    """An account by id. Raises when there is none."""
    return db.session.get_one(Account, id)


def list_own_accounts(db: UnitOfWork, member_id: int) -> Sequence[Account]:
    """All accounts of a member, mail too, the oldest first."""
    return db.session.exec(select(Account).where(Account.member_id == member_id).order_by(col(Account.id))).all()


# Whose account may become another member's


def can_become(db: UnitOfWork, former: Member, keeps: Member) -> bool:
    """Whether `former` may become part of `keeps` without anything getting lost: it is only what Musubi made at the
    first meeting, with nothing told, nothing chosen, and nobody talked with. An employee for whom the platform vouches
    is one from the first moment, and may still be just that; only an employee can take them in."""
    is_fresh = former.status == Status.UNVERIFIED
    is_colleague = former.status == Status.ACTIVE and former.role == keeps.role == Role.EMPLOYEE
    loses_role = former.is_hr and not keeps.is_hr
    return (
        (is_fresh or is_colleague) and not loses_role and not _has_told(db, former) and not _is_referred_to(db, former)
    )


_MADE_AT_MEETING = frozenset(
    {"id", "status", "role", "is_hr", "name", "language", "zone", "job", "nudging_declined", "created_at"}
    | {"activated_at", "preferred_account_id"}
)
"""Fields that are filled in without the person's telling, or say nothing that the other member doesn't."""


def _has_told(db: UnitOfWork, member: Member) -> bool:
    """Whether any field is other than it was made."""
    untold = Member(created_at=member.created_at)
    fields = Member.model_fields.keys() - _MADE_AT_MEETING
    titles = {"", *(account.title for account in list_own_accounts(db, member.id or 0))}
    return member.job not in titles or any(getattr(member, name) != getattr(untold, name) for name in fields)


_LIGHT = frozenset(
    {
        ("account", "member_id"),
        ("account_join", "former_id"),
        ("application", "member_id"),
        ("delivery", "member_id"),
        ("join_code", "member_id"),
    }
)
"""Columns that point at members and weigh nothing: the accounts that move, and what was said on the way in."""


def _is_referred_to(db: UnitOfWork, member: Member) -> bool:
    """Whether anything in any table is this member's."""
    found = or_(*(exists().where(column == member.id) for column in _list_references()))
    return bool(db.session.exec(select(found)).one())


@cache
def _list_references() -> tuple[Column[Any], ...]:
    """Every column that points at a member: of tables that don't exist yet, too, once they do."""
    tables: Sequence[Table] = SQLModel.metadata.sorted_tables
    return tuple(
        column
        for table in tables
        for column in table.columns
        if any(key.column.table.name == "member" for key in column.foreign_keys)
        and (table.name, column.name) not in _LIGHT
    )


# Joining, and taking apart


def join_accounts(db: UnitOfWork, code: JoinCode, keeps: Member, former: Member, now: datetime) -> AccountJoin:
    """Makes all accounts of `former` those of `keeps`; `former` stays behind as an empty shell. Messages go on to the
    account that the code was made on, unless another was chosen."""
    moved = list_own_accounts(db, former.id or 0)
    join = AccountJoin(
        member_id=keeps.id or 0,
        former_id=former.id or 0,
        former_status=former.status,
        account_ids=[account.id or 0 for account in moved],
        at=now,
    )
    db.session.add(join)
    for account in moved:
        account.member_id = keeps.id
    code.used_at, former.status = now, Status.UNVERIFIED
    keeps.preferred_account_id = keeps.preferred_account_id or code.account_id
    _announce(db, join, now)
    return join


def find_join(db: UnitOfWork, id: int) -> AccountJoin | None:
    """A join by id."""
    return db.session.get(AccountJoin, id)


def list_joins(db: UnitOfWork, member_id: int) -> Sequence[AccountJoin]:
    """What was joined to this member and still is."""
    statement = select(AccountJoin).where(AccountJoin.member_id == member_id, col(AccountJoin.undone_at).is_(None))
    return db.session.exec(statement.order_by(col(AccountJoin.id))).all()


def take_apart(db: UnitOfWork, join: AccountJoin, now: datetime) -> None:
    """Undoes a join: the accounts are whose they were, and nothing of the member reaches them any more."""
    member, former = db.session.get_one(Member, join.member_id), db.session.get_one(Member, join.former_id)
    for account in list_own_accounts(db, join.member_id):
        if account.id in join.account_ids:
            account.member_id = former.id
    join.undone_at, former.status = now, join.former_status
    if member.preferred_account_id in join.account_ids:
        member.preferred_account_id = None
    forget_join_codes(db, join.member_id)
    _redirect(db, member, join.account_ids)
    _announce(db, join, now)


def _announce(db: UnitOfWork, join: AccountJoin, now: datetime) -> None:
    announce_change(db, join.member_id, now)
    announce_change(db, join.former_id, now)


def _redirect(db: UnitOfWork, member: Member, account_ids: Sequence[int]) -> None:
    """What waits to be sent to the accounts goes to another one of the member's; what was sent there is changed no
    more, for a change would show somebody else what has become of it."""
    db.session.flush()
    delivery, best = table_of(Delivery), find_best_account(db, member)
    mine = (delivery.c.member_id == member.id, delivery.c.account_id.in_(account_ids))
    waiting = delivery.c.state == DeliveryState.PENDING.value
    gone = {"state": DeliveryState.SKIPPED.value, "reason": "account_taken_off"}
    to_other = {"account_id": best.id, "platform": best.platform, "tenant": best.tenant} if best else gone
    run(db.session, delivery.update().where(*mine, waiting, delivery.c.replaces_key != "").values(gone))
    run(db.session, delivery.update().where(*mine, waiting, delivery.c.replaces_key == "").values(to_other))
    renamed = delivery.c.key + "~" + cast(delivery.c.id, String)
    settled = delivery.c.state != DeliveryState.SENDING.value  # under way: the platform knows it by its key
    run(db.session, delivery.update().where(*mine, settled).values(key=renamed))
