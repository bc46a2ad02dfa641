"""Help: each person sees what they may do, and everything that is not understood leads there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.i18n import LANGUAGES
from bot.incoming import AccountKind
from bot.routing import Offer, Offers
from bot.ui import Facts, Message
from handlers.help import views
from tests.support.golden import check_views
from tests.support.world import Actor, World

FEW = Offers((Offer("alumni register", "登録", "登録する"), Offer("alumni", "メニュー", "ホームを開く")))
MANY = Offers((*FEW.commands, *(Offer(name, name, f"about {name}") for name in ("mentor", "alumni status", "hr"))))


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


def words(message: Message | None) -> list[str]:
    """The words that a menu offers."""
    assert message is not None
    return [row.label for block in message.blocks if isinstance(block, Facts) for row in block.rows]


async def answer_to(actor: Actor, text: str) -> Message:
    """What comes back when somebody writes that."""
    before = len(actor.inbox)
    await actor.write(text)
    assert len(actor.inbox) == before + 1, "exactly one answer"
    return actor.inbox[-1]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_menu_looks_like_this(locale: str) -> None:
    check_views(
        "help",
        locale,
        {"few": lambda: views.menu("Hello.", FEW, is_new=True), "many": lambda: views.menu("Hello.", MANY)},
    )


async def test_an_employee_can_ask_and_sees_nothing_of_hr(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.command("/alumni help")
    assert {"相談", "プロフィール", "メニュー"} <= set(words(sho.answer))
    assert "人事" not in words(sho.answer)


async def test_hr_sees_its_own_page_too(world: World) -> None:
    hr = world.hr()
    await hr.command("/alumni help")
    assert "人事" in words(hr.answer)


async def test_the_unverified_see_only_the_way_in(world: World) -> None:
    guest = world.person("佐藤 美咲", kind=AccountKind.GUEST)
    await guest.command("/alumni ヘルプ")
    assert "登録" in words(guest.answer)
    assert "相談" not in words(guest.answer)
    await guest.press("登録する")
    assert guest.form is not None


async def test_words_are_in_the_reader_s_language(world: World) -> None:
    emily = world.employee("Emily Carter", locale="en-US")
    await emily.command("/alumni help")
    assert {"mentor", "profile", "alumni"} <= set(words(emily.answer))
    assert all(word.isascii() for word in words(emily.answer))


@pytest.mark.parametrize("text", ["こんにちは", "?", "電池のことを聞きたい", "<!channel>"])
async def test_what_is_not_understood_is_answered_with_the_menu(world: World, text: str) -> None:
    sho = world.employee("高橋 翔")
    answer = await answer_to(sho, text)
    assert "相談" in words(answer)


async def test_the_menu_s_button_leads_on(world: World) -> None:
    sho = world.employee("高橋 翔")
    await answer_to(sho, "こんにちは")
    await sho.press("相談する")
    assert sho.form is not None
