"""A company on the fake Teams: the whole product behind the real adapter, and people who take its usual steps."""

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Self, cast

from aiohttp import web

from bot.app import App, build
from bot.clock import FrozenClock
from bot.incoming import Origin
from bot.settings import read_settings
from storage.queries.callers import find_account
from tests.fake_teams import TENANT, Actor, Dialog, FakeTeams
from tests.support.makers import teams_maker
from tests.support.patience import UNPACED
from tests.support.people import add_leaver
from tests.support.world import POLICY, START

TOPIC = "電池の量産立ち上げ"
AIM = "最初の半年で確かめておくべきことを伺いたいです。"


class Company:
    """Sample Seiki and those who left it, in one tenant. Use as an asynchronous context manager."""

    def __init__(self, url: str) -> None:
        self.clock = FrozenClock(START)
        self.teams = FakeTeams(now=self.clock.now)
        self._url = url
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.teams)
        settings = read_settings(_env_file=None, musubi_database_url=self._url, musubi_secret="secret of a test")
        maker = teams_maker(self.teams.url, self.teams.openid_url, self.teams.service_url)
        self.app: App = build(settings, [maker], clock=self.clock, policy=POLICY, limits=UNPACED)
        self.store = self.app.store
        self._stack.push_async_callback(self.app.close)
        self.teams.connect(f"{await self._serve()}/api/messages")
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def _serve(self) -> str:
        runner = web.AppRunner(self.app.make_web(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def settle(self) -> None:
        """Lets happen and sends what is due."""
        await self.app.ticker.settle()

    async def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        """Moves the clock, at most six hours at a time."""
        end = self.clock.now() + timedelta(days=days, hours=hours)
        while self.clock.now() < end:
            self.clock.at = min(end, self.clock.at + timedelta(hours=6))
            await self.settle()

    def status(self, person: Actor) -> str:
        """How Musubi stands to somebody."""
        found = self.store.run_here(lambda db: find_account(db, Origin("teams", TENANT, person.aad_id)))
        assert found is not None
        return str(found[1].status)

    async def join(self, person: Actor) -> Actor:
        """Installs the app, and reads the welcome."""
        await person.install()
        await self.settle()
        return person

    async def add_employee(self, name: str = "高橋 翔", email: str = "sho@sample-seiki.example") -> Actor:
        """Somebody from the company, with the app."""
        return await self.join(self.teams.add_person(name, email=email))

    async def add_hr(self) -> Actor:
        """Somebody with the HR role."""
        return await self.add_employee("山本 由佳", "hr@sample-seiki.example")

    async def add_alumna(self, name: str = "佐藤 美咲", number: str = "00123", topic: str = TOPIC) -> Actor:
        """Somebody who has left, joined as a guest and registered."""
        person = await self.join(self.teams.add_person(name, role="guest"))
        await self.register(await person.open("登録する"), add_leaver(cast(Any, self), name, number), topic)
        await self.settle()
        return person

    async def register(self, dialog: Dialog, code: str, topic: str = TOPIC) -> str:
        """The three forms, from the first; gives the words of the last page."""
        dialog = await dialog.next({"code": code})
        dialog = await dialog.next({"more_topics": topic, "languages": ["日本語"]})
        choices = {"guidelines": ["約束を守ります"], "consents": ["相談のお願いを受け取る"]}
        dialog = await dialog.next(choices)
        words = dialog.text
        await dialog.finish(button="閉じる")
        return words

    async def wish(self, person: Actor, topic: str = TOPIC) -> Dialog:
        """Writes the word, opens the form and sends it off; gives the last page."""
        await person.write(f"相談 {topic}")
        await self.settle()
        dialog = await person.open("開く")
        return await dialog.next({"aim": AIM})

    async def ask(self, person: Actor, topic: str = TOPIC) -> None:
        """Wishes for a consultation, and asks whom Musubi proposes first."""
        page = await self.wish(person, topic)
        await page.finish(button="閉じる")
        await self.settle()
        await person.press("依頼する")
        await self.settle()

    def check_nothing_went_wrong(self) -> None:
        """Teams refused nothing, nothing was left unanswered, and nobody got the same message twice."""
        assert self.teams.refusals == []
        assert self.teams.courier.unanswered == []
        for sent in self.teams.sent:
            twins = [each for each in self.teams.sent if each.place is sent.place and each.activity == sent.activity]
            assert len(twins) == 1, sent.summary
