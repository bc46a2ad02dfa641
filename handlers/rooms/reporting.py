"""Bringing a message before HR: that one message, chosen by whoever reports it."""

from handlers import moderation
from handlers.rooms import forms, rules
from handlers.rooms.desk import Desk, tell
from handlers.rooms.forms import Quoted
from storage.models import RelayedMessage, RelayedRoom, Seat
from storage.queries import rooms as queries


def list_offered(desk: Desk, seat: Seat, chosen: int = 0) -> list[Quoted]:
    """What can be reported from this seat: the last messages of the others that are still kept, and the chosen one."""
    kept = queries.list_of_others(desk.db, seat, rules.OFFERED)
    older = find_reportable(desk, seat, chosen) if chosen else None
    if older is not None and older.id not in [message.id for message in kept]:
        kept = [older, *kept]
    return [Quoted(message.id or 0, message.text) for message in kept]


def report(desk: Desk, seat: Seat, message_id: int, note: str) -> bool:
    """Reports a message. False if this seat may not, because it isn't one of the others' that is still kept."""
    message = find_reportable(desk, seat, message_id)
    if message is None:
        return False
    writer = queries.get_seat(desk.db, message.seat_id)
    told = moderation.Told(message_id, seat.member_id, writer.member_id, message.text, note[: forms.LONGEST_NOTE])
    moderation.report(desk.db, told, desk.now)
    return True


def find_reportable(desk: Desk, seat: Seat, message_id: int) -> RelayedMessage | None:
    """The message, if whoever sits there may report it."""
    found = queries.find_in_room(desk.db, seat.room_id, message_id)
    return found if found is not None and found.seat_id != seat.id and found.text else None


def report_last(desk: Desk, room: RelayedRoom, seat: Seat, key: str) -> None:
    """By mail, where nothing can be chosen: the last message."""
    offered = list_offered(desk, seat)
    done = bool(offered) and report(desk, seat, offered[0].id, "")
    tell(desk, room, seat, moderation.thanks if done else moderation.nothing_to_report, f"{key}:reported")
