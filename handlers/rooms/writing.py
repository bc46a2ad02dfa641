"""Writing in a room: what is passed on, and what follows when it is changed."""

from dataclasses import dataclass
from datetime import timedelta

from bot.i18n import use_locale
from bot.incoming import Origin, SharedFile
from handlers.rooms import doors, rules, views
from handlers.rooms.desk import Desk, Place, describe, find_manner, find_place, find_urgency, put, tell
from handlers.rooms.rules import Problem
from handlers.rooms.views import Manner, Written
from storage.models import Account, Delivery, DeliveryState, RelayedMessage, RelayedRoom, Seat, Urgency
from storage.queries import rooms as queries
from storage.queries.members import find_card, get_member
from storage.queries.outbox import Make, cancel

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote, from which account, as which message of the platform; `key` is the platform's duplicate
    key."""

    account: Account
    key: str
    text: str
    files: tuple[SharedFile, ...] = ()
    conversation: str = ""
    message: str = ""
    outside: bool = False
    """Written outside any thread: then answers stand there too."""


def read(account: Account, origin: Origin, text: str, files: tuple[SharedFile, ...], *, outside: bool) -> Text:
    """What arrived as a message."""
    return Text(account, origin.key, rules.tidy(text), files, origin.conversation, origin.message, outside)


def pass_on(desk: Desk, seat: Seat, written: Text) -> bool:
    """Passes a text on to the others in the room, or tells its writer why not. Returns whether it was passed on."""
    room = queries.find_locked(desk.db, seat.room_id)
    if room is None or _is_known(desk, seat, written):
        return False
    _see(desk, seat, written.account)
    if not doors.recheck(desk, room):
        tell(desk, room, seat, lambda: views.already_closed(room.topic), written.key, outside=written.outside)
        return False
    problem = find_problem(desk, seat, written)
    if problem is not None:
        _refuse(desk, room, seat, written, problem)
        return False
    _relay(desk, room, seat, written)
    if any(not rules.can_pass_on(file) for file in written.files):
        _refuse(desk, room, seat, written, Problem.FILES)
    return True


def _is_known(desk: Desk, seat: Seat, written: Text) -> bool:
    """The platform brings the same message again under another key."""
    account = written.account
    source = Origin(account.platform, account.tenant, account.external_id, conversation=written.conversation)
    return queries.find_message(desk.db, seat.member_id, source, written.message) is not None


def _see(desk: Desk, seat: Seat, account: Account) -> None:
    """Whoever writes is awake, and is written to where they wrote."""
    seat.account_id, seat.wrote_at = account.id, desk.now
    queries.release(desk.db, seat, desk.now)


def find_problem(desk: Desk, seat: Seat, written: Text) -> Problem | None:
    """What speaks against passing it on."""
    recent = queries.count_recent(desk.db, seat, desk.now - _MINUTE)
    text = rules.write_out(written.text, written.files)
    return rules.find_problem(text, written.files, recent, desk.policy.relay_a_minute)


def _refuse(desk: Desk, room: RelayedRoom, seat: Seat, written: Text, problem: Problem) -> None:
    name, most = describe(desk, room, seat).names, desk.policy.relay_a_minute
    # However many are too many: said once a minute.
    key = f"slow:{seat.id}:{desk.now:%Y%m%d%H%M}" if problem is Problem.TOO_MANY else f"{written.key}:{problem}"
    tell(desk, room, seat, lambda: views.refused(problem, name, most), key, outside=written.outside)


def _relay(desk: Desk, room: RelayedRoom, seat: Seat, written: Text) -> None:
    message = queries.add_message(
        desk.db,
        RelayedMessage(
            room_id=room.id or 0,
            seat_id=seat.id or 0,
            platform=written.account.platform,
            tenant=written.account.tenant,
            conversation=written.conversation,
            message=written.message,
            text=rules.write_out(written.text, written.files),
            at=desk.now,
        ),
    )
    reached = [_copy(desk, room, other, message) for other in _list_others(desk, room, seat)]
    if not all(reached):
        shown = describe(desk, room, seat)
        tell(desk, room, seat, lambda: views.nobody_there(shown), f"{written.key}:lost", outside=written.outside)


def _list_others(desk: Desk, room: RelayedRoom, seat: Seat) -> list[Seat]:
    return [other for other in queries.list_seats(desk.db, room) if other.id != seat.id]


def _copy(desk: Desk, room: RelayedRoom, reader: Seat, message: RelayedMessage) -> bool:
    """One reader's copy of a message. False if there is nowhere to send it."""
    place = find_place(desk, room, reader, find_urgency(desk, reader))
    if place is None:
        return False
    shown, written, manner = describe(desk, room, reader), _describe(desk, reader, message), place.manner
    key = key_of(message, reader)
    put(desk, reader, place, lambda: views.relayed(shown, written, manner), key, find_urgency(desk, reader))
    return True


