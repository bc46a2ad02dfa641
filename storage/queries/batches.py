"""What belongs together in the outbox: counted, sent again, taken back, replaced. Set statements only."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, String, and_, func, literal, literal_column, or_, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import Account, Delivery, DeliveryState, Member, Role, Status, Urgency
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_delivery, _account, _member = table_of(Delivery), table_of(Account), table_of(Member)

_PENDING, _FAILED = DeliveryState.PENDING.value, DeliveryState.FAILED.value
_MAIL = "email"


class Tally(NamedTuple):
    """How many deliveries of a batch stand alike; `to_room` for those to a channel."""

    state: str
    reason: str
    platform: str
    to_room: bool
    number: int


class Again(NamedTuple):
    """What is sent once more: to how many people, and to how many channels."""

    people: int
    rooms: int


def _in(batch: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # Written out as well: only so SQLite sees that the partial index serves.
    return (_delivery.c.batch == batch, _delivery.c.batch != literal_column("''"))


def count(db: UnitOfWork, batch: str) -> list[Tally]:
    """All of a batch, by how it stands. One query."""
    to_room = _delivery.c.room_id.is_not(None)
    columns = (_delivery.c.state, _delivery.c.reason, _delivery.c.platform, to_room)
    statement = select(*columns, func.count()).where(*_in(batch)).group_by(*columns)
    return [Tally(row[0], row[1], row[2], bool(row[3]), row[4]) for row in run(db.session, statement)]


_TOLD = ("state", "reason", "platform", "settled_at", "room_id")


def list_undelivered(db: UnitOfWork, batch: str, limit: int) -> list[RowMapping]:
    """Those that did not arrive, or may not have, with the person's name; by id.
    Those to channels have a `room_id` and no name."""
    states = (_FAILED, DeliveryState.UNCERTAIN.value, DeliveryState.SKIPPED.value)
    statement = (
        select(*(_delivery.c[name] for name in _TOLD), _member.c.name)
        .outerjoin(_member, _member.c.id == _delivery.c.member_id)
        .where(*_in(batch), _delivery.c.state.in_(states))
        .order_by(_delivery.c.id)
        .limit(limit)
    )
    return list(run(db.session, statement).mappings())


def is_failed() -> ColumnElement[bool]:
    """Whether a delivery surely did not arrive, and why lies with the account or the platform."""
    gone = and_(_delivery.c.state == DeliveryState.SKIPPED.value, _delivery.c.reason.in_(NO_ACCOUNT))
    return or_(_delivery.c.state == _FAILED, gone)


def is_uncertain() -> ColumnElement[bool]:
    """Whether a delivery may or may not have arrived, and the platform can't be asked."""
    return _delivery.c.state == DeliveryState.UNCERTAIN.value


Which = Callable[[], ColumnElement[bool]]
"""`is_failed` or `is_uncertain`."""

NO_ACCOUNT = ("unreachable", "account_taken_off")
"""Why delivery passes over what is for an account that was closed (`scheduler/delivery.py`), or that its owner took off
and had no other (`storage.queries.accounts`)."""


def skip(db: UnitOfWork, batch: str, reason: str, now: datetime) -> int:
    """Takes back what has not been sent; returns how many. What is just being sent can't be taken back; if it does not
    arrive it is not tried again."""
    values = {"state": DeliveryState.SKIPPED.value, "reason": reason, "settled_at": now}
    under_way = (*_in(batch), _delivery.c.state == DeliveryState.SENDING.value)
    run(db.session, _delivery.update().where(*under_way).values(not_after=now))
    statement = _delivery.update().where(*_in(batch), _delivery.c.state == _PENDING).values(**values)
    return run(db.session, statement).rowcount


def send_again(db: UnitOfWork, batch: str, now: datetime, not_after: datetime, which: Which = is_failed) -> Again:
    """Puts what failed back into the outbox, for the account that each person can be reached by now. Whoever has none,
    or is not active any more, is left. What may have arrived is only sent again where somebody has decided so: with
    `is_uncertain`."""
    best = _best_account()
    reachable = select(_member.c.id).where(_member.c.id == _delivery.c.member_id, _member.c.status == Status.ACTIVE)
    fresh: dict[str, Any] = {"state": _PENDING, "reason": "", "attempts": 0, "lease_token": "", "settled_at": None}
    again = _delivery.update().where(*_in(batch), which()).values(**fresh, available_at=now, not_after=not_after)
    people = run(db.session, again.where(best.is_not(None), reachable.exists()).values(account_id=best)).rowcount
    rooms = run(db.session, again.where(_delivery.c.room_id.is_not(None))).rowcount
    if people:
        run(db.session, _follow_account(batch))
    db.wakes_delivery = db.wakes_delivery or bool(people or rooms)
    return Again(people, rooms)


