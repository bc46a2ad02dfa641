"""Opening and closing rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.policy import Policy
from handlers.rooms import views
from handlers.rooms.desk import Desk, can_talk, describe, find_manner, find_place, find_urgency, make_terms, put
from storage.models import Account, Member, RelayedRoom, RoomEnd, Seat, Urgency
from storage.queries import rooms as queries
from storage.queries.cards import find_delivery, revise
from storage.queries.members import get_member
from storage.queries.outbox import Letter, post_all
from storage.queries.reminders import forget, remind
from storage.queries.rooms import NewSeat
from storage.uow import UnitOfWork

END = "room.end"
"""The kind of the reminder that ends a room some time after what it was for is over."""


def open_room(
    db: UnitOfWork, key: str, topic: str, member_ids: tuple[int, ...], now: datetime, policy: Policy, *, actor: int = 0
) -> bool:
    """Opens a relayed room for members who can't meet in one workspace; each gets an opening message, at once whoever
    acts (`actor`), outside their quiet hours the others. `key` names the purpose, such as `consultation:12`: one room
    for each. Returns whether it was opened now."""
    desk = Desk(db, now, policy)
    room = queries.add_room(db, key, topic, member_ids, now)
    if room is None:
        return False
    for seat in queries.list_seats(db, room):
        find_place(desk, room, seat, Urgency.ANSWER if seat.member_id == actor else Urgency.NUDGE)
    return True


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody for whom a seat is made: where they are written to, if anywhere, and the others' names as they may know
    them."""

    member: Member
    account: Account | None
    names: tuple[str, ...]


def open_rooms(db: UnitOfWork, topic: str, rooms: Mapping[str, Sequence[Guest]], now: datetime, policy: Policy) -> None:
    """As `open_room` for many new rooms at once, by key: a fixed number of statements. Whether these people may talk to
    each other is for the caller to know."""
    desk = Desk(db, now, policy)
    wanted = {key: [(guest.member.id or 0, guest.account) for guest in guests] for key, guests in rooms.items()}
    seats = queries.add_rooms(db, topic, wanted, now)
    letters = [
        _open_for(desk, topic, seat, guest, guest.account)
        for key, guests in rooms.items()
        for seat, guest in zip(seats[key], guests, strict=True)
        if guest.account is not None
    ]
    post_all(db, letters)


def _open_for(desk: Desk, topic: str, seat: NewSeat, guest: Guest, account: Account) -> Letter:
    """The opening message for somebody, which begins the thread there."""
    manner, policy = find_manner(account.platform), desk.policy

    def make() -> views.Message:
        room = views.Room(seat.room_id, topic, views.join_names(guest.names))
        return views.opening(room, manner, policy.relay_keep.days, answers=policy.answers_by_mail)

    terms = make_terms(desk, seat.thread, Urgency.NUDGE, seat.thread)
    return Letter(make, terms, guest.member.language, account)


def is_open(db: UnitOfWork, key: str) -> bool:
    """Whether there is a room for this purpose in which one can write."""
    return queries.is_open(db, key)


def end_later(db: UnitOfWork, key: str, at: datetime) -> None:
    """What the room was for is over: the two may go on until `at`."""
    room = queries.find_by_key(db, key)
    if room is not None and room.closed_at is None:
        remind(db, END, room.id or 0, at)


def close_room(db: UnitOfWork, key: str, now: datetime, policy: Policy) -> None:
    """What the room was for has ended: it is closed, and whoever is in it is told neutrally."""
    room = queries.find_by_key(db, key)
    if room is not None:
        close(Desk(db, now, policy), room, RoomEnd.GONE)


def close(desk: Desk, room: RelayedRoom, why: RoomEnd, *, by: Seat | None = None, pressed: str = "") -> bool:
    """Closes a room and tells everybody in it. What has not gone out is still delivered, unless somebody is gone or a
    block stands between them. False if it was closed already."""
    if room.closed_at is not None:
        return False
    room.closed_at, room.why = desk.now, why.value
    forget(desk.db, END, room.id or 0)
    for seat in queries.list_seats(desk.db, room):
        if why is RoomEnd.GONE:
            queries.cancel_waiting(desk.db, seat, "closed")
        by_me = by is not None and seat.id == by.id
        _tell_closed(desk, room, seat, by_me=by_me)
        _shut_openings(desk, room, seat, pressed if by_me else "")
    return True


def _tell_closed(desk: Desk, room: RelayedRoom, seat: Seat, *, by_me: bool) -> None:
    place = find_place(desk, room, seat)
    if place is None:
        return
    shown, why = describe(desk, room, seat), room.why
    urgency = Urgency.ANSWER if by_me else find_urgency(desk, seat)
    key = f"room:{room.id}:closed:{seat.id}"
    put(desk, seat, place, lambda: views.closed(shown, why, by_me=by_me), key, urgency)


def _shut_openings(desk: Desk, room: RelayedRoom, seat: Seat, pressed: str) -> None:
    """The opening messages lose the button that closes."""
    member, shown = get_member(desk.db, seat.member_id), describe(desk, room, seat)
    for key in queries.list_threads(desk.db, seat):
        delivery = find_delivery(desk.db, key)
        manner = find_manner(delivery.platform if delivery else "")
        revise(desk.db, member, key, lambda manner=manner: views.opening_closed(shown, manner), desk.now, pressed)


def recheck(desk: Desk, room: RelayedRoom) -> bool:
    """Whether the room is open and everybody in it may talk with everybody else; one that can't go on is closed."""
    if room.closed_at is None and not can_talk(desk, room):
        close(desk, room, RoomEnd.GONE)
    return room.closed_at is None
