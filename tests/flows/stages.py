"""Slack over HTTP, Slack over Socket Mode and Teams, each with the whole app behind it, as stages for one story.

A player does what a person does there, with labels as they stand on the screen; `sees` reads everything in sight. The
platforms are the strict fakes: what the real one would refuse fails the story.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from aiohttp import web
from sqlmodel import select

from bot.app import AdapterMaker, App, build
from bot.clock import FrozenClock
from bot.settings import read_settings
from storage.models import Member, Status
from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.modal import Modal
from tests.fake_teams import FakeTeams
from tests.fake_teams.actors import Actor
from tests.fake_teams.dialogs import Dialog
from tests.support.makers import slack_maker, teams_maker
from tests.support.patience import UNPACED
from tests.support.world import POLICY, START, Platform

StageName = Literal["slack-http", "slack-socket", "teams"]
Entered = str | tuple[str, ...] | date
Role = Literal["alumna", "employee", "hr"]

NAMES = {"ja": ("佐藤 美咲", "高橋 翔", "山本 由佳"), "en": ("Emily Carter", "Sho Takahashi", "Yuka Yamamoto")}
"""By language an alumna, an employee and somebody in HR."""


class Player(Protocol):
    """Somebody at their client."""

    @property
    def name(self) -> str:
        """As the platform has it."""
        ...

    async def join(self) -> None:
        """Comes into the workspace, or installs the bot."""
        ...

    async def command(self, name: str, text: str = "") -> None:
        """Uses a command the way this platform has it."""
        ...

    async def press(self, label: str) -> None:
        """Presses the newest button of that label; says yes where it asks back."""
        ...

    async def fill(self, values: Mapping[str, Entered]) -> None:
        """Fills the open form, by labels, and sends it off."""
        ...

    def everything(self) -> str:
        """All that is in sight: messages, the open form, the home page."""
        ...

    def buttons(self) -> list[str]:
        """The labels of all buttons in sight."""
        ...

    @property
    def form(self) -> str:
        """The title of the open form; "" when none is open."""
        ...


@dataclass
class Stage:
    """The app on one platform, with an in-memory post office for the invitations."""

    name: StageName
    app: App
    clock: FrozenClock
    mail: Platform
    platform: "FakeSlack | FakeTeams"
    groups: bool

    def cast(self, name: str, role: Role, locale: str) -> Player:
        """Somebody with an account who has not met Musubi yet."""
        zone = "Asia/Tokyo" if locale.startswith("ja") else "America/New_York"
        email = {"employee": "sho@sample-seiki.example", "hr": "hr@sample-seiki.example", "alumna": "a@example.com"}
        if isinstance(self.platform, FakeSlack):
            guest = role == "alumna"
            person = self.platform.add_person(name, email=email[role], locale=locale, tz=zone, is_restricted=guest)
            return SlackPlayer(person)
        kind: Any = "guest" if role == "alumna" else "user"
        actor = self.platform.add_person(name, email=email[role], locale=locale, zone=zone, role=kind)
        return TeamsPlayer(actor)

    async def settle(self) -> None:
        """Lets happen and sends what is due."""
        await self.app.ticker.settle()

    async def pass_time(self, *, days: float) -> None:
        """Moves the clock, six hours at a time."""
        end = self.clock.now() + timedelta(days=days)
        while self.clock.now() < end:
            self.clock.at = min(end, self.clock.at + timedelta(hours=6))
            await self.settle()


@asynccontextmanager
async def open_stage(name: StageName, url: str) -> AsyncGenerator[Stage]:
    """Everything running, on a fresh database at `url`."""
    clock, mail = FrozenClock(START), Platform("email", opens_groups=False)
    fake = FakeTeams(now=clock.now) if name == "teams" else FakeSlack(now=clock.now, manifest=read_manifest())
    async with fake:
        settings = read_settings(_env_file=None, musubi_database_url=url, musubi_secret="secret of a test")
        makers: list[AdapterMaker] = [_make_adapter(fake, name), lambda lines: mail]
        app = build(settings, makers, clock=clock, policy=POLICY, limits=UNPACED)
        async with serve(app) as address:
            await app.adapters[0].start()
            await _connect(fake, name, address)
            yield Stage(name, app, clock, mail, fake, groups=name != "teams")
        await app.close()


def read_manifest() -> str:
    """The Slack app as it is installed."""
    return (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")


@asynccontextmanager
async def serve(app: App) -> AsyncGenerator[str]:
    """The app's web application on a free port."""
    runner = web.AppRunner(app.make_web(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _connect(fake: FakeSlack | FakeTeams, name: StageName, address: str) -> None:
    if isinstance(fake, FakeTeams):
        fake.connect(f"{address}/api/messages")
    elif name == "slack-http":
        fake.connect_http(f"{address}/slack/events")
    else:
        await fake.connect_socket()


def _make_adapter(fake: FakeSlack | FakeTeams, name: StageName) -> AdapterMaker:
    if isinstance(fake, FakeTeams):
        return teams_maker(fake.url, fake.openid_url, fake.service_url)
    app_token = fake.app_token if name == "slack-socket" else ""
    return slack_maker(fake.api_url, fake.bot_token, fake.signing_secret, app_token=app_token)


class SlackPlayer:
    """Somebody at their Slack."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.name = person.name

    async def join(self) -> None:
        """Slack tells of the team and of its first channel."""
        await self.person.join_team()

    async def command(self, name: str, text: str = "") -> None:
        """A slash command."""
        await self.person.command(f"/{name}", text)

    async def press(self, label: str) -> None:
        """A button in a message."""
        await self.person.click(label)

    async def fill(self, values: Mapping[str, Entered]) -> None:
        """A modal."""
        modal = self.person.modal
        for label, value in values.items():
            _enter(modal, label, value)
        await modal.submit()

    def everything(self) -> str:
        """Messages in every conversation, the open modal and the home page."""
        texts = list(self.person.everything)
        for channel in self.person.slack.workspace.channels.values():
            if self.person.id in channel.members:
                texts += [shown.text for shown in self.person.shown(channel)]
        return "\n".join((*texts, self.person.modal.text if self.person.has_modal else ""))

    def buttons(self) -> list[str]:
        """Of messages."""
        return [label for shown in self.person.shown() for label in shown.buttons]

    @property
    def form(self) -> str:
        """The title of the open modal."""
        return self.person.modal.title if self.person.has_modal else ""


def _enter(modal: Modal, label: str, value: Entered) -> None:
    if isinstance(value, date):
        modal.pick_date(label, value)
    elif isinstance(value, tuple):
        modal.pick(label, *value)
    elif isinstance(modal.value(label), str) and _is_text(modal, label):
        modal.fill(label, value)
    else:
        modal.choose(label, value)


def _is_text(modal: Modal, label: str) -> bool:
    blocks = [block for block in modal.view.payload["blocks"] if block.get("label", {}).get("text") == label]
    return blocks[0]["element"]["type"] == "plain_text_input"


@dataclass
class TeamsPlayer:
    """Somebody at their Teams."""

    actor: Actor
    dialog: Dialog | None = None
    notes: list[str] = field(default_factory=list[str])

    @property
    def name(self) -> str:
        """As in the tenant."""
        return self.actor.account.name

    async def join(self) -> None:
        """Installs the app."""
        await self.actor.install()

    async def command(self, name: str, text: str = "") -> None:
        """The command's name, written to the bot."""
        await self.actor.write(f"{name} {text}".strip())

    async def press(self, label: str) -> None:
        """A button of a card; one that asks back shows its question first."""
        pressed = await self.actor.press(label)
        self.dialog = pressed.dialog
        self.notes.append(pressed.text)

    async def fill(self, values: Mapping[str, Entered]) -> None:
        """A dialog."""
        assert self.dialog is not None, "no dialog is open"
        following = await self.dialog.submit({label: _as_sequence(value) for label, value in values.items()})
        self.dialog = following if isinstance(following, Dialog) else None
        self.notes.append(following.text if isinstance(following, Dialog) else following.note)

    def everything(self) -> str:
        """Messages, what came up, and the open dialog."""
        return "\n".join((*(sent.text for sent in self.actor.messages()), *self.notes))

    def buttons(self) -> list[str]:
        """Of cards."""
        return [label for sent in self.actor.messages() for label in sent.buttons_for(self.actor.account)]

    @property
    def form(self) -> str:
        """The title of the open dialog."""
        return self.dialog.title if self.dialog is not None else ""


def _as_sequence(value: Entered) -> str | list[str] | date:
    return list(value) if isinstance(value, tuple) else value


async def settle(stage: Stage) -> None:
    """A moment later: what is due has happened, and the platform's pace had room for it."""
    stage.clock.at += timedelta(seconds=10)
    await stage.settle()


async def gather_three(stage: Stage, locale: str) -> tuple[Player, Player, Player]:
    """An alumna, an employee and HR have joined and are active, and may be written to at any hour."""
    alumna, employee, hr = NAMES[locale]
    players = (
        stage.cast(alumna, "alumna", f"{locale}-XX"),
        stage.cast(employee, "employee", f"{locale}-XX"),
        stage.cast(hr, "hr", f"{locale}-XX"),
    )
    for player in players:
        await player.join()
        await settle(stage)
    with stage.app.store.begin() as db:
        for member in db.session.exec(select(Member)).all():
            member.status, member.quiet_from, member.quiet_to = Status.ACTIVE, 0, 0
    return players
