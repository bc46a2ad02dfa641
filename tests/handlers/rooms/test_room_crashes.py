"""Whatever stops in the middle: nothing is lost, nothing is doubled, and the order stays."""

from datetime import timedelta
from typing import Any

import pytest

from bot.failures import FailureKind, SendFailed
from bot.incoming import MessageEdited, MessageReceived, Origin
from handlers.rooms import writing
from scheduler.delivery import DeliveryWorker
from storage.models import Delivery, DeliveryState
from storage.queries import deliveries as queue
from storage.queries.deliveries import Lease
from tests.handlers.rooms.people import deliveries, make_room, messages, say, shown, thread_of
from tests.support.world import UNPACED, World

LANE = ("teams", "T1")


def claim(world: World, seconds: float = 35) -> list[queue.Row]:
    """A worker takes what is due, and is killed before it speaks."""
    now = world.clock.now()
    with world.store.begin() as db:
        return queue.claim(db, LANE, Lease("dead", now + timedelta(seconds=seconds)), now, 100)


def restart(world: World) -> DeliveryWorker:
    """A new process, which remembers nothing."""
    senders = {"chat": world.chat, "email": world.mail, **world.platforms}
    return DeliveryWorker(world.store, senders, world.clock, dict.fromkeys(senders, UNPACED))


async def post(world: World, text: str, message: str) -> None:
    """Sho's message is committed; nobody delivers it yet."""
    sho = next(user for user in world.chat.direct)
    root = world.chat.direct[sho][0].id

    origin = Origin("chat", "T1", sho, world.next_key(), conversation=f"dm-{sho}", message=message)
    await world.app.dispatch(MessageReceived(origin, text, root))


async def test_killed_between_claiming_and_speaking(database_url: str) -> None:
    world, _sho, misaki = await make_room(database_url)
    for number in range(3):
        await post(world, f"{number}", f"s{number}")
    assert [row.key for row in claim(world)] == ["room:1:m1:2"], "one at a time, so that the order stays"
    await world.app.worker.drain()
    assert len(misaki.inbox) == 1, "nothing overtakes what nobody knows of"
    world.clock.move(timedelta(seconds=36))
    worker = restart(world)
    for _turn in range(5):
        await worker.drain()
        world.clock.move(timedelta(minutes=1))
    assert shown(misaki)[1:] == [f"高橋 翔さん：{number}" for number in range(3)]
    world.close()


async def test_killed_between_speaking_and_writing_it_down(database_url: str) -> None:
    world, _sho, misaki = await make_room(database_url)
    await post(world, "0", "s0")
    (row,) = claim(world)
    parcel_sent = world.platforms["teams"]
    parcel_sent.direct[misaki.user].append(type(misaki.screen[0])("m0", misaki.inbox[0], f"dm-{misaki.user}", row.key))
    await post(world, "1", "s1")
    world.clock.move(timedelta(seconds=36))
    worker = restart(world)
    for _turn in range(3):
        await worker.drain()
        world.clock.move(timedelta(minutes=1))
    assert deliveries(world)["room:1:m1:2"].state == DeliveryState.SENT
    assert [item.key for item in misaki.screen][1:] == ["room:1:m1:2", "room:1:m2:2"], "asked first, not sent again"
    world.close()


async def test_an_edit_while_nobody_knows_whether_it_was_sent_comes_after_it(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    await post(world, "はじめ", "s1")
    claim(world)
    await world.app.dispatch(MessageEdited(sho.origin(world.next_key(), "s1"), "あとから"))
    world.clock.move(timedelta(seconds=36))
    worker = restart(world)
    for _turn in range(4):
        await worker.drain()
        world.clock.move(timedelta(minutes=1))
    assert shown(misaki)[1:] == ["高橋 翔さん：あとから"]
    world.close()


@pytest.mark.parametrize("step", ["_relay", "_copy", "put"])
async def test_what_fails_on_the_way_leaves_nothing_and_is_taken_up_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    world, sho, misaki = await make_room(database_url)
    origin, thread = sho.origin("K1", "s1"), thread_of(sho)
    original: Any = getattr(writing, step)

    def fail_afterwards(*given: Any, **named: Any) -> Any:
        original(*given, **named)
        raise RuntimeError("killed")

    monkeypatch.setattr(writing, step, fail_afterwards)
    with pytest.raises(RuntimeError):
        await world.app.dispatch(MessageReceived(origin, "一度だけ", thread))
    assert (messages(world), len(deliveries(world))) == ([], 2)
    monkeypatch.undo()
    for _turn in range(2):
        await world.dispatch(MessageReceived(origin, "一度だけ", thread))
    assert shown(misaki)[1:] == ["高橋 翔さん：一度だけ"]
    world.close()


async def test_a_platform_that_is_down_for_hours_changes_no_order(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    down = SendFailed(FailureKind.RETRY, "down")
    world.platforms["teams"].failures += [down] * 4
    for number in range(4):
        await say(sho, f"{number}", f"s{number}")
    await world.pass_time(hours=9)
    assert shown(misaki)[1:] == [f"高橋 翔さん：{number}" for number in range(4)]
    with world.store.begin() as db:
        assert db.session.get_one(Delivery, deliveries(world)["room:1:m1:2"].id).attempts > 1
    world.close()
