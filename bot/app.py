"""The composition root: the only module that sees everything. `build` makes an `App` of settings."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.feeds import SourceFetcher
from adapters.pages import PageEndpoint
from bot.clock import SystemClock
from bot.digest import DigestSources
from bot.dispatcher import Dispatcher
from bot.downloads import Downloads
from bot.feature import Feature, HomeSections, Visiting, collect_pages, provide_digests, provide_home
from bot.files import FileLinks
from bot.glance import Glance
from bot.i18n import Words, choose_words
from bot.incoming import (
    ButtonPressed,
    Command,
    FormSubmitted,
    FormValues,
    HomeOpened,
    MemberJoined,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
)
from bot.installation import Installation
from bot.pages import Page, Visit
from bot.pictures import PictureCheck
from bot.policy import Policy
from bot.ports import Clock, Directory, Fetcher, Finding, Pictures, Places, Sender
from bot.routing import Request, RouteTable
from bot.settings import Settings, find_mail_address
from handlers import FEATURES
from handlers.answers import Answers
from scheduler.delivery import DeliveryWorker
from scheduler.errands import ErrandRunner
from scheduler.jobs import OWN, JobProviders, collect_reminders
from scheduler.newcomers import Newcomers
from scheduler.pace import LaneLimits
from scheduler.parcels import Surroundings
from scheduler.reminders import ReminderRunner
from scheduler.rounds import RoundRunner
from scheduler.slots import SlotRunner, collect_slots
from scheduler.ticker import Ticker
from storage.gate import Gate, GateKeeper
from storage.glance import Glances
from storage.models import Account, Member
from storage.places import KeptPlaces
from storage.queries.callers import Caller
from storage.queries.deliveries import find_body
from storage.uow import Store, UnitOfWork

LIMITS = {
    "slack": LaneLimits(rate=5, ceiling=20, at_once=40, burst=5, window=60, ahead=0.5),
    "teams": LaneLimits(rate=25, ceiling=48.5, at_once=90, burst=2, window=1, ahead=0.03),
    "email": LaneLimits(rate=5, ceiling=20, at_once=5),
    "playground": LaneLimits(rate=2000, ceiling=2000, at_once=200),
}
"""How each platform is paced at first and at most; the sources are in docs/operating.md. Slack can be asked for what
was claimed when the process died, so much is claimed at once; Teams can't."""


class Adapter(Protocol):
    """A platform's adapter, as the composition root needs it."""

    @property
    def sender(self) -> Sender:
        """The way out."""
        ...

    @property
    def directory(self) -> Directory | None:
        """The platform's knowledge of people, if it has any."""
        ...

    def add_routes(self, app: web.Application) -> None:
        """Adds the platform's HTTP endpoints, if it has any."""
        ...

    async def start(self) -> None:
        """Opens connections."""
        ...

    async def close(self) -> None:
        """Closes them."""
        ...

    async def check(self) -> list[Finding]:
        """How the platform's side stands, for `doctor`: tokens, scopes, reachability. May be called without `start`."""
        ...


