"""A post room for tests of delivery: a database, a clock that stands still, platforms in memory, and workers.

room = PostRoom(database_url)
misaki = room.member("misaki")
room.post(misaki, "hello")
await room.worker.drain()
assert room.chat.read("misaki") == ["hello"]
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import SQLModel

from bot.clock import FrozenClock
from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.ports import Group, Parcel, Person, Receipt
from bot.ui import Message, Para
from scheduler.delivery import DeliveryWorker
from scheduler.pace import LaneLimits
from storage.models import Account, Delivery, Member, Room
from storage.queries import outbox
from storage.queries.outbox import Terms
from storage.uow import Store, UnitOfWork
from tests.support.rows import list_rows

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Friday, ten o'clock in Tokyo."""

M = TypeVar("M", bound=SQLModel)

FAST = LaneLimits(rate=10_000, ceiling=10_000, at_once=1_000)


@dataclass
class Wire:
    """A platform in memory. What it does with a message can be told beforehand, by user."""

    platform: str = "chat"
    timeout: float = 30.0
    opens_groups: bool = True
    can_be_asked: bool = True
    sent: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    """User or conversation, key and text of every message that arrived, in order."""
    edits: dict[str, str] = field(default_factory=dict[str, str])
    attempts: list[Parcel] = field(default_factory=list[Parcel])
    asked: list[str] = field(default_factory=list[str])
    failures: dict[str, list[Exception]] = field(default_factory=dict[str, list[Exception]])
    after: dict[str, list[Exception]] = field(default_factory=dict[str, list[Exception]])
    """Raised although the message has arrived: the answer was lost."""
    gates: dict[str, asyncio.Event] = field(default_factory=dict[str, asyncio.Event])
    """A user whose messages hang until the event is set."""
    trouble_asking: list[Exception] = field(default_factory=list[Exception])
    opened: int = 0

    async def send(self, parcel: Parcel) -> Receipt:
        """See `bot.ports.Sender`."""
        self.attempts.append(parcel)
        user = self._user(parcel)
        if user in self.gates:
            await self.gates[user].wait()
        if self.failures.get(user):
            raise self.failures[user].pop(0)
        receipt = self._take(parcel, user)
        if self.after.get(user):
            raise self.after[user].pop(0)
        return receipt

    def _take(self, parcel: Parcel, user: str) -> Receipt:
        if parcel.replaces is not None:
            self.edits[parcel.replaces.message] = parcel.message.summary
            return parcel.replaces
        place = f"dm-{user}"
        if isinstance(parcel.target, Group):
            place = parcel.target.conversation
            if not place:
                self.opened += 1
                place = f"group-{self.opened}"
        self.sent.append((user, parcel.key, parcel.message.summary))
        return Receipt(place, f"m{len(self.sent)}", f"address-of-{user}")

    def _user(self, parcel: Parcel) -> str:
        match parcel.target:
            case Person(user=user):
                return user
            case Group(users=users):
                return ",".join(users)

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """See `bot.ports.Sender`."""
        self.asked.append(parcel.key)
        if not self.can_be_asked:
            raise CannotAsk
        if self.trouble_asking:
            raise self.trouble_asking.pop(0)
        for number, (user, key, _text) in enumerate(self.sent, 1):
            if key == parcel.key:
                return Receipt(f"dm-{user}", f"m{number}", f"address-of-{user}")
        return None

    def read(self, user: str) -> list[str]:
        """The texts that arrived with a user or room, in order."""
        return [text for someone, _key, text in self.sent if someone == user]


class PostRoom:
    """See the module."""

    def __init__(self, url: str, limits: LaneLimits = FAST, **wires: Wire) -> None:
        self.url = url
        self.clock = FrozenClock(START)
        self.store = Store(url)
        self.chat = Wire()
        self.wires = {"chat": self.chat, **wires}
        self.worker = self.make_worker(self.store, limits)

    def make_worker(self, store: Store, limits: LaneLimits = FAST) -> DeliveryWorker:
        """A worker on these platforms; with a store of its own it stands for another replica."""
        return DeliveryWorker(store, self.wires, self.clock, dict.fromkeys(self.wires, limits))

    def member(self, user: str, platform: str = "chat", tenant: str = "T1", zone: str = "Asia/Tokyo") -> Member:
        """A member with one account."""
        member = self._add(lambda: Member(name=user, language="en", zone=zone, created_at=START))
        self.account(member, user, platform, tenant)
        return member

    def _add(self, make: Callable[[], M]) -> M:
        """Adds a row. By `run_here`, here and below: a worker may be at work meanwhile, so that it is done again."""

        def work(db: UnitOfWork) -> M:
            row = make()
            db.session.add(row)
            return row

        return self.store.run_here(work)

    def account(self, member: Member | None, user: str, platform: str = "chat", tenant: str = "T1") -> Account:
        """One more account of a member, or of nobody."""
        place: dict[str, Any] = {"platform": platform, "tenant": tenant, "external_id": user}
        return self._add(lambda: Account(**place, member_id=member.id if member else None, created_at=START))

    def post(self, member: Member, text: str, **terms: Any) -> None:
        """Posts a message, due now; its key is its text."""
        given: dict[str, Any] = {"key": text, "at": self.clock.now()} | terms
        self.store.run_here(lambda db: outbox.post(db, member, lambda: say(text), Terms(**given)))

    def post_to_account(self, account: Account, text: str) -> None:
        """Posts to one certain account."""
        terms = Terms(text, self.clock.now())
        self.store.run_here(lambda db: outbox.post_to_account(db, account, "en", lambda: say(text), terms))

    def post_to_room(self, room: Room, text: str) -> None:
        """Posts to a group conversation."""
        terms = Terms(text, self.clock.now())
        self.store.run_here(lambda db: outbox.post_to_room(db, room, "en", lambda: say(text), terms))

    def rows(self) -> dict[str, Delivery]:
        """All deliveries by key."""
        return {row.key: row for row in list_rows(self.store, Delivery)}

    def states(self) -> dict[str, str]:
        """The state of all deliveries by key."""
        return {key: row.state for key, row in self.rows().items()}

    async def pass_time(self, **time: float) -> None:
        """Moves the clock, then drains."""
        self.clock.move(timedelta(**time))
        await self.worker.drain()

    def close(self) -> None:
        """Closes the database."""
        self.store.close()


def say(text: str) -> Message:
    """A message of one paragraph."""
    return Message(text, (Para((text,)),))


GONE = SendFailed(FailureKind.GONE, "gone")
RETRY = SendFailed(FailureKind.RETRY, "trouble")
BUG = SendFailed(FailureKind.BUG, "refused")
LOST = SendFailed(FailureKind.RETRY, "no answer", maybe_sent=True)


def throttled(seconds: float, *, channel_only: bool = False) -> SendFailed:
    """The platform asks to wait."""
    return SendFailed(FailureKind.THROTTLED, "ratelimited", retry_after=seconds, channel_only=channel_only)


async def settled(room: PostRoom, key: str) -> None:
    """Waits until a delivery is settled, however long that takes."""
    while room.states()[key] in ("pending", "sending"):  # noqa: ASYNC110 - what is looked at is the database
        await asyncio.sleep(0.01)
