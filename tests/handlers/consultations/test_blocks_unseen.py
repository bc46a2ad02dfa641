"""A block is invisible. Each test lives the same weeks twice: once with a block, once with something that anybody
expects to happen instead, such as somebody without the topic, or resting. What a person reads, and when, is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copyfile

import pytest

from bot.ui import load_message
from handlers.consultations import actions
from storage.models import Block, Content, Delivery, Status, UnmetDemand
from tests.handlers.consultations.endings import (
    Act,
    Scene,
    accept,
    become,
    block,
    build,
    call_off,
    choose,
    decline,
    let_choose,
    suggest,
)
from tests.handlers.consultations.people import TOPIC, add_asker, add_mentor, ask, make_world, read, timers, wait
from tests.support.rows import list_rows
from tests.support.world import Actor


@dataclass(frozen=True)
class Read:
    """A message, or a change of one, as it reached a person: when it was due, when it came, and how it reads."""

    due: datetime
    came: datetime | None
    text: str


def list_read(scene: Scene, who: Actor) -> list[Read]:
    """Everything that somebody was sent, in order."""
    bodies = {row.id: row.body for row in list_rows(scene.world.store, Content)}
    member = who.member().id
    rows = [row for row in list_rows(scene.world.store, Delivery) if row.member_id == member and row.state == "sent"]
    return [Read(row.available_at, row.settled_at, read(load_message(bodies[row.content_id]))) for row in rows]


async def look_around(who: Actor) -> list[str]:
    """What somebody reads who goes and asks how the consultation and the request stand."""
    seen: list[str] = []
    for action in (actions.Show(1), actions.ShowRequest(1)):
        who.answer = None
        await who.press_action(action)
        seen.append(read(who.answer) if who.answer else "")
    return seen


async def live_on(scene: Scene) -> list[list[datetime]]:
    """Ten weeks, and when the timers of each were to ring."""
    due: list[list[datetime]] = []
    for _ in range(10):
        due.append([row.due_at for row in timers(scene.world).values()])
        await wait(scene.world, days=7)
    return due


async def tell(scene: Scene, who: Actor) -> tuple[object, ...]:
    """All that `who` can learn, from now on for ten weeks."""
    answer, first = read(who.answer) if who.answer else "", await look_around(who)
    due = await live_on(scene)
    return (answer, first, list_read(scene, who), await look_around(who), due)


async def begin(url: str, before: Act, topic: str = TOPIC) -> Scene:
    """One mentor who knows the topic, and whatever comes before the asker asks."""
    world = make_world(url)
    asker = await add_asker(world)
    first = await add_mentor(world, "佐藤 美咲", (topic,), department="生産技術部")
    second = await add_mentor(world, "田中 健一", ("語学",), department="海外営業部")
    scene = Scene(world, asker, first, second)
    await before(scene)
    await ask(asker)
    return scene


async def nothing(scene: Scene) -> None:
    """Nothing comes before."""


def others(who: str) -> str:
    """The other side."""
    return "mentor" if who == "asker" else "asker"


@pytest.fixture
def two_urls(sqlite_template: Path, tmp_path: Path) -> tuple[str, str]:
    """Two fresh databases."""
    one, other = (copyfile(sqlite_template, tmp_path / f"{name}.sqlite3") for name in ("one", "other"))
    return f"sqlite:///{one}", f"sqlite:///{other}"


async def compare(scenes: tuple[Scene, Scene], who: Callable[[Scene], Actor]) -> None:
    """Holds that somebody learns the same in both."""
    told = [await tell(scene, who(scene)) for scene in scenes]
    assert told[0] == told[1]
    assert any(TOPIC in read(message) for message in scenes[0].asker.inbox), "something really happened"
    for scene in scenes:
        scene.world.close()


def find(side: str) -> Callable[[Scene], Actor]:
    """One side of a scene."""
    return lambda scene: scene.asker if side == "asker" else scene.first


@pytest.mark.parametrize("reader", ["asker", "mentor"])
@pytest.mark.parametrize("department", [False, True])
@pytest.mark.parametrize("by", ["asker", "mentor"])
async def test_before_it_is_as_if_nobody_were_suitable(
    two_urls: tuple[str, str], by: str, department: bool, reader: str
) -> None:
    blocked = await begin(two_urls[0], block(by, department=department))
    nobody = await begin(two_urls[1], nothing, topic="語学")
    demand = [[row.model_dump() for row in list_rows(scene.world.store, UnmetDemand)] for scene in (blocked, nobody)]
    assert demand[0] == demand[1] != [], "HR's figures know nothing of it either"
    if reader == "mentor":
        assert find(reader)(blocked).inbox[1:] == []
    await compare((blocked, nobody), find(reader))


@pytest.mark.parametrize("department", [False, True])
@pytest.mark.parametrize("by", ["asker", "mentor"])
@pytest.mark.parametrize("others_left", [False, True])
async def test_while_asked_the_asker_reads_as_if_the_other_rested(
    two_urls: tuple[str, str], by: str, department: bool, others_left: bool
) -> None:
    scenes = [await build(url, choose, others=others_left) for url in two_urls]
    await block(by, department=department)(scenes[0])
    await become("mentor", status=Status.PAUSED)(scenes[1])
    await compare((scenes[0], scenes[1]), find("asker"))


@pytest.mark.parametrize("by", ["asker", "mentor"])
async def test_while_asked_the_other_reads_as_if_it_were_called_off(two_urls: tuple[str, str], by: str) -> None:
    scenes = [await build(url, choose, others=False) for url in two_urls]
    await block(by)(scenes[0])
    await call_off(scenes[1])
    texts = [[each.text for each in list_read(scene, scene.first)] for scene in scenes]
    assert texts[0] == texts[1]
    assert await look_around(scenes[0].first) == await look_around(scenes[1].first)
    for scene in scenes:
        scene.world.close()


@pytest.mark.parametrize("department", [False, True])
@pytest.mark.parametrize("by", ["asker", "mentor"])
async def test_after_accepting_the_blocked_one_reads_as_if_the_other_paused(
    two_urls: tuple[str, str], by: str, department: bool
) -> None:
    scenes = [await build(url, choose, accept) for url in two_urls]
    await block(by, department=department)(scenes[0])
    await become(by, status=Status.PAUSED)(scenes[1])
    await compare((scenes[0], scenes[1]), find(others(by)))


@pytest.mark.parametrize("by", ["asker", "mentor"])
@pytest.mark.parametrize("act", [choose, let_choose])
async def test_a_proposal_that_was_shown_goes_as_if_the_person_had_paused(
    two_urls: tuple[str, str], by: str, act: Act
) -> None:
    scenes = [await build(url) for url in two_urls]
    first = [scene.mentor.member().id for scene in scenes]
    await block(by)(scenes[0])
    await become("mentor", status=Status.PAUSED)(scenes[1])
    for scene in scenes:
        await act(scene)
    assert first[0] == first[1]
    await compare((scenes[0], scenes[1]), find("asker"))


@pytest.mark.parametrize("reader", ["asker", "mentor"])
async def test_suggesting_somebody_blocked_is_answered_as_suggesting_a_stranger(
    two_urls: tuple[str, str], reader: str
) -> None:
    scenes = [await build(url, choose, others=False) for url in two_urls]
    for scene, name in zip(scenes, ("田中 健一", "だれか"), strict=True):
        if scene is scenes[0]:
            second = Scene(scene.world, scene.asker, scene.second, scene.first)
            await block_between(second)
        await suggest(name)(scene)
    await compare((scenes[0], scenes[1]), find(reader))


async def block_between(scene: Scene) -> None:
    """The scene's first mentor would rather not meet the asker."""
    with scene.world.store.begin() as db:
        owner, other = scene.first.member().id or 0, scene.asker.member().id
        db.session.add(Block(owner_id=owner, member_id=other, created_at=scene.world.clock.now()))


async def test_a_block_and_a_no_are_told_apart_by_nobody_but_the_one_who_said_it(two_urls: tuple[str, str]) -> None:
    """The next who is asked gets the same card whether the one before blocked or declined."""
    scenes = [await build(url, let_choose) for url in two_urls]
    asked = [scene.mentor.user for scene in scenes]
    await block("mentor")(scenes[0])
    await decline(scenes[1])
    cards = [list_read(scene, scene.mentor)[-1].text for scene in scenes]
    assert asked[0] == asked[1] != scenes[0].mentor.user
    assert cards[0] == cards[1]
    for scene in scenes:
        scene.world.close()
