"""The home page's part: requests that wait for me, what I am in, and the way to something new."""

from bot.i18n import use_locale
from bot.ui import Block, Buttons, Heading, Message
from handlers import consultations, home
from handlers.consultations.actions import Start
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    ask_first,
    change,
    consultation,
    read,
    wait,
)
from tests.support.world import Actor, World


def make_world(url: str) -> World:
    """A community with a home page."""
    return World(url, features=(consultations.FEATURE, home.FEATURE))


async def section(actor: Actor) -> str:
    """The part of the home page about consultations, as it is read."""
    await actor.open_home()
    assert actor.home is not None
    blocks = list(actor.home.blocks)
    start = next(i for i, block in enumerate(blocks) if block == Heading("相談"))
    rest: list[Block] = []
    for block in blocks[start:]:
        rest.append(block)
        if isinstance(block, Buttons) and any(button.action == Start() for button in block.buttons):
            break
    with use_locale("ja"):
        return read(Message("-", tuple(rest)))


async def test_with_nothing_open_there_is_the_way_in(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    assert "くわしい方に聞いてみたいことはありませんか。" in await section(sho)
    await sho.press("相談する")
    assert sho.form is not None
    await sho.submit(topic=TOPIC, aim=AIM)
    assert consultation(world).topic == TOPIC
    world.close()


async def test_what_i_asked_is_there_at_every_stage(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(sho)
    assert f"「{TOPIC}」：お話を聞けそうな方がいます。" in await section(sho)
    await sho.press("見る")
    assert sho.answer is not None
    await sho.press("依頼する")
    assert f"「{TOPIC}」：ご返事をお待ちしています。" in await section(sho)
    await misaki.press("引き受ける")
    assert f"「{TOPIC}」：お話しすることになりました。" in await section(sho)
    assert f"「{TOPIC}」：お話しすることになりました。" in await section(misaki)
    await wait(world, days=15)
    await sho.press("はい")
    assert TOPIC not in await section(sho)
    await ask(sho, "法務")
    assert "「法務」：お相手をお探ししています。" in await section(sho)
    world.close()


async def test_what_waits_for_me_comes_first(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(misaki, "法務")
    await ask_first(sho)
    text = await section(misaki)
    assert text.index("高橋 翔さんが") < text.index("「法務」")
    assert "ご返事は11月30日（月）までに" in text
    await misaki.press("返事をする")
    assert misaki.answer is not None
    assert AIM in read(misaki.answer)
    await misaki.press("引き受ける")
    assert consultation(world, 1).state == "accepted"
    assert "返事をする" not in await section(misaki)
    world.close()


async def test_an_asker_who_may_not_be_shown_is_not(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    change(world, sho, status="suspended")
    assert "高橋" not in await section(misaki)
    world.close()


async def test_who_gets_no_requests_any_more_can_come_back_from_here(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    misaki = await add_mentor(world, ignored_requests=3)
    assert "いまは依頼をお送りしていません" in await section(misaki)
    await misaki.press("続ける")
    assert misaki.member().ignored_requests == 0
    assert "お送りしていません" not in await section(misaki)
    world.close()
