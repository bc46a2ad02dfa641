"""The people of these tests: registered, and in the coffee rounds."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from handlers.coffee import FEATURE
from handlers.rooms import FEATURE as ROOMS
from storage.models import Block, CoffeeGroup, CoffeeMember, CoffeeRound, CoffeeSeat, Member, Purpose, Role, Status
from storage.queries.callers import find_account
from storage.queries.changes import announce_change
from storage.queries.consents import set_consents
from storage.queries.topics import set_topics
from tests.support.rows import list_rows
from tests.support.world import Actor, World

EVE = datetime(2026, 12, 6, 1, 0, tzinfo=UTC)
"""Sunday, 6 December 2026, 10:00 in Tokyo: the day before the first round."""

ROUND = date(2026, 12, 7)
NEXT = date(2027, 1, 4)
"""The first Monday of January, after the New Year holidays."""


def make_world(url: str, **options: Any) -> World:
    """A community with this feature and the rooms it opens."""
    given: dict[str, Any] = {"at": EVE, **options}
    return World(url, features=(FEATURE, ROOMS), **given)


async def add_member(
    world: World,
    name: str,
    *,
    role: Role = Role.ALUMNUS,
    topics: Iterable[str] = (),
    joined: bool = True,
    locale: str = "ja-JP",
    **fields: Any,
) -> Actor:
    """A registered member who, with `joined`, takes part. `fields` are columns of Member."""
    actor = world.person(name, locale=locale, zone=fields.get("zone", "Asia/Tokyo"))
    await actor.write("こんにちは")
    with world.store.begin() as db:
        found = find_account(db, actor.origin())
        assert found is not None
        member = found[1]
        member.status, member.role = Status.ACTIVE, role
        for column, value in fields.items():
            setattr(member, column, value)
        set_topics(db, member, topics)
        if joined:
            set_consents(db, member.id or 0, (Purpose.INTRODUCTIONS,), world.clock.now())
            db.session.add(CoffeeMember(member_id=member.id or 0, changed_at=world.clock.now()))
    return actor


async def add_members(world: World, count: int, **fields: Any) -> list[Actor]:
    """Several of them, called A, B, C and so on."""
    return [await add_member(world, f"{chr(ord('A') + place)} さん", **fields) for place in range(count)]


async def hold_round(world: World) -> None:
    """Lets a day pass, and with it a round."""
    await pass_days(world, 1)


async def pass_days(world: World, days: float) -> None:
    """Lets days pass, with what the clock does in them, four hours at a time: it is 10:00 in Tokyo once a day."""
    await world.app.slots.prepare()
    end = world.clock.now() + timedelta(days=days)
    while world.clock.now() < end:
        world.clock.at = min(end, world.clock.at + timedelta(hours=4))
        await world.settle()


def list_groups(world: World) -> list[set[int]]:
    """Who was introduced to whom, by member."""
    seats = [seat for seat in list_rows(world.store, CoffeeSeat) if seat.state == "introduced"]
    groups = list_rows(world.store, CoffeeGroup)
    found = [{seat.member_id for seat in seats if seat.group_id == group.id} for group in groups]
    return [members for members in found if members]


def find_part(world: World, actor: Actor) -> CoffeeMember:
    """Somebody's part in the rounds."""
    return next(part for part in list_rows(world.store, CoffeeMember) if part.member_id == actor.member().id)


def find_seat(world: World, actor: Actor) -> CoffeeSeat:
    """Somebody's newest seat."""
    return [seat for seat in list_rows(world.store, CoffeeSeat) if seat.member_id == actor.member().id][-1]


def list_rounds(world: World) -> list[tuple[date, str]]:
    """The rounds and how far they are."""
    return [(one.day, one.state) for one in list_rows(world.store, CoffeeRound)]


def block(world: World, owner: Actor, other: Actor | None = None, department: str = "") -> None:
    """Somebody would rather not meet somebody, or a department."""
    with world.store.begin() as db:
        other_id = other.member().id if other else None
        db.session.add(
            Block(
                owner_id=owner.member().id or 0, member_id=other_id, department=department, created_at=world.clock.now()
            )
        )
        announce_change(db, owner.member().id or 0, world.clock.now())


def change(world: World, actor: Actor, **fields: Any) -> None:
    """Changes a member, as another feature would, and says so."""
    with world.store.begin() as db:
        member = db.session.get_one(Member, actor.member().id)
        for column, value in fields.items():
            setattr(member, column, value)
        announce_change(db, member.id or 0, world.clock.now())


def summaries(actor: Actor) -> list[str]:
    """What somebody was sent about coffee rounds, the oldest first: the greeting is left out."""
    return [shown.summary for shown in actor.inbox]
