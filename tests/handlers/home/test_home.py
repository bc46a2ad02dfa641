"""The home page: for members what is theirs, for everybody else only the way in."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.feature import Feature
from bot.i18n import LANGUAGES
from bot.incoming import AccountKind
from bot.policy import Policy
from bot.replies import Private, ShowHome
from bot.ui import Block, Button, Buttons, Heading, Message, Para
from handlers import FEATURES
from handlers.actions import OpenHome
from handlers.home import views
from storage.models import Member, Status
from tests.support.golden import check_views
from tests.support.people import add_leaver, alumnus, moment, word
from tests.support.world import Actor, World, list_buttons, text_of

POLICY = Policy()
SECTION: tuple[Block, ...] = (Heading("Consultations"), Para(("One request waits for you.",)))


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


def labels(message: Message | None) -> list[str]:
    assert message is not None
    return [button.label for button in list_buttons(message)]


def set_status(world: World, actor: Actor, status: Status) -> None:
    id = actor.member().id
    with world.store.begin() as db:
        db.session.get_one(Member, id).status = status


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views(
        "home",
        locale,
        {
            "home": lambda: views.home("佐藤 美咲", "元気です。", SECTION, POLICY),
            "home_bare": lambda: views.home("佐藤 美咲", "", (), POLICY),
            "doorstep": lambda: views.doorstep(POLICY, begun=False),
            "doorstep_begun": lambda: views.doorstep(POLICY, begun=True),
            "in_hands_of_hr": lambda: views.in_hands_of_hr(POLICY),
            "resting": lambda: views.resting(moment(30), POLICY),
            "resting_without_end": lambda: views.resting(None, POLICY),
        },
    )


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
async def test_a_member_s_home_leads_to_everything_that_is_theirs(database_url: str, locale: str) -> None:
    world = World(database_url)
    misaki = await alumnus(world, locale=locale, latest_news="元気です")
    await misaki.command("/alumni")
    assert misaki.answer is not None
    assert "元気です" in text_of(misaki.answer)
    own = {
        "ja-JP": ["近況を変える", "プロフィール", "設定", "アカウント", "休止する", "ヘルプ"],
        "en-US": ["Change news", "Profile", "Preferences", "Accounts", "Take a break", "Help"],
    }
    assert labels(misaki.answer)[-6:] == own[locale]
    for label in own[locale][:3]:
        await misaki.command("/alumni")
        await misaki.press(label)
        assert misaki.form is not None, label
    await misaki.command("/alumni")
    await misaki.press(own[locale][3])
    assert misaki.answer is not None
    assert word(misaki, "あなたのアカウント", "Your accounts") in misaki.answer.summary
    await misaki.command("/alumni")
    await misaki.press(own[locale][5])
    assert misaki.answer is not None
    assert word(misaki, "ここでできること", "what you can do here") in misaki.answer.summary
    world.close()


@pytest.mark.parametrize("typed", ["alumni", "MENU", "メニュー", "ﾒﾆｭｰ", "ホーム", "/alumni"])
async def test_a_word_is_enough(world: World, typed: str) -> None:
    misaki = await alumnus(world)
    await misaki.write(typed)
    assert misaki.inbox[-1].summary == "「縁」のホーム"


async def test_the_page_is_published_and_a_command_is_answered_where_it_was_given(world: World) -> None:
    misaki = await alumnus(world)
    assert isinstance(await misaki.open_home(), ShowHome)
    assert isinstance(await misaki.command("/alumni"), Private)
    assert isinstance(await misaki.press_action(OpenHome()), ShowHome), "pressed on the page itself"
    assert isinstance(await misaki.press("ホーム"), Private), "pressed in a message: that one stays as it is"


async def test_features_add_their_sections_and_only_members_see_them(sqlite_url: str) -> None:
    read: list[int] = []

    def section(me: Member) -> tuple[Block, ...]:
        read.append(me.id or 0)
        return (Heading(f"For {me.name}"), Buttons((Button("Go", OpenHome()),)))

    world = World(sqlite_url, features=(*FEATURES, Feature("extra", home=section)))
    misaki, stranger = await alumnus(world), world.person("田中 健一")
    await misaki.open_home()
    assert "For 佐藤 美咲" in text_of(misaki.home or Message("", ()))
    assert labels(misaki.home)[-7] == "Go", "above what is the member's own"
    assert read == [misaki.member().id]
    await stranger.open_home()
    for status in (Status.PAUSED, Status.SUSPENDED, Status.WITHDRAWN):
        set_status(world, misaki, status)
        await misaki.open_home()
    assert read == [misaki.member().id], "for nobody else is anything read"
    world.close()


async def test_for_a_stranger_there_is_only_the_way_in(world: World) -> None:
    stranger = world.person("田中 健一", kind=AccountKind.GUEST)
    await stranger.open_home()
    assert labels(stranger.home) == ["登録する"]
    await stranger.press("登録する")
    assert stranger.form is not None


async def test_who_began_is_led_on(world: World) -> None:
    code = add_leaver(world)
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await misaki.command("/alumni register")
    await misaki.submit(code=code)
    await misaki.open_home()
    assert labels(misaki.home) == ["続ける"]


async def test_who_waits_for_hr_sees_how_it_stands(world: World) -> None:
    ken = world.person("田中 健一", kind=AccountKind.GUEST)
    await ken.command("/alumni register")
    await ken.submit(number="1", name="田中 健一", left="2024-09")
    await ken.open_home()
    assert labels(ken.home) == ["確認の状況"]
    await ken.press("確認の状況")
    assert "人事の担当者が確認しています" in text_of(ken.answer or Message("", ()))


async def test_during_a_break_the_way_back_is_there(world: World) -> None:
    misaki = await alumnus(world)
    set_status(world, misaki, Status.PAUSED)
    await misaki.open_home()
    assert labels(misaki.home) == ["戻る"]
    await misaki.press("戻る")
    assert misaki.member().status == Status.ACTIVE


@pytest.mark.parametrize(("status", "said"), [(Status.SUSPENDED, "停止しています"), (Status.WITHDRAWN, "削除しました")])
async def test_the_suspended_and_the_withdrawn_are_told_how_things_stand(
    world: World, status: Status, said: str
) -> None:
    misaki = await alumnus(world)
    set_status(world, misaki, status)
    await misaki.open_home()
    assert said in text_of(misaki.home or Message("", ()))
    assert labels(misaki.home) == []


async def test_an_employee_s_home_asks_for_no_registration(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.command("/alumni")
    assert "登録する" not in labels(sho.answer)
    assert labels(sho.answer)[-6:] == ["近況を書く", "プロフィール", "設定", "アカウント", "休止する", "ヘルプ"]
