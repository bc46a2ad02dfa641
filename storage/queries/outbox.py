"""Putting messages into the outbox, in the transaction that gives rise to them.

A message is made inside `post` by a function without arguments, so that it is always in the language of its reader.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bot.i18n import current_locale, use_locale
from bot.ui import Message, dump_message
from storage.models import Account, Content, Delivery, DeliveryState, Member, Room, RoomAccount, Urgency
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork

Make = Callable[[], Message]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a delivery is to be made: unique `key`, not before `at`, not after `not_after`, in the place of what the
    delivery `replaces` (its key) showed, in the `thread` that the delivery with that key begins: its own key, if it is
    the one that begins it. What belongs to a thread is sent in the order in which it was posted."""

    key: str
    at: datetime
    urgency: Urgency = Urgency.ANSWER
    not_after: datetime | None = None
    replaces: str = ""
    thread: str = ""


def post(db: UnitOfWork, to: Member, make: Make, terms: Terms) -> None:
    """Puts a direct message to a member into the outbox, for the account seen last; what replaces a message goes where
    that one went. The same key counts once.

    A member without any reachable account gets a failed row that says so, for HR to see.
    """
    account = _find_shown(db, terms.replaces) or find_best_account(db, to)
    with use_locale(to.language):
        row = _row(db, make(), terms, member_id=to.id)
    if account is None:
        row |= {"state": DeliveryState.FAILED.value, "reason": "no_account"}
    else:
        row |= {"account_id": account.id, "platform": account.platform, "tenant": account.tenant}
    _insert(db, row)


def post_to_account(db: UnitOfWork, account: Account, locale: str, make: Make, terms: Terms) -> None:
    """As `post`, to one certain account: an invitation by mail, or an answer where the question came from."""
    with use_locale(locale):
        row = _row(db, make(), terms, member_id=account.member_id)
    _insert(db, row | {"account_id": account.id, "platform": account.platform, "tenant": account.tenant})


def post_to_room(db: UnitOfWork, room: Room, locale: str, make: Make, terms: Terms) -> None:
    """As `post`, to a group conversation, which is opened when it is not open yet."""
    with use_locale(locale):
        row = _row(db, make(), terms, member_id=None)
    _insert(db, row | {"room_id": room.id, "platform": room.platform, "tenant": room.tenant})


def _row(db: UnitOfWork, message: Message, terms: Terms, *, member_id: int | None) -> dict[str, object]:
    content = Content(body=dump_message(message))
    db.session.add(content)
    db.session.flush()
    return {
        "key": terms.key,
        "member_id": member_id,
        "content_id": content.id,
        "locale": current_locale(),
        "urgency": terms.urgency.value,
        "state": DeliveryState.PENDING.value,
        "available_at": terms.at,
        "not_after": terms.not_after,
        "replaces_key": terms.replaces,
        "thread_key": terms.thread,
        "created_at": terms.at,
        "platform": "",
        "tenant": "",
        "account_id": None,
        "room_id": None,
        "attempts": 0,
        "lease_token": "",
        "conversation": "",
        "message": "",
        "reason": "",
    }


def _insert(db: UnitOfWork, row: dict[str, object]) -> None:
    if insert_ignore(db.session, Delivery, [row]):
        db.wakes_delivery = True
    else:
        content = table_of(Content)
        run(db.session, content.delete().where(content.c.id == row["content_id"]))


def _find_shown(db: UnitOfWork, key: str) -> Account | None:
    """The account to which the message with that key went or goes."""
    if not key:
        return None
    statement = select(Account).join(Delivery, col(Delivery.account_id) == col(Account.id)).where(Delivery.key == key)
    return db.session.exec(statement).first()


def find_best_account(db: UnitOfWork, member: Member, *, without: int | None = None) -> Account | None:
    """The reachable account to write to: the one that the member chose, else chat before mail, the newest first.
    `without` leaves one account out."""
    chosen = col(Account.id) == (member.preferred_account_id or 0)
    statement = (
        select(Account)
        .where(Account.member_id == member.id, col(Account.reachable).is_(True), Account.id != without)
        .order_by(chosen.desc(), (col(Account.platform) == "email").asc(), col(Account.id).desc())
    )
    return db.session.exec(statement).first()


def add_room(db: UnitOfWork, key: str, accounts: list[Account], now: datetime) -> Room:
    """A group conversation of these accounts, all of one platform and tenant; opened by the first message to it."""
    room = Room(key=key, platform=accounts[0].platform, tenant=accounts[0].tenant, created_at=now)
    db.session.add(room)
    db.session.flush()
    db.session.add_all(RoomAccount(room_id=room.id or 0, account_id=account.id or 0) for account in accounts)
    db.session.flush()
    return room


def cancel(db: UnitOfWork, key: str, reason: str) -> None:
    """Takes a message back that has not been sent."""
    delivery = table_of(Delivery)
    run(
        db.session,
        delivery.update()
        .where(delivery.c.key == key, delivery.c.state == DeliveryState.PENDING.value)
        .values(state=DeliveryState.SKIPPED.value, reason=reason),
    )


def skip_nudges(db: UnitOfWork, member: Member, reason: str) -> None:
    """Takes back whatever was to be sent to a member unasked and has not been sent."""
    delivery = table_of(Delivery)
    run(
        db.session,
        delivery.update()
        .where(
            delivery.c.member_id == member.id,
            delivery.c.urgency.in_((Urgency.NUDGE.value, Urgency.PUSH.value)),
            delivery.c.state == DeliveryState.PENDING.value,
        )
        .values(state=DeliveryState.SKIPPED.value, reason=reason),
    )
