"""Communities for tests of jobs, and jobs themselves."""

from datetime import date, timedelta
from typing import Any

from bot.installation import Installation
from bot.pages import Page, Visit
from bot.policy import Policy
from handlers.jobs import Desk, closing
from storage.models import Job, JobInterest, JobReferral, Member, Purpose
from storage.queries import jobs as queries
from storage.queries.consents import find_consents, set_consents
from storage.uow import UnitOfWork
from tests.support.people import SECRET, alumnus
from tests.support.rows import list_rows
from tests.support.world import POLICY, START, Actor, World

PUBLIC = "https://musubi.example"
TODAY = date(2026, 11, 20)


def make_world(url: str, *, policy: Policy = POLICY, mail: bool = True, public: str = PUBLIC) -> World:
    """A world whose pages can be reached."""
    return World(url, policy=policy, mail=mail, public_url=public)


def make_job(id: int | None = None, **given: Any) -> Job:
    """A job that is open for a month."""
    fields: dict[str, Any] = {
        "title_ja": "電池パックの量産立ち上げ",
        "text_ja": "電池開発の経験を活かし、新しい量産ラインの立ち上げをご一緒します。",
        "title_en": "Ramping up a battery pack line",
        "text_en": "Bring your battery development experience to our new line.",
        "kind": "full_time",
        "place": "横浜市",
        "url": "https://jobs.example/1",
        "closes_on": TODAY + timedelta(days=30),
        "created_at": START,
        "changed_at": START,
    }
    return Job(id=id, **(fields | given))


def desk_of(world: World, db: UnitOfWork) -> Desk:
    """The desk that a handler gets."""
    return Desk(db, world.clock.now(), world.policy, Installation(SECRET, mail_is_on=True, public_url=PUBLIC))


def add_job(world: World, **given: Any) -> int:
    """An open job with its reminders."""
    with world.store.begin() as db:
        job = queries.add_job(db, make_job(**given))
        closing.open_job(desk_of(world, db), job)
        return job.id or 0


async def seeker(world: World, name: str = "佐藤 美咲", number: str = "00123", **values: Any) -> Actor:
    """An alumna who agreed to hear of jobs."""
    actor = await alumnus(world, name, number, **values)
    agree(world, actor)
    return actor


def agree(world: World, actor: Actor, *, yes: bool = True) -> None:
    """Gives the consent for jobs, or takes it back."""
    with world.store.begin() as db:
        id = actor.member().id or 0
        given = find_consents(db, id)
        set_consents(db, id, given | {Purpose.JOBS} if yes else given - {Purpose.JOBS}, world.clock.now())


async def employee(world: World, name: str = "高橋 翔", department: str = "生産技術部") -> Actor:
    """An employee of a department."""
    actor = world.employee(name)
    await actor.join()
    change(world, actor, department=department)
    return actor


async def hr(world: World, name: str = "山本 由佳") -> Actor:
    """Somebody of HR."""
    actor = world.hr(name)
    await actor.join()
    return actor


async def second_hr(world: World, name: str = "森 健") -> Actor:
    """Another one of HR."""
    actor = world.employee(name)
    await actor.join()
    change(world, actor, is_hr=True)
    return actor


def change(world: World, actor: Actor, **fields: Any) -> None:
    """Changes what is known of a member."""
    with world.store.begin() as db:
        member = db.session.get_one(Member, actor.member().id)
        for name, value in fields.items():
            setattr(member, name, value)


def interests(world: World) -> list[JobInterest]:
    """All interests."""
    return list_rows(world.store, JobInterest)


def friends(world: World) -> list[JobReferral]:
    """All referrals."""
    return list_rows(world.store, JobReferral)


def job(world: World, id: int = 1) -> Job:
    """A job as it is now."""
    with world.store.begin() as db:
        return db.session.get_one(Job, id)


async def visit(world: World, link: str, choice: str = "") -> Page:
    """Looks at a friend's page, or presses on it."""
    name, token = link.removeprefix(f"{PUBLIC}/p/").split("/")
    page = await world.app.pages.visit(name, Visit(token, choice))
    await world.settle()
    return page


async def wait(world: World, *, days: float) -> None:
    """Sleeps so long, and looks around once."""
    world.clock.move(timedelta(days=days))
    await world.settle()
