"""Communities for tests of announcements, made in the database at once."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.policy import Policy
from handlers.announcements import fan_out
from storage.models import Account, Announcement, AnnouncementState, Member, Purpose, Role, Status
from storage.queries import announcements
from storage.queries.consents import set_consents
from storage.queries.topics import set_topics
from storage.uow import UnitOfWork
from tests.support.rows import list_rows
from tests.support.world import POLICY, START, Actor, World, text_of

AGREED = (Purpose.NEWS,)
SMALL: Policy = replace(POLICY, approval_above=3)
"""Four people are many."""


class Looks:
    """What looks at pictures, in memory: says what it was told to."""

    def __init__(self) -> None:
        self.problem = ""
        self.asked: list[str] = []

    async def find_problem(self, url: str) -> str:
        """See `bot.ports.Pictures`."""
        self.asked.append(url)
        return self.problem


def add_member(
    db: UnitOfWork,
    name: str,
    *,
    platform: str = "chat",
    consents: Collection[Purpose] = AGREED,
    topics: Collection[str] = (),
    left: int = 0,
    **given: Any,
) -> Member:
    """An active alumnus with an account whose id is the name; `left` is the year of leaving."""
    kept: dict[str, Any] = {
        "status": Status.ACTIVE,
        "role": Role.ALUMNUS,
        "language": "ja",
        "department": "設計2課",
    } | given
    since = START - timedelta(days=300)
    left_on = date(left, 3, 31) if left else None
    member = Member(name=name, left_on=left_on, created_at=since, activated_at=since, **kept)
    db.session.add(member)
    db.session.flush()
    if platform:
        tenant = "" if platform == "email" else "T1"
        account = Account(platform=platform, tenant=tenant, external_id=name, member_id=member.id, created_at=since)
        db.session.add(account)
    set_consents(db, member.id or 0, consents, since)
    set_topics(db, member, topics)
    db.session.flush()
    return member


def actor_of(world: World, name: str, zone: str = "Asia/Tokyo") -> Actor:
    """The person behind `add_member`."""
    return world.person(name, user=name, zone=zone)


def add_hr(world: World, name: str = "山本 由佳", zone: str = "Asia/Tokyo") -> Actor:
    """Somebody with the HR role."""
    with world.store.begin() as db:
        add_member(db, name, role=Role.EMPLOYEE, is_hr=True, department="人事", consents=(), zone=zone)
    return actor_of(world, name, zone)


def add_people(world: World, count: int, **given: Any) -> list[Actor]:
    """So many alumni who agreed to news."""
    with world.store.begin() as db:
        for number in range(count):
            add_member(db, f"人{number}", **given)
    return [actor_of(world, f"人{number}") for number in range(count)]


TEXT = {
    "title_ja": "夏の集い",
    "body_ja": "七月に集まります。",
    "title_en": "Summer party",
    "body_en": "We meet in July.",
}


async def write(hr: Actor, **values: str) -> None:
    """A draft, by the form."""
    await hr.command("/announce")
    await hr.press("お知らせ…")
    await hr.submit(**(TEXT | values))


async def hand_in(hr: Actor, **values: str) -> None:
    """A draft, and then on to its sending."""
    await write(hr)
    await hr.press("送る…")
    await hr.submit(**values)


async def send_now(world: World, hr: Actor) -> None:
    """Written, handed in, and waited for."""
    await hand_in(hr)
    world.clock.move(timedelta(minutes=10))
    await world.settle()


def only(world: World) -> Announcement:
    """The one announcement there is."""
    [found] = list_rows(world.store, Announcement)
    return found


TITLE = TEXT["title_ja"]


def got(actor: Actor) -> list[str]:
    """The announcement's titles on a person's screen."""
    return [message.summary for message in actor.inbox if message.summary in (TITLE, TEXT["title_en"])]


def words(actor: Actor) -> str:
    """Everything in the last answer."""
    assert actor.answer is not None
    return text_of(actor.answer)


async def go_on(world: World, minutes: float = 10) -> None:
    """Time passes, and what is due happens."""
    world.clock.move(timedelta(minutes=minutes))
    await world.settle()


def change(world: World, actor: Actor, **values: object) -> None:
    """Changes a member behind Musubi's back."""
    with world.store.begin() as db:
        member = db.session.get_one(Member, actor.member().id)
        for name, value in values.items():
            setattr(member, name, value)


async def begin_sending(world: World, hr: Actor) -> None:
    """Handed in, and its time has come, but no chunk is made yet."""
    await hand_in(hr)
    world.clock.move(timedelta(minutes=10))
    await world.app.reminders.run_due()
    assert only(world).state == AnnouncementState.SENDING


def make_chunk(world: World, limit: int, *, then: type[Exception] | None = None) -> bool:
    """One chunk; `then` happens after its rows were written, before the commit."""
    with world.store.begin() as db:
        it = announcements.find_open(db)
        assert it is not None
        goes_on = fan_out(db, it, world.clock.now(), POLICY, limit)
        if then is not None:
            raise then
        return goes_on
