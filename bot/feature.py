"""What a feature is: a name, its routes, and what the scheduler calls for it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar, cast

from bot.digest import Asked, DigestIssue, DigestOffer, DigestSource, DigestSources
from bot.glance import Glance, Question
from bot.pages import Page, Visit, WebPage
from bot.policy import Policy
from bot.recurrence import Rule
from bot.routing import Provider, Request, Router, RoutingError, plan
from bot.ui import Block

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due: `subject_id` and `step` are what it was made with; `at` when it was to fire."""

    kind: str
    subject_id: int
    step: int
    at: datetime


Job = Callable[..., None]
"""A plain function whose parameters are provided by type: the unit of work, `Due` or the slot's moment, now, the
policy.
"""


@dataclass(frozen=True, slots=True)
class Recurring:
    """A job that runs by the clock. `name` is its slot's name and must never change; `rule` may depend on the
    policy."""

    name: str
    rule: Rule | Callable[[Policy], Rule]
    job: Job


class Step(Protocol):
    """Runs a plain function in a transaction of its own, and returns what it returns. The function's first parameters
    get `arguments`, the others are provided by type, as a job's."""

    async def __call__(self, step: Callable[..., T], *arguments: Any) -> T:
        """See the class."""
        ...


@dataclass(frozen=True, slots=True)
class Errand:
    """Work with several transactions and something long between them, which must hold neither a transaction nor the
    event loop: a calculation in another process, say. `work` is called at every tick unless it is under way, looks in
    the database whether there is anything to do, and returns whether there was. It may be broken off anywhere, and
    several replicas may try at once: each step must be such that it counts once.
    """

    name: str
    work: Callable[[Step], Awaitable[bool]]


MEMBER_CHANGED = "member.changed"
"""The kind of the reminders behind `Feature.on_member_changed`."""


HomeSection = Callable[..., tuple[Block, ...]]
"""What a feature shows on an active member's home page: what is open for this member, and the way in. A plain function
whose parameters are provided by type, as a handler's, and `bot.glance.Glance` too. Nothing to show: an empty tuple.
"""


def _no_reminders() -> Mapping[str, Job]:
    return {}


@dataclass(frozen=True, slots=True)
class Feature:
    """One part of the product. `reminders` maps a kind, such as `consultation.wake`, to the job that it calls.

    `on_member_changed` is called when something about a member has changed that others may have to hear of: paused,
    left, came back, suspended, a block (see `storage.queries.changes`). `Due.subject_id` is the member. It looks at how
    things stand, not at what happened.
    """

    name: str
    router: Router = field(default_factory=Router)
    reminders: Mapping[str, Job] = field(default_factory=_no_reminders)
    recurring: tuple[Recurring, ...] = ()
    on_member_changed: Job | None = None
    home: HomeSection | None = None
    glance: tuple[Question, ...] = ()
    """What `home` asks of its `Glance`; see `bot.glance`."""
    errands: tuple[Errand, ...] = ()
    digest: DigestSource | None = None
    """What it offers to digests; see `bot.digest`."""
    pages: tuple[WebPage, ...] = ()
    """Small pages for people without an account; see `bot.pages`."""


@dataclass(frozen=True, slots=True)
class HomeSections:
    """What the features show on the home page of whoever caused this request; a handler asks for it by type."""

    list_blocks: Callable[[], tuple[Block, ...]]
    """The blocks of all sections, in the order of the features. Nothing is read before it is called."""


@dataclass(frozen=True, slots=True)
class _Glanced:
    """For which request the sections are asked, and what there is to read."""

    context: Request
    glance: Glance


def provide_home(
    features: Iterable[Feature], providers: Mapping[type, Provider], look: Callable[[Request], Glance]
) -> Callable[[Request], HomeSections]:
    """Who provides `HomeSections`. `look` answers all features' questions for whoever caused the request. Raises
    RoutingError when a section has a parameter that nobody provides."""
    inner = {kind: _from_context(provider) for kind, provider in providers.items()}
    inner[Glance] = lambda glanced: cast(Any, glanced).glance
    sections = [(feature.home, plan(feature.home, inner)) for feature in features if feature.home is not None]

    def list_blocks(request: Request) -> tuple[Block, ...]:
        glanced: Any = _Glanced(request, look(request))
        shown = (
            section(**{name: provide(glanced) for name, provide in parameters}) for section, parameters in sections
        )
        return tuple(block for blocks in shown for block in blocks)

    return lambda request: HomeSections(lambda: list_blocks(request))


def provide_digests(features: Iterable[Feature], providers: Mapping[type, Provider]) -> Callable[[Any], DigestSources]:
    """Who provides `DigestSources` to jobs. Raises RoutingError when a source has a parameter that nobody provides."""
    inner = {kind: _from_context(provider) for kind, provider in providers.items()}
    inner[DigestIssue] = _take_issue
    sources = [(feature.digest, plan(feature.digest, inner)) for feature in features if feature.digest is not None]

    def provide(context: Any) -> DigestSources:
        return DigestSources(tuple(partial(_call_source, *source, context) for source in sources))

    return provide


def _call_source(
    source: DigestSource, parameters: tuple[tuple[str, Provider], ...], context: Any, issue: DigestIssue
) -> DigestOffer:
    asked: Any = Asked(context, issue)
    return source(**{name: provider(asked) for name, provider in parameters})


def _take_issue(asked: Any) -> DigestIssue:
    return asked.issue


def _from_context(provider: Provider) -> Provider:
    return lambda asked: provider(cast(Any, asked).context)


@dataclass(frozen=True, slots=True)
class Visiting:
    """In which transaction, when, and by which link a page is looked at."""

    db: Any
    now: datetime
    visit: Visit


PageCall = Callable[[Visiting], Page]


def collect_pages(features: Iterable[Feature], providers: Mapping[type, Provider]) -> dict[str, PageCall]:
    """The pages of all features by name. Raises RoutingError when two have one name, or one asks for what nobody
    provides."""
    calls: dict[str, PageCall] = {}
    for page in (page for feature in features for page in feature.pages):
        if page.name in calls:
            raise RoutingError(f"two pages are called {page.name}")
        calls[page.name] = _prepare_page(page, providers)
    return calls


def _prepare_page(page: WebPage, providers: Mapping[type, Provider]) -> PageCall:
    own: dict[type, Provider] = {
        Visit: lambda visiting: cast(Any, visiting).visit,
        datetime: lambda visiting: cast(Any, visiting).now,
    }
    parameters = plan(page.answer, {**providers, **own})
    return lambda visiting: page.answer(**{name: provide(cast(Any, visiting)) for name, provide in parameters})
