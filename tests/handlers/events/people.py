"""The people of these tests, and an event that is announced to them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import vobject

from bot.actions import Action, encode
from bot.i18n import use_locale
from bot.incoming import ButtonPressed
from bot.replies import OpenForm, Private, ReplaceMessage
from bot.ui import File, list_files
from handlers.events import FEATURE
from handlers.events.actions import Answer
from handlers.home import FEATURE as HOME
from storage.models import Block, Event, EventAnswer, EventState, Member, Purpose, Role, Rsvp, Status
from storage.queries.callers import find_account
from storage.queries.changes import announce_change
from storage.queries.consents import set_consents
from storage.queries.events import add_event
from storage.queries.topics import set_topics
from tests.support.golden import as_text
from tests.support.rows import list_rows
from tests.support.world import Actor, World

BEGINS = datetime(2026, 12, 11, 10, 0, tzinfo=UTC)
"""Friday, 11 December 2026, 19:00 in Tokyo: three weeks after START."""


def make_world(url: str, **options: Any) -> World:
    """A community with events."""
    return World(url, features=(FEATURE, HOME), **options)


async def add_member(
    world: World,
    name: str,
    *,
    role: Role = Role.ALUMNUS,
    locale: str = "ja-JP",
    topics: tuple[str, ...] = (),
    agrees: bool = True,
    hr: bool = False,
    **fields: Any,
) -> Actor:
    """A registered member who, with `agrees`, has agreed to news and events. `fields` are columns of Member."""
    actor = world.person(name, locale=locale, zone=fields.get("zone", "Asia/Tokyo"))
    await actor.write("こんにちは" if locale == "ja-JP" else "Hello")
    with world.store.begin() as db:
        found = find_account(db, actor.origin())
        assert found is not None
        member = found[1]
        member.status, member.role, member.is_hr = Status.ACTIVE, Role.EMPLOYEE if hr else role, hr
        for column, value in fields.items():
            setattr(member, column, value)
        set_topics(db, member, topics)
        if agrees:
            set_consents(db, member.id or 0, (Purpose.NEWS,), world.clock.now())
    actor.answer = None
    return actor


async def add_members(world: World, count: int, **fields: Any) -> list[Actor]:
    """Several of them, called A, B, C and so on."""
    return [await add_member(world, f"{chr(ord('A') + place)} さん", **fields) for place in range(count)]


async def add_hr(world: World) -> Actor:
    """Somebody of HR."""
    return await add_member(world, "山本 由佳", hr=True)


def make_event(world: World, author: Actor, **fields: Any) -> int:
    """An event that is announced; `fields` are columns of Event. Returns its id."""
    given: dict[str, Any] = {
        "author_id": author.member().id,
        "state": EventState.ANNOUNCED,
        "title_ja": "電池の夕べ",
        "title_en": "Battery evening",
        "text_ja": "久しぶりに集まりませんか。",
        "starts_at": BEGINS,
        "ends_at": BEGINS + timedelta(hours=2),
        "place": "本社1階 ホール",
        "uid": "853cae90a4f0c45ee72b2ca6f1244140",
        "created_at": world.clock.now(),
        **fields,
    }
    with world.store.begin() as db:
        return add_event(db, Event(**given)).id or 0


async def say(actor: Actor, event: int, rsvp: Rsvp = Rsvp.GOING) -> None:
    """Presses one of the three buttons, wherever it may have been shown."""
    await press(actor, Answer(event, rsvp.value))


async def press(actor: Actor, action: Action) -> None:
    """Presses a button of some message that is not looked at here."""
    origin = actor.origin(actor.world.next_key(), "elsewhere")
    reply = await actor.world.dispatch(ButtonPressed(origin, encode(action)))
    actor.form = reply.form if isinstance(reply, OpenForm) else None
    shown = reply.message if isinstance(reply, Private | ReplaceMessage) else None
    actor.answer = shown or actor.answer


def event_of(world: World, id: int = 1) -> Event:
    """The event as it is now."""
    return next(event for event in list_rows(world.store, Event) if event.id == id)


def answer_of(world: World, actor: Actor, event: int = 1) -> EventAnswer:
    """What somebody answered."""
    member = actor.member().id
    rows = list_rows(world.store, EventAnswer)
    return next(row for row in rows if row.member_id == member and row.event_id == event)


def standings(world: World, actors: list[Actor], event: int = 1) -> list[str]:
    """Where these people stand."""
    return [answer_of(world, actor, event).rsvp for actor in actors]


def files_of(actor: Actor) -> list[File]:
    """Every file that somebody was sent, the oldest first."""
    sent = [parcel for parcel in actor.world.chat.sent if getattr(parcel.target, "user", "") == actor.user]
    return list({file.name: file for parcel in sent for file in list_files(parcel.message)}.values())


def read_entry(file: File) -> Any:
    """The calendar entry as another program reads it."""
    other_library: Any = vobject
    return other_library.readOne(file.text).vevent


def entries_of(actor: Actor) -> list[tuple[str, str]]:
    """The entries that somebody was sent: number and state."""
    entries = [read_entry(file) for file in files_of(actor) if file.name.endswith(".ics")]
    return [(entry.sequence.value, entry.status.value) for entry in entries]


def read(actor: Actor) -> str:
    """What was just answered, as it is read."""
    assert actor.answer is not None
    with use_locale(actor.member().language or "ja"):
        return as_text(actor.answer)


def newest(actor: Actor) -> str:
    """The newest message, as it is read."""
    with use_locale(actor.member().language or "ja"):
        return as_text(actor.inbox[-1])


def summaries(actor: Actor) -> list[str]:
    """What somebody was sent, the oldest first, without the greeting."""
    return [shown.summary for shown in actor.inbox]


def change_member(world: World, actor: Actor, **fields: Any) -> None:
    """Changes a member, as another feature would, and says so."""
    with world.store.begin() as db:
        member = db.session.get_one(Member, actor.member().id)
        for column, value in fields.items():
            setattr(member, column, value)
        announce_change(db, member.id or 0, world.clock.now())


def block(world: World, owner: Actor, other: Actor) -> None:
    """Somebody would rather not meet somebody."""
    with world.store.begin() as db:
        row = Block(owner_id=owner.member().id or 0, member_id=other.member().id, created_at=world.clock.now())
        db.session.add(row)


async def jump(world: World, days: int) -> None:
    """Lets days pass, in steps in which each reminder still has its time: for looking whether any rings."""
    for _ in range(days * 3):
        world.clock.at += timedelta(hours=8)
        await world.settle()


async def pass_to(world: World, at: datetime) -> None:
    """Lets time pass until then: slower and slower, at last half an hour at a time."""
    while (left := at - world.clock.now()) > timedelta():
        hours = 12 if left > timedelta(hours=38) else 2 if left > timedelta(hours=4) else 0.5
        step = timedelta(hours=hours)
        world.clock.at += min(step, left)
        await world.settle()
