"""Joining: one welcome, at most two nudges, silence for those who want it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.incoming import AccountKind, Profile
from bot.ui import Message
from handlers.welcome.actions import Later, NoThanks
from storage.models import Status
from tests.support.people import add_leaver, alumnus, moment, word
from tests.support.world import Actor, World, list_buttons, text_of


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    world = World(database_url)
    yield world
    world.close()


def leaver(world: World, locale: str = "ja-JP") -> Actor:
    return world.person("佐藤 美咲", kind=AccountKind.GUEST, locale=locale)


async def skip(world: World, days: int) -> None:
    """Lets days pass in one step: for looking whether anything at all still comes."""
    for _ in range(2):
        world.clock.move(timedelta(days=days) / 2)
        await world.settle()


def labels(message: Message) -> list[str]:
    return [button.label for button in list_buttons(message)]


async def test_a_leaver_is_welcomed_at_once_with_one_main_button(world: World) -> None:
    misaki = leaver(world)
    await misaki.join()
    (welcome,) = misaki.inbox
    assert welcome.summary == "「縁」へようこそ"
    assert labels(welcome) == ["登録する", "あとで"]
    assert [button.style for button in list_buttons(welcome)] == ["primary", "default"]


async def test_the_welcome_is_in_the_reader_s_language(world: World) -> None:
    emily = leaver(world, "en-GB")
    await emily.join()
    assert emily.inbox[0].summary == "Welcome to En"
    assert labels(emily.inbox[0]) == ["Register", "Later"]


async def test_joining_twice_is_one_welcome_and_one_row_of_nudges(world: World) -> None:
    misaki = leaver(world)
    for _ in range(4):
        await misaki.join()
    assert len(misaki.inbox) == 1
    await world.pass_time(days=3)
    await skip(world, 20)
    assert len(misaki.inbox) == 3


async def test_an_employee_learns_what_to_ask_and_is_not_asked_to_register(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.join()
    await sho.join()
    (welcome,) = sho.inbox
    assert "登録の手続きはいりません" in text_of(welcome)
    assert labels(welcome) == ["相談する", "ホーム"]
    await skip(world, 10)
    assert len(sho.inbox) == 1


async def test_hr_is_shown_the_way_to_hr_s_work(world: World) -> None:
    yuka = world.hr()
    await yuka.join()
    assert labels(yuka.inbox[0]) == ["人事の画面", "ホーム"]


async def test_a_guest_with_an_old_company_address_is_welcomed_as_a_leaver(world: World) -> None:
    ken = world.person("田中 健一", email="ken@sample-seiki.example", kind=AccountKind.GUEST)
    await ken.join()
    assert labels(ken.inbox[0]) == ["登録する", "あとで"]


@pytest.mark.parametrize("kind", [AccountKind.BOT, AccountKind.STRANGER])
async def test_bots_and_strangers_are_not_written_to(world: World, kind: AccountKind) -> None:
    other = world.person("somebody", kind=kind)
    await other.join()
    await skip(world, 8)
    assert other.inbox == []


async def test_a_member_who_joins_again_is_not_welcomed_again(world: World) -> None:
    misaki = await alumnus(world)
    before = len(misaki.inbox)
    await misaki.join()
    await skip(world, 8)
    assert len(misaki.inbox) == before


async def test_nudges_come_on_the_third_and_the_seventh_day_and_then_silence(world: World) -> None:
    misaki = leaver(world)
    await misaki.join()
    await world.pass_time(days=2.9)
    assert len(misaki.inbox) == 1
    await world.pass_time(days=0.1)
    assert len(misaki.inbox) == 2
    assert labels(misaki.inbox[1]) == ["登録する", "あとで", "参加しない"]
    assert "最後" not in text_of(misaki.inbox[1])
    await world.pass_time(days=4)
    assert "最後" in text_of(misaki.inbox[2])
    await skip(world, 30)
    assert len(misaki.inbox) == 3


async def test_nobody_is_nudged_at_night(database_url: str) -> None:
    world = World(database_url, at=moment(20, hour=2))
    misaki = leaver(world)
    await misaki.join()
    assert len(misaki.inbox) == 1, "the welcome answers the joining: it comes at any hour"
    await world.pass_time(days=3, hours=5)
    assert len(misaki.inbox) == 1, "three days later it is still night"
    await world.pass_time(hours=1)
    assert world.clock.now() == moment(23, hour=8)
    assert len(misaki.inbox) == 2
    world.close()


async def test_whoever_has_registered_is_not_nudged(world: World) -> None:
    misaki = await alumnus(world)
    before = len(misaki.inbox)
    await skip(world, 30)
    assert len(misaki.inbox) == before


async def test_a_nudge_that_waits_for_the_morning_is_dropped_by_a_registration_at_night(database_url: str) -> None:
    world = World(database_url, at=moment(20, hour=2))
    code = add_leaver(world)
    misaki = leaver(world)
    await misaki.join()
    await world.pass_time(days=3, hours=1)
    await misaki.press("登録する")
    for values in ({"code": code}, {}, {"guidelines": ("accepted",)}):
        await misaki.submit(**values)
    assert misaki.member().status == Status.ACTIVE
    before = len(misaki.inbox)
    await skip(world, 10)
    assert len(misaki.inbox) == before
    world.close()


async def test_whoever_stopped_half_way_is_asked_to_go_on(world: World) -> None:
    code = add_leaver(world)
    misaki = leaver(world)
    await misaki.join()
    await misaki.press("登録する")
    await misaki.submit(code=code)
    await world.pass_time(days=3)
    assert labels(misaki.inbox[-1])[0] == "続ける"
    await misaki.press("続ける")
    assert misaki.form is not None
    assert misaki.form.title == "あなたについて（2/3）"


async def test_later_names_the_day_of_the_next_nudge(world: World) -> None:
    misaki = leaver(world)
    await misaki.join()
    await misaki.press("あとで")
    (welcome,) = misaki.inbox
    assert moment(23) in [
        getattr(piece, "at", None) for block in welcome.blocks for piece in getattr(block, "content", ())
    ]
    assert labels(welcome) == ["登録する"]
    await skip(world, 6)
    await skip(world, 2)
    await misaki.press("あとで")
    assert "これで終わり" in text_of(misaki.inbox[2])


async def test_no_thanks_ends_the_nudges_and_leaves_the_door_open(world: World) -> None:
    misaki = leaver(world)
    await misaki.join()
    await world.pass_time(days=3)
    await misaki.press("参加しない")
    await misaki.press_action(NoThanks())
    assert "もうお送りしません" in text_of(misaki.inbox[1])
    await skip(world, 30)
    assert len(misaki.inbox) == 2
    await misaki.press("登録する")
    assert misaki.form is not None


async def test_a_nudge_is_not_sent_to_somebody_who_left(world: World) -> None:
    misaki = leaver(world)
    await misaki.join()
    await misaki.leave()
    await skip(world, 8)
    assert len(misaki.inbox) == 1


async def test_after_an_outage_only_one_nudge_comes(world: World) -> None:
    misaki = leaver(world)
    await misaki.join()
    world.clock.move(timedelta(days=9))
    await world.settle()
    assert len(misaki.inbox) == 2
    assert "最後" in text_of(misaki.inbox[1])


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
async def test_old_buttons_of_a_welcome_say_how_things_stand(world: World, locale: str) -> None:
    misaki = await alumnus(world, locale=locale)
    for action in (Later(), NoThanks()):
        await misaki.press_action(action)
        assert misaki.answer is not None
        assert labels(misaki.answer) == [word(misaki, "ホーム", "Home")]
    assert not misaki.member().nudging_declined


async def test_a_deactivated_account_is_left_in_peace(world: World) -> None:
    misaki = leaver(world)
    await misaki.join()
    await misaki.change_profile(Profile("佐藤 美咲", kind=AccountKind.GUEST, deactivated=True))
    await skip(world, 8)
    assert len(misaki.inbox) == 1
