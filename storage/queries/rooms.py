"""Relayed rooms. Every function that gives what people wrote is for somebody in that room; HR reads rows of `Report`
(`storage.queries.reports`) and nothing here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import and_, col, func, or_, select

from bot.incoming import Origin
from bot.ui import Message, dump_message
from storage.glance import MEMBER, finds_any
from storage.models import (
    Account,
    Content,
    Delivery,
    DeliveryState,
    HeldText,
    Member,
    RelayedMessage,
    RelayedRoom,
    Seat,
    SeatThread,
    Urgency,
)
from storage.queries.outbox import find_best_account
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork

_delivery = table_of(Delivery)
_WAITING = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)


# Rooms and seats


def add_room(db: UnitOfWork, key: str, topic: str, member_ids: Sequence[int], now: datetime) -> RelayedRoom | None:
    """A room with a seat for each member; None if there is one with this key already."""
    row = {"key": key, "topic": topic, "why": "", "created_at": now, "closed_at": None}
    db.session.flush()
    if not insert_ignore(db.session, RelayedRoom, [row]):
        return None
    room = db.session.exec(select(RelayedRoom).where(RelayedRoom.key == key)).one()
    db.session.add_all(Seat(room_id=room.id or 0, member_id=member_id) for member_id in member_ids)
    db.session.flush()
    return room


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat that was just made, and the key of its first thread; "" where there is no account to begin it in."""

    room_id: int
    id: int
    thread: str


Wanted = Mapping[str, Sequence[tuple[int, Account | None]]]
"""By a room's key its members, each with the account in which the thread begins."""


def add_rooms(db: UnitOfWork, topic: str, rooms: Wanted, now: datetime) -> dict[str, list[NewSeat]]:
    """New rooms with their seats and threads, in the order given. Three statements."""
    if not rooms:
        return {}
    room, seat, thread = table_of(RelayedRoom), table_of(Seat), table_of(SeatThread)
    fresh = {"topic": topic, "why": "", "created_at": now}
    made = run(db.session, room.insert().returning(room.c.key, room.c.id), [fresh | {"key": key} for key in rooms])
    ids: dict[str, int] = {row[0]: row[1] for row in made}
    rows = [_seat_row(ids[key], *one) for key, members in rooms.items() for one in members]
    seated = run(db.session, seat.insert().returning(seat.c.room_id, seat.c.member_id, seat.c.id), rows)
    seats = {(row[0], row[1]): row[2] for row in seated}
    found = {key: [_new_seat(ids[key], seats, *one) for one in members] for key, members in rooms.items()}
    begun = [{"key": one.thread, "seat_id": one.id} for some in found.values() for one in some if one.thread]
    if begun:
        run(db.session, thread.insert(), begun)
    return found


def _seat_row(room_id: int, member_id: int, account: Account | None) -> dict[str, object]:
    where = {"account_id": account.id, "openings": 1} if account else {"account_id": None, "openings": 0}
    return {"room_id": room_id, "member_id": member_id, **where}


def _new_seat(room_id: int, seats: Mapping[tuple[int, int], int], member_id: int, account: Account | None) -> NewSeat:
    id = seats[room_id, member_id]
    return NewSeat(room_id, id, name_thread(room_id, id, 1) if account else "")


def name_thread(room_id: int, seat_id: int, opening: int) -> str:
    """The key of a seat's thread, at most 32 characters."""
    return f"room:{room_id}:{seat_id}:{opening}"


def find_by_key(db: UnitOfWork, key: str) -> RelayedRoom | None:
    """The room for a purpose, held until the end of the transaction."""
    return db.session.exec(select(RelayedRoom).where(RelayedRoom.key == key).with_for_update()).first()


def is_open(db: UnitOfWork, key: str) -> bool:
    """Whether there is a room for this purpose in which one can write."""
    statement = select(RelayedRoom.id).where(RelayedRoom.key == key, col(RelayedRoom.closed_at).is_(None))
    return db.session.exec(statement).first() is not None


