"""`demo`: Musubi in the browser, with an invented community and a clock that can be moved."""

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from rich.panel import Panel

from adapters.email import render_letter
from adapters.playground import PLATFORM, CommandHint, PlaygroundAdapter, Standing, load_people
from bot.app import AdapterMaker, App, Lines, build
from bot.cli.common import console, stop_for
from bot.cli.community import make_policy, settle_if_new
from bot.cli.mailbox import MailboxAdapter
from bot.cli.serve import run
from bot.clock import MovableClock
from bot.failures import SettingsError
from bot.logs import set_up_logs
from bot.routing import Route, Who
from bot.settings import Settings, demo_settings
from storage.migrate import migrate
from storage.models import Status
from storage.queries import deliveries, due
from storage.queries.members import list_statuses
from storage.uow import UnitOfWork


def demo(folder: Path, *, fresh: bool) -> None:
    """Starts the browser workspace and prints its address. What happens in it is kept in `folder`."""
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        settings = demo_settings(folder)
    except SettingsError as error:
        stop_for(error.problems)
    set_up_logs(settings.musubi_log, "warning")
    migrate(settings.musubi_database_url)
    asyncio.run(_run(settings, folder))


async def _run(settings: Settings, folder: Path) -> None:
    workspace = Workspace(settings, folder)
    await settle_if_new(workspace.app, workspace.playground.people)
    address = f"http://127.0.0.1:{settings.musubi_port}/playground"
    await run(workspace.app, settings.musubi_host, settings.musubi_port, on_ready=lambda: _announce(address))


def _announce(address: str) -> None:
    text = f"Musubi is open at [bold]{address}[/bold]\nCtrl+C ends it; what happened is kept. --fresh begins anew."
    console.print(Panel(text, expand=False))


class Workspace:
    """The app with the browser workspace as its only platform."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.clock = MovableClock()
        self._folder = folder
        self._playground: PlaygroundAdapter | None = None
        makers: list[AdapterMaker] = [self._make_playground, lambda lines: MailboxAdapter(self.playground.mailbox)]
        people = load_people(self.clock.now().date())
        self.app: App = build(settings, makers, clock=self.clock, policy=make_policy(people, settings.policy()))
        self.app.puts_answers_first = False

    @property
    def playground(self) -> PlaygroundAdapter:
        """The workspace in the browser."""
        assert self._playground is not None  # noqa: S101 - made first by build
        return self._playground

    def _make_playground(self, lines: Lines) -> PlaygroundAdapter:
        self._playground = PlaygroundAdapter(
            lines.dispatch,
            self.clock,
            self._folder,
            commands=_list_hints(lines),
            find_standings=self._find_standings,
            next_due=self._find_next_due,
            settle=self._settle,
            render_letter=render_letter,
        )
        return self._playground

    async def _find_standings(self, people: Sequence[str]) -> dict[str, Standing]:
        statuses = await self.app.store.run(lambda db: list_statuses(db, PLATFORM, people))
        return {person: _STANDINGS.get(status, "away") for person, status in statuses.items()}

    async def _settle(self) -> None:
        """The rounds as well, which elsewhere are left to the ticks: else the next thing due would be them for ever."""
        ticker = self.app.ticker
        await ticker.settle()
        if await ticker.rounds.start_due():
            await ticker.rounds.finish()
            await ticker.settle()

    async def _find_next_due(self) -> datetime | None:
        return await self.app.store.run(_find_next_due)


def _find_next_due(db: UnitOfWork) -> datetime | None:
    moments = [at for at in (due.find_next_due_at(db), deliveries.find_next_due(db)) if at is not None]
    return min(moments, default=None)


def _list_hints(lines: Lines) -> Callable[[], list[CommandHint]]:
    """What the box completes: every command with its words."""

    def hints() -> list[CommandHint]:
        routes = lines.table.list_commands()
        return [CommandHint(str(route.key[1]), route.words, route.about(), _find_use(route)) for route in routes]

    return hints


def _find_use(route: Route) -> Literal["anybody", "newcomer", "member", "hr"]:
    """To whom a command is of use; registering is to nobody who has done it."""
    if route.key[1] == _REGISTER:
        return "newcomer"
    if route.who is Who.HR:
        return "hr"
    return "anybody" if route.who is Who.ANYONE else "member"


_REGISTER = "alumni register"
_STANDINGS: Mapping[Status, Standing] = {Status.UNVERIFIED: "newcomer", Status.ACTIVE: "member"}
