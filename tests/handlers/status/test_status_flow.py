"""Applause for news, thanks for it, and the monthly question, as members live through it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from handlers.status.actions import GiveCheer, StopAsking
from storage.models import Cheer, Member, News, Purpose, Reminder, Role, Status
from storage.queries.consents import find_consents
from storage.queries.status import tell_news
from tests.handlers.digests.people import actor_of, add_member, begin, block, make_world
from tests.support.people import alumnus
from tests.support.rows import list_rows
from tests.support.world import Actor, World

NOON = datetime(2026, 12, 17, 3, 0, tzinfo=UTC)
"""Noon in Tokyo on the third Thursday of December."""


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def add(world: World, name: str, **given: object) -> Actor:
    with world.store.begin() as db:
        add_member(db, name, now=world.clock.now(), **given)  # pyright: ignore[reportArgumentType]
    return actor_of(world, name)


def cheer_for(owner: Actor, serial: int = 1) -> GiveCheer:
    return GiveCheer(owner.member().id or 0, serial)


def summaries(actor: Actor) -> list[str]:
    return [message.summary for message in actor.inbox]


async def test_applause_comes_back_once_a_day_with_the_names(database_url: str) -> None:
    world = make_world(database_url)
    misaki = add(world, "佐藤 美咲", news="引っ越しました")
    givers = [add(world, name) for name in ("高橋 翔", "三宅 千尋")]
    for giver in givers:
        await giver.press_action(cheer_for(misaki))
        assert giver.answer is not None
        assert "お伝えします" in giver.answer.summary
    assert summaries(misaki) == []
    await world.pass_time(hours=9)  # 19:00
    assert summaries(misaki) == ["あなたの近況に拍手が届きました：高橋 翔さん、三宅 千尋さん。"]
    late = add(world, "安藤 良介")
    await late.press_action(cheer_for(misaki))
    await world.pass_time(hours=12)
    assert len(misaki.inbox) == 1
    await world.pass_time(hours=12)
    assert summaries(misaki)[1:] == ["あなたの近況に拍手が届きました：安藤 良介さん。"]
    await world.pass_time(days=3)
    assert len(misaki.inbox) == 2
    world.close()


async def test_a_second_press_counts_once_and_says_so(world: World) -> None:
    misaki, sho = add(world, "佐藤 美咲", news="引っ越しました"), add(world, "高橋 翔")
    for _press in range(3):
        await sho.press_action(cheer_for(misaki))
    assert sho.answer is not None
    assert "もう送られています" in sho.answer.summary
    assert len(list_rows(world.store, Cheer)) == 1
    await world.pass_time(days=2)
    assert len(misaki.inbox) == 1


async def test_an_old_button_says_so_and_counts_nothing(world: World) -> None:
    misaki, sho = add(world, "佐藤 美咲", news="引っ越しました"), add(world, "高橋 翔")
    old = cheer_for(misaki)
    await misaki.command("/alumni status 戻ってきました")
    for action in (old, GiveCheer(old.member_id, 99), GiveCheer(987654, 1)):
        await sho.press_action(action)
        assert sho.answer is not None
        assert "取り下げられたか" in sho.answer.summary
    await misaki.command("/alumni status")
    await misaki.press("自分の言葉で")
    await misaki.submit(latest_news="")
    await sho.press_action(cheer_for(misaki, 3))
    assert list_rows(world.store, Cheer) == []
    await sho.press_action(cheer_for(sho))  # nobody applauds themselves
    assert list_rows(world.store, Cheer) == []


@pytest.mark.parametrize("how", ["hidden", "alumni", "blocked", "blocking", "paused"])
async def test_nobody_applauds_what_they_may_not_see(world: World, how: str) -> None:
    misaki, sho = add(world, "佐藤 美咲", news="引っ越しました"), add(world, "高橋 翔", role=Role.EMPLOYEE)
    with world.store.begin() as db:
        owner, reader = (
            db.session.exec(select(Member).where(Member.name == name)).one() for name in ("佐藤 美咲", "高橋 翔")
        )
        match how:
            case "hidden":
                owner.visibility = {"latest_news": "nobody"}
            case "alumni":
                owner.visibility = {"latest_news": "alumni"}
            case "blocked":
                block(db, owner, reader)
            case "blocking":
                block(db, reader, owner)
            case _:
                owner.status = Status.PAUSED
    await sho.press_action(cheer_for(misaki))
    assert list_rows(world.store, Cheer) == []


async def test_who_is_parted_afterwards_is_not_named(world: World) -> None:
    misaki = add(world, "佐藤 美咲", news="引っ越しました")
    sho, chihiro = add(world, "高橋 翔"), add(world, "三宅 千尋")
    for giver in (sho, chihiro):
        await giver.press_action(cheer_for(misaki))
    owner, giver = misaki.member(), sho.member()
    with world.store.begin() as db:
        block(db, owner, giver)
    await world.pass_time(hours=9)
    assert summaries(misaki) == ["あなたの近況に拍手が届きました：三宅 千尋さん。"]


async def test_if_nobody_can_be_named_nothing_is_sent(world: World) -> None:
    misaki, sho = add(world, "佐藤 美咲", news="引っ越しました"), add(world, "高橋 翔")
    await sho.press_action(cheer_for(misaki))
    giver = sho.member().id
    with world.store.begin() as db:
        db.session.get_one(Member, giver).status = Status.PAUSED
    await world.pass_time(days=2)
    assert summaries(misaki) == []


async def test_new_news_keep_the_thanks_for_the_old_and_nothing_else_of_them(world: World) -> None:
    misaki, sho = add(world, "佐藤 美咲", news="引っ越しました"), add(world, "高橋 翔")
    await sho.press_action(cheer_for(misaki))
    await misaki.command("/alumni status 転職しました")
    await sho.press_action(cheer_for(misaki, 2))
    await world.pass_time(hours=9)
    assert summaries(misaki) == ["あなたの近況に拍手が届きました：高橋 翔さん。"]
    await misaki.command("/alumni status 戻りました")
    assert list_rows(world.store, Cheer) == []


async def test_the_same_text_again_is_no_news(world: World) -> None:
    misaki = add(world, "佐藤 美咲", news="元気です")
    world.clock.move(timedelta(days=5))
    await misaki.command("/alumni status 元気です")
    (news,) = list_rows(world.store, News)
    assert (news.serial, news.at) == (1, world.clock.now() - timedelta(days=5))
    await misaki.command("/alumni status もっと元気です")
    (news,) = list_rows(world.store, News)
    assert (news.serial, news.at, news.shown) == (2, world.clock.now(), 0)


async def asked_for_news(world: World) -> Actor:
    """Somebody who wants to be asked."""
    misaki = await alumnus(world, digest="never", digest_consents=("news_question",))
    await begin(world)
    world.clock.move(timedelta(hours=11))  # by day, when nobody's quiet hours hold anything back
    return misaki


async def leap(world: World, days: int) -> None:
    """Lets days pass, with a look at the clock on each."""
    for _day in range(days):
        world.clock.move(timedelta(days=1))
        await world.settle()


def questions(actor: Actor) -> list[str]:
    return [summary for summary in summaries(actor) if "いかがお過ごし" in summary]


async def test_who_wants_it_is_asked_on_the_third_thursday_at_noon(world: World) -> None:
    misaki, quiet = await asked_for_news(world), await alumnus(world, "高橋 翔", "2")
    world.clock.at = NOON - timedelta(seconds=1)
    await world.settle()
    assert questions(misaki) == []
    world.clock.at = NOON
    for _look in range(3):
        await world.settle()
    assert len(questions(misaki)) == 1
    assert questions(quiet) == []
    await misaki.press("元気にしています")
    assert misaki.member().latest_news == "元気にしています"


async def test_two_questions_without_an_answer_are_the_last(world: World) -> None:
    misaki = await asked_for_news(world)
    for _month in range(8):
        await leap(world, 15)
        await misaki.open_home()  # the reader is there, and just doesn't answer
    assert len(questions(misaki)) == 2
    assert [
        row for row in list_rows(world.store, Reminder) if row.kind == "status.question" and row.state == "pending"
    ] == []
    await misaki.command("/alumni settings")
    await misaki.submit(capacity="2")  # another choice doesn't begin it again
    await leap(world, 40)
    assert len(questions(misaki)) == 2
    for ticked in ((), ("news_question",)):
        await misaki.command("/alumni settings")
        await misaki.submit(digest_consents=ticked)
    await leap(world, 35)
    assert len(questions(misaki)) == 3


async def test_who_answers_is_asked_every_month_and_who_told_lately_is_not(world: World) -> None:
    misaki = await asked_for_news(world)
    for month in range(4):
        world.clock.at = datetime(2026 + (11 + month) // 12, (11 + month) % 12 + 1, 22, 3, 0, tzinfo=UTC)
        await world.settle()
        assert len(questions(misaki)) == month + 1
        id = misaki.member().id
        with world.store.begin() as db:
            member = db.session.get_one(Member, id)
            tell_news(db, member, f"近況{month}", world.clock.now())
    world.clock.at = datetime(2027, 4, 10, tzinfo=UTC)
    await misaki.command("/alumni status いま書きました")
    await leap(world, 8)  # the third Thursday is the 15th
    assert len(questions(misaki)) == 4


async def test_dont_ask_me_holds_from_the_press_on(world: World) -> None:
    misaki = await asked_for_news(world)
    world.clock.at = NOON
    await world.settle()
    for _press in range(2):
        await misaki.press_action(StopAsking())
    id = misaki.member().id or 0
    with world.store.begin() as db:
        assert Purpose.NEWS_QUESTION not in find_consents(db, id)
    await leap(world, 40)
    assert len(questions(misaki)) == 1


async def test_a_break_holds_the_question_back_and_the_return_brings_it_again(world: World) -> None:
    misaki = await asked_for_news(world)
    await misaki.command("/alumni pause")
    await misaki.press("1か月")
    world.clock.at = NOON
    await world.settle()
    assert questions(misaki) == []
    await leap(world, 40)
    assert len(questions(misaki)) == 1
