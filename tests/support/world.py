"""A community for tests: the real app on a real database, a clock that stands still, and a platform in memory.

    world = World(sqlite_url)
    sho = world.person("高橋 翔", email="sho@sample-seiki.example")
    await sho.command("/mentor 電池")
    await sho.submit(topic="電池", ...)
    await world.pass_time(days=3)
    assert misaki.inbox[-1].summary == "..."

People act as a platform's adapter would report it, and read what the outbox delivered to them. What is tested here is
the product; that Slack and Teams say the same is tested against their fakes.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from bot.actions import Action, encode
from bot.app import AdapterMaker, App, Lines, build
from bot.clock import FrozenClock
from bot.feature import Feature
from bot.incoming import (
    AccountKind,
    ButtonPressed,
    Command,
    FormSubmitted,
    FormValue,
    FormValues,
    HomeOpened,
    Incoming,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
    Profile,
    ProfileChanged,
    SharedFile,
)
from bot.policy import Policy
from bot.ports import Pictures
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.settings import Settings, read_settings
from bot.ui import Button, Buttons, Form, Message
from handlers import FEATURES
from scheduler.pace import LaneLimits
from storage.models import Member
from storage.queries.callers import find_account
from tests.support.platform import Platform, Shown

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Friday, 20 November 2026, 10:00 in Tokyo."""

POLICY = Policy(employee_domains=frozenset({"sample-seiki.example"}), hr=frozenset({"hr@sample-seiki.example"}))

UNPACED = LaneLimits(rate=10_000, ceiling=10_000, at_once=1_000)
"""The clock stands still: whatever is due now goes out now."""


class World:
    """See the module."""

    def __init__(
        self,
        url: str,
        *,
        features: Sequence[Feature] = FEATURES,
        policy: Policy = POLICY,
        at: datetime = START,
        mail: bool = True,
        opens_groups: bool = True,
        others: Sequence[str] = (),
        public_url: str = "",
        pictures: Pictures | None = None,
    ) -> None:
        self.clock = FrozenClock(at)
        self.chat = Platform(opens_groups=opens_groups)
        self.mail = Platform("email", opens_groups=False)
        self.platforms = {name: Platform(name, opens_groups=False) for name in others}
        """Further chat platforms, such as `teams`."""
        self._keys = itertools.count(1)
        self.shown: list[Message | Form] = []
        """Everything that was answered, in order; what was sent is in `chat.sent` and `mail.sent`."""
        settings = _read_settings(public_url).model_copy(update={"musubi_database_url": url})
        platforms = ((self.chat, self.mail) if mail else (self.chat,)) + tuple(self.platforms.values())
        makers = [_give(platform) for platform in platforms]
        limits = {platform.name: UNPACED for platform in platforms}
        self.app: App = build(
            settings, makers, clock=self.clock, features=features, policy=policy, limits=limits, pictures=pictures
        )
        self.store = self.app.store
        self.policy = policy

    def person(
        self,
        name: str,
        *,
        email: str = "",
        locale: str = "ja-JP",
        zone: str = "Asia/Tokyo",
        kind: AccountKind = AccountKind.MEMBER,
        user: str = "",
        platform: str = "chat",
    ) -> "Actor":
        """Somebody with an account on the platform whom Musubi has not met yet. With an address, it is confirmed."""
        user = user or f"U{next(self._keys):03}"
        self.find_platform(platform).profiles[user] = Profile(name, email, bool(email), locale, zone, kind=kind)
        return Actor(self, user, platform)

    def find_platform(self, name: str) -> Platform:
        """A platform by its name."""
        return {"chat": self.chat, "email": self.mail, **self.platforms}[name]

    def employee(self, name: str, *, locale: str = "ja-JP", zone: str = "Asia/Tokyo") -> "Actor":
        """A present employee, by mail domain."""
        return self.person(name, email=f"{next(self._keys)}@sample-seiki.example", locale=locale, zone=zone)

    def hr(self, name: str = "山本 由佳") -> "Actor":
        """Somebody with the HR role, by the settings."""
        return self.person(name, email="hr@sample-seiki.example")

    async def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        """Moves the clock and lets everything happen that is due until then, hour by hour as it would."""
        end = self.clock.now() + timedelta(days=days, hours=hours)
        while self.clock.now() < end:
            self.clock.at = min(end, self.clock.at + timedelta(hours=1))
            await self.settle()

    async def settle(self) -> None:
        """Runs and sends whatever is due now."""
        await self.app.ticker.settle()

    async def dispatch(self, incoming: Incoming) -> Reply:
        """Lets something arrive, and delivers what it caused."""
        reply = await self.app.dispatch(incoming)
        self.shown += list_views(reply)
        await self.settle()
        return reply

    def next_key(self) -> str:
        """A fresh duplicate key."""
        return f"K{next(self._keys)}"

    def close(self) -> None:
        """Closes the database."""
        self.store.close()


