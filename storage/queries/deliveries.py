"""The delivery worker's side of the outbox: what is due, and who sends it. Set statements, never one ORM object per
row.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)

from storage.models import Account, Content, Delivery, DeliveryState, Member, Room, RoomAccount, Urgency
from storage.statements import run, table_of, write_out
from storage.uow import UnitOfWork

_delivery = table_of(Delivery)
_content = table_of(Content)
_account = table_of(Account)
_member = table_of(Member)
_room = table_of(Room)
_room_account = table_of(RoomAccount)
# Made once: an alias copies every column, which took longer than the query.
_replaced = _delivery.alias("replaced")
_thread = _delivery.alias("thread")
_other = _delivery.alias("other")
_earlier = _delivery.alias("earlier")

# Written out: partial indices depend on them.
_PENDING, _SENDING = write_out(DeliveryState.PENDING.value), write_out(DeliveryState.SENDING.value)
_NOTHING = write_out("")

Lane = tuple[str, str]
"""A platform and a tenant: what is throttled together and must not delay others."""

TRIES_IN_ORDER = 3
"""While a message failed no more often than this, the later ones of the same person wait for it (five minutes at the
most); after that they overtake it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's claim: its token, and until when everything begun under it has surely ended."""

    token: str
    deadline: datetime


class Row(NamedTuple):
    """A claimed delivery with all that is needed to send it. A tuple, because many are made."""

    id: int
    key: str
    platform: str
    tenant: str
    member_id: int | None
    account_id: int | None
    room_id: int | None
    locale: str
    urgency: str
    attempts: int
    """Sends begun before this claim."""
    reason: str
    created_at: datetime
    not_after: datetime | None
    replaces_key: str
    body: str
    user: str | None
    address: str | None
    reachable: bool | None
    conversation: str | None
    """The room's, "" while it is not open."""
    zone: str | None
    quiet_from: int | None
    quiet_to: int | None
    replaced_platform: str | None
    replaced_state: str | None
    replaced_conversation: str | None
    replaced_message: str | None
    thread_key: str
    thread_account: int | None
    """Where the message went that begins the thread."""
    thread_conversation: str | None
    thread_message: str | None


_ROW = (
    select(
        _delivery.c.id,
        _delivery.c.key,
        _delivery.c.platform,
        _delivery.c.tenant,
        _delivery.c.member_id,
        _delivery.c.account_id,
        _delivery.c.room_id,
        _delivery.c.locale,
        _delivery.c.urgency,
        _delivery.c.attempts,
        _delivery.c.reason,
        _delivery.c.created_at,
        _delivery.c.not_after,
        _delivery.c.replaces_key,
        _content.c.body,
        _account.c.external_id,
        _account.c.address,
        _account.c.reachable,
        _room.c.conversation,
        _member.c.zone,
        _member.c.quiet_from,
        _member.c.quiet_to,
        _replaced.c.platform,
        _replaced.c.state,
        _replaced.c.conversation,
        _replaced.c.message,
        _delivery.c.thread_key,
        _thread.c.account_id,
        _thread.c.conversation,
        _thread.c.message,
    )
    .join(_content, _content.c.id == _delivery.c.content_id)
    .outerjoin(_account, _account.c.id == _delivery.c.account_id)
    .outerjoin(_room, _room.c.id == _delivery.c.room_id)
    .outerjoin(_member, _member.c.id == _delivery.c.member_id)
    .outerjoin(_replaced, (_replaced.c.key == _delivery.c.replaces_key) & (_delivery.c.replaces_key != _NOTHING))
    .outerjoin(_thread, (_thread.c.key == _delivery.c.thread_key) & (_delivery.c.thread_key != _NOTHING))
)
"""The columns of `Row`, in its order."""


_HERE = (_delivery.c.platform == bindparam("platform"), _delivery.c.tenant == bindparam("tenant"))
_DUE = (*_HERE, _delivery.c.state == _PENDING, _delivery.c.available_at <= bindparam("now"))
_LANE = (_delivery.c.platform, _delivery.c.tenant)


