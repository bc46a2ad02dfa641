"""Killed at random under load, with Slack throttling, failing, hanging and breaking off: nothing lost, nothing doubled.

What is counted: every event that was answered with success had its effect once; no message reached Slack twice; every
answer reached the person, or is listed as uncertain.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from storage.migrate import migrate
from storage.models import Delivery
from storage.uow import Store
from tests.fake_slack import FakeSlack, Person
from tests.faults.bots import Bot, Config, count_effects, now, wait_until_idle
from tests.support.ports import hold_port
from tests.support.rows import list_rows

pytestmark = pytest.mark.xdist_group("storms")
"""One storm at a time: each fills the machine."""

PEOPLE = 25
AT_ONCE = 8


class Storm:
    """A workspace full of people who write without pause while the bots that answer are killed."""

    def __init__(self, slack: FakeSlack, bots: list[Bot], seed: int) -> None:
        self.slack, self.bots = slack, bots
        self.draw = random.Random(seed)
        self.people: list[Person] = [slack.add_person(f"人{number}") for number in range(PEOPLE)]
        self.written = self.taken = 0
        self._over = False

    async def rage(self, kills: int) -> None:
        """Lets everybody write until the bots were killed that many times; then all of them are left running.

        From one kill to the next some messages are taken, and then a moment passes: how many a second is the machine's
        affair, and a storm that is over before anything was taken shows nothing.
        """
        for bot in self.bots:
            await bot.start()
        writers = [asyncio.create_task(self._write()) for _ in range(AT_ONCE)]
        for _ in range(kills):
            await self._until_taken(self.taken + self.draw.randint(0, 12))
            await asyncio.sleep(self.draw.uniform(0, 0.1))
            self._trouble()
            bot = self.draw.choice(self.bots)
            await bot.kill()
            await bot.start()
        self._over = True
        await asyncio.gather(*writers)
        self.slack.faults.clear()

    async def _until_taken(self, count: int) -> None:
        while self.taken < count:  # noqa: ASYNC110 - counted by many
            await asyncio.sleep(0.005)

    async def _write(self) -> None:
        while not self._over:
            self.written += 1
            person, text = self.draw.choice(self.people), f"note-{self.written}"
            self._turn_to(self.draw.choice(self.bots))
            delivery = await person.write(text)
            assert delivery is not None
            self.taken += delivery.accepted
            if self.draw.random() < 0.15:
                await self.slack.send_again(delivery, self.draw.randint(1, 3))
            pause = 0.05 if delivery.accepted else 0.5  # nobody writes on and on to a bot that is gone
            await asyncio.sleep(self.draw.uniform(0, pause))

    def _turn_to(self, bot: Bot) -> None:
        self.slack.connect_http(f"http://127.0.0.1:{bot.config.port}/slack/events")

    def _trouble(self) -> None:
        faults, method = self.slack.faults, "chat.postMessage"
        match self.draw.randrange(8):
            case 0:
                faults.drop(2, method=method)
            case 1:
                faults.cut(1, method=method)
            case 2:
                faults.fail(2, method=method)
            case 3:
                faults.throttle(1, retry_after=1, method=method)
            case 4:
                faults.hang(4.0, 1, method=method, accepts=True)
            case _:
                return

    async def calm(self, store: Store) -> None:
        """Brings what Slack would send again, and waits until nothing is left to do."""
        while await self.slack.redeliver_due(hurry=True):  # noqa: ASYNC110 - other processes tell nothing
            await asyncio.sleep(0.05)
        await wait_until_idle(store)


@asynccontextmanager
async def brew(url: str, replicas: int, seed: int) -> AsyncGenerator[Storm]:
    """A fake Slack in this process, and bots in theirs on one database."""
    migrate(url)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(FakeSlack(now=now))
        secrets = (slack.bot_token, slack.signing_secret)
        ports = [stack.enter_context(hold_port()) for _ in range(replicas)]
        bots = [Bot(Config("slack", url, port, slack.api_url, secrets)) for port in ports]
        storm = Storm(slack, bots, seed)
        try:
            yield storm
        finally:
            for bot in bots:
                await bot.kill()


def check(storm: Storm, store: Store) -> dict[str, int]:
    """Counts effects, posts and states; gives the figures."""
    effects = store.run_here(count_effects)
    states = Counter(row.state for row in list_rows(store, Delivery))
    deliveries = [one for one in storm.slack.deliveries.all if one.kind == "events_api"]
    answered = {str(one.payload["event"]["text"]) for one in deliveries if one.accepted}
    posted = Counter(message.text for message in storm.slack.messages)
    assert len(answered) > 100, "hardly anything happened"
    assert {text: effects[text] for text in answered if effects[text] != 1} == {}, "lost or doubled effects"
    assert max(effects.values()) == 1
    assert [text for text, count in posted.items() if count > 1] == [], "doubled messages"
    missing = [text for text in effects if f"noted {text}" not in posted]
    assert len(missing) == states["uncertain"] + states["failed"], states
    assert set(storm.slack.count_by_key().values()) == {1}
    return {
        "written": len(deliveries),
        "answered": len(answered),
        "effects": len(effects),
        "posted": len(posted),
    } | dict(states)


async def test_fifty_kills_lose_nothing_and_double_nothing(empty_sqlite_url: str) -> None:
    async with brew(empty_sqlite_url, 1, seed=50) as storm:
        await storm.rage(kills=50)
        store = Store(empty_sqlite_url)
        await storm.calm(store)
        print(check(storm, store))
        store.close()


async def test_two_replicas_on_postgresql_share_the_work_and_survive_each_other(empty_postgres_url: str) -> None:
    async with brew(empty_postgres_url, 2, seed=12) as storm:
        await storm.rage(kills=12)
        store = Store(empty_postgres_url)
        await storm.calm(store)
        print(check(storm, store))
        store.close()
