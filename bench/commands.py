"""What a slash command costs on its whole path, beside the least that Bolt can do with one; and what a hundred more
handlers change.

The whole path: signed request → Slack adapter with Bolt → dispatcher → a handler of the product's features → commit to
a SQLite file (WAL, synchronous=FULL) → the answer's body. Several commands are under way at a time, as under load.
"""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import SlackAdapter
from bench.figures import Aim, Figure, divide, summarise
from bench.requests import PATH, Sender, answer, read
from bench.stopwatch import Lap, Work, race
from bot.actions import Action, action
from bot.app import Lines, build
from bot.clock import SystemClock
from bot.feature import Feature
from bot.incoming import ButtonPressed, Command
from bot.policy import Policy
from bot.replies import Nothing, Reply
from bot.routing import Router
from bot.settings import read_settings
from handlers import FEATURES
from storage.migrate import migrate
from storage.uow import Store
from tests.fake_slack import FakeSlack

NAME = "/alumni"
HELP, HOME = "help", ""
"""The list of what one may do, and the home page with every feature's section. Both are answered in the response
itself: nothing is called over the network. Only the home page is the same with more handlers: help names them.
"""

STORE = web.AppKey("store", Store)
"""The database behind an application that `open_musubi` gives, for what else is done in it meanwhile."""

MORE_HANDLERS = 100
AT_ONCE = 16
_DOMAIN = "bench.example"
_rounds = itertools.count(1)


async def measure_commands(folder: Path, count: int, repeats: int) -> list[Figure]:
    """Both ratios, from one run; `count` commands in each measurement. Databases are made in `folder`."""
    async with FakeSlack(now=SystemClock().now) as slack:
        person = slack.add_person("佐藤 美咲", email=f"misaki@{_DOMAIN}")
        sender = Sender(slack.workspace, slack.workspace.users[person.id], person.direct, slack.signing_secret)
        async with (
            open_musubi(slack, folder / "plain", FEATURES) as plain,
            open_musubi(slack, folder / "more", (*FEATURES, make_feature(MORE_HANDLERS))) as more,
        ):
            works = {
                "bare": repeat_command(make_bare(slack, waits=False), sender, HELP, check_empty),
                "strict": repeat_command(make_bare(slack, waits=True), sender, HELP, check_empty),
                "help": repeat_command(plain, sender, HELP, check_message),
                "home": repeat_command(plain, sender, HOME, check_message),
                "more": repeat_command(more, sender, HOME, check_message),
            }
            return make_figures(await race(works, count, repeats))


def make_figures(laps: dict[str, list[Lap]]) -> list[Figure]:
    """The ratios of processor time, and what they are made of in microseconds."""
    costs = {name: [lap.processor for lap in laps[name]] for name in laps}
    most, more = Aim(6, "less"), divide(costs["more"], costs["home"])
    return [
        summarise("/alumni help, the whole path ÷ bare Bolt", divide(costs["help"], costs["bare"]), "×", most),
        summarise("/alumni (home page), the whole path ÷ bare Bolt", divide(costs["home"], costs["bare"]), "×", most),
        summarise("/alumni help ÷ bare Bolt that waits for its listener", divide(costs["help"], costs["strict"]), "×"),
        summarise("/alumni ÷ bare Bolt that waits for its listener", divide(costs["home"], costs["strict"]), "×"),
        summarise(f"/alumni with {MORE_HANDLERS} more handlers ÷ without", more, "×", Aim(1.1, "less")),
        *(summarise(f"{what}: processor time", [cost * 1e6 for cost in costs[name]], "µs") for name, what in _SHOWN),
    ]


_SHOWN = (
    ("help", "/alumni help"),
    ("home", "/alumni"),
    ("bare", "bare Bolt"),
    ("strict", "bare Bolt that waits for its listener"),
)


def repeat_command(application: web.Application, sender: Sender, text: str, check: Callable[[str], None]) -> Work:
    """Sends the command `AT_ONCE` times at a time, and looks at every answer."""

    async def work_off(requests: Iterator[web.Request]) -> None:
        for request in requests:
            check(read(await answer(application, request)))

    async def prepare(count: int) -> Callable[[], Awaitable[None]]:
        requests = iter([sender.make(NAME, text) for _ in range(count)])

        async def run() -> None:
            await asyncio.gather(*(work_off(requests) for _ in range(AT_ONCE)))

        return run

    return prepare


def check_empty(text: str) -> None:
    """Raises RuntimeError unless nothing was said."""
    if text:
        raise RuntimeError(f"bare Bolt said {text[:80]}")


def check_message(text: str) -> None:
    """Raises RuntimeError unless a message with blocks came: a refusal would be cheaper than what is measured."""
    if not text.startswith('{"response_type": "ephemeral"') or '"blocks"' not in text:
        raise RuntimeError(f"no message: {text[:80]}")


def make_bare(slack: FakeSlack, *, waits: bool) -> web.Application:
    """Bolt as its makers show it: token, signing secret, one listener that only acknowledges. With `waits` it answers
    when the listener has ended, as Musubi must, and not while it runs."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=waits)
    listen = cast(Any, app)

    @listen.command(NAME)
    async def acknowledge(ack: Any) -> None:
        await ack()

    return app.web_app(PATH)


@asynccontextmanager
async def open_musubi(slack: FakeSlack, folder: Path, features: Sequence[Feature]) -> AsyncGenerator[web.Application]:
    """Musubi as `serve` makes it, on a new SQLite file in `folder`; no ticker, which would be measured along."""
    url = f"sqlite:///{folder / 'musubi.sqlite3'}"
    migrate(url)

    def make(lines: Lines) -> SlackAdapter:
        return SlackAdapter(
            token=slack.bot_token,
            signing_secret=slack.signing_secret,
            api_url=slack.api_url,
            dispatch=lines.dispatch,
            clock=lines.clock,
        )

    settings = read_settings(_env_file=None, musubi_database_url=url, musubi_secret="secret of a benchmark")
    policy = Policy(employee_domains=frozenset({_DOMAIN}))
    app = build(settings, [make], features=features, policy=policy)
    application = app.make_web()
    application[STORE] = app.store
    try:
        yield application
    finally:
        for adapter in app.adapters:
            await adapter.close()
        app.store.close()


@dataclass(frozen=True, slots=True)
class _Many:
    """Handlers of one kind each, that nothing in the benchmark calls."""

    router: Router
    prefix: str

    def add_command(self, number: int) -> None:
        name = f"{self.prefix}{number}"

        def handle(command: Command) -> Reply:
            return Nothing()

        self.router.command(name, words=(name, f"{self.prefix}言葉{number}"))(handle)

    def add_button(self, number: int) -> None:
        @action(f"{self.prefix}.press{number}")
        class Press(Action):
            number: int

        def handle(pressed: ButtonPressed) -> Reply:
            return Nothing()

        self.router.button(Press)(handle)


def make_feature(handlers: int) -> Feature:
    """A feature with that many handlers: half commands with two words each, half buttons."""
    many = _Many(Router(), f"bench{next(_rounds)}x")
    for number in range(handlers):
        (many.add_command if number % 2 == 0 else many.add_button)(number)
    return Feature(many.prefix, many.router)
