"""What changes about a member reaches every feature that wants to hear of it, once, after the change itself."""

from datetime import datetime

import pytest

from bot.failures import FailureKind, SendFailed
from bot.feature import Due, Feature
from bot.incoming import Command, Profile
from bot.replies import Nothing, Private, Reply
from bot.routing import Router, Who
from bot.ui import Message, Para
from storage.models import Member
from storage.queries.changes import announce_change
from storage.queries.outbox import Terms, post
from storage.uow import UnitOfWork
from tests.support.world import World


class Watcher:
    """A feature that writes down whose change it was told of."""

    def __init__(self, name: str) -> None:
        self.seen: list[int] = []
        self.broken = False
        self.feature = Feature(name, on_member_changed=self.look)

    def look(self, due: Due, db: UnitOfWork) -> None:
        """The job. It reads the member, so that it fails if there is none."""
        assert db.session.get(Member, due.subject_id) is not None
        self.seen.append(due.subject_id)
        if self.broken:
            raise RuntimeError("a fault in this feature")


def greeting() -> Feature:
    """Lets people be met, and writes to them."""
    router = Router()

    @router.command("hello", who=Who.ANYONE)
    def hello(command: Command, me: Member, db: UnitOfWork, now: datetime) -> Reply:
        message = Message("Hello", (Para(("Hello",)),))
        if command.text == "post":
            post(db, me, lambda: message, Terms(f"hello:{me.id}:{now.isoformat()}", now))
            return Nothing()
        return Private(message)

    return Feature("greeting", router)


async def test_every_feature_hears_of_it_once_for_each_change(database_url: str) -> None:
    first, second = Watcher("first"), Watcher("second")
    world = World(database_url, features=(greeting(), first.feature, second.feature))
    sho = world.employee("高橋 翔")
    await sho.command("/hello")
    id = sho.member().id or 0
    for _ in range(2):
        with world.store.begin() as db:
            announce_change(db, id, world.clock.now())
            announce_change(db, id, world.clock.now())
        await world.settle()
        await world.settle()
    assert first.seen == second.seen == [id] * 4
    world.close()


async def test_whoever_leaves_the_workspace_is_told_of_once(sqlite_url: str) -> None:
    watcher = Watcher("watcher")
    world = World(sqlite_url, features=(greeting(), watcher.feature))
    sho = world.employee("高橋 翔")
    await sho.command("/hello")
    for _ in range(4):
        await sho.leave()
    assert watcher.seen == [sho.member().id]
    world.close()


async def test_a_deactivated_account_is_told_of(sqlite_url: str) -> None:
    watcher = Watcher("watcher")
    world = World(sqlite_url, features=(greeting(), watcher.feature))
    sho = world.employee("高橋 翔")
    await sho.command("/hello")
    assert watcher.seen == []
    await sho.change_profile(Profile("高橋 翔", sho.profile.email, True, deactivated=True))
    assert watcher.seen == [sho.member().id]
    world.close()


async def test_an_account_that_takes_nothing_any_more_is_told_of(sqlite_url: str) -> None:
    watcher = Watcher("watcher")
    world = World(sqlite_url, features=(greeting(), watcher.feature))
    sho = world.employee("高橋 翔")
    world.chat.failures.append(SendFailed(FailureKind.GONE, "account_inactive"))
    await sho.command("/hello post")
    await world.settle()
    assert watcher.seen == [sho.member().id]
    world.close()


async def test_a_fault_in_a_feature_does_not_undo_the_change(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    watcher = Watcher("watcher")
    watcher.broken = True
    world = World(sqlite_url, features=(greeting(), watcher.feature))
    sho = world.employee("高橋 翔")
    await sho.command("/hello")
    await sho.leave()
    watcher.broken = False
    await world.pass_time(hours=1)
    assert watcher.seen == [sho.member().id] * 2, "tried again, and then no more"
    await world.pass_time(hours=2)
    assert len(watcher.seen) == 2
    world.close()
