"""An invented community on the fakes of Slack and Teams, and in a database, with a message for everybody."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import func, select

from adapters.teams.addresses import Address as TeamsAddress
from bench.announcing import hand_in
from bot.policy import Policy
from storage.models import Account, Consent, Delivery, Member, Purpose, Status
from storage.statements import insert_ignore
from storage.uow import Store, UnitOfWork
from tests.fake_slack import Channel, FakeSlack
from tests.fake_teams import FakeTeams
from tests.fake_teams.limits import Limits, Operation

LANGUAGES = ("ja", "en", "ja")
WORDS = {
    "ja": ("サンプル精機からのお知らせ", "来月、卒業生の集いをひらきます。ひさしぶりに顔を見せてください。"),
    "en": ("News from Sample Seiki", "We are holding a reunion next month. Come and see old faces."),
}


@dataclass
class Noting(Limits):
    """The real limits of Teams, and when the last request was let through."""

    last: float = 0.0
    taken: int = 0
    refused: int = 0

    def take(self, operation: Operation, conversation: str, now: float) -> float:
        """See `Limits.take`."""
        wait = super().take(operation, conversation, now)
        if wait:
            self.refused += 1
        else:
            self.taken, self.last = self.taken + 1, now
        return wait


@dataclass
class Crowd:
    """So many people on each platform; the first ones are on Slack."""

    slack: FakeSlack
    teams: FakeTeams
    on_slack: int
    on_teams: int
    first: int = 1
    """The id of the first one, as member and as account."""
    limits: Noting = field(default_factory=Noting)
    _languages: dict[str, str] = field(default_factory=dict[str, str])
    """By conversation."""

    @property
    def size(self) -> int:
        """How many there are."""
        return self.on_slack + self.on_teams

    def move_in(self, store: Store, now: datetime) -> None:
        """Everybody is a member with one account, and known on the platform."""
        self.teams.service.limits = self.limits
        ids = range(self.first, self.first + self.size)
        awake = Member(status=Status.ACTIVE, created_at=now, activated_at=now, quiet_from=0, quiet_to=0)
        blank = awake.model_dump(exclude={"id"})
        members = [blank | {"id": id, "name": f"人{id}", "language": _language(id)} for id in ids]
        accounts = [self._add_account(id, now) for id in ids]
        with store.begin() as db:
            insert_ignore(db.session, Member, members)
            insert_ignore(db.session, Account, accounts)
            insert_ignore(db.session, Consent, [_agree(id, now) for id in ids])

    def _add_account(self, id: int, now: datetime) -> dict[str, Any]:
        return self._add_to_slack(id, now) if id - self.first < self.on_slack else self._add_to_teams(id, now)

    def _add_to_slack(self, id: int, now: datetime) -> dict[str, Any]:
        workspace = self.slack.workspace
        user = workspace.add_user(f"人{id}")
        # not through open_direct, which looks through all conversations
        channel = Channel(workspace.new_id("D"), "im", "directmessage", [user.id, workspace.bot.id])
        workspace.channels[channel.id] = channel
        self._languages[channel.id] = _language(id)
        return _account(id, "slack", workspace.team, user.id, channel.id, now)

    def _add_to_teams(self, id: int, now: datetime) -> dict[str, Any]:
        person = self.teams.add_person(f"人{id}")
        chat = person.chat
        chat.installed = True
        self._languages[chat.id] = _language(id)
        address = TeamsAddress(self.teams.service_url, chat.id).encode()
        return _account(id, "teams", self.teams.world.tenant, person.aad_id, address, now)

    def announce(self, store: Store, now: datetime) -> str:
        """HR has an announcement for everybody, to be sent now. Gives the batch of its deliveries."""
        return hand_in(store, WORDS, now, Policy())

    @property
    def arrived(self) -> int:
        """How many messages have arrived so far."""
        return len(self.slack.workspace.messages) + len(self.teams.world.sent)

    def count_by_person(self) -> Counter[str]:
        """How many messages stand in each conversation."""
        found = Counter(message.channel for message in self.slack.messages if message.channel in self._languages)
        found.update(sent.place.id for sent in self.teams.sent if sent.place.id in self._languages)
        return found

    @property
    def doubled(self) -> int:
        """How many got more than one."""
        return sum(count > 1 for count in self.count_by_person().values())

    @property
    def misspoken(self) -> int:
        """How many messages came in another language than the reader's."""
        texts = [(message.channel, message.text) for message in self.slack.messages]
        texts += [(sent.place.id, sent.summary) for sent in self.teams.sent]
        return sum(WORDS[self._languages[place]][0] not in text for place, text in texts)


def _language(id: int) -> str:
    return LANGUAGES[id % len(LANGUAGES)]


def _agree(id: int, now: datetime) -> dict[str, Any]:
    return {"member_id": id, "purpose": Purpose.NEWS.value, "given": True, "at": now}


def _account(id: int, platform: str, tenant: str, user: str, address: str, now: datetime) -> dict[str, Any]:
    blank = Account(platform=platform, external_id=user, tenant=tenant, created_at=now).model_dump(exclude={"id"})
    return blank | {"id": id, "member_id": id, "address": address, "name": f"人{id}"}


def count_states(db: UnitOfWork, batch: str) -> Counter[tuple[str, str]]:
    """How many deliveries of a batch on each platform are in which state."""
    counted = (Delivery.platform, Delivery.state)
    statement = select(*counted, func.count()).where(Delivery.batch == batch).group_by(*counted)
    return Counter({(platform, state): count for platform, state, count in db.session.exec(statement).all()})