def _find_first_lane(*where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The first lane, in the order of the index, of those that meet the conditions."""
    first = select(*_LANE).where(_delivery.c.state == _PENDING, *where).order_by(*_LANE).limit(1)
    return select(first.subquery())


# Of the same platform, or else of the next one. As one condition on the pair SQLite would walk through all that waits
# in the lane before: 7 ms for a broadcast's.
_AFTER = bindparam("after_platform", type_=String)
_NEXT_LANE = union_all(
    _find_first_lane(_delivery.c.platform == _AFTER, _delivery.c.tenant > bindparam("after_tenant", type_=String)),
    _find_first_lane(_delivery.c.platform > _AFTER),
)
_IS_DUE = select(select(_delivery.c.id).where(*_DUE).exists())


def list_due_lanes(db: UnitOfWork, now: datetime) -> list[Lane]:
    """The lanes in which something waits to be sent. Steps from lane to lane on the index, past what waits in each."""
    lanes: list[Lane] = []
    lane = _find_lane(db, ("", ""))
    while lane is not None:
        lanes.append(lane)
        lane = _find_lane(db, lane)
    return [lane for lane in lanes if run(db.session, _IS_DUE, _name(lane) | {"now": now}).scalar()]


def _name(lane: Lane) -> dict[str, Any]:
    return {"platform": lane[0], "tenant": lane[1]}


def _find_lane(db: UnitOfWork, after: Lane) -> Lane | None:
    rows = run(db.session, _NEXT_LANE, {"after_platform": after[0], "after_tenant": after[1]})
    return min(((row[0], row[1]) for row in rows), key=lambda lane: lane[0] != after[0], default=None)


def find_next_due(db: UnitOfWork) -> datetime | None:
    """When the next waiting message is due."""
    statement = select(func.min(_delivery.c.available_at)).where(_delivery.c.state == _PENDING)
    return run(db.session, statement).scalar()


_SKIP = (
    _delivery.update()
    .where(_delivery.c.state == _PENDING, _delivery.c.not_after < bindparam("now"))
    .values(state=DeliveryState.SKIPPED.value, reason="too_late", settled_at=bindparam("now"))
)


def skip_outdated(db: UnitOfWork, now: datetime) -> int:
    """Gives up what would come too late; returns how many."""
    return run(db.session, _SKIP, {"now": now}).rowcount


def _not_held(name: str) -> ColumnElement[bool]:
    """Neither has a send under way, nor one that failed a moment ago and comes first."""
    column, other = _delivery.c[name], _other
    here = (
        other.c.platform == bindparam("platform"),
        other.c.tenant == bindparam("tenant"),
        other.c[name].is_not(None),
    )
    under_way = select(other.c[name]).where(*here, other.c.state == _SENDING)
    waits = (other.c.state == _PENDING, other.c.reason != _NOTHING)
    later = (other.c.attempts <= TRIES_IN_ORDER, other.c.available_at > bindparam("now"))
    failed = select(other.c[name]).where(*here, *waits, *later)
    return column.is_(None) | (column.not_in(under_way) & column.not_in(failed))


def _is_next_in_thread() -> ColumnElement[bool]:
    """Outside any thread, or nothing that was posted earlier in it still waits. By the moment of posting: what goes to
    another account is a new row (`outcomes.retarget`), with the old moment."""
    earlier = _earlier
    first = or_(
        earlier.c.created_at < _delivery.c.created_at,
        and_(earlier.c.created_at == _delivery.c.created_at, earlier.c.id < _delivery.c.id),
    )
    same = (earlier.c.thread_key == _delivery.c.thread_key, earlier.c.thread_key != _NOTHING)
    waits = select(earlier.c.id).where(*same, first, or_(earlier.c.state == _PENDING, earlier.c.state == _SENDING))
    return or_(_delivery.c.thread_key == _NOTHING, ~waits.exists())


def _locking(statement: Select[*tuple[Any, ...]]) -> dict[str, Select[*tuple[Any, ...]]]:
    """The statement by database. On PostgreSQL it locks the rows, passing over those that another replica is just
    taking. SQLite has one writer.
    """
    return {"sqlite": statement, "postgresql": statement.with_for_update(of=_delivery, skip_locked=True)}


# Built once, as what a claim costs was mostly building it; a lane is looked at several times a second.
_FREE = (
    *_HERE,
    _delivery.c.available_at <= bindparam("now"),
    _not_held("account_id"),
    _not_held("room_id"),
    _is_next_in_thread(),
)
_ORDER = (_delivery.c.available_at, _delivery.c.id)
_MOST = bindparam("most", type_=Integer)
_IS_PENDING = _delivery.c.state == _PENDING
_IS_URGENT = _delivery.c.urgency == write_out(Urgency.ANSWER.value)


def _claiming(*where: ColumnElement[bool]) -> dict[str, Select[*tuple[Any, ...]]]:
    """The next free rows. On PostgreSQL they are found before anything is joined to them: as long as it does not know
    that a broadcast has come, it would read all that waits with all that belongs to it (70 ms for 15,000)."""
    free = select(_delivery.c.id).where(*_FREE, *where).order_by(*_ORDER).limit(_MOST)
    first = _locking(free)["postgresql"].subquery()
    return {
        "sqlite": _ROW.where(*_FREE, *where).order_by(*_ORDER).limit(_MOST),
        "postgresql": _ROW.where(_delivery.c.id.in_(select(first))).order_by(*_ORDER),
    }


_CLAIM_URGENT, _CLAIM_OTHERS = _claiming(_IS_PENDING, _IS_URGENT), _claiming(_IS_PENDING, ~_IS_URGENT)
_EXPIRED = _locking(
    _ROW.where(
        _delivery.c.state == _SENDING,
        _delivery.c.deadline < bindparam("now"),
        _delivery.c.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(_delivery.c.id)
    .limit(_MOST)
)


def claim(db: UnitOfWork, lane: Lane, lease: Lease, now: datetime, limit: int) -> list[Row]:
    """Takes up to `limit` due rows of a lane, oldest first, and returns what is needed to send them. What somebody
    waits for comes before everything else: behind a broadcast to 30,000 an answer would wait for half an hour.

    Of each account and room only the first row is taken, and none while another one is under way or about to be tried
    again, so that one person's messages keep their order. Of a thread none is taken before the one posted earlier has
    been settled, however long that takes.
    """
    given = _name(lane) | {"now": now}
    found = _read(db, _CLAIM_URGENT, given | {"most": limit})
    if len(found) < limit:
        found += _read(db, _CLAIM_OTHERS, given | {"most": limit - len(found)})
    rows = _first_of_each(found)
    _lease(db, rows, lease, attempts=1)
    return rows


def _first_of_each(rows: list[Row]) -> list[Row]:
    """One row for each account and room: what somebody waits for, else the one that was posted first."""
    first: dict[tuple[int | None, int | None], Row] = {}
    for row in rows:
        other = first.setdefault((row.account_id, row.room_id), row)
        if _rank(row) < _rank(other):
            first[row.account_id, row.room_id] = row
    return list(first.values())


def _rank(row: Row) -> tuple[bool, int]:
    return row.urgency != Urgency.ANSWER, row.id


def _read(db: UnitOfWork, statements: dict[str, Select[*tuple[Any, ...]]], given: dict[str, Any]) -> list[Row]:
    statement = statements[db.session.get_bind().dialect.name]
    return [Row._make(row) for row in run(db.session, statement, given)]


_LEASE = (
    _delivery.update()
    .where(_delivery.c.id.in_(bindparam("rows", expanding=True)))
    .values(
        state=_SENDING,
        lease_token=bindparam("token"),
        deadline=bindparam("until"),
        attempts=_delivery.c.attempts + bindparam("more", type_=Integer),
    )
)


def _lease(db: UnitOfWork, rows: Sequence[Row], lease: Lease, *, attempts: int = 0) -> None:
    if not rows:
        return
    given = {"rows": [row.id for row in rows], "token": lease.token, "until": lease.deadline, "more": attempts}
    run(db.session, _LEASE, given)


def reclaim(db: UnitOfWork, lease: Lease, now: datetime, platforms: Collection[str], limit: int) -> list[Row]:
    """Takes over rows whose send was begun by a worker that did not settle it, once their deadline has passed: only
    then does the platform's answer to "did it arrive?" hold (measured: asking earlier doubled messages)."""
    rows = _read(db, _EXPIRED, {"now": now, "platforms": tuple(platforms), "most": limit})
    _lease(db, rows, lease)
    return rows


def list_room_users(db: UnitOfWork, room_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The platform's user ids in each room."""
    statement = (
        select(_room_account.c.room_id, _account.c.external_id)
        .join(_account, _account.c.id == _room_account.c.account_id)
        .where(_room_account.c.room_id.in_(room_ids))
        .order_by(_account.c.id)
    )
    users: dict[int, tuple[str, ...]] = {}
    for room_id, user in run(db.session, statement):
        users[room_id] = (*users.get(room_id, ()), user)
    return users


def list_mentions(db: UnitOfWork, lane: Lane, member_ids: Collection[int]) -> dict[int, str]:
    """The lane's user id of each member who has one there."""
    statement = select(_account.c.member_id, _account.c.external_id).where(
        _account.c.platform == lane[0], _account.c.tenant == lane[1], _account.c.member_id.in_(member_ids)
    )
    return {row[0]: row[1] for row in run(db.session, statement)}


def find_body(db: UnitOfWork, key: str) -> str | None:
    """The stored message of a delivery, or None when there is none."""
    statement = select(_content.c.body).join(_delivery, _delivery.c.content_id == _content.c.id)
    return run(db.session, statement.where(_delivery.c.key == key)).scalar()


_TROUBLE = (
    select(
        _delivery.c.id,
        _delivery.c.key,
        _delivery.c.platform,
        _delivery.c.state,
        _delivery.c.reason,
        _delivery.c.created_at,
        _delivery.c.settled_at,
        _member.c.name,
    )
    .outerjoin(_member, _member.c.id == _delivery.c.member_id)
    .order_by(_delivery.c.id.desc())
)
"""What HR is told of a delivery: no text, only what, to whom and why."""


def list_troubled(db: UnitOfWork, limit: int = 50) -> list[RowMapping]:
    """Failed and uncertain deliveries, newest first, for HR."""
    states = (DeliveryState.FAILED.value, DeliveryState.UNCERTAIN.value)
    return list(run(db.session, _TROUBLE.where(_delivery.c.state.in_(states)).limit(limit)).mappings())


STUCK_AFTER = timedelta(days=1)


def list_stuck(db: UnitOfWork, now: datetime, limit: int = 50) -> list[RowMapping]:
    """What should have gone out a day ago and is still being tried, newest first: the platform refuses all of ours (a
    wrong password, a token that was taken back), or nobody serves it. What merely waits for its time is left out."""
    long_ago = now - STUCK_AFTER
    was_tried = _delivery.c.reason != _NOTHING
    statement = _TROUBLE.where(
        _delivery.c.state == _PENDING,
        _delivery.c.created_at <= long_ago,
        was_tried | (_delivery.c.available_at <= long_ago),
    )
    return list(run(db.session, statement.limit(limit)).mappings())