def find_locked(db: UnitOfWork, room_id: int) -> RelayedRoom | None:
    """The room, held until the end of the transaction: what is written in it at once comes one after the other."""
    return db.session.exec(select(RelayedRoom).where(RelayedRoom.id == room_id).with_for_update()).first()


def list_seats(db: UnitOfWork, room: RelayedRoom) -> list[Seat]:
    """The seats of a room, in the order in which they were made."""
    return list(db.session.exec(select(Seat).where(Seat.room_id == room.id).order_by(col(Seat.id))).all())


def find_seat(db: UnitOfWork, room_id: int, member_id: int) -> Seat | None:
    """A member's seat in a room."""
    return db.session.exec(select(Seat).where(Seat.room_id == room_id, Seat.member_id == member_id)).first()


def get_seat(db: UnitOfWork, seat_id: int) -> Seat:
    """A seat by id. Raises when there is none."""
    return db.session.get_one(Seat, seat_id)


# Asked for every home page, so it is built once: building a statement costs more than running it.
_OPEN_ROOMS = (
    select(RelayedRoom)
    .join(Seat)
    .where(Seat.member_id == MEMBER, col(RelayedRoom.closed_at).is_(None))
    .order_by(col(RelayedRoom.id))
)
HAS_OPEN_ROOMS = finds_any(_OPEN_ROOMS)


def list_open_rooms(db: UnitOfWork, member_id: int) -> list[RelayedRoom]:
    """The rooms of a member that are open, oldest first."""
    return list(db.session.exec(_OPEN_ROOMS, params={"member": member_id}).all())


# Threads: where a seat is written to, and in whose something was written


def find_seat_account(db: UnitOfWork, seat: Seat, member: Member) -> Account | None:
    """Where to write to for a member's seat: the account last seen in it, or, if that takes nothing any more, the
    member's best."""
    account = db.session.get(Account, seat.account_id) if seat.account_id else None
    if account is not None and account.reachable and account.member_id == seat.member_id:
        return account
    return find_best_account(db, member)


def get_account(db: UnitOfWork, account_id: int | None) -> Account:
    """An account by id. Raises when there is none."""
    return db.session.get_one(Account, account_id)


def find_thread(db: UnitOfWork, seat: Seat, account: Account) -> str:
    """The key of the thread that stands for the seat in this account; "" if there is none."""
    statement = (
        select(SeatThread.key)
        .join(Delivery, col(Delivery.key) == col(SeatThread.key))
        .where(SeatThread.seat_id == seat.id, Delivery.account_id == account.id)
        .order_by(col(Delivery.id).desc())
    )
    return db.session.exec(statement).first() or ""


def list_threads(db: UnitOfWork, seat: Seat) -> list[str]:
    """The keys of all threads of a seat."""
    statement = select(SeatThread.key).where(SeatThread.seat_id == seat.id).order_by(SeatThread.key)
    return list(db.session.exec(statement).all())


def add_thread(db: UnitOfWork, seat: Seat) -> str:
    """The key of one more thread for the seat, at most 32 characters."""
    seat.openings += 1
    key = name_thread(seat.room_id, seat.id or 0, seat.openings)
    db.session.add(SeatThread(key=key, seat_id=seat.id or 0))
    db.session.flush()
    return key


def find_seat_in(db: UnitOfWork, member_id: int, origin: Origin, thread: str) -> Seat | None:
    """The member's seat of which the message `thread` is: one that was sent for it, or that the member wrote in it. By
    mail `thread` is the thread's key."""
    if origin.platform == "email":
        by_key = select(Seat).join(SeatThread).where(SeatThread.key == thread, Seat.member_id == member_id)
        return db.session.exec(by_key).first()
    sent = (
        select(Seat)
        .join(SeatThread)
        .join(Delivery, and_(col(Delivery.thread_key) == col(SeatThread.key), col(Delivery.thread_key) != ""))
        .where(Seat.member_id == member_id, Delivery.message == thread, Delivery.conversation == origin.conversation)
    )
    return db.session.exec(sent).first() or _find_seat_of_own(db, member_id, origin, thread)


