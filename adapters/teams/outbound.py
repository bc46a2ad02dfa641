"""Sending to Teams: the `Sender` port, and what the adapter itself says in the same breath as a question."""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TypeVar

from adapters.teams.addresses import DEFAULT_SERVICE_URL, Address, parse_address
from adapters.teams.connector import ConnectorClient, Json
from adapters.teams.failures import ConnectorError
from adapters.teams.markup import RenderError
from adapters.teams.render import render_message
from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.ports import Group, Parcel, Person, Receipt, Target
from bot.ui import Message, Reader

T = TypeVar("T")

WINDOWS = ((7, 1.0), (8, 2.0), (60, 30.0))
"""At most so many sends in so many seconds to one conversation (Microsoft's "Optimize your bot with rate limiting")."""


@dataclass(slots=True)
class Pace:
    """How much was sent to each conversation lately, to tell whose limit a 429 is about: Teams does not say."""

    monotonic: Callable[[], float]
    _sent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def note(self, conversation: str) -> None:
        """One more was sent."""
        now = self.monotonic()
        self._sent[conversation].append(now)
        if len(self._sent) > 10_000:
            self._forget(now)

    def is_full(self, conversation: str) -> bool:
        """Whether the conversation's own limit is reached, so that the 429 concerns nobody else."""
        now, sent = self.monotonic(), self._sent[conversation]
        while sent and sent[0] <= now - WINDOWS[-1][1]:
            sent.popleft()
        return any(sum(at > now - length for at in sent) >= most for most, length in WINDOWS)

    def _forget(self, now: float) -> None:
        old = [name for name, sent in self._sent.items() if not sent or sent[-1] <= now - WINDOWS[-1][1]]
        for name in old:
            del self._sent[name]


@dataclass(slots=True)
class Services:
    """The service URL of each tenant, as last told by an activity; before the first one, the global address."""

    default: str = DEFAULT_SERVICE_URL
    _known: dict[str, str] = field(default_factory=dict[str, str])

    def note(self, tenant: str, service_url: str) -> None:
        """An activity told where its service is."""
        self._known[tenant] = service_url

    def find(self, tenant: str) -> str:
        """Where to write to a tenant's people."""
        return self._known.get(tenant, self.default)


class TeamsSender:
    """See `bot.ports.Sender`."""

    def __init__(self, client: ConnectorClient, services: Services, *, limit: float = 30.0) -> None:
        self._client, self._services, self._seconds = client, services, limit
        self._pace = Pace(time.monotonic)

    @property
    def platform(self) -> str:
        """`teams`."""
        return "teams"

    @property
    def timeout(self) -> float:
        """Seconds after which a send has surely ended."""
        return self._seconds + 1

    @property
    def opens_groups(self) -> bool:
        """False: a bot can't open a group chat on Teams (Microsoft's "Proactive messages")."""
        return False

    async def send(self, parcel: Parcel) -> Receipt:
        """Sends or replaces; see `bot.ports.Sender.send`."""
        try:
            activity = render_message(parcel.message, parcel.reader)
        except RenderError as error:
            raise SendFailed(FailureKind.BUG, f"rendering: {error}") from error
        if parcel.replaces is not None:
            return await self._limit(self._replace_or_send(parcel.target, parcel.replaces, activity))
        return await self._limit(self._send(parcel.target, activity))

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Raises CannotAsk: a bot can't read its chats on Teams."""
        raise CannotAsk(parcel.key)

    async def say(self, person: Person, message: Message, reader: Reader) -> Receipt:
        """Sends a person something outside the outbox: answers that only count now. Raises SendFailed, RenderError."""
        return await self._limit(self._send_to_person(person, render_message(message, reader)))

    async def replace(self, address: Address, message_id: str, message: Message, reader: Reader) -> None:
        """Puts a message in another's place. Raises SendFailed, RenderError."""
        await self._limit(self._update(address, message_id, render_message(message, reader)))

    async def _limit(self, work: Coroutine[object, object, T]) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                return await work
        except TimeoutError as error:
            raise SendFailed(FailureKind.RETRY, "no answer in time", maybe_sent=True) from error

    async def _send(self, target: Target, activity: Json) -> Receipt:
        match target:
            case Person():
                return await self._send_to_person(target, activity)
            case Group(conversation=""):
                raise SendFailed(FailureKind.BUG, "a bot can't open a group on Teams")
            case Group(tenant=tenant, conversation=conversation):
                known = parse_address(conversation) or Address(self._services.find(tenant), conversation)
                return await self._post(known, activity)

    async def _send_to_person(self, person: Person, activity: Json) -> Receipt:
        """Into the known chat; into the one that the service names where none is known, or the known one is gone."""
        known = parse_address(person.address)
        if known is not None and known.conversation:
            try:
                return await self._post(known, activity)
            except ConnectorError as error:
                if not error.not_found:
                    raise
        service_url = known.service_url if known is not None else self._services.find(person.tenant)
        chat = await self._client.create_chat(service_url, person.tenant, person.user)
        return await self._post(chat, activity)

    async def _post(self, address: Address, activity: Json) -> Receipt:
        try:
            message_id = await self._client.send(address, activity)
        except ConnectorError as error:
            error.channel_only = error.kind is FailureKind.THROTTLED and self._pace.is_full(address.conversation)
            raise
        self._pace.note(address.conversation)
        return Receipt(address.conversation, message_id, address.encode())

    async def _replace_or_send(self, target: Target, replaced: Receipt, activity: Json) -> Receipt:
        """A message that somebody deleted can't be replaced; what it was to say is sent anew."""
        known = parse_address(replaced.address)
        if known is None and isinstance(target, Person):
            known = parse_address(target.address)
        service_url = known.service_url if known is not None else self._services.find(target.tenant)
        address = Address(service_url, replaced.conversation)
        try:
            await self._update(address, replaced.message, activity)
        except ConnectorError as error:
            if not error.not_found:
                raise
            return await self._send(target, activity)
        return Receipt(replaced.conversation, replaced.message, address.encode())

    async def _update(self, address: Address, message_id: str, activity: Json) -> None:
        await self._client.update(address, message_id, activity)
        self._pace.note(address.conversation)