@dataclass(slots=True)
class App:
    """A running Musubi: start it, serve its web application, close it."""

    store: Store
    clock: Clock
    policy: Policy
    table: RouteTable
    dispatch: Dispatcher
    worker: DeliveryWorker
    reminders: ReminderRunner
    slots: SlotRunner
    ticker: Ticker
    adapters: Sequence[Adapter]
    downloads: Downloads
    pages: PageEndpoint
    senders: dict[str, Sender] = field(default_factory=dict[str, Sender])
    directories: dict[str, Directory] = field(default_factory=dict[str, Directory])
    puts_answers_first: bool = True
    """Whether work in bulk gives way to every request. Not where a request waits for work in bulk itself, as the one
    does that moves the demo's clock."""

    def make_web(self) -> web.Application:
        """The web application with every platform's endpoints and `/healthz`."""
        application = web.Application(
            client_max_size=1024**2, middlewares=[self._put_first] if self.puts_answers_first else ()
        )
        application.router.add_get("/healthz", self._answer_health)
        self.downloads.add_routes(application)
        self.pages.add_routes(application)
        for adapter in self.adapters:
            adapter.add_routes(application)
        return application

    @web.middleware
    async def _put_first(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """While a platform waits for an answer, work in bulk gives way. What is only looked at may stay open for
        hours (a stream of events)."""
        if request.method != "POST":
            return await handler(request)
        with self.store.awaited():
            return await handler(request)

    async def _answer_health(self, request: web.Request) -> web.Response:
        await self.store.run(lambda db: None)
        return web.json_response({"status": "ok"})

    async def start(self) -> None:
        """Connects the platforms, then begins to tick."""
        for adapter in self.adapters:
            await adapter.start()
        self.store.on_wake = self.ticker.wake
        await self.ticker.start()
        self.ticker.wake()

    async def close(self) -> None:
        """Stops in the order in which nothing is lost: no more ticks, then the sends under way, then the platforms."""
        await self.ticker.close()
        await asyncio.gather(*(adapter.close() for adapter in self.adapters))
        self.store.close()


AdapterMaker = Callable[["Lines"], Adapter]


@dataclass(frozen=True, slots=True)
class Lines:
    """What an adapter is given: whom to call with what arrives, the time, and what keeps where the bot is."""

    dispatch: Dispatcher
    clock: Clock
    table: RouteTable
    places: Places


def build(
    settings: Settings,
    makers: Sequence[AdapterMaker] = (),
    *,
    clock: Clock | None = None,
    features: Sequence[Feature] = FEATURES,
    policy: Policy | None = None,
    limits: Mapping[str, LaneLimits] = LIMITS,
    fetcher: Fetcher | None = None,
    pictures: Pictures | None = None,
) -> App:
    """Joins everything. Raises RoutingError when the features don't fit together."""
    clock, policy = clock or SystemClock(), policy or settings.policy()
    looks = pictures or PictureCheck()
    choose_words(Words(policy.word_alumni, policy.word_hr))
    store = Store(settings.musubi_database_url)
    senders: dict[str, Sender] = {}
    directories: dict[str, Directory] = {}
    installation = _Later(settings, senders)
    providers = list_providers(policy, installation)
    providers[HomeSections] = provide_home(features, providers, make_look(features))
    table = RouteTable((feature.router for feature in features), providers)
    dispatch = Dispatcher(table, Gate(store, policy), clock, Answers(), directories, policy.language)
    jobs: JobProviders = list_job_providers(policy, installation, features, fetcher or SourceFetcher())
    jobs = {**jobs, Pictures: lambda context: looks}
    links = FileLinks(settings.musubi_secret.get_secret_value().encode(), settings.musubi_public_url)
    worker = DeliveryWorker(store, senders, clock, limits, Surroundings(policy.zone, links.make))
    reminders = ReminderRunner(store, clock, collect_reminders(features, jobs))
    slots = SlotRunner(store, clock, collect_slots(features, jobs, policy), policy.zone)
    adapters = [make(Lines(dispatch, clock, table, KeptPlaces(store))) for make in makers]
    for adapter in adapters:
        senders[adapter.sender.platform] = adapter.sender
        if adapter.directory is not None:
            directories[adapter.sender.platform] = adapter.directory
    rounds = RoundRunner(store, clock, [Newcomers(store, directories, dispatch, clock).as_round()], policy.zone)
    ticker = Ticker(worker, reminders, slots, rounds, ErrandRunner(store, clock, features, jobs))
    downloads = Downloads(links, clock, lambda key: store.run(lambda db: find_body(db, key)))
    pages = make_pages(store, clock, features, {Policy: jobs[Policy], Installation: jobs[Installation]})
    runners = (worker, reminders, slots, ticker)
    return App(store, clock, policy, table, dispatch, *runners, adapters, downloads, pages, senders, directories)


def make_pages(
    store: Store, clock: Clock, features: Sequence[Feature], providers: Mapping[type, Callable[[Any], Any]]
) -> PageEndpoint:
    """What serves the features' pages: each visit is one transaction."""
    calls = collect_pages(features, {**providers, UnitOfWork: lambda visiting: cast(Any, visiting).db})

    async def visit(name: str, visit: Visit) -> Page:
        call = calls[name]
        return await store.run(lambda db: call(Visiting(db, clock.now(), visit)))

    return PageEndpoint(visit, clock)


def make_look(features: Sequence[Feature]) -> Callable[[Request], Glance]:
    """Answers the features' questions about whoever caused a request, all in one statement."""
    glances = Glances(question for feature in features for question in feature.glance)

    def look(request: Request) -> Glance:
        me = cast(Caller, request.caller).member
        return glances.look(cast(GateKeeper, request.uow).uow, me.id or 0, request.now)

    return look


class _Later:
    """What the installation can do is known once the adapters are made, which need the dispatcher first."""

    def __init__(self, settings: Settings, senders: Mapping[str, Sender]) -> None:
        self._secret = settings.musubi_secret.get_secret_value().encode()
        self._mail_address = find_mail_address(settings)
        self._public_url = settings.musubi_public_url.rstrip("/")
        self._senders = senders

    def __call__(self) -> Installation:
        groups = frozenset(name for name, sender in self._senders.items() if sender.opens_groups)
        return Installation(self._secret, "email" in self._senders, groups, self._mail_address, self._public_url)


def list_job_providers(
    policy: Policy, installation: Callable[[], Installation], features: Sequence[Feature], fetcher: Fetcher
) -> JobProviders:
    """What jobs and errands may ask for by type, besides what the scheduler itself provides."""
    jobs: JobProviders = {
        Policy: lambda context: policy,
        Installation: lambda context: installation(),
        Fetcher: lambda context: fetcher,
    }
    return {**jobs, DigestSources: provide_digests(features, {**jobs, **OWN})}


def list_providers(policy: Policy, installation: Callable[[], Installation]) -> dict[type, Callable[[Request], Any]]:
    """What handlers may ask for by type."""

    def incoming(request: Request) -> Any:
        return request.incoming

    kinds = (Command, ButtonPressed, FormSubmitted, MemberJoined, HomeOpened)
    messages = (MessageReceived, MessageEdited, MessageDeleted)
    return {
        **dict.fromkeys((*kinds, *messages), incoming),
        UnitOfWork: lambda request: cast(GateKeeper, request.uow).uow,
        Member: lambda request: cast(Caller, request.caller).member,
        Account: lambda request: cast(Caller, request.caller).account,
        Origin: lambda request: request.incoming.origin,
        FormValues: lambda request: request.values,
        datetime: lambda request: request.now,
        Policy: lambda request: policy,
        Installation: lambda request: installation(),
    }
