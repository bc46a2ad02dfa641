"""Who and what exists in the fake Teams: people, conversations, and every message that the bot could leave there."""

import asyncio
import copy
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from . import cardtree
from .keys import Json, get_objects

Kind = Literal["personal", "groupChat", "channel"]
Role = Literal["user", "guest", "anonymous"]


def make_guid(seed: str) -> str:
    """A stable GUID for a name, so that failures read the same in every run."""
    raw = hashlib.sha256(seed.encode()).hexdigest()
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:32]}"


@dataclass
class Account:
    """A person as Microsoft Entra knows them."""

    name: str
    aad_id: str
    mri: str
    """The bot's own id for the person: `29:` and a long tail, another one for every bot."""
    upn: str
    email: str
    tenant: str
    locale: str = "ja-JP"
    zone: str = "Asia/Tokyo"
    role: Role = "user"
    mobile: bool = False
    """Phones send empty fields as "", the desktop leaves them out."""

    def member(self) -> Json:
        """The person as the roster API tells them."""
        given, _, surname = self.name.partition(" ")
        return {
            "id": self.mri,
            "name": self.name,
            "objectId": self.aad_id,
            "aadObjectId": self.aad_id,
            "givenName": given,
            "surname": surname,
            "email": self.email,
            "userPrincipalName": self.upn,
            "tenantId": self.tenant,
            "userRole": self.role,
        }


@dataclass
class Place:
    """A conversation. `channel` names the channel's thread id, `team` the team's, for kind `channel`."""

    id: str
    kind: Kind
    members: list[Account]
    name: str = ""
    team: str = ""
    installed: bool = False
    blocked: bool = False
    missing: bool = False
    """Gone on the service's side: every call answers 404."""

    @property
    def reachable(self) -> bool:
        """Whether the bot may write here."""
        return self.installed and not self.blocked and not self.missing


@dataclass
class Sent:
    """A message the bot left somewhere. `versions` are its former bodies, `views` what a pressed button made of it."""

    id: str
    place: Place
    activity: Json
    number: int
    versions: list[Json] = field(default_factory=list[Json])
    views: dict[str, Json] = field(default_factory=dict[str, Json])
    toggled: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    deleted: bool = False

    def card_for(self, person: Account) -> Json | None:
        """The card as that person sees it now, or None for a message without one."""
        return self.views.get(person.aad_id) or self.card

    @property
    def card(self) -> Json | None:
        """The card everybody sees, or None."""
        for attachment in get_objects(self.activity, "attachments"):
            if attachment["contentType"] == cardtree.CARD:
                return attachment["content"]
        return None

    @property
    def text(self) -> str:
        """All words of the message, its summary left out."""
        parts = [self.activity.get("text") or "", cardtree.read_text(self.card) if self.card else ""]
        return "\n".join(part for part in parts if part)

    @property
    def summary(self) -> str:
        """What the notification says."""
        return self.activity.get("summary") or self.activity.get("text") or ""

    def actions_for(self, person: Account) -> list[Json]:
        """The buttons that person sees now."""
        card = self.card_for(person)
        return cardtree.list_actions(card, self.toggled[person.aad_id]) if card else []

    def buttons_for(self, person: Account) -> list[str]:
        """The labels of the buttons that person sees now."""
        return [action.get("title", "") for action in self.actions_for(person)]


@dataclass
class Written:
    """A message that a person wrote to the bot: its activity as it was sent, and where."""

    id: str
    place: Place
    author: Account
    activity: Json
    deleted: bool = False


@dataclass
class World:
    """Everything the fake service knows."""

    tenant: str
    bot_id: str
    bot_name: str = "Musubi"
    people: dict[str, Account] = field(default_factory=dict[str, Account])
    places: dict[str, Place] = field(default_factory=dict[str, Place])
    sent: list[Sent] = field(default_factory=list[Sent])
    written: list[Written] = field(default_factory=list[Written])
    typing: list[str] = field(default_factory=list[str])
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _ids: Iterator[int] = field(default_factory=lambda: iter(range(1_700_000_000_000, 1_800_000_000_000)))

    def next_id(self) -> str:
        """A message id: milliseconds since 1970, as Teams has them, each one new."""
        return str(next(self._ids))

    def find_person(self, some_id: str) -> Account | None:
        """The person with that Entra object id, `29:` id or user principal name."""
        for person in self.people.values():
            if some_id in (person.aad_id, person.mri, person.upn):
                return person
        return None

    def personal(self, person: Account) -> Place:
        """The 1:1 chat of the bot and a person; it keeps its id over installations."""
        place_id = "a:1" + hashlib.sha256(f"{self.bot_id}/{person.aad_id}".encode()).hexdigest()[:60]
        return self.places.setdefault(place_id, Place(place_id, "personal", [person]))

    def find_place(self, place_id: str) -> Place | None:
        """A conversation by id; of a channel's thread (`;messageid=`) the channel."""
        return self.places.get(place_id.partition(";messageid=")[0])

    def find_sent(self, message_id: str) -> Sent | None:
        """A message by id."""
        return next((sent for sent in self.sent if sent.id == message_id), None)

    def list_sent(self, place: Place) -> list[Sent]:
        """What stands in a conversation now, in order; deleted messages are not there."""
        return [sent for sent in self.sent if sent.place is place and not sent.deleted]

    async def add(self, place: Place, activity: Json, message_id: str = "") -> Sent:
        """Leaves a message in a conversation."""
        sent = Sent(message_id or self.next_id(), place, copy.deepcopy(activity), len(self.sent))
        self.sent.append(sent)
        await self.tell()
        return sent

    async def replace(self, sent: Sent, activity: Json) -> None:
        """Puts another body in a message's place; what a person's own press showed is gone with it."""
        sent.versions.append(sent.activity)
        sent.activity = copy.deepcopy(activity)
        sent.views.clear()
        sent.toggled.clear()
        await self.tell()

    async def tell(self) -> None:
        """Wakes whoever waits for something to change."""
        async with self.changed:
            self.changed.notify_all()

    async def wait_until(self, found: Callable[[], object], within: float | None, what: str) -> None:
        """Waits until `found()` is true. Raises AssertionError after `within` seconds, if given."""
        try:
            async with asyncio.timeout(within), self.changed:
                await self.changed.wait_for(found)
        except TimeoutError:
            raise AssertionError(f"{what}: not within {within} s") from None
