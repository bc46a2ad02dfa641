"""Small pages on the web, for people without any account here: reached by a signed link, asked and answered without a
script. A feature says what stands on one; `adapters/pages` serves it.

    def show(visit: Visit, db: UnitOfWork, now: datetime) -> Page: ...

    Feature("jobs", router, pages=(WebPage("friend", show),))

The address is `/p/<name>/<token>`. Whoever holds the link may see and press: the token must be signed and end some day.
Looking (GET) must change nothing, because mail programs look at links before people do.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.ui import Block

PATH = "/p/{name}/{token}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `name` comes back when it is pressed."""

    name: str
    label: str
    style: Literal["default", "primary"] = "default"


@dataclass(frozen=True, slots=True)
class PagePart:
    """What a page says in one language, with the choices there are."""

    locale: str
    title: str
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page in every language we have, one below the other: who holds a link has no language yet. `found`: False
    where the link leads nowhere."""

    parts: tuple[PagePart, ...]
    found: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody looks at a page, or, with `choice`, has pressed a button on it."""

    token: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page. `answer` is a plain function whose parameters are provided by type, `Visit` among them; it runs in one
    transaction and gives the `Page` to be shown."""

    name: str
    answer: Callable[..., Page]


VisitPage = Callable[[str, Visit], Awaitable[Page]]
"""What serves pages calls this with a page's name. Raises KeyError for a name that is none."""


def make_link(base: str, name: str, token: str) -> str:
    """The address of a page, below the public address `base`."""
    return f"{base.rstrip('/')}/p/{name}/{token}"
