"""The people of these tests: registered as the registration would leave them, without going through its forms."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot.i18n import use_locale
from bot.ui import Bold, Chips, Message, Para
from handlers.consultations import FEATURE
from storage.models import Consultation, ConsultationRequest, Member, Purpose, Reminder, Role, Status
from storage.queries.callers import find_account
from storage.queries.changes import announce_change
from storage.queries.consents import set_consents
from storage.queries.consultations import TIMER
from storage.queries.topics import set_topics
from tests.support.golden import as_text
from tests.support.rows import list_rows
from tests.support.world import Actor, World

TOPIC = "電池の量産立ち上げ"
AIM = "来春から量産準備の担当になります。最初の半年で確かめておくべきことを伺いたいです。"


def make_world(url: str, **options: Any) -> World:
    """A community with this feature alone."""
    return World(url, features=(FEATURE,), **options)


async def add_member(
    world: World,
    name: str,
    *,
    topics: Iterable[str] = (),
    role: Role = Role.ALUMNUS,
    consents: Iterable[Purpose] = (Purpose.CONSULTATIONS,),
    locale: str = "ja-JP",
    zone: str = "Asia/Tokyo",
    **fields: Any,
) -> Actor:
    """A registered member. `fields` are columns of Member."""
    actor = world.person(name, locale=locale, zone=zone)
    await actor.write("こんにちは")
    with world.store.begin() as db:
        found = find_account(db, actor.origin())
        assert found is not None
        member = found[1]
        member.status, member.role = Status.ACTIVE, role
        for column, value in fields.items():
            setattr(member, column, value)
        set_topics(db, member, topics)
        set_consents(db, member.id or 0, tuple(consents), world.clock.now())
    return actor


async def add_asker(world: World, name: str = "高橋 翔", **fields: Any) -> Actor:
    """A present employee, who wants to ask."""
    given: dict[str, Any] = {"role": Role.EMPLOYEE, "consents": (), "department": "設計2課", "languages": ["ja"]}
    return await add_member(world, name, **given | fields)


async def add_mentor(
    world: World, name: str = "佐藤 美咲", topics: Iterable[str] = ("電池開発",), **fields: Any
) -> Actor:
    """An alumna who takes consultations."""
    given: dict[str, Any] = {"languages": ["ja"], "capacity": 3}
    return await add_member(world, name, topics=topics, **given | fields)


def change(world: World, actor: Actor, **fields: Any) -> None:
    """Changes columns of somebody's row, as another feature would, and tells the features of it."""
    with world.store.begin() as db:
        member = db.session.get_one(Member, actor.member().id)
        for column, value in fields.items():
            setattr(member, column, value)
        announce_change(db, member.id or 0, world.clock.now())


async def ask(actor: Actor, topic: str = TOPIC, **values: str) -> None:
    """Fills in the form and sends it off."""
    await actor.command(f"/mentor {topic}")
    await actor.submit(aim=AIM, **values)


async def ask_first(actor: Actor, topic: str = TOPIC, **values: str) -> None:
    """Asks the first who is proposed."""
    await ask(actor, topic, **values)
    actor.answer = None
    await actor.press("依頼する")


async def decline(actor: Actor, **values: str) -> None:
    """[Not this time…], and the form."""
    actor.answer = None
    await actor.press("今回は難しい")
    await actor.submit(**values)
    actor.answer = None


def consultation(world: World, index: int = -1) -> Consultation:
    """A consultation as it is now; the newest by default."""
    return list_rows(world.store, Consultation)[index]


def requests(world: World) -> list[ConsultationRequest]:
    """All requests."""
    return list_rows(world.store, ConsultationRequest)


def timers(world: World) -> dict[int, Reminder]:
    """The timers that are still to ring, by consultation."""
    return {
        row.subject_id: row for row in list_rows(world.store, Reminder) if row.kind == TIMER and row.state == "pending"
    }


async def wait(world: World, *, days: float = 0, hours: float = 0) -> None:
    """Lets time pass at once, as if Musubi had been down meanwhile: what is due runs at the end of it."""
    world.clock.move(timedelta(days=days, hours=hours))
    await world.settle()
    await world.settle()


def names_in(actor: Actor) -> list[str]:
    """The names on the newest card of proposals."""
    first = [block.content[0] for block in actor.inbox[-1].blocks if isinstance(block, Para)]
    return [piece.text for piece in first if isinstance(piece, Bold)]


def chips_in(actor: Actor) -> list[tuple[str, ...]]:
    """The reasons on the newest card."""
    return [block.labels for block in actor.inbox[-1].blocks if isinstance(block, Chips)]


def read(message: Message, locale: str = "ja") -> str:
    """A message as a person reads it, in Tokyo."""
    with use_locale(locale):
        return as_text(message).replace("@", "").replace("**", "")


def read_all(actor: Actor) -> str:
    """Everything on somebody's screen."""
    return "\n".join(read(message) for message in actor.inbox)
