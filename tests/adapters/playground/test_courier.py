"""Events reach the bot at least once, in order, across failures and restarts."""

import asyncio
from pathlib import Path

from adapters.playground.courier import Courier, joined, said
from adapters.playground.keeper import Keeper
from adapters.playground.people import load_people
from adapters.playground.store import Post, Store
from bot.incoming import Incoming, MessageReceived, Scope
from bot.replies import Nothing, Reply
from tests.adapters.playground.conftest import NOW

PEOPLE = {person.id: person for person in load_people(NOW.date())}


class Listener:
    """A bot that fails as often as it is told, then takes everything."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.texts: list[str] = []

    async def __call__(self, incoming: Incoming) -> Reply:
        if self.failures > 0:
            self.failures -= 1
            raise RuntimeError("out of order")
        self.texts.append(incoming.text if isinstance(incoming, MessageReceived) else type(incoming).__name__)
        return Nothing()


async def write(keeper: Keeper, number: int) -> None:
    post = Post("dm:sho-takahashi", "sho-takahashi", "text", {"text": str(number)}, key=f"key-{number}")
    await keeper(Store.post_and_queue, post, said("sho-takahashi", post.conversation, Scope.PERSONAL, str(number)), NOW)


async def wait_until_heard(listener: Listener, count: int) -> None:
    while len(listener.texts) < count:  # noqa: ASYNC110 - it is a list, and tells nobody
        await asyncio.sleep(0.01)


async def test_what_waits_is_brought_in_order(keeper: Keeper) -> None:
    listener = Listener()
    for number in range(5):
        await write(keeper, number)
    assert await Courier(keeper, PEOPLE, listener).bring_all() is True
    assert listener.texts == ["0", "1", "2", "3", "4"]
    assert await keeper(Store.list_queued) == []


async def test_what_failed_is_brought_again_until_it_is_taken(keeper: Keeper) -> None:
    listener = Listener(failures=3)
    courier = Courier(keeper, PEOPLE, listener, pauses=(0.01,))
    await write(keeper, 1)
    courier.start()
    await wait_until_heard(listener, 1)
    await courier.close()
    assert listener.texts == ["1"]


async def test_one_that_fails_does_not_hold_up_the_others(keeper: Keeper) -> None:
    listener = Listener(failures=1)
    for number in range(3):
        await write(keeper, number)
    courier = Courier(keeper, PEOPLE, listener)
    assert await courier.bring_all() is False
    assert listener.texts == ["1", "2"]
    assert await courier.bring_all() is True
    assert listener.texts == ["1", "2", "0"]


async def test_an_event_of_somebody_unknown_waits_without_harm(keeper: Keeper) -> None:
    listener = Listener()
    courier = Courier(keeper, PEOPLE, listener)
    assert await courier.bring("key-x", joined("nobody")) is None
    assert listener.texts == []


async def test_what_was_not_taken_before_the_end_is_brought_after_a_restart(path: Path) -> None:
    keeper = Keeper(Store(path))
    await keeper(Store.settle, [], [("dm:sho-takahashi", "")], [], NOW)
    broken = Courier(keeper, PEOPLE, Listener(failures=99), pauses=(0.01,))
    broken.start()
    await write(keeper, 1)
    await broken.close()
    await keeper.close()
    reopened, listener = Keeper(Store(path)), Listener()
    courier = Courier(reopened, PEOPLE, listener)
    courier.start()
    await wait_until_heard(listener, 1)
    await courier.close()
    await reopened.close()
    assert listener.texts == ["1"]
