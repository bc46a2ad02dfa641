"""The people of these tests, and rooms between them, opened as a consultation would."""

from collections.abc import Iterable
from typing import Any

from bot.ui import Message
from handlers import moderation, rooms
from handlers.rooms import open_room
from storage.models import Account, Block, Delivery, Member, RelayedMessage, RelayedRoom, Role, Seat, Status
from storage.queries.callers import find_account
from storage.queries.changes import announce_change
from tests.support.golden import as_text
from tests.support.platform import Shown
from tests.support.rows import list_rows
from tests.support.world import Actor, World

TOPIC = "電池の量産立ち上げ"
KEY = "consultation:1"


def make_world(url: str, **options: Any) -> World:
    """A community with rooms, moderation and Teams."""
    return World(url, features=(rooms.FEATURE, moderation.FEATURE), others=("teams",), **options)


async def add_member(world: World, name: str, platform: str = "chat", **fields: Any) -> Actor:
    """A registered member. `fields` are columns of Member."""
    actor = world.person(name, locale=fields.pop("locale", "ja-JP"), platform=platform)
    await actor.command("/hello")
    actor.answer = None
    change(world, actor, **{"status": Status.ACTIVE, "role": Role.ALUMNUS} | fields)
    return actor


async def add_pair(world: World, one: str = "chat", other: str = "teams") -> tuple[Actor, Actor]:
    """Sho and Misaki."""
    return await add_member(world, "高橋 翔", one), await add_member(world, "佐藤 美咲", other)


async def open_for(world: World, *people: Actor, key: str = KEY, topic: str = TOPIC) -> RelayedRoom:
    """A room for these people, opened by the first."""
    ids = tuple(person.member().id or 0 for person in people)
    with world.store.begin() as db:
        assert open_room(db, key, topic, ids, world.clock.now(), world.policy, actor=ids[0])
    await world.settle()
    return list_rows(world.store, RelayedRoom)[-1]


async def make_room(url: str, one: str = "chat", other: str = "teams") -> tuple[World, Actor, Actor]:
    """A world in which Sho and Misaki talk."""
    world = make_world(url)
    sho, misaki = await add_pair(world, one, other)
    await open_for(world, sho, misaki)
    return world, sho, misaki


def thread_of(actor: Actor, index: int = 0) -> str:
    """The id of the message that begins a room's thread."""
    openings = [shown for shown in actor.screen if shown.key.count(":") == 3 and ":m" not in shown.key]
    return openings[index].id


async def say(actor: Actor, text: str, message: str = "", *, index: int = 0, **more: Any) -> None:
    """Writes in a room's thread."""
    await actor.write(text, message=message, thread=thread_of(actor, index), **more)


def change(world: World, actor: Actor, **fields: Any) -> None:
    """Changes columns of somebody's row, as another feature would, and tells the features of it."""
    with world.store.begin() as db:
        member = db.session.get_one(Member, actor.member().id)
        for column, value in fields.items():
            setattr(member, column, value)
        announce_change(db, member.id or 0, world.clock.now())


def block(world: World, owner: Actor, other: Actor) -> None:
    """Somebody sets a block, as the privacy settings do."""
    ids = [person.member().id or 0 for person in (owner, other)]
    with world.store.begin() as db:
        db.session.add(Block(owner_id=ids[0], member_id=ids[1], created_at=world.clock.now()))
        announce_change(db, ids[0], world.clock.now())


def add_account(world: World, actor: Actor, platform: str, user: str, **fields: Any) -> Actor:
    """One more account of the same member."""
    member_id = actor.member().id
    tenant = "" if platform == "email" else "T1"
    with world.store.begin() as db:
        given: dict[str, Any] = {"created_at": world.clock.now(), "name": user} | fields
        db.session.add(Account(platform=platform, tenant=tenant, external_id=user, member_id=member_id, **given))
    if platform != "email":
        world.find_platform(platform).profiles[user] = actor.profile
    return Actor(world, user, platform)


def close_account(world: World, actor: Actor) -> None:
    """The platform takes nothing for this account any more."""
    with world.store.begin() as db:
        found = find_account(db, actor.origin())
        assert found is not None
        found[0].reachable = False
        announce_change(db, found[1].id or 0, world.clock.now())


def read(message: Message) -> str:
    """A message as text."""
    return as_text(message)


def shown(actor: Actor) -> list[str]:
    """The summaries of everything on somebody's screen, from the top."""
    return [message.summary for message in actor.inbox]


def bodies(items: Iterable[Shown]) -> str:
    """All words on a screen."""
    return "\n".join(as_text(item.message) for item in items)


def seats(world: World) -> list[Seat]:
    """All seats."""
    return list_rows(world.store, Seat)


def messages(world: World) -> list[RelayedMessage]:
    """All messages of all rooms."""
    return list_rows(world.store, RelayedMessage)


def deliveries(world: World, start: str = "room:") -> dict[str, Delivery]:
    """The deliveries whose keys begin like this."""
    return {row.key: row for row in list_rows(world.store, Delivery) if row.key.startswith(start)}
