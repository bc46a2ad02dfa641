"""What became of claimed deliveries. Set statements, never one ORM object per row.

Every update of a claimed row carries the lease's token, so that a worker which was thought dead changes nothing any
more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, bindparam, func, literal_column, select

from storage.models import Account, Delivery, DeliveryState, Member, Room
from storage.queries.changes import announce_change
from storage.queries.deliveries import Row
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_delivery = table_of(Delivery)
_account = table_of(Account)
_member = table_of(Member)
_room = table_of(Room)


class Outcome(NamedTuple):
    """What became of one claimed row: its new state and what goes with it. `token` is the lease's.

    A row that stays in the state `sending` keeps its lease: what happened is noted, and recovery asks the platform.
    `available_at` is when a row that goes back to `pending` is due again.
    """

    id: int
    token: str
    state: DeliveryState
    available_at: datetime
    reason: str = ""
    conversation: str = ""
    message: str = ""
    counts: bool = True
    """Whether the attempt counts: being throttled is nobody's fault."""


_SETTLE = (
    _delivery.update()
    .where(_delivery.c.id == bindparam("row"), _delivery.c.lease_token == bindparam("token"))
    .values(
        state=bindparam("to_state"),
        available_at=bindparam("at"),
        reason=bindparam("why"),
        conversation=bindparam("to_conversation"),
        message=bindparam("to_message"),
        attempts=_delivery.c.attempts - bindparam("uncounted"),
        settled_at=bindparam("done"),
        lease_token=bindparam("to_token"),
    )
)


_SETTLE_SENT = (
    _delivery.update()
    .where(_delivery.c.id == bindparam("row"), _delivery.c.lease_token == bindparam("token"))
    .values(
        state=literal_column(f"'{DeliveryState.SENT.value}'"),
        reason=literal_column("''"),
        conversation=bindparam("to_conversation"),
        message=bindparam("to_message"),
        settled_at=bindparam("done"),
        lease_token=literal_column("''"),
    )
)
"""The same for what most rows come to: half the parameters, and these are what settling many costs."""


def settle(db: UnitOfWork, outcomes: Sequence[Outcome], now: datetime) -> int:
    """Writes outcomes, in two statements, on the rows still under their leases; returns how many were."""
    sent = [outcome for outcome in outcomes if outcome.state is DeliveryState.SENT]
    others = [_settle_row(outcome, now) for outcome in outcomes if outcome.state is not DeliveryState.SENT]
    count = run(db.session, _SETTLE, others).rowcount if others else 0
    if sent:
        count += run(db.session, _SETTLE_SENT, [_settle_sent_row(outcome, now) for outcome in sent]).rowcount
    return count


def _settle_sent_row(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "row": outcome.id,
        "token": outcome.token,
        "to_conversation": outcome.conversation,
        "to_message": outcome.message,
        "done": now,
    }


def _settle_row(outcome: Outcome, now: datetime) -> dict[str, Any]:
    under_way = outcome.state is DeliveryState.SENDING
    return {
        "row": outcome.id,
        "token": outcome.token,
        "to_state": outcome.state.value,
        "at": outcome.available_at,
        "why": outcome.reason,
        "to_conversation": outcome.conversation,
        "to_message": outcome.message,
        "uncounted": 0 if outcome.counts else 1,
        "done": None if under_way or outcome.state is DeliveryState.PENDING else now,
        "to_token": outcome.token if under_way else "",
    }


def keep_addresses(db: UnitOfWork, accounts: dict[int, str], rooms: dict[int, str]) -> None:
    """Keeps what the platform told while sending: how to write to an account next time, which conversation a room
    is.
    """
    for table, column, learned in ((_account, "address", accounts), (_room, "conversation", rooms)):
        if learned:
            statement = table.update().where(table.c.id == bindparam("row")).values({column: bindparam("learned")})
            run(db.session, statement, [{"row": row, "learned": value} for row, value in learned.items()])


def close_account(db: UnitOfWork, account_id: int, reason: str, now: datetime) -> None:
    """Stops writing to an account that takes nothing any more; the features hear of it."""
    closed = (
        _account.update()
        .where(_account.c.id == account_id, _account.c.reachable.is_(True))
        .values(reachable=False, unreachable_reason=reason)
    )
    if run(db.session, closed).rowcount:
        member_id = run(db.session, select(_account.c.member_id).where(_account.c.id == account_id)).scalar()
        if member_id is not None:
            announce_change(db, member_id, now)


def retarget(db: UnitOfWork, row: Row, now: datetime) -> bool:
    """Hands a delivery that can't be made to the member's next reachable account; False if there is none.

    The row that failed keeps its story under another key, `<key>~<id>`; the key goes on with the new row, so that
    whatever takes the message back or the place of it finds the one that arrives.
    """
    account = _find_next_account(db, row.member_id, row.account_id) if row.member_id is not None else None
    if account is None or row.replaces_key:
        return False
    kept = ("member_id", "content_id", "locale", "urgency", "not_after", "created_at", "thread_key", "batch")
    old = run(db.session, select(*(_delivery.c[name] for name in kept)).where(_delivery.c.id == row.id)).mappings()
    story = old.one()
    renamed = _delivery.update().where(_delivery.c.id == row.id).values(key=f"{row.key}~{row.id}", batch="")
    run(db.session, renamed)
    new = {"key": row.key, "available_at": now, "account_id": account["id"]}
    place = {"platform": account["platform"], "tenant": account["tenant"], "state": DeliveryState.PENDING.value}
    run(db.session, _delivery.insert().values(**_EMPTY, **story, **new, **place))
    db.wakes_delivery = True
    return True


_EMPTY: dict[str, Any] = {
    "attempts": 0,
    "lease_token": "",
    "replaces_key": "",
    "conversation": "",
    "message": "",
    "reason": "",
}


def _find_next_account(db: UnitOfWork, member_id: int, account_id: int | None) -> RowMapping | None:
    """As `outbox.find_best_account`."""
    chosen = func.coalesce(_member.c.preferred_account_id, 0) == _account.c.id
    statement = (
        select(_account.c.id, _account.c.platform, _account.c.tenant)
        .join(_member, _member.c.id == _account.c.member_id)
        .where(_account.c.member_id == member_id, _account.c.reachable.is_(True), _account.c.id != account_id)
        .order_by(chosen.desc(), (_account.c.platform == "email").asc(), _account.c.id.desc())
        .limit(1)
    )
    return run(db.session, statement).mappings().first()