def _find_seat_of_own(db: UnitOfWork, member_id: int, origin: Origin, message: str) -> Seat | None:
    found = find_message(db, member_id, origin, message)
    return db.session.get(Seat, found.seat_id) if found else None


def release(db: UnitOfWork, seat: Seat, now: datetime) -> None:
    """Lets what waits for the end of the seat's quiet hours go out now: whoever writes is awake."""
    threads = select(SeatThread.key).where(SeatThread.seat_id == seat.id)
    waiting = (
        _delivery.c.thread_key.in_(threads),
        _delivery.c.thread_key != "",
        _delivery.c.state == DeliveryState.PENDING.value,
        _delivery.c.urgency == Urgency.NUDGE.value,
    )
    released = _delivery.update().where(*waiting).values(urgency=Urgency.ANSWER.value, available_at=now)
    db.session.flush()
    if run(db.session, released).rowcount:
        db.wakes_delivery = True


def cancel_waiting(db: UnitOfWork, seat: Seat, reason: str) -> None:
    """Takes back what has not gone out in the seat's threads."""
    threads = select(SeatThread.key).where(SeatThread.seat_id == seat.id)
    waiting = (_delivery.c.thread_key.in_(threads), _delivery.c.thread_key != "")
    back = _delivery.update().where(*waiting, _delivery.c.state == DeliveryState.PENDING.value)
    db.session.flush()
    run(db.session, back.values(state=DeliveryState.SKIPPED.value, reason=reason))


# Messages


def add_message(db: UnitOfWork, message: RelayedMessage) -> RelayedMessage:
    """Keeps a message and gives it its id."""
    db.session.add(message)
    db.session.flush()
    return message


def find_message(db: UnitOfWork, member_id: int, origin: Origin, message: str) -> RelayedMessage | None:
    """What a member wrote in a room as this message of the platform."""
    if not message:
        return None
    statement = (
        select(RelayedMessage)
        .join(Seat, col(Seat.id) == col(RelayedMessage.seat_id))
        .where(
            RelayedMessage.platform == origin.platform,
            RelayedMessage.tenant == origin.tenant,
            RelayedMessage.conversation == origin.conversation,
            RelayedMessage.message == message,
            Seat.member_id == member_id,
        )
    )
    return db.session.exec(statement).first()


def find_in_room(db: UnitOfWork, room_id: int, message_id: int) -> RelayedMessage | None:
    """A message of this room."""
    found = db.session.get(RelayedMessage, message_id)
    return found if found is not None and found.room_id == room_id else None


def count_recent(db: UnitOfWork, seat: Seat, since: datetime) -> int:
    """How many messages a seat has written since then."""
    statement = select(func.count()).where(RelayedMessage.seat_id == seat.id, col(RelayedMessage.at) > since)
    return db.session.exec(statement).one()


def list_of_others(db: UnitOfWork, seat: Seat, limit: int) -> list[RelayedMessage]:
    """What the others wrote in the room and is still kept, newest first: for somebody who sits in it."""
    statement = (
        select(RelayedMessage)
        .where(
            RelayedMessage.room_id == seat.room_id,
            RelayedMessage.seat_id != seat.id,
            col(RelayedMessage.deleted).is_(False),
            RelayedMessage.text != "",
        )
        .order_by(col(RelayedMessage.id).desc())
        .limit(limit)
    )
    return list(db.session.exec(statement).all())


def lock_copy(db: UnitOfWork, key: str) -> Delivery | None:
    """The delivery of a copy as it stands now, held, so that it can't be sent meanwhile."""
    statement = select(Delivery).where(Delivery.key == key).with_for_update()
    return db.session.exec(statement.execution_options(populate_existing=True)).first()


