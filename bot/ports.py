"""What the core needs of the outside, as protocols. Adapters, storage and scheduler provide it; `bot/app.py` joins
them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from bot.incoming import Incoming, Origin, Profile
from bot.replies import Reply
from bot.ui import Message, Reader


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Dispatch(Protocol):
    """What an adapter calls with everything that arrives."""

    async def __call__(self, incoming: Incoming) -> Reply:
        """Answers after everything it caused is committed.

        Interactions always get a reply (a kind sentence when something failed). For all other incoming an exception
        passes through, so that the adapter answers an error and the platform sends it again.
        """
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """Where a direct message goes. `address` is what the adapter kept (`Origin.address`), "" if it never saw the
    person.
    """

    tenant: str
    user: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Where a group message goes: `conversation` once it exists, else the `users` with whom it is to be opened."""

    tenant: str
    users: tuple[str, ...]
    conversation: str = ""


Target = Person | Group


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to hand to a platform.

    `key` is unique per delivery; adapters attach it where the platform keeps metadata, so that `find_sent` can ask for
    it. `replaces` is the receipt of the message that this one takes the place of. `thread` is the thread it belongs to.
    `created_at` bounds the search of `find_sent`.
    """

    key: str
    target: Target
    message: Message
    reader: Reader
    created_at: datetime
    replaces: "Receipt | None" = None
    thread: "Thread | None" = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a message went, in the platform's words, kept so that it can be edited later.

    `address` is what to write to this person or group with next time (a Slack DM channel, a Teams conversation
    reference).
    """

    conversation: str
    message: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread that a message belongs to. `key` names it, and never changes; platforms on which people answer by an
    address of ours sign it into that address. `receipt` is the message that begins the thread, None when this is that
    message, or when that one went to another account: then this one stands outside any thread."""

    key: str
    receipt: Receipt | None = None


class Sender(Protocol):
    """A platform's way out. One instance per platform, safe for concurrent use."""

    @property
    def platform(self) -> str:
        """The platform's name as in `Origin.platform`."""
        ...

    @property
    def timeout(self) -> float:
        """Seconds after which a call of `send` has surely ended; a delivery's deadline is built on it."""
        ...

    @property
    def opens_groups(self) -> bool:
        """Whether the bot can open a group conversation with several people here."""
        ...

    async def send(self, parcel: Parcel) -> Receipt:
        """Sends, or replaces the message in `parcel.replaces`. Never retries by itself. Raises SendFailed."""
        ...

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Asks the platform whether a parcel with this key arrived.

        None if it surely did not. Raises CannotAsk where the platform has no answer, SendFailed if asking failed.
        """
        ...


class Fetcher(Protocol):
    """The way to a file or an address that HR has configured. Never to be called inside a transaction."""

    async def fetch(self, source: str) -> bytes:
        """What stands there: behind an https address, or in a file. Raises FetchFailed with `unreachable`, `timeout`,
        `status` (the detail is the number), `too_large` (megabytes), `insecure`, `private`, `redirects` or `no_file`.
        """
        ...


class Directory(Protocol):
    """A platform's knowledge of people."""

    async def get_profile(self, origin: Origin) -> Profile:
        """Who caused `origin`. Raises ProfileUnavailable."""
        ...

    async def list_tenants(self) -> list[str]:
        """The workspaces that the bot is in, as far as the platform tells: those in which nobody was met yet, too.
        Raises ProfileUnavailable."""
        ...

    async def list_people(self, tenant: str) -> list[tuple[Origin, Profile]]:
        """Everybody in the workspace, for the nightly pass. An empty list where the platform can't tell."""
        ...


class Pictures(Protocol):
    """What looks at a picture before it is sent to many; see `bot.pictures`."""

    async def find_problem(self, url: str) -> str:
        """What is wrong with the picture at that address, "" for nothing. Asks the network: never in a
        transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A team or group that the bot is in, in the platform's words. `address` is what the adapter needs to ask there."""

    platform: str
    tenant: str
    conversation: str
    address: str


class Places(Protocol):
    """What keeps the places of platforms that don't tell of them when asked, over restarts."""

    async def add(self, place: Place) -> None:
        """The bot is in there. Told again, the latest address holds."""
        ...

    async def remove(self, place: Place) -> None:
        """The bot is there no more."""
        ...

    async def list(self, platform: str) -> list[Place]:
        """Everything the bot is in on a platform."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`: what was looked at, how it stands, and what to do if it isn't well."""

    level: Literal["ok", "warning", "error"]
    title: str
    advice: str = ""


class Caller(Protocol):
    """Who caused an incoming, as far as the core needs to know. Attributes are read-only here."""

    @property
    def locale(self) -> str:
        """The language to answer in."""
        ...

    @property
    def is_active(self) -> bool:
        """Verified, and neither paused, suspended nor withdrawn."""
        ...

    @property
    def is_employee(self) -> bool:
        """An active present employee."""
        ...

    @property
    def is_hr(self) -> bool:
        """An active member with the HR role."""
        ...

    @property
    def is_ignored(self) -> bool:
        """A bot, a stranger from another organisation, or somebody whose data was erased: never answered."""
        ...


class UnitOfWork(Protocol):
    """An open transaction, as far as the core needs it."""

    def is_new(self, origin: Origin, now: datetime) -> bool:
        """Notes the duplicate key; False when it was there already."""
        ...

    def has_met(self, origin: Origin) -> bool:
        """Whether we have an account of theirs."""
        ...

    def find_caller(self, origin: Origin, profile: Profile | None, now: datetime) -> Caller | None:
        """Who that is; makes an account and an unverified member at the first meeting, and keeps the address. None for
        somebody unknown who writes a mail: nobody is met that way."""
        ...

    def mark_unreachable(self, origin: Origin, reason: str, now: datetime) -> None:
        """Nothing is sent to this account any more, until it is met again."""
        ...

    def post_reply(self, origin: Origin, message: Message, locale: str, now: datetime) -> None:
        """Puts an answer to the person into the outbox."""
        ...


T = TypeVar("T")


class Store(Protocol):
    """The database, as far as the core needs it."""

    async def run(self, work: Callable[[Any], T]) -> T:
        """Runs `work` in one transaction in a thread; returns after the commit."""
        ...

    def knows(self, origin: Origin) -> bool:
        """Whether the account has been met; cheap, may say False of a known one."""
        ...
