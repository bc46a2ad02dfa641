"""Putting messages into the outbox, in the transaction that gives rise to them.

A message is made inside `post` by a function without arguments, so that it is always in the language of its reader.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bot.i18n import find_language, use_locale
from bot.ui import Message, dump_message
from storage.models import Account, Content, Delivery, DeliveryState, Member, Room, RoomAccount, Urgency
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork

Make = Callable[[], Message]

_content = table_of(Content)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a delivery is to be made: unique `key`, not before `at`, not after `not_after`, in the place of what the
    delivery `replaces` (its key) showed, in the `thread` that the delivery with that key begins: its own key, if it is
    the one that begins it. What belongs to a thread is sent in the order in which it was posted. `batch` is what it is
    counted with (`Delivery.batch`)."""

    key: str
    at: datetime
    urgency: Urgency = Urgency.ANSWER
    not_after: datetime | None = None
    replaces: str = ""
    thread: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in the language `locale`, for an account or for a room."""

    make: Make
    terms: Terms
    locale: str
    account: Account | None = None
    room: Room | None = None


def post(db: UnitOfWork, to: Member, make: Make, terms: Terms) -> None:
    """Puts a direct message to a member into the outbox, for the account seen last; what replaces a message goes where
    that one went. The same key counts once.

    A member without any reachable account gets a failed row that says so, for HR to see.
    """
    account = _find_shown(db, terms.replaces) or find_best_account(db, to)
    letter = Letter(make, terms, to.language, account)
    if account is not None:
        return _insert(db, letter, _place(letter) | {"member_id": to.id})
    nowhere: dict[str, object] = {"member_id": to.id, "room_id": None, "account_id": None, "platform": "", "tenant": ""}
    return _insert(db, letter, nowhere, {"state": DeliveryState.FAILED.value, "reason": "no_account"})


def post_to_account(db: UnitOfWork, account: Account, locale: str, make: Make, terms: Terms) -> None:
    """As `post`, to one certain account: an invitation by mail, or an answer where the question came from."""
    letter = Letter(make, terms, locale, account)
    _insert(db, letter, _place(letter))


def post_to_room(db: UnitOfWork, room: Room, locale: str, make: Make, terms: Terms) -> None:
    """As `post`, to a group conversation, which is opened when it is not open yet."""
    letter = Letter(make, terms, locale, room=room)
    _insert(db, letter, _place(letter))


def post_all(db: UnitOfWork, letters: Sequence[Letter]) -> None:
    """As `post_to_account` and `post_to_room`, for many at once: two statements, whatever their number. Keys that are
    taken count as always; a body that several get is stored once."""
    if not letters:
        return
    bodies = [_write(letter) for letter in letters]
    contents = add_contents(db, list(dict.fromkeys(bodies)))
    rows = [_place(letter) | _row(contents[body], letter) for letter, body in zip(letters, bodies, strict=True)]
    insert_ignore(db.session, Delivery, rows)
    db.wakes_delivery = True


def _write(letter: Letter) -> str:
    with use_locale(letter.locale):
        return dump_message(letter.make())


def _place(letter: Letter) -> dict[str, object]:
    """Where it goes."""
    if letter.room is not None:
        room = letter.room
        return {"member_id": None, "room_id": room.id, "account_id": None} | _platform(room)
    if letter.account is not None:
        account = letter.account
        return {"member_id": account.member_id, "room_id": None, "account_id": account.id} | _platform(account)
    raise ValueError(f"{letter.terms.key} goes nowhere")


def _platform(place: Account | Room) -> dict[str, object]:
    return {"platform": place.platform, "tenant": place.tenant}


def add_contents(db: UnitOfWork, bodies: Sequence[str]) -> dict[str, int]:
    """The ids of the bodies, stored anew. They come back with their bodies: for ids in the order of the parameters
    SQLite would need a statement for each."""
    statement = _content.insert().returning(_content.c.body, _content.c.id)
    return {row[0]: row[1] for row in run(db.session, statement, [{"body": body} for body in bodies])}


def _row(content_id: int, letter: Letter) -> dict[str, object]:
    terms = letter.terms
    return {
        "key": terms.key,
        "content_id": content_id,
        "locale": find_language(letter.locale) or "en",
        "urgency": terms.urgency.value,
        "state": DeliveryState.PENDING.value,
        "available_at": terms.at,
        "not_after": terms.not_after,
        "replaces_key": terms.replaces,
        "thread_key": terms.thread,
        "batch": terms.batch,
        "created_at": terms.at,
        "attempts": 0,
        "lease_token": "",
        "conversation": "",
        "message": "",
        "reason": "",
    }


def _insert(db: UnitOfWork, letter: Letter, place: dict[str, object], more: dict[str, object] | None = None) -> None:
    content = Content(body=_write(letter))
    db.session.add(content)
    db.session.flush()
    if insert_ignore(db.session, Delivery, [_row(content.id or 0, letter) | place | (more or {})]):
        db.wakes_delivery = True
    else:
        run(db.session, _content.delete().where(_content.c.id == content.id))


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


def choose_account(accounts: Iterable[Account], member: Member) -> Account | None:
    """The same among the member's reachable accounts that were read before."""

    def rank(account: Account) -> tuple[bool, bool, int]:
        return account.id == member.preferred_account_id, account.platform != "email", account.id or 0

    return max(accounts, key=rank, default=None)


def add_room(db: UnitOfWork, key: str, accounts: Sequence[Account], now: datetime) -> Room:
    """A group conversation of these accounts, all of one platform and tenant; opened by the first message to it."""
    return add_rooms(db, {key: accounts}, now)[key]


def add_rooms(db: UnitOfWork, rooms: Mapping[str, Sequence[Account]], now: datetime) -> dict[str, Room]:
    """Group conversations by key, each of accounts of one platform and tenant; opened by the first message to them.
    Two statements."""
    if not rooms:
        return {}
    made = [
        Room(key=key, platform=some[0].platform, tenant=some[0].tenant, created_at=now) for key, some in rooms.items()
    ]
    statement = table_of(Room).insert().returning(table_of(Room).c.key, table_of(Room).c.id)
    ids = {row[0]: row[1] for row in run(db.session, statement, [room.model_dump(exclude={"id"}) for room in made])}
    for room in made:
        room.id = ids[room.key]
    members = [{"room_id": ids[key], "account_id": account.id} for key, some in rooms.items() for account in some]
    run(db.session, table_of(RoomAccount).insert(), members)
    return {room.key: room for room in made}


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