def key_of(message: RelayedMessage, reader: Seat) -> str:
    """The key of a reader's copy."""
    return f"room:{message.room_id}:m{message.id}:{reader.id}"


def _describe(desk: Desk, reader: Seat, message: RelayedMessage) -> Written:
    """The message with the name under which its reader knows the writer."""
    writer = queries.get_seat(desk.db, message.seat_id)
    card = find_card(desk.db, get_member(desk.db, reader.member_id), writer.member_id)
    name, edited = card.name if card else "", message.changes > 0
    return Written(message.id or 0, name, message.text, edited, message.deleted)


# What follows


def edit(desk: Desk, message: RelayedMessage, account: Account, key: str, text: str) -> None:
    """The writer has changed a message; a deleted one may have come back."""
    room, seat = queries.find_locked(desk.db, message.room_id), queries.get_seat(desk.db, message.seat_id)
    text = rules.tidy(text)
    if room is None or (text == message.text and not message.deleted):
        return
    if not doors.recheck(desk, room):
        tell(desk, room, seat, lambda: views.already_closed(room.topic), key)
        return
    problem = rules.find_problem(text, (), 0, 1)
    if problem is not None:
        _refuse(desk, room, seat, Text(account, key, text), problem)
        return
    message.text, message.deleted = text, False
    _follow(desk, room, message)


def delete(desk: Desk, message: RelayedMessage) -> None:
    """The writer has deleted a message. That is followed even after the room is closed."""
    room = queries.find_locked(desk.db, message.room_id)
    if room is None or message.deleted:
        return
    message.text, message.deleted = "", True
    _follow(desk, room, message)


def _follow(desk: Desk, room: RelayedRoom, message: RelayedMessage) -> None:
    message.changes += 1
    for reader in _list_others(desk, room, queries.get_seat(desk.db, message.seat_id)):
        copy = queries.lock_copy(desk.db, key_of(message, reader))
        if copy is not None:
            _change_copy(desk, room, reader, message, copy)


def _change_copy(desk: Desk, room: RelayedRoom, reader: Seat, message: RelayedMessage, copy: Delivery) -> None:
    """What has not gone out is changed before anybody reads it; what has, where it stands; a mail by another mail."""
    shown, written, manner = describe(desk, room, reader), _describe(desk, reader, message), find_manner(copy.platform)
    fresh = Written(written.id, written.name, written.text)
    match copy.state:
        case DeliveryState.PENDING if message.deleted:
            cancel(desk.db, copy.key, "deleted")
        case DeliveryState.PENDING:
            with use_locale(copy.locale):
                queries.rewrite(desk.db, copy, views.relayed(shown, fresh, manner))
        case DeliveryState.SENT | DeliveryState.SENDING if manner is Manner.MAIL:
            _send_change(desk, reader, message, copy, lambda: views.corrected(shown, written, message.at))
        case DeliveryState.SENT | DeliveryState.SENDING:
            _send_change(desk, reader, message, copy, lambda: views.relayed(shown, written, manner), copy.key)
        case _ if not message.deleted and copy.reason == "deleted":
            _send_change(desk, reader, message, copy, lambda: views.relayed(shown, fresh, manner))
        case _:
            return


def _send_change(
    desk: Desk, reader: Seat, message: RelayedMessage, copy: Delivery, make: Make, replaces: str = ""
) -> None:
    """In the account to which the copy went. What changes a message in its place disturbs nobody."""
    place = Place(queries.get_account(desk.db, copy.account_id), copy.thread_key)
    urgency = Urgency.ANSWER if replaces else find_urgency(desk, reader)
    put(desk, reader, place, make, f"{copy.key}:{message.changes}", urgency, replaces=replaces)
