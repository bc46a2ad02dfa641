"""Posting to many people at once: a fixed number of set statements for a whole chunk, whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from storage.models import Account, Content, Delivery, DeliveryState, Member, Urgency
from storage.queries.outbox import add_contents
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork

_member, _account, _content = table_of(Member), table_of(Account), table_of(Content)


@dataclass(frozen=True, slots=True)
class Address:
    """The account to which a reader's messages go."""

    account_id: int
    platform: str
    tenant: str


def list_addresses(db: UnitOfWork, member_ids: Sequence[int]) -> dict[int, Address]:
    """By member the account to write to, as `storage.queries.outbox.find_best_account` finds it: of several, the
    last one here."""
    rows = run(db.session, _make_addresses(), {"ids": member_ids})
    return {row[0]: Address(row[1], row[2], row[3]) for row in rows}


@cache
def _make_addresses() -> Select[*tuple[Any, ...]]:
    """Built once, for every chunk of many."""
    return (
        select(_account.c.member_id, _account.c.id, _account.c.platform, _account.c.tenant)
        .join(_member, _member.c.id == _account.c.member_id)
        .where(_account.c.member_id.in_(bindparam("ids", expanding=True)), _account.c.reachable.is_(True))
        .order_by(
            (func.coalesce(_member.c.preferred_account_id, 0) == _account.c.id).asc(),
            (_account.c.platform == "email").desc(),
            _account.c.id,
        )
    )


@dataclass(frozen=True, slots=True)
class Copy:
    """One person's message, ready to be posted: `body` is a stored message's JSON. Without an `address` it becomes a
    failed delivery that says so."""

    key: str
    member_id: int
    address: Address | None
    locale: str
    body: str
    urgency: Urgency


def post_copies(
    db: UnitOfWork, copies: Sequence[Copy], now: datetime, not_after: datetime | None, batch: str = ""
) -> int:
    """Puts all of them into the outbox in two statements; returns how many were not there yet, by their keys. A body
    that several get is stored once."""
    if not copies:
        return 0
    contents = add_contents(db, list(dict.fromkeys(copy.body for copy in copies)))
    shared = _SHARED | {"available_at": now, "created_at": now, "not_after": not_after, "batch": batch}
    added = insert_ignore(db.session, Delivery, [shared | _row_of(copy, contents[copy.body], now) for copy in copies])
    db.wakes_delivery = True
    return added


_SHARED: dict[str, Any] = {
    "room_id": None,
    "replaces_key": "",
    "thread_key": "",
    "attempts": 0,
    "lease_token": "",
    "conversation": "",
    "message": "",
}


def _row_of(copy: Copy, content_id: int, now: datetime) -> dict[str, Any]:
    row = {
        "key": copy.key,
        "member_id": copy.member_id,
        "content_id": content_id,
        "locale": copy.locale,
        "urgency": copy.urgency.value,
    }
    to = copy.address
    if to is None:
        return row | _NOWHERE | {"settled_at": now}
    return row | _WAITING | {"account_id": to.account_id, "platform": to.platform, "tenant": to.tenant}


_WAITING: dict[str, Any] = {"state": DeliveryState.PENDING.value, "reason": "", "settled_at": None}
_NOWHERE: dict[str, Any] = {
    "state": DeliveryState.FAILED.value,
    "reason": "no_account",
    "account_id": None,
    "platform": "",
    "tenant": "",
}
