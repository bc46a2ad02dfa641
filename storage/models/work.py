"""What is to be done: incoming already seen, messages to send, reminders and slots."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class Seen(Table, table=True):
    """The duplicate key of something that arrived, written in the transaction of the work it caused."""

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class Content(Table, table=True):
    """A message's body as neutral JSON, in one language; many deliveries may share it."""

    id: int | None = Field(default=None, primary_key=True)
    body: str


class Room(Table, table=True):
    """A group conversation that the bot opens. `conversation` is empty until it is open."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    platform: str
    tenant: str = ""
    conversation: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class RoomAccount(Table, table=True):
    """An account that belongs to a room."""

    room_id: int = Field(primary_key=True, foreign_key="room.id")
    account_id: int = Field(primary_key=True, foreign_key="account.id")


class DeliveryState(StrEnum):
    """`pending → sending → sent | failed | uncertain | skipped`."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """The platform can't tell whether it arrived: never sent again blindly, listed for HR."""
    SKIPPED = "skipped"


class Urgency(StrEnum):
    """`answer` goes out at any hour and before everything else: the person has just acted, or waits for it. `nudge`
    keeps to quiet hours. `push` is what nobody asked for: it keeps to quiet hours and counts in the monthly push budget
    (`bot.budget`)."""

    ANSWER = "answer"
    NUDGE = "nudge"
    PUSH = "push"


_EXPIRES = text("state = 'pending' AND not_after IS NOT NULL")
"""What would come too late some day: looked for every minute, also with a hundred thousand digests waiting. The
index holds the state as well: only so SQLite takes it before `ix_delivery_due`."""

_RETRY = text("state = 'pending' AND reason != ''")
"""What failed and is tried again: few rows, looked for at every claim."""

_URGENT = text("state = 'pending' AND urgency = 'answer'")
"""What somebody waits for: it goes before a broadcast that waits in the same lane, and must be found without it. The
index holds the two columns as well: only so SQLite takes it before `ix_delivery_due`."""

_THREADED = text("thread_key != ''")
_BATCHED = text("batch != ''")


class Delivery(Table, table=True):
    """One message for one person (`account_id`) or one room (`room_id`); the outbox is the rows that are `pending`."""

    __table_args__ = (
        UniqueConstraint("key"),
        # With the id: all of a broadcast is due at one moment, and PostgreSQL would sort it anew for each claim.
        Index("ix_delivery_due", "state", "platform", "tenant", "available_at", "id"),
        Index(
            "ix_delivery_urgent",
            "state",
            "urgency",
            "platform",
            "tenant",
            "available_at",
            "id",
            sqlite_where=_URGENT,
            postgresql_where=_URGENT,
        ),
        Index("ix_delivery_expiry", "state", "not_after", sqlite_where=_EXPIRES, postgresql_where=_EXPIRES),
        Index("ix_delivery_retry", "platform", "tenant", sqlite_where=_RETRY, postgresql_where=_RETRY),
        Index("ix_delivery_batch", "batch", "state", sqlite_where=_BATCHED, postgresql_where=_BATCHED),
        Index("ix_delivery_thread", "thread_key", "state", sqlite_where=_THREADED, postgresql_where=_THREADED),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    room_id: int | None = Field(default=None, foreign_key="room.id")
    platform: str = ""
    tenant: str = ""
    content_id: int = Field(foreign_key="content.id")
    locale: str = "ja"
    urgency: str = Field(default=Urgency.ANSWER)
    state: str = Field(default=DeliveryState.PENDING)
    available_at: datetime = Field(sa_type=UtcDateTime)
    not_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    lease_token: str = ""
    deadline: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a send that was begun has surely ended, so that the platform may be asked."""
    replaces_key: str = ""
    """The key of the delivery whose message this one takes the place of."""
    thread_key: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The key of the delivery whose message begins the thread in which this one stands; its own, if it is that one."""
    batch: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What it belongs to, such as `announcement:12`: what is counted, taken back and corrected together. Of a delivery
    that was handed to another account, only the one that goes on is in it."""
    conversation: str = ""
    message: str = ""
    """The receipt: where it went, in the platform's words."""
    reason: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Reminder(Table, table=True):
    """Something to do at a time: made in the transaction that makes it needed; checks the state again when it
    fires.
    """

    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "step"),
        Index("ix_reminder_due", "state", "due_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject_id: int
    step: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "pending"
    """pending, done, or failed after too many attempts."""
    attempts: int = 0
    error_id: str = ""


class LanePace(Table, table=True):
    """How fast a platform's tenant was last spoken to, so that a restart needs not find it out again."""

    platform: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True)
    rate: float
    """Messages a second."""
    allowed: float | None = None
    """Messages a second that the platform was found to allow; None while it has refused none."""
    at: datetime = Field(sa_type=UtcDateTime)


class Slot(Table, table=True):
    """A recurring job's next run; whoever moves `next_run_at` on has won the run."""

    name: str = Field(primary_key=True)
    next_run_at: datetime = Field(sa_type=UtcDateTime)


class Greets(StrEnum):
    """What becomes of the people who are in a workspace already when Musubi first looks at it."""

    ASK = "ask"
    """HR has not said."""
    ALL = "all"
    NOBODY = "nobody"


class Workspace(Table, table=True):
    """A workspace or tenant as the daily look at its members finds it."""

    __table_args__ = (UniqueConstraint("platform", "tenant"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    tenant: str = ""
    greets: str = Field(default=Greets.ASK)
    missed: int = 0
    """How many people Musubi had not met when it last looked."""
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When HR was asked what to do about them."""
