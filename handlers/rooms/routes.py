"""What people write in rooms, and what they change of it."""

from bot.incoming import MessageDeleted, MessageEdited, MessageReceived
from bot.replies import Nothing, Reply
from bot.routing import Who
from handlers.rooms import choosing, doors, reporting, rules, views, writing
from handlers.rooms.desk import describe, find_place, put
from handlers.rooms.router import Press, router
from handlers.rooms.rules import WordByMail
from storage.models import Member, RelayedRoom, RoomEnd, Seat
from storage.queries import rooms as queries
from storage.uow import UnitOfWork

# Writing


def is_in_room(message: MessageReceived, me: Member, db: UnitOfWork) -> bool:
    """Whether the thread stands for a room of mine, open or closed."""
    return queries.find_seat_in(db, me.id or 0, message.origin, message.thread) is not None


@router.thread(is_in_room)
def write_in_thread(message: MessageReceived, press: Press) -> Reply:
    """In a room's thread, or in answer to one of its messages."""
    seat = queries.find_seat_in(press.db, press.me.id or 0, message.origin, message.thread)
    if seat is None:
        return Nothing()
    by_mail = rules.read_word(message.text) if message.origin.platform == "email" else None
    if by_mail is not None and not message.files:
        return _act_by_mail(press, seat, by_mail)
    text = writing.read(press.account, message.origin, message.text, message.files, outside=False)
    writing.pass_on(press.desk, seat, text)
    return Nothing()


def _act_by_mail(press: Press, seat: Seat, word: WordByMail) -> Reply:
    """Mail has no buttons: one word stands for them."""
    found = press.find_mine(seat.room_id)
    if found is not None and word is WordByMail.CLOSE:
        doors.close(press.desk, found[0], RoomEnd.BY_MEMBER, by=seat)
    elif found is not None:
        reporting.report_last(press.desk, found[0], seat, press.origin.key)
    return Nothing()


def has_room(message: MessageReceived, me: Member, db: UnitOfWork) -> bool:
    """Whether a message outside any thread may be for a room: I have one open, and it is no mistyped command."""
    if rules.looks_like_command(message.text) or message.origin.platform == "email":
        return False
    return bool(queries.list_open_rooms(db, me.id or 0))


@router.message(has_room, who=Who.ACTIVE)
def write_anywhere(message: MessageReceived, press: Press) -> Reply:
    """Outside any thread: into the one room that is open; of several, the writer chooses."""
    rooms = queries.list_open_rooms(press.db, press.me.id or 0)
    text = writing.read(press.account, message.origin, message.text, message.files, outside=True)
    if len(rooms) > 1:
        return choosing.ask(press.desk, press.me, rooms, text)
    seat = queries.find_seat(press.db, rooms[0].id or 0, press.me.id or 0)
    if seat is not None and writing.pass_on(press.desk, seat, text):
        _say_where(press, rooms[0], seat)
    return Nothing()


def _say_where(press: Press, room: RelayedRoom, seat: Seat) -> None:
    """The first time, and after a day without: where it went."""
    told_at, seat.told_at = seat.told_at, press.now
    place = find_place(press.desk, room, seat)
    if place is None or not rules.is_to_be_told(told_at, press.now):
        return
    shown, key = describe(press.desk, room, seat), f"room:{room.id}:told:{press.origin.key}"
    put(press.desk, seat, place, lambda: views.told(shown, place.manner), key, outside=True)


# Changing what was written


@router.event(MessageEdited)
def follow_edit(message: MessageEdited, press: Press) -> Reply:
    """The writer changes a message that was passed on, or that waits for a choice; all others are no business here."""
    found = queries.find_message(press.db, press.me.id or 0, message.origin, message.origin.message)
    if found is not None:
        writing.edit(press.desk, found, press.account, message.origin.key, message.text)
    else:
        choosing.edit(press.desk, press.me, message.origin, message.text)
    return Nothing()


@router.event(MessageDeleted)
def follow_deletion(message: MessageDeleted, press: Press) -> Reply:
    """The writer deletes one."""
    found = queries.find_message(press.db, press.me.id or 0, message.origin, message.origin.message)
    if found is not None:
        writing.delete(press.desk, found)
    else:
        choosing.delete(press.desk, press.me, message.origin)
    return Nothing()