def _best_account() -> Any:
    """As `outbox.find_best_account`."""
    chosen = func.coalesce(_member.c.preferred_account_id, 0) == _account.c.id
    return (
        select(_account.c.id)
        .join(_member, _member.c.id == _account.c.member_id)
        .where(_account.c.member_id == _delivery.c.member_id, _account.c.reachable.is_(True))
        .order_by(chosen.desc(), (_account.c.platform == _MAIL).asc(), _account.c.id.desc())
        .limit(1)
        .correlate(_delivery)
        .scalar_subquery()
    )


def _follow_account(batch: str) -> Any:
    """The waiting ones are in the lane of their account."""

    def of(name: str) -> Any:
        return select(_account.c[name]).where(_account.c.id == _delivery.c.account_id).scalar_subquery()

    waiting = (*_in(batch), _delivery.c.state == _PENDING, _delivery.c.account_id.is_not(None))
    return _delivery.update().where(*waiting).values(platform=of("platform"), tenant=of("tenant"))


class Variant(NamedTuple):
    """Those who read one and the same body."""

    locale: str
    role: str


def _read(variant: Variant) -> tuple[ColumnElement[bool], ...]:
    """Whether a delivery is for readers of that variant. In a channel everybody reads what employees may."""
    role = select(_member.c.role).where(_member.c.id == _delivery.c.member_id).correlate(_delivery).scalar_subquery()
    return (_delivery.c.locale == variant.locale, func.coalesce(role, Role.EMPLOYEE.value) == variant.role)


def give_content(db: UnitOfWork, batch: str, variant: Variant, content_id: int) -> None:
    """Those of a variant who have not been sent theirs get this body: now, or when what failed is sent again."""
    others = _delivery.update().where(*_in(batch), _delivery.c.state != DeliveryState.SENT.value, *_read(variant))
    run(db.session, others.values(content_id=content_id))


def find_last(db: UnitOfWork, batch: str, after: int, limit: int) -> int | None:
    """The id of the last of the next `limit` deliveries after `after`; None when there are no more."""
    ids = select(_delivery.c.id).where(*_in(batch), _delivery.c.id > after).order_by(_delivery.c.id).limit(limit)
    return run(db.session, select(func.max(ids.subquery().c.id))).scalar()


def replace_sent(
    db: UnitOfWork,
    batch: str,
    variant: Variant,
    content_id: int,
    edition: int,
    span: tuple[int, int],
    now: datetime,
) -> int:
    """Posts this body in the place of what readers of a variant were sent, for deliveries whose ids are in `span`
    (first excluded, last included); returns how many. Each is replaced once for an edition. Mails can't be replaced."""
    first, last = span
    copied = ("member_id", "account_id", "room_id", "platform", "tenant", "locale")
    given: dict[str, Any] = {
        "key": _delivery.c.key + literal(f":{edition}"),
        "content_id": literal(content_id),
        "urgency": literal(Urgency.NUDGE.value),
        "state": literal(_PENDING),
        "available_at": literal(now, _delivery.c.available_at.type),
        "created_at": literal(now, _delivery.c.created_at.type),
        "attempts": literal(0),
        "replaces_key": _delivery.c.key,
        **{name: sql_cast(literal(""), String) for name in _EMPTY},
        **{name: _delivery.c[name] for name in copied},
    }
    shown = (DeliveryState.SENT.value, DeliveryState.SENDING.value)
    rows = select(*given.values()).where(
        *_in(batch),
        _delivery.c.id > first,
        _delivery.c.id <= last,
        _delivery.c.state.in_(shown),
        _delivery.c.platform != _MAIL,
        *_read(variant),
    )
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(_delivery).from_select(list(given), rows).on_conflict_do_nothing()
    db.wakes_delivery = True
    return run(db.session, statement.execution_options(preserve_rowcount=True)).rowcount


_EMPTY = ("thread_key", "batch", "lease_token", "conversation", "message", "reason")