@cache
def _read_settings(public_url: str) -> Settings:
    """Read and checked once; every test has a database of its own."""
    given = {
        "musubi_database_url": "sqlite:///musubi.db",
        "musubi_secret": "secret of a test",
        "musubi_public_url": public_url,
    }
    return read_settings(_env_file=None, **given)


def _give(platform: Platform) -> AdapterMaker:
    def make(lines: Lines) -> Platform:
        return platform

    return make


@dataclass
class Actor:
    """A person at the keyboard. What they see: `inbox` (direct messages), `answer` (what was just said), `form`."""

    world: World
    user: str
    platform: str = "chat"
    answer: Message | None = None
    form: Form | None = None
    errors: dict[str, str] = field(default_factory=dict[str, str])
    home: Message | None = None

    @property
    def inbox(self) -> list[Message]:
        """The direct messages as they look now."""
        return [shown.message for shown in self.screen]

    @property
    def screen(self) -> list[Shown]:
        """The direct messages with their ids, as they stand now."""
        return self.world.find_platform(self.platform).direct.get(self.user, [])

    @property
    def groups(self) -> list[list[Message]]:
        """The group conversations this person is in."""
        chat = self.world.chat
        return [
            [shown.message for shown in chat.groups[id]] for id, users in chat.members.items() if self.user in users
        ]

    @property
    def profile(self) -> Profile:
        """What the platform says about this person."""
        return self.world.find_platform(self.platform).profiles[self.user]

    def member(self) -> Member:
        """The member behind this person's account, freshly read."""
        found = self.world.store.run_here(lambda db: find_account(db, self.origin()))
        assert found is not None, "never met"
        return found[1]

    def origin(self, key: str = "", message: str = "") -> Origin:
        """Where this person acts."""
        tenant = "" if self.platform == "email" else "T1"
        return Origin(self.platform, tenant, self.user, key, conversation=f"dm-{self.user}", message=message)

    async def join(self) -> Reply:
        """Joins the workspace."""
        return await self._do(MemberJoined(self._fresh()))

    async def leave(self) -> Reply:
        """Leaves the workspace."""
        return await self._do(MemberLeft(self._fresh()))

    async def change_profile(self, profile: Profile) -> Reply:
        """Changes the platform's profile."""
        self.world.find_platform(self.platform).profiles[self.user] = profile
        return await self._do(ProfileChanged(self._fresh(), profile))

    async def open_home(self) -> Reply:
        """Opens the home page."""
        return await self._do(HomeOpened(self._fresh()))

    async def command(self, text: str) -> Reply:
        """`/name text`."""
        name, _, rest = text.removeprefix("/").partition(" ")
        return await self._do(Command(self._fresh(), name, rest))

    async def write(self, text: str, *, message: str = "", thread: str = "", files: Sequence[SharedFile] = ()) -> Reply:
        """Writes to the bot, as `message`, in the thread or in answer to `thread` (the ids of messages)."""
        return await self._do(MessageReceived(self._fresh(message), text, thread, tuple(files)))

    async def edit(self, message: str, text: str) -> Reply:
        """Changes what was written as `message`."""
        return await self._do(MessageEdited(self._fresh(message), text))

    async def delete(self, message: str) -> Reply:
        """Deletes what was written as `message`."""
        return await self._do(MessageDeleted(self._fresh(message)))

    async def press(self, label: str, *, index: int = 0) -> Reply:
        """Presses the button with that label: in the last answer, the home page or the newest message that has one."""
        message, button = self._find_button(label, index)
        return await self._do(ButtonPressed(self._fresh(message), encode(button.action)))

    async def press_action(self, action: Action, key: str = "") -> Reply:
        """Presses a button that carries `action`, wherever it may have been shown: an old card, or a forged one."""
        origin = self.origin(key) if key else self._fresh()
        return await self._do(ButtonPressed(origin, encode(action)))

    async def submit(self, **values: FormValue) -> Reply:
        """Sends the open form off: what it was opened with, and `values` by field name."""
        assert self.form is not None, "no form is open"
        names = {item.name for item in self.form.fields}
        assert set(values) <= names, f"the form has no {set(values) - names}"
        given = {item.name: _preset(item) for item in self.form.fields} | values
        return await self._do(FormSubmitted(self._fresh(), encode(self.form.action), FormValues(given)))

    def buttons(self) -> list[str]:
        """The labels of the buttons in view: the last answer's, the home page's, the messages'."""
        return [button.label for message in self._in_view() for button in list_buttons(message)]

    def _fresh(self, message: str = "") -> Origin:
        return self.origin(self.world.next_key(), message)

    def _in_view(self) -> list[Message]:
        return [message for message in (self.answer, self.home) if message] + self.inbox[::-1]

    def _find_button(self, label: str, index: int) -> tuple[str, Button]:
        found = [button for message in self._in_view() for button in list_buttons(message) if button.label == label]
        assert len(found) > index, f"no button {label}; there are {self.buttons()}"
        ids = [item.id for item in self.screen if found[index] in list_buttons(item.message)]
        return (ids[-1] if ids else ""), found[index]

    async def _do(self, incoming: Incoming) -> Reply:
        reply = await self.world.dispatch(incoming)
        self.errors = {}
        match reply:
            case OpenForm(form=form):
                self.form, self.answer = form, None
            case FormErrors(form=form, errors=errors):
                self.form, self.errors = form, dict(errors)
            case Private(message=message):
                self.answer, self.form = message, None
            case ReplaceMessage(message=message):
                self._replace(incoming.origin.message, message)
            case ShowHome(message=message):
                self.home, self.form = message, None
            case Nothing():
                self.form = None if isinstance(incoming, FormSubmitted) else self.form
        return reply

    def _replace(self, id: str, message: Message) -> None:
        self.form = None
        for shown in self.screen:
            if shown.id == id:
                shown.message = message
                return
        self.answer = message


def _preset(item: object) -> FormValue:
    values = getattr(item, "values", None)
    if values is not None:
        return tuple(values)
    value = getattr(item, "value", None)
    return "" if value is None else str(value)


def list_buttons(message: Message) -> list[Button]:
    """All buttons of a message."""
    return [button for block in message.blocks if isinstance(block, Buttons) for button in block.buttons]


def list_views(reply: Reply) -> list[Message | Form]:
    """What a reply shows."""
    match reply:
        case Private(message=message) | ReplaceMessage(message=message) | ShowHome(message=message):
            return [message]
        case OpenForm(form=form) | FormErrors(form=form):
            return [form]
        case Nothing():
            return []


def text_of(message: Message) -> str:
    """All words of a message, for looking whether something is said; not for how it looks."""
    return message.summary + "\n" + repr(message.blocks)
