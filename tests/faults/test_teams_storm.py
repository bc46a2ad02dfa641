"""Killed at random under load on Teams, which can't be asked what arrived: nothing doubled, and what is open is listed.

Every activity that was answered with success had its effect once; no message reached Teams twice; an answer that did
not reach the person stands in the outbox as uncertain or failed, for HR to see.
"""

import asyncio
import random
from collections import Counter

import pytest

from storage.migrate import migrate
from storage.queries.deliveries import list_troubled
from storage.uow import Store
from tests.fake_teams import APP_ID, PASSWORD, TENANT, FakeTeams
from tests.fake_teams.actors import Actor
from tests.fake_teams.faults import Fault
from tests.faults.bots import Bot, Config, count_effects, now, wait_until_idle
from tests.support.ports import hold_port

pytestmark = pytest.mark.xdist_group("storms")
"""One storm at a time: each fills the machine."""

KILLS = 10
PEOPLE = 40
"""Many, because each conversation takes only a few messages a minute."""
AT_ONCE = 8


class Storm:
    """People who write while the bot is killed; `answered` holds what Teams counts as taken."""

    def __init__(self, teams: FakeTeams, bot: Bot, seed: int) -> None:
        self.teams, self.bot = teams, bot
        self.draw = random.Random(seed)
        self.answered: list[str] = []
        self.sent = 0
        self._over = False

    async def rage(self) -> None:
        """Everybody installs the bot and writes until it was killed often enough."""
        await self.bot.start()
        people = [self.teams.add_person(f"人{number}") for number in range(PEOPLE)]
        for person in people:
            await person.install()
        writers = [asyncio.create_task(self._write(people[place::AT_ONCE])) for place in range(AT_ONCE)]
        for _ in range(KILLS):
            more = len(self.answered) + self.draw.randint(2, 30)
            while len(self.answered) < more:  # noqa: ASYNC110 - counted by many
                await asyncio.sleep(0.005)
            await asyncio.sleep(self.draw.uniform(0, 0.1))
            if self.draw.random() < 0.5:
                self.teams.service.faults.add(Fault("drop", "POST /", accepted=True))
            await self.bot.kill()
            await self.bot.start()
        self._over = True
        await asyncio.gather(*writers)
        self.teams.service.faults.clear()

    async def _write(self, people: list[Actor]) -> None:
        while not self._over:
            self.sent += 1
            text = f"note-{self.sent}"
            answer = await self.draw.choice(people).write(text)
            if answer.ok:
                self.answered.append(text)
            await asyncio.sleep(self.draw.uniform(0.05, 0.15))


async def test_kills_double_nothing_and_what_is_uncertain_is_listed(empty_sqlite_url: str) -> None:
    migrate(empty_sqlite_url)
    with hold_port() as port:
        await _storm(empty_sqlite_url, port)


async def _storm(url: str, port: int) -> None:
    async with FakeTeams(now=now, strict=False) as teams:
        secrets = (APP_ID, PASSWORD, TENANT, teams.openid_url, teams.service_url)
        bot = Bot(Config("teams", url, port, teams.url, secrets))
        teams.connect(f"http://127.0.0.1:{bot.config.port}/api/messages", answer_within=5.0)
        storm = Storm(teams, bot, seed=15)
        await storm.rage()
        store = Store(url)
        states = await wait_until_idle(store)
        await bot.kill()
        effects = store.run_here(count_effects)
        listed = len(store.run_here(lambda db: list_troubled(db, 10_000)))
        store.close()
        posted = Counter(sent.text for sent in teams.world.sent)
    print({"answered": len(storm.answered), "effects": len(effects), "posted": len(posted)} | dict(states))
    assert len(storm.answered) > 20, "hardly anything happened"
    assert {text for text in storm.answered if effects[text] != 1} == set()
    assert max(effects.values()) == 1
    assert [text for text, count in posted.items() if text.startswith("noted") and count > 1] == []
    missing = [text for text in effects if f"noted {text}" not in posted]
    assert len(missing) <= states["uncertain"] + states["failed"] == listed
