"""Taking a break: out of sight, no unasked messages, back by oneself or by pressing."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from bot.i18n import LANGUAGES
from bot.ui import Message
from handlers.pause import views
from handlers.pause.actions import AskPause, ComeBack, Pause
from storage.models import Delivery, Member, Reminder, Status, Urgency
from storage.queries.members import list_visible
from storage.queries.outbox import Terms, post
from tests.support.golden import check_views
from tests.support.people import alumnus, moment
from tests.support.world import Actor, World, list_buttons, text_of


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    world = World(database_url)
    yield world
    world.close()


def labels(message: Message | None) -> list[str]:
    assert message is not None
    return [button.label for button in list_buttons(message)]


async def seen_by(world: World, viewer: Actor) -> list[str]:
    with world.store.begin() as db:
        return [card.name for card in list_visible(db, viewer.member())]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views(
        "pause",
        locale,
        {
            "ask": views.ask,
            "paused": lambda: views.paused(moment(30)),
            "paused_without_end": lambda: views.paused(None),
            "back": lambda: views.back("佐藤 美咲"),
            "ended": lambda: views.ended("佐藤 美咲"),
        },
    )


async def test_a_break_takes_a_member_out_of_sight_and_coming_back_undoes_it(world: World) -> None:
    misaki, sho = await alumnus(world), world.employee("高橋 翔")
    await sho.join()
    assert await seen_by(world, sho) == ["佐藤 美咲"]
    await misaki.command("/alumni pause")
    assert labels(misaki.answer) == ["1か月", "3か月", "6か月", "いまはしない"]
    await misaki.press("3か月")
    assert misaki.member().status == Status.PAUSED
    assert misaki.member().paused_until == datetime.fromisoformat("2027-02-20T09:00+09:00")
    assert await seen_by(world, sho) == []
    await misaki.press("戻る")
    assert misaki.member().status == Status.ACTIVE
    assert await seen_by(world, sho) == ["佐藤 美咲"]


async def test_it_ends_by_itself_and_says_so(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.write("休止")
    await misaki.press("1か月")
    before = len(misaki.inbox)
    world.clock.move(timedelta(days=29.9))
    await world.settle()
    assert (misaki.member().status, len(misaki.inbox)) == (Status.PAUSED, before)
    await world.pass_time(days=1)
    assert (misaki.member().status, len(misaki.inbox)) == (Status.ACTIVE, before + 1)
    assert labels(misaki.inbox[-1]) == ["ホーム", "もう少し休む"]
    await misaki.press("もう少し休む")
    assert labels(misaki.inbox[-1])[:3] == ["1か月", "3か月", "6か月"]


async def test_a_break_can_be_taken_a_second_time_and_the_first_end_is_forgotten(world: World) -> None:
    misaki = await alumnus(world)
    for label in ("1か月", "戻る", "6か月"):
        await misaki.command("/alumni pause")
        await misaki.press(label)
    world.clock.move(timedelta(days=60))
    await world.settle()
    assert misaki.member().status == Status.PAUSED
    await misaki.command("/alumni pause")
    await misaki.press("戻る")
    await misaki.press_action(Pause(1))
    world.clock.move(timedelta(days=32))
    await world.settle()
    assert misaki.member().status == Status.ACTIVE
    with world.store.begin() as db:
        rows = db.session.exec(select(Reminder).where(Reminder.kind == "pause.end")).all()
    assert [row.state for row in rows] == ["done"]


async def test_pressing_twice_is_one_break(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.press_action(Pause(1))
    await misaki.press_action(Pause(6))
    assert misaki.member().paused_until == datetime.fromisoformat("2026-12-20T09:00+09:00")
    await misaki.press_action(ComeBack())
    await misaki.press_action(ComeBack())
    assert misaki.member().status == Status.ACTIVE
    assert "おかえりなさい" in text_of(misaki.home or Message("", ()))


async def test_a_forged_length_is_no_break(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.press_action(Pause(1200))
    assert misaki.member().status == Status.ACTIVE


async def test_what_waited_to_be_sent_unasked_is_dropped_and_answers_still_come(world: World) -> None:
    misaki = await alumnus(world)
    later = world.clock.now() + timedelta(hours=2)
    with world.store.begin() as db:
        member = db.session.get_one(Member, misaki.member().id)
        post(db, member, lambda: Message("nudge", ()), Terms("n", later, Urgency.NUDGE))
        post(db, member, lambda: Message("answer", ()), Terms("a", later))
    await misaki.press_action(Pause(1))
    await world.pass_time(hours=3)
    assert misaki.inbox[-1].summary == "answer"
    with world.store.begin() as db:
        row = db.session.exec(select(Delivery).where(Delivery.key == "n")).one()
    assert (row.state, row.reason) == ("skipped", "paused")


async def test_the_buttons_change_the_message_they_stand_in(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.write("pause")
    before = len(misaki.inbox)
    await misaki.press("6か月")
    await misaki.press("戻る")
    assert len(misaki.inbox) == before
    assert "おかえりなさい" in misaki.inbox[-1].summary


async def test_on_the_home_page_the_page_changes(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.open_home()
    await misaki.press("休止する")
    assert labels(misaki.home)[0] == "1か月"
    await misaki.press("1か月")
    assert labels(misaki.home) == ["戻る"]


async def test_who_is_not_a_member_can_t_take_a_break(world: World) -> None:
    stranger = world.person("田中 健一")
    await stranger.command("/alumni pause")
    assert labels(stranger.answer) == ["登録する"]
    for action in (AskPause(), Pause(1), ComeBack()):
        await stranger.press_action(action)
    assert stranger.member().status == Status.UNVERIFIED


async def test_a_suspended_member_can_t_come_back_by_a_button(world: World) -> None:
    misaki = await alumnus(world)
    with world.store.begin() as db:
        db.session.get_one(Member, misaki.member().id).status = Status.SUSPENDED
    await misaki.press_action(ComeBack())
    assert misaki.member().status == Status.SUSPENDED
