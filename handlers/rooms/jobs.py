"""What happens in rooms by itself."""

from datetime import datetime, timedelta

from bot.feature import Due
from bot.glance import Glance
from bot.policy import Policy
from bot.ui import Block
from handlers.rooms import choosing, doors, views
from handlers.rooms.desk import Desk, describe, find_place, find_urgency, put
from storage.models import Member, RoomEnd
from storage.queries import reports
from storage.queries import rooms as queries
from storage.uow import UnitOfWork

TIDY_EVERY = timedelta(days=1)


def recheck_member(db: UnitOfWork, due: Due, now: datetime, policy: Policy) -> None:
    """Somebody paused, left, was suspended or set a block: their rooms in which nobody can go on are closed."""
    desk = Desk(db, now, policy)
    for room in queries.list_open_rooms(db, due.subject_id):
        locked = queries.find_locked(db, room.id or 0)
        if locked is not None:
            doors.recheck(desk, locked)


def end(db: UnitOfWork, due: Due, now: datetime, policy: Policy) -> None:
    """The time after the end of what the room was for is over."""
    room = queries.find_locked(db, due.subject_id)
    if room is not None:
        doors.close(Desk(db, now, policy), room, RoomEnd.OVER)


def lapse(db: UnitOfWork, due: Due, now: datetime, policy: Policy) -> None:
    """The time for choosing a room is over."""
    choosing.lapse(Desk(db, now, policy), due.subject_id)


def tidy(db: UnitOfWork, now: datetime, policy: Policy) -> None:
    """Every night: tells writers of what didn't arrive, and erases what was written so long ago that nobody may keep it
    any more."""
    _tell_of_undelivered(Desk(db, now, policy))
    # A day early, so that nothing is ever kept longer than promised.
    before = now - policy.relay_keep + TIDY_EVERY
    queries.erase_texts(db, before)
    reports.erase_decided(db, before)


def _tell_of_undelivered(desk: Desk) -> None:
    for lost in queries.list_undelivered(desk.db, desk.now - desk.policy.relay_keep - TIDY_EVERY):
        room = queries.find_locked(desk.db, lost.message.room_id)
        seat = queries.get_seat(desk.db, lost.message.seat_id)
        lost.message.untold = False
        place = find_place(desk, room, seat) if room is not None else None
        if room is None or place is None:
            continue
        shown, at = describe(desk, room, seat), lost.message.at
        key = f"room:{room.id}:lost:{lost.message.id}"
        put(desk, seat, place, lambda shown=shown, at=at: views.not_delivered(shown, at), key, find_urgency(desk, seat))


def show_home(me: Member, db: UnitOfWork, now: datetime, policy: Policy, glance: Glance) -> tuple[Block, ...]:
    """The open rooms on the home page."""
    desk, shown = Desk(db, now, policy), list[views.Room]()
    for room in queries.list_open_rooms(db, me.id or 0) if glance.sees(queries.HAS_OPEN_ROOMS) else ():
        seat = queries.find_seat(db, room.id or 0, me.id or 0)
        if seat is not None and (described := describe(desk, room, seat)).names:
            shown.append(described)
    return views.home(shown)
