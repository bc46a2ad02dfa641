"""A company whose people are on Slack, on Teams and reachable by mail, with one Musubi for all of them.

Everything is the real thing but the platforms, which are the strict fakes, and the clock. With `restarting` Musubi is
stopped and started anew on the same database after everything that somebody does, and after everything that it sends.
"""

from contextlib import AsyncExitStack
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any, Self, cast

import aiohttp
from aiohttp import web

from bot.app import App
from bot.clock import FrozenClock
from tests.adapters.email.post_office import Office, open_post
from tests.fake_slack import FakeSlack, Person
from tests.fake_teams import Actor, FakeTeams, Sent
from tests.flows.relay_makers import MAIL_SECRET, Surroundings, build_musubi
from tests.flows.stages import read_manifest
from tests.support.people import add_leaver
from tests.support.ports import hold_port
from tests.support.world import START

TOPIC = "電池の量産立ち上げ"
AIM = "最初の半年で確かめておくべきことを伺いたいです。"
MISAKI, SHO = "misaki@mail.example", "sho@sample-seiki.example"


class RelayCompany:
    """Sample Seiki and those who left it. Use as an asynchronous context manager."""

    def __init__(self, url: str, *, restarting: bool = False, clock: FrozenClock | None = None) -> None:
        self.clock = clock or FrozenClock(START)
        self.slack = FakeSlack(now=self.clock.now, manifest=read_manifest())
        self.teams = FakeTeams(now=self.clock.now)
        self.office = Office()
        self.restarting = restarting
        self.starts = 0
        self.port = 0
        self.app: App | None = None
        self._url = url
        self._stack = AsyncExitStack()
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.slack)
        await self._stack.enter_async_context(self.teams)
        self._smtp = await self._stack.enter_async_context(open_post(self.office))
        self.port = self._stack.enter_context(hold_port())  # the same after every start: links in messages name it
        self._stack.push_async_callback(self.stop)
        self._connect()
        await self._start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        app = build_musubi(self.around, self.clock)
        self.app, self.store, self.starts = app, app.store, self.starts + 1
        self._running.push_async_callback(app.close)
        for adapter in app.adapters:
            await adapter.start()
        await app.slots.prepare()
        await self._serve(app)

    def _connect(self) -> None:
        """Tells the platforms where Musubi is."""
        address = f"http://127.0.0.1:{self.port}"
        self.slack.connect_http(f"{address}/slack/events")
        self.teams.connect(f"{address}/api/messages")
        self._mail_url = f"{address}/mail/incoming"

    async def _serve(self, app: App) -> None:
        runner = web.AppRunner(app.make_web(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._running.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        """Musubi stops; nobody answers until `restart`."""
        await self._running.aclose()
        self._running = AsyncExitStack()

    async def restart(self) -> None:
        """Musubi stops, and another one starts on what the database holds."""
        await self.stop()
        await self._start()

    @property
    def around(self) -> Surroundings:
        """Where everything is."""
        return Surroundings(
            database_url=self._url,
            port=self.port,
            slack_url=self.slack.api_url,
            slack_token=self.slack.bot_token,
            slack_secret=self.slack.signing_secret,
            teams_url=self.teams.url,
            teams_openid_url=self.teams.openid_url,
            teams_service_url=self.teams.service_url,
            smtp_url=self._smtp,
        )

    # Time

    async def settle(self, seconds: float = 20) -> None:
        """Lets happen and sends what is due; some seconds pass, as they do between people."""
        self.clock.move(timedelta(seconds=seconds))
        if self.restarting:
            await self.restart()
        assert self.app is not None
        await self.app.ticker.settle()
        if self.restarting:
            await self.restart()

    async def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        """Moves the clock, at most an hour at a time; restarts at the end only."""
        end = self.clock.now() + timedelta(days=days, hours=hours)
        while self.clock.now() < end:
            self.clock.at = min(end, self.clock.at + timedelta(hours=1))
            assert self.app is not None
            await self.app.ticker.settle()
        await self.settle()

    # People

    async def add_slack_alumna(self, name: str = "佐藤 美咲", number: str = "00123", email: str = MISAKI) -> Person:
        """Somebody who has left, with a guest's account on Slack, registered in Japanese; HR knows the mail address."""
        person = self.slack.add_person(name, is_restricted=True, email=email)
        await person.join_team()
        await self.settle()
        await person.click("登録する")
        await person.modal.fill("ご招待コード", add_leaver(cast(Any, self), name, number, email=email)).submit()
        await person.modal.fill("そのほかの話題（ご自分の言葉で）", TOPIC).pick("話せる言葉", "日本語").submit()
        choices = person.modal.tick("みんなの約束", "約束を守ります")
        await choices.tick("お送りしてよいもの", "相談のお願いを受け取る").submit()
        await self.settle()
        await person.modal.close()
        return person

    async def add_teams_employee(self, name: str = "高橋 翔", email: str = SHO) -> Actor:
        """Somebody from the company, with the app on Teams."""
        person = self.teams.add_person(name, email=email)
        await person.install()
        await self.settle()
        return person

    async def ask(self, person: Actor) -> None:
        """Wishes for a consultation on Teams, and asks whom Musubi proposes first."""
        await person.write(f"相談 {TOPIC}")
        await self.settle()
        dialog = await person.open("開く")
        page = await dialog.next({"aim": AIM})
        await page.finish(button="閉じる")
        await self.settle()
        await person.press("依頼する")
        await self.settle()

    # Mail

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What went into somebody's mailbox."""
        return [mail for mail in self.office.kept if mail["To"] == address]

    async def mail(self, message: EmailMessage | bytes) -> int:
        """The mail server hands a mail over; gives the status."""
        data = BytesIO(message if isinstance(message, bytes) else message.as_bytes())
        headers = {"Authorization": f"Bearer {MAIL_SECRET}", "Content-Type": "message/rfc822"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._mail_url, data=data, headers=headers) as response,
        ):
            return response.status

    # The end

    def check_nothing_went_wrong(self) -> None:
        """Nobody saw an error, no platform refused anything, and nothing came twice."""
        assert self.slack.troubles == []
        assert [f"{call.method}: {call.answer}" for call in self.slack.calls if call.answer != "ok"] == []
        assert all(delivery.accepted for delivery in self.slack.deliveries.all)
        assert set(self.slack.count_by_key().values()) == {1}
        assert self.teams.refusals == []
        assert self.teams.courier.unanswered == []
        ids = [str(mail["Message-ID"]) for mail in self.office.kept]
        assert len(ids) == len(set(ids))


async def meet(company: RelayCompany) -> tuple[Person, Actor]:
    """An alumna on Slack and an employee on Teams, from the wish to the open room."""
    misaki, sho = await company.add_slack_alumna(), await company.add_teams_employee()
    await company.ask(sho)
    await misaki.click("引き受ける")
    await company.settle()
    return misaki, sho


def count(texts: list[str], words: str) -> int:
    """In how many messages these words stand."""
    return sum(words in text for text in texts)


def read_slack(person: Person) -> list[str]:
    """What stands in somebody's DM, as they see it."""
    return [shown.text for shown in person.shown()]


def read_teams(person: Actor) -> list[str]:
    """What stands in somebody's chat."""
    return [sent.text for sent in person.messages()]


def find_sent(person: Actor, words: str) -> Sent:
    """The newest message in somebody's chat that says that."""
    return next(sent for sent in reversed(person.messages()) if words in sent.text)


def read_mail(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body: Any = mail.get_body(("plain",))
    return str(body.get_content())