def rewrite(db: UnitOfWork, delivery: Delivery, message: Message) -> None:
    """Changes what a delivery that has not gone out will show."""
    content = table_of(Content)
    update = content.update().where(content.c.id == delivery.content_id).values(body=dump_message(message))
    run(db.session, update)


# What waits for a choice


def add_held(db: UnitOfWork, held: HeldText) -> HeldText:
    """Keeps a text until its writer has chosen a room, and gives it its id."""
    db.session.add(held)
    db.session.flush()
    return held


def find_held(db: UnitOfWork, held_id: int, member_id: int) -> HeldText | None:
    """A text that the member has still to choose a room for, held until the end of the transaction."""
    statement = select(HeldText).where(HeldText.id == held_id, HeldText.member_id == member_id).with_for_update()
    return db.session.exec(statement).first()


def find_held_message(db: UnitOfWork, member_id: int, origin: Origin) -> HeldText | None:
    """The text that was written as the message `origin.message`."""
    statement = select(HeldText).where(
        HeldText.member_id == member_id,
        HeldText.platform == origin.platform,
        HeldText.tenant == origin.tenant,
        HeldText.conversation == origin.conversation,
        HeldText.message == origin.message,
    )
    return db.session.exec(statement).first() if origin.message else None


def remove_held(db: UnitOfWork, held: HeldText) -> None:
    """Forgets a text."""
    db.session.delete(held)
    db.session.flush()


def find_waiting(db: UnitOfWork, held_id: int) -> HeldText | None:
    """A text that still waits, held likewise."""
    return db.session.exec(select(HeldText).where(HeldText.id == held_id).with_for_update()).first()


# Housekeeping


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not reach everybody in its room, and the seat that it did not reach."""

    message: RelayedMessage
    seat_id: int


def list_undelivered(db: UnitOfWork, since: datetime) -> list[Undelivered]:
    """The copies since then that failed, or of which nobody knows whether they arrived, and whose writer doesn't know
    it yet."""
    lost = or_(
        col(Delivery.state).in_((DeliveryState.FAILED, DeliveryState.UNCERTAIN)),
        and_(col(Delivery.state) == DeliveryState.SKIPPED, col(Delivery.reason).in_(("too_late", "unreachable"))),
    )
    statement = (
        select(Delivery.key)
        .where(lost, col(Delivery.thread_key) != "", col(Delivery.created_at) > since)
        .where(col(Delivery.key).like("room:%:m%"))
    )
    found: dict[int, int] = {}
    for key in db.session.exec(statement).all():
        parts = key.split("~")[0].split(":")
        if len(parts) == 4 and "~" not in key:  # a copy itself: neither a change of one nor a row that was moved on
            found[int(parts[2][1:])] = int(parts[3])
    if not found:
        return []
    messages = select(RelayedMessage).where(col(RelayedMessage.id).in_(found), col(RelayedMessage.untold).is_(True))
    rows = db.session.exec(messages.order_by(col(RelayedMessage.id))).all()
    return [Undelivered(message, found[message.id or 0]) for message in rows]


_EMPTY = Message("", ())


def erase_texts(db: UnitOfWork, before: datetime) -> int:
    """Empties what was written in rooms before that moment and waits for nothing any more, in the rooms and in the
    outbox; returns how many messages."""
    message, content, thread = table_of(RelayedMessage), table_of(Content), table_of(SeatThread)
    old = message.update().where(message.c.at < before, message.c.text != "").values(text="")
    erased = run(db.session, old).rowcount
    bodies = select(_delivery.c.content_id).where(
        _delivery.c.thread_key.in_(select(thread.c.key)),
        _delivery.c.thread_key != "",
        _delivery.c.key != _delivery.c.thread_key,
        _delivery.c.created_at < before,
        _delivery.c.state.not_in(_WAITING),
    )
    empty = dump_message(_EMPTY)
    run(db.session, content.update().where(content.c.id.in_(bodies), content.c.body != empty).values(body=empty))
    return erased
