"""A workspace in the browser, as a platform like any other. See `PlaygroundAdapter`."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.playground.courier import PAUSES, Courier
from adapters.playground.directory import PlaygroundDirectory
from adapters.playground.keeper import Keeper
from adapters.playground.outbound import Mailbox, PlaygroundSender, RenderLetter
from adapters.playground.people import Resident, load_people
from adapters.playground.reception import Reception
from adapters.playground.seeds import make_seeds
from adapters.playground.store import Settler, Store
from adapters.playground.timetravel import NextDue, Settle, TimeTravel
from adapters.playground.web import FindStandings, ListCommands, Site
from bot.clock import MovableClock
from bot.ports import Dispatch, Finding

FILE = "playground.sqlite3"

CHANNELS = (("channel:news", "news"), ("channel:latest", "latest"))


class PlaygroundAdapter:
    """The browser workspace, for `python -m bot demo` only.

    It keeps what a platform keeps in its own file in `folder` (conversations, messages, who has joined, where the
    clock stands) and moves `clock` to where it stood when it was stopped. `people` are the invented community's by
    default. `commands` lists what the box completes and `find_standings` tells for whom; `next_due` and `settle` belong
    to the clock's buttons, and `render_letter` is the mail adapter's rendering. `zone` is the IANA zone in which the
    page shows the clock.

    Raises sqlite3.Error or FromTheFutureError when the file can't be used.
    """

    def __init__(
        self,
        dispatch: Dispatch,
        clock: MovableClock,
        folder: Path,
        *,
        commands: ListCommands,
        find_standings: FindStandings,
        next_due: NextDue,
        settle: Settle,
        render_letter: RenderLetter,
        people: Sequence[Resident] | None = None,
        zone: str = "Asia/Tokyo",
        pauses: tuple[float, ...] = PAUSES,
    ) -> None:
        store = Store(folder / FILE)
        clock.move(max(store.offset() - clock.offset, timedelta()))
        self.begun_on: date = store.begin(clock.now().astimezone(ZoneInfo(zone)).date())
        """The day on which this workspace was first opened: leavers leave around it."""
        self.people: tuple[Resident, ...] = tuple(people) if people is not None else load_people(self.begun_on)
        by_id = {person.id: person for person in self.people}
        settlers = [Settler(person.id, person.role != "leaver") for person in self.people]
        store.settle(settlers, CHANNELS, make_seeds(self.people, self.begun_on, zone), clock.now())
        self._keeper = keeper = Keeper(store)
        self._courier = Courier(keeper, by_id, dispatch, pauses)
        reception = Reception(
            keeper, by_id, dispatch, self._courier, clock, lambda: {hint.name.split(" ")[0] for hint in commands()}
        )
        time = TimeTravel(keeper, clock, next_due, settle)
        self._site = Site(keeper, self.people, reception, time, clock, commands, find_standings, zone)
        self.sender = PlaygroundSender(keeper, clock)
        self.mailbox = Mailbox(keeper, clock, self.people, render_letter)
        self.directory = PlaygroundDirectory(keeper, by_id)

    def add_routes(self, app: web.Application) -> None:
        """Puts the page at /playground. Open streams end when the application shuts down."""
        self._site.add_routes(app)
        app.on_shutdown.append(self._end_streams)

    async def start(self) -> None:
        """Brings the bot what it has not taken yet, and goes on doing so."""
        self._courier.start()

    async def close(self) -> None:
        """Stops, and closes the file. What was not taken is kept for the next start."""
        await self._courier.close()
        await self._keeper.close()

    async def check(self) -> list[Finding]:
        """What `doctor` says of it."""
        joined = await asyncio.wait_for(self._keeper(Store.list_joined), 10)
        return [Finding("ok", f"playground: {len(joined)} of {len(self.people)} people have joined")]

    async def _end_streams(self, app: web.Application) -> None:
        self._keeper.let_go()
