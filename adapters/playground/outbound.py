"""What the bot sends into the workspace: messages, and mails to those who have a mailbox there."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol, TypeVar

from adapters.playground.keeper import Keeper
from adapters.playground.limits import LimitError
from adapters.playground.people import Resident
from adapters.playground.render import Json, render_file, render_message
from adapters.playground.store import BOT, Placed, Post, Store, UnknownPlaceError, direct, mailbox, root_of, thread_of
from bot.failures import FailureKind, SendFailed
from bot.ports import Clock, Group, Parcel, Person, Receipt
from bot.ui import File, Message, Reader

T = TypeVar("T")

PLATFORM = "playground"
TENANT = "demo"
TENANTS = {"slack": TENANT, "teams": f"{TENANT}-teams"}
"""People whose panes look like Slack and like Teams are in two workspaces, as in real life: they meet through Musubi.
"""

TIMEOUT = 10.0
"""Seconds: twice what the file waits for a lock."""


class Letter(Protocol):
    """A mail as it reaches the reader."""

    @property
    def subject(self) -> str:
        """One line."""
        ...

    @property
    def text(self) -> str:
        """The plain text part."""
        ...

    @property
    def html(self) -> str:
        """The HTML part, "" if there is none."""
        ...

    @property
    def files(self) -> tuple[File, ...]:
        """What is attached."""
        ...


RenderLetter = Callable[[Message, Reader], Letter]
"""How a message becomes a mail; the mail adapter's own rendering, given by the composition root."""


class PlaygroundSender:
    """The workspace's way in for the bot; see `bot.ports.Sender`."""

    platform = PLATFORM
    timeout = TIMEOUT
    opens_groups = True

    def __init__(self, keeper: Keeper, clock: Clock) -> None:
        self._keeper = keeper
        self._clock = clock

    async def send(self, parcel: Parcel) -> Receipt:
        """Keeps the message; the same key again changes nothing. Raises SendFailed."""
        return await _guarded(lambda: self._send(parcel))

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Where the parcel stands, None if it never arrived. Raises SendFailed."""
        return await _guarded(lambda: _find(self._keeper, parcel))

    async def _send(self, parcel: Parcel) -> Receipt:
        body = render_message(parcel.message, parcel.reader)
        if parcel.replaces is not None:
            return await self._replace(parcel, parcel.replaces, body)
        conversation = await self._place(parcel.target)
        thread = parcel.thread.receipt if parcel.thread else None
        place = thread_of(int(thread.message)) if thread and thread.message.isdigit() else conversation
        begins = parcel.message.summary if parcel.thread and not thread else ""
        post = Post(place, BOT, "card", body, key=parcel.key, begins=begins)
        return _receipt(await self._keeper(Store.post, post, self._clock.now()), parcel.target)

    async def _replace(self, parcel: Parcel, old: Receipt, body: Json) -> Receipt:
        if not old.message.isdigit():
            raise SendFailed(FailureKind.BUG, "the receipt is not of this workspace")
        now = self._clock.now()
        try:
            return _receipt(await self._keeper(Store.replace, int(old.message), body, now, parcel.key), parcel.target)
        except UnknownPlaceError as error:
            raise SendFailed(FailureKind.BUG, f"nothing to replace: {error}") from error

    async def _place(self, target: Person | Group) -> str:
        match target:
            case Person(user=user):
                if not await self._keeper(Store.has_joined, user):
                    raise SendFailed(FailureKind.GONE, "not in the workspace")
                return direct(user)
            case Group(users=users, conversation=conversation):
                return conversation or await self._keeper(Store.open_group, users, self._clock.now())


class Mailbox:
    """The post office of the invented community: a mail to an address at example.* lands in that person's pane."""

    platform = "email"
    timeout = TIMEOUT
    opens_groups = False

    def __init__(self, keeper: Keeper, clock: Clock, people: Iterable[Resident], render: RenderLetter) -> None:
        self._keeper = keeper
        self._clock = clock
        self._addresses = {person.email.casefold(): person for person in people}
        self._render = render

    async def send(self, parcel: Parcel) -> Receipt:
        """Puts the mail into the mailbox; the same key again changes nothing. Raises SendFailed."""
        return await _guarded(lambda: self._send(parcel))

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Whether the mail arrived. Raises SendFailed."""
        return await _guarded(lambda: _find(self._keeper, parcel))

    async def _send(self, parcel: Parcel) -> Receipt:
        person = self._find_person(parcel.target)
        letter = self._render(parcel.message, parcel.reader)
        files = [render_file(file) for file in letter.files]
        body = {"subject": letter.subject, "text": letter.text, "html": letter.html, "to": person.email, "files": files}
        post = Post(mailbox(person.id), BOT, "mail", body, key=parcel.key)
        return _receipt(await self._keeper(Store.post, post, self._clock.now()), parcel.target)

    def _find_person(self, target: Person | Group) -> Resident:
        address = target.user if isinstance(target, Person) else ""
        person = self._addresses.get(address.casefold())
        if person is None:
            raise SendFailed(FailureKind.GONE, "no such mailbox in the workspace")
        return person


def _receipt(placed: Placed, target: Person | Group) -> Receipt:
    """A thread is a conversation of its own on the page only: to the bot it is a part of the direct one."""
    place = placed.conversation
    if root_of(place) and isinstance(target, Person):
        place = direct(target.user)
    return Receipt(place, str(placed.message), place)


async def _find(keeper: Keeper, parcel: Parcel) -> Receipt | None:
    placed = await keeper(Store.find_delivery, parcel.key)
    return _receipt(placed, parcel.target) if placed else None


async def _guarded(work: Callable[[], Awaitable[T]]) -> T:
    try:
        return await work()
    except LimitError as error:
        raise SendFailed(FailureKind.BUG, str(error)) from error
    except UnknownPlaceError as error:
        raise SendFailed(FailureKind.GONE, f"nobody there: {error}") from error
    except sqlite3.Error as error:
        raise SendFailed(FailureKind.RETRY, "the workspace's file can't be used", maybe_sent=True) from error
