"""Announcements in channels, instead of or beside a message to each."""

from collections.abc import AsyncIterator

import pytest_asyncio

from storage.models import Account, Member
from storage.queries.channels import set_channel
from tests.handlers.announcements.people import TITLE, add_hr, add_member, add_people, go_on, got, hand_in, only
from tests.support.world import START, World


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


async def test_it_can_go_to_the_channels_instead(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    hr_id = hr.member().id
    with world.store.begin() as db:
        set_channel(db, "chat", "T1", "C-all", db.session.get_one(Member, hr_id), START)
    await hand_in(hr, via="channels")
    await go_on(world)
    assert [shown.message.summary for shown in world.chat.groups["C-all"]] == [TITLE]
    assert got(reader) == []


async def test_to_both_nobody_is_told_twice(database_url: str) -> None:
    world = World(database_url, others=["teams"])
    hr, [inside] = add_hr(world), add_people(world, 1)
    hr_id = hr.member().id
    with world.store.begin() as db:
        add_member(db, "m@home.example", platform="email")
        add_member(db, "外の人", platform="teams")
        both = add_member(db, "二つの人", platform="teams")
        db.session.add(Account(platform="chat", tenant="T1", external_id="二つ", member_id=both.id, created_at=START))
        set_channel(db, "chat", "T1", "C-all", db.session.get_one(Member, hr_id), START)
    await hand_in(hr, via="both")
    await go_on(world)
    assert len(world.chat.groups["C-all"]) == len(world.mail.direct["m@home.example"]) == 1
    assert list(world.platforms["teams"].direct) == ["外の人"]
    assert got(inside) == []
    assert only(world).planned == 2
    world.close()
