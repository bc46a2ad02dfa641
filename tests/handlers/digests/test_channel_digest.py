"""The digest in a channel: HR sets it, it shows what every member may see, and comes once a month whatever happens."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest_asyncio

from bot.actions import encode
from bot.digest import DigestItem, DigestOffer, ItemKind
from bot.feature import Feature
from bot.incoming import ButtonPressed, Command, Origin, Scope
from bot.policy import Policy
from bot.replies import Private, Reply
from bot.ui import Message, Para
from handlers.digests.actions import UseChannel
from storage.models import AuditEntry, DigestChannel, Role
from tests.handlers.digests.people import add_member, begin, make_world
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of

FIRST_TUESDAY = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def in_channel(world: World, actor: Actor) -> Origin:
    return Origin("chat", "T1", actor.user, world.next_key(), Scope.CHANNEL, conversation="C1")


async def say(world: World, actor: Actor) -> Reply:
    return await world.dispatch(Command(in_channel(world, actor), "alumni", "digest"))


async def press(world: World, actor: Actor, on: int) -> Reply:
    return await world.dispatch(ButtonPressed(in_channel(world, actor), encode(UseChannel(on))))


def posted(world: World) -> list[Message]:
    return [shown.message for shown in world.chat.groups.get("C1", [])]


def add_news(world: World, count: int, prefix: str = "人") -> None:
    with world.store.begin() as db:
        for number in range(count):
            add_member(db, f"{prefix}{number}", news=f"近況{prefix}{number}", digest="never", now=world.clock.now())


async def test_hr_sets_the_channel_and_the_digest_comes_once_a_month(database_url: str) -> None:
    world = make_world(database_url)
    yuka = world.hr()
    add_news(world, 5)
    await begin(world)
    asked = await say(world, yuka)
    assert isinstance(asked, Private)
    assert "載せますか" in text_of(asked.message)
    for _press in range(2):
        await press(world, yuka, 1)
    assert len(list_rows(world.store, DigestChannel)) == 1
    again = await say(world, yuka)
    assert isinstance(again, Private)
    assert "載せています" in text_of(again.message)
    world.clock.at = FIRST_TUESDAY
    await world.settle()
    await world.pass_time(hours=3)
    assert len(posted(world)) == 1
    assert "近況人0" in text_of(posted(world)[0])
    assert [row.act for row in list_rows(world.store, AuditEntry)] == ["digest.channel"] * 2
    world.close()


async def test_only_hr_sets_it_and_only_in_a_channel(world: World) -> None:
    yuka, sho = world.hr(), world.employee("高橋 翔")
    answer = await say(world, sho)
    assert isinstance(answer, Private)
    assert "間隔" in text_of(answer.message)
    await press(world, sho, 1)
    await yuka.press_action(UseChannel(1))
    assert list_rows(world.store, DigestChannel) == []


async def test_what_is_dropped_is_posted_no_more(world: World) -> None:
    yuka = world.hr()
    add_news(world, 5)
    await begin(world)
    await press(world, yuka, 1)
    for _press in range(2):
        await press(world, yuka, 0)
    world.clock.at = FIRST_TUESDAY
    await world.settle()
    assert posted(world) == []


async def test_it_shows_what_every_member_may_see_and_what_needs_no_consent(sqlite_url: str) -> None:
    def offer() -> DigestOffer:
        return DigestOffer((DigestItem(ItemKind.JOB, "job", lambda role: (Para(("a job",)),), purpose="jobs"),))

    world = make_world(sqlite_url, more=[Feature("plugged", digest=offer)])
    yuka = world.hr()
    add_news(world, 4)
    with world.store.begin() as db:
        add_member(db, "控えめ", news="アルムナイだけに", visibility={"latest_news": "alumni"})
        add_member(db, "秘密", news="だれにも", visibility={"latest_news": "nobody"})
        add_member(db, "部署は秘密", news="部署は伏せて", department="極秘部", visibility={"department": "alumni"})
        add_member(db, "社員", news="社員の近況", role=Role.EMPLOYEE)
    await begin(world)
    await press(world, yuka, 1)
    world.clock.at = FIRST_TUESDAY
    await world.settle()
    text = text_of(posted(world)[0])
    assert "部署は伏せて" in text
    assert "社員の近況" in text
    assert not any(word in text for word in ("アルムナイだけに", "だれにも", "極秘部", "a job", "拍手"))
    world.close()


async def test_over_a_jump_of_the_clock_and_three_days_of_downtime_it_is_neither_missed_nor_doubled(
    sqlite_url: str,
) -> None:
    world = make_world(sqlite_url, policy=Policy(zone="Europe/Berlin", hr=frozenset({"hr@sample-seiki.example"})))
    world.clock.at = datetime(2027, 3, 20, 9, 0, tzinfo=UTC)
    yuka = world.hr()
    await begin(world)
    await press(world, yuka, 1)
    add_news(world, 7)
    world.clock.at = datetime(2027, 4, 6, 7, 59, tzinfo=UTC)  # the clocks went forward on 28 March: 9:59
    await world.settle()
    assert len(posted(world)) == 0
    world.clock.move(timedelta(days=3))
    for _look in range(4):
        await world.settle()
        world.clock.move(timedelta(hours=6))
    assert len(posted(world)) == 1
    add_news(world, 7, "後")
    world.clock.at = datetime(2027, 5, 4, 8, 0, tzinfo=UTC)
    await world.settle()
    assert len(posted(world)) == 2
    assert "近況人" not in text_of(posted(world)[1])  # nothing twice
    world.close()


async def test_with_too_little_to_say_nothing_is_posted(world: World) -> None:
    yuka = world.hr()
    add_news(world, 2)
    await begin(world)
    await press(world, yuka, 1)
    world.clock.at = FIRST_TUESDAY
    await world.settle()
    assert posted(world) == []
