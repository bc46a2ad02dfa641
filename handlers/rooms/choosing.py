"""A text written outside any thread by somebody with several rooms open: kept until they have chosen one."""

from collections.abc import Sequence

from bot.incoming import Origin
from bot.replies import Nothing, Private, Reply
from handlers.rooms import rules, views, writing
from handlers.rooms.desk import Desk, describe
from handlers.rooms.writing import Text
from storage.models import HeldText, Member, RelayedRoom
from storage.queries import rooms as queries
from storage.queries.cards import revise
from storage.queries.members import get_member
from storage.queries.outbox import Terms, post_to_account
from storage.queries.reminders import remind

HELD = "room.held"
"""The kind of the reminder after which a text is let go."""

MOST_ROOMS = 20
"""Buttons on one card: far more than anybody has, and fewer than a platform takes."""


def ask(desk: Desk, me: Member, rooms: Sequence[RelayedRoom], written: Text) -> Reply:
    """Keeps the text and asks. What couldn't be passed on anyway is refused at once."""
    text = rules.write_out(written.text, written.files)
    problem = rules.find_problem(text, written.files, 0, 1)
    shown = [_describe(desk, room, me) for room in rooms[:MOST_ROOMS]]
    if problem is not None:
        return Private(views.refused(problem, views.join_names([room.names for room in shown]), 0))
    held = queries.add_held(
        desk.db,
        HeldText(
            member_id=me.id or 0,
            account_id=written.account.id or 0,
            platform=written.account.platform,
            tenant=written.account.tenant,
            conversation=written.conversation,
            message=written.message,
            text=text,
            at=desk.now,
        ),
    )
    remind(desk.db, HELD, held.id or 0, desk.now + rules.HELD_FOR)
    terms = Terms(_key_of(held), desk.now)
    post_to_account(desk.db, written.account, me.language, lambda: views.which(shown, held.id or 0), terms)
    return Nothing()


def _key_of(held: HeldText) -> str:
    return f"room:held:{held.id}"


def _describe(desk: Desk, room: RelayedRoom, me: Member) -> views.Room:
    seat = queries.find_seat(desk.db, room.id or 0, me.id or 0)
    if seat is None:
        raise LookupError(f"no seat in room {room.id}")
    return describe(desk, room, seat)


def is_late(desk: Desk, held: HeldText) -> bool:
    """Whether the time for choosing is over."""
    return desk.now - held.at >= rules.HELD_FOR


def send(desk: Desk, held: HeldText, room_id: int) -> bool:
    """Passes the text on into the chosen room. False if that can't be: its writer has been told why."""
    seat = queries.find_seat(desk.db, room_id, held.member_id)
    if seat is None:
        return False
    account = queries.get_account(desk.db, held.account_id)
    text = Text(account, f"held:{held.id}", held.text, (), held.conversation, held.message, outside=True)
    queries.remove_held(desk.db, held)
    return writing.pass_on(desk, seat, text)


def edit(desk: Desk, me: Member, origin: Origin, text: str) -> None:
    """What waits is changed before it is sent."""
    held, text = queries.find_held_message(desk.db, me.id or 0, origin), rules.tidy(text)
    if held is not None and rules.find_problem(text, (), 0, 1) is None:
        held.text = text


def delete(desk: Desk, me: Member, origin: Origin) -> None:
    """What waits is not sent."""
    held = queries.find_held_message(desk.db, me.id or 0, origin)
    if held is not None:
        revise(desk.db, me, _key_of(held), views.dropped, desk.now)
        queries.remove_held(desk.db, held)


def lapse(desk: Desk, held_id: int) -> None:
    """What nobody has chosen a room for in time is not sent, and its writer is told."""
    held = queries.find_waiting(desk.db, held_id)
    if held is not None:
        revise(desk.db, get_member(desk.db, held.member_id), _key_of(held), views.lapsed, desk.now)
        queries.remove_held(desk.db, held)
