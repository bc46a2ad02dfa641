"""Communities for tests of digests: made in the database at once, or by hand."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.feature import Feature
from bot.policy import Policy
from handlers import FEATURES, digests, status
from storage.models import Account, Block, Member, Purpose, Role, Status
from storage.queries.consents import set_consents
from storage.queries.status import tell_news
from storage.uow import UnitOfWork
from tests.support.world import POLICY, START, Actor, World

ALL = (*FEATURES, *(feature for feature in (status.FEATURE, digests.FEATURE) if feature not in FEATURES))


def make_world(
    url: str, *, more: Iterable[Feature] = (), at: datetime = START, policy: Policy = POLICY, mail: bool = True
) -> World:
    """A world with digests in it, and further features that offer something."""
    return World(url, features=(*ALL, *more), at=at, policy=policy, mail=mail)


def add_member(
    db: UnitOfWork,
    name: str,
    *,
    news: str = "",
    role: Role = Role.ALUMNUS,
    zone: str = "Asia/Tokyo",
    digest: str = "monthly",
    language: str = "ja",
    visibility: dict[str, str] | None = None,
    department: str = "設計2課",
    since: datetime = START - timedelta(days=300),
    consents: Collection[Purpose] = (),
    now: datetime = START,
) -> Member:
    """An active member with an account on the platform `chat` whose id is the name."""
    member = Member(
        name=name,
        status=Status.ACTIVE,
        role=role,
        zone=zone,
        digest=digest,
        language=language,
        department=department,
        visibility=visibility or {},
        created_at=since,
        activated_at=since,
    )
    db.session.add(member)
    db.session.flush()
    account = Account(platform="chat", tenant="T1", external_id=name, member_id=member.id, name=name, created_at=since)
    db.session.add(account)
    if news:
        tell_news(db, member, news, now)
    if consents:
        set_consents(db, member.id or 0, consents, since)
    db.session.flush()
    return member


def block(db: UnitOfWork, owner: Member, member: Member | None = None, department: str = "") -> None:
    """`owner` would rather not meet somebody, or a whole department."""
    made = Block(
        owner_id=owner.id or 0, member_id=member.id if member else None, department=department, created_at=START
    )
    db.session.add(made)
    db.session.flush()


async def add_people(world: World, count: int = 5, **given: object) -> list[Actor]:
    """So many members with news, who read digests in Tokyo."""
    with world.store.begin() as db:
        for number in range(count):
            add_member(db, f"人{number}", news=f"近況{number}", now=world.clock.now(), **given)  # pyright: ignore[reportArgumentType]
    return [actor_of(world, f"人{number}") for number in range(count)]


def actor_of(world: World, name: str) -> Actor:
    """The person behind `add_member`."""
    return world.person(name, user=name)


async def begin(world: World) -> None:
    """Musubi starts: slots are made, as the ticker does. In the first night every zone gets its own."""
    await world.app.slots.prepare()
    world.clock.move(timedelta(hours=15))
    await world.settle()
