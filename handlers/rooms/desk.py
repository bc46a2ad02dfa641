"""What the steps of a room work with: who sits in it, where they are written to, and how a message gets there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.policy import Policy
from handlers.rooms import rules, views
from handlers.rooms.views import Manner
from storage.models import Account, RelayedRoom, Seat, Status, Urgency
from storage.queries import rooms as queries
from storage.queries.members import find_card, get_member
from storage.queries.outbox import Make, Terms, post_to_account
from storage.uow import UnitOfWork

_CHATS = frozenset({"teams"})
"""Platforms whose chat with the bot has no threads."""


_NIGHT = timedelta(days=1)
"""What can't be delivered is given up so early that the next night erases it in time."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The transaction, the time and the rules."""

    db: UnitOfWork
    now: datetime
    policy: Policy


@dataclass(frozen=True, slots=True)
class Place:
    """Where a seat is written to: the account, and the thread's key, "" for a room that is closed and was never opened
    there."""

    account: Account
    thread: str

    @property
    def manner(self) -> Manner:
        """How one writes there."""
        return find_manner(self.account.platform)


def find_manner(platform: str) -> Manner:
    """How one writes in a room on a platform."""
    if platform == "email":
        return Manner.MAIL
    return Manner.CHAT if platform in _CHATS else Manner.THREAD


def describe(desk: Desk, room: RelayedRoom, seat: Seat) -> views.Room:
    """The room as the one on this seat may know it. Whoever can't be shown any more has no name."""
    reader = get_member(desk.db, seat.member_id)
    others = [other for other in queries.list_seats(desk.db, room) if other.id != seat.id]
    cards = [find_card(desk.db, reader, other.member_id) for other in others]
    return views.Room(room.id or 0, room.topic, views.join_names([card.name for card in cards if card]))


def can_talk(desk: Desk, room: RelayedRoom) -> bool:
    """Whether everybody in the room is there and may be shown to everybody else."""
    members = [get_member(desk.db, seat.member_id) for seat in queries.list_seats(desk.db, room)]
    pairs = ((one, other) for one in members for other in members if one is not other)
    return all(find_card(desk.db, one, other.id or 0) is not None for one, other in pairs)


def find_place(desk: Desk, room: RelayedRoom, seat: Seat, urgency: Urgency = Urgency.ANSWER) -> Place | None:
    """Where a seat is written to; the room is opened there if it isn't yet. None if the member can't be written to."""
    account = queries.find_seat_account(desk.db, seat, get_member(desk.db, seat.member_id))
    if account is None:
        return None
    thread = queries.find_thread(desk.db, seat, account)
    if not thread and room.closed_at is None:
        thread = _open(desk, room, seat, account, urgency)
    return Place(account, thread)


def _open(desk: Desk, room: RelayedRoom, seat: Seat, account: Account, urgency: Urgency) -> str:
    """The opening message in an account, which begins the thread there."""
    seat.account_id, key = account.id, queries.add_thread(desk.db, seat)
    place, shown = Place(account, key), describe(desk, room, seat)
    days, answers = desk.policy.relay_keep.days, desk.policy.answers_by_mail
    put(desk, seat, place, lambda: views.opening(shown, place.manner, days, answers=answers), key, urgency)
    return key


def put(
    desk: Desk,
    seat: Seat,
    place: Place,
    make: Make,
    key: str,
    urgency: Urgency = Urgency.ANSWER,
    *,
    replaces: str = "",
    outside: bool = False,
) -> None:
    """A message for a seat, in its thread unless it is to stand `outside`. Nobody is written to who has left."""
    member = get_member(desk.db, seat.member_id)
    if member.status == Status.WITHDRAWN:
        return
    thread = "" if outside else place.thread
    post_to_account(desk.db, place.account, member.language, make, make_terms(desk, key, urgency, thread, replaces))


def make_terms(desk: Desk, key: str, urgency: Urgency, thread: str, replaces: str = "") -> Terms:
    """On which terms a message for a seat goes out: in time for the night that erases it."""
    not_after = desk.now + max(desk.policy.relay_keep - _NIGHT, desk.policy.relay_keep / 2)
    return Terms(key, desk.now, urgency, not_after, replaces, thread)


def tell(desk: Desk, room: RelayedRoom, seat: Seat, make: Make, key: str, *, outside: bool = False) -> None:
    """A sentence for whoever sits there, who has just acted."""
    place = find_place(desk, room, seat)
    if place is not None:
        put(desk, seat, place, make, f"room:{room.id}:say:{key}", outside=outside)


def find_urgency(desk: Desk, seat: Seat) -> Urgency:
    """At once to whoever is talking, outside the quiet hours to everybody else."""
    return Urgency.ANSWER if rules.is_awake(seat.wrote_at, desk.now) else Urgency.NUDGE
