"""The Teams adapter on a real port, a fake Teams before it, and a desk behind it that answers what the test says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from adapters.teams import TeamsAdapter
from adapters.teams.addresses import LOOPBACK_HOSTS
from bot.actions import Action, action
from bot.clock import FrozenClock
from bot.incoming import Incoming
from bot.replies import Nothing, Reply
from bot.ui import Button, Buttons, Form, Heading, Message, Option, Para, Reader, Select, TextInput
from tests.fake_teams import APP_ID, PASSWORD, TENANT, FakeTeams

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
JAPANESE = Reader("ja", "Asia/Tokyo")


@action("teams-test.accept")
class Accept(Action):
    """A plain button."""

    id: int


@action("teams-test.register", opens_form=True)
class Register(Action):
    """A button that opens a form."""

    id: int


@action("teams-test.form")
class Entry(Action):
    """A form."""

    step: int


def sentence(text: str) -> Message:
    """A message of one sentence."""
    return Message(text, (Para((text,)),))


def welcome(text: str = "ようこそ") -> Message:
    """A card with a plain button and one that opens a form."""
    buttons = (Button("引き受ける", Accept(7), "primary"), Button("登録する", Register(7)))
    return Message(text, (Heading(text), Para(("縁へようこそ。",)), Buttons(buttons)))


def make_form(code: str = "", step: int = 1) -> Form:
    """A form of two fields."""
    options = (Option("ja", "日本語"), Option("en", "English"))
    fields = (TextInput("code", "ご招待コード", value=code, max_length=20), Select("language", "言語", options, "ja"))
    return Form(f"登録 {step}/3", "次へ", Entry(step), fields)


@dataclass
class Desk:
    """The core's place: keeps what arrives, and answers with the next reply, or what `answer` makes."""

    got: list[Incoming] = field(default_factory=list[Incoming])
    replies: list[Reply] = field(default_factory=list[Reply])
    answer: Callable[[Incoming], Reply] | None = None

    async def __call__(self, incoming: Incoming) -> Reply:
        """See `bot.ports.Dispatch`."""
        self.got.append(incoming)
        if self.answer is not None:
            return self.answer(incoming)
        return self.replies.pop(0) if self.replies else Nothing()


class Rig:
    """Everything running. Use as an asynchronous context manager."""

    def __init__(self, **options: Any) -> None:
        self.clock = FrozenClock(START)
        self.teams = FakeTeams(now=self.clock.now)
        self.desk = Desk()
        self._options = options
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        await self.teams.start()
        self.adapter = TeamsAdapter(**self.make_options())
        app = web.Application()
        self.adapter.add_routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        await self.adapter.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages"
        self.teams.connect(self.url)
        return self

    def make_options(self) -> dict[str, Any]:
        """What the adapter is made of."""
        usual: dict[str, Any] = {
            "app_id": APP_ID,
            "app_password": PASSWORD,
            "tenant_id": TENANT,
            "dispatch": self.desk,
            "clock": self.clock,
            "login_url": self.teams.url,
            "openid_url": self.teams.openid_url,
            "service_hosts": LOOPBACK_HOSTS,
            "default_service_url": self.teams.service_url,
        }
        return usual | self._options

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        await self.adapter.close()
        await self.teams.close()
