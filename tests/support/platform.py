"""A chat platform in memory."""

import itertools
from dataclasses import dataclass

from bot.failures import SendFailed
from bot.incoming import Origin, Profile
from bot.ports import Directory, Finding, Group, Parcel, Person, Receipt, Sender
from bot.ui import Message


@dataclass(slots=True)
class Shown:
    """A message on somebody's screen."""

    id: str
    message: Message
    conversation: str
    key: str = ""


class Platform:
    """A chat platform in memory: keeps what was sent, to whom, and can be told to fail."""

    timeout = 30.0

    def __init__(self, name: str = "chat", *, opens_groups: bool = True) -> None:
        self.name = name
        self.opens_groups = opens_groups
        self.direct: dict[str, list[Shown]] = {}
        self.groups: dict[str, list[Shown]] = {}
        self.members: dict[str, tuple[str, ...]] = {}
        self.profiles: dict[str, Profile] = {}
        self.tenants: list[str] = []
        self.failures: list[SendFailed] = []
        self.sent: list[Parcel] = []
        self._ids = itertools.count(1)

    @property
    def platform(self) -> str:
        """See `bot.ports.Sender`."""
        return self.name

    @property
    def sender(self) -> Sender:
        """See `bot.app.Adapter`."""
        return self

    @property
    def directory(self) -> Directory | None:
        """See `bot.app.Adapter`. A mail server knows nobody."""
        return None if self.name == "email" else self

    def add_routes(self, app: object) -> None:
        """Nothing is served."""

    async def start(self) -> None:
        """Nothing is opened."""

    async def close(self) -> None:
        """Nothing is closed."""

    async def check(self) -> list[Finding]:
        """All is well."""
        return []

    async def send(self, parcel: Parcel) -> Receipt:
        """Keeps the message, or fails as told."""
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(parcel)
        if parcel.replaces is not None:
            return self._replace(parcel, parcel.replaces)
        shown = Shown(f"m{next(self._ids)}", parcel.message, "", parcel.key)
        match parcel.target:
            case Person(user=user):
                shown.conversation = f"dm-{user}"
                self.direct.setdefault(user, []).append(shown)
            case Group(users=users, conversation=conversation):
                shown.conversation = conversation or f"group-{'-'.join(users)}"
                self.members[shown.conversation] = users
                self.groups.setdefault(shown.conversation, []).append(shown)
        return Receipt(shown.conversation, shown.id, shown.conversation)

    def _replace(self, parcel: Parcel, receipt: Receipt) -> Receipt:
        for shown in itertools.chain(*self.direct.values(), *self.groups.values()):
            if shown.id == receipt.message:
                shown.message = parcel.message
        return receipt

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Truly tells whether the parcel arrived."""
        for shown in itertools.chain(*self.direct.values(), *self.groups.values()):
            if shown.key == parcel.key:
                return Receipt(shown.conversation, shown.id)
        return None

    async def get_profile(self, origin: Origin) -> Profile:
        """The profile the test gave."""
        return self.profiles[origin.user]

    async def list_tenants(self) -> list[str]:
        """What the test gave."""
        return self.tenants

    async def list_people(self, tenant: str) -> list[tuple[Origin, Profile]]:
        """Everybody."""
        return [(Origin(self.name, tenant, user), profile) for user, profile in self.profiles.items()]
