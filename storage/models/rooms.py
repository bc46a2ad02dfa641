"""Relayed rooms: conversations of people on different platforms, passed on by Musubi.

What people write there is kept only as long as it must be to be delivered; nothing of it is for HR, but for a message
that somebody reports.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class RoomEnd(StrEnum):
    """Why a relayed room was closed. Whoever reads of it reads a sentence, never this word."""

    BY_MEMBER = "by_member"
    """One of them closed it."""
    OVER = "over"
    """What it was for is over, and some time has passed since."""
    GONE = "gone"
    """Somebody paused, left, was suspended or set a block: told neutrally."""


class ReportState(StrEnum):
    """What HR made of a reported message."""

    WAITING = "waiting"
    FINE = "fine"
    WARNED = "warned"
    SUSPENDED = "suspended"


class RelayedRoom(Table, table=True):
    """A conversation that Musubi passes on. `key` says what it is for, such as `consultation:12`; `topic` is shown to
    everybody in it. It is open while `closed_at` is empty."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    topic: str = ""
    why: str = ""
    """A `RoomEnd`, once it is closed."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Seat(Table, table=True):
    """A member in a room. `account_id` is where they were last seen in it: what is for them goes there."""

    __table_args__ = (UniqueConstraint("room_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    room_id: int = Field(foreign_key="relayed_room.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id")
    openings: int = 0
    """How many opening messages were sent: each begins a thread in another account."""
    wrote_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When a message written outside any thread last went into this room: after a day that is said again."""


class SeatThread(Table, table=True):
    """A thread that stands for a room in one account of a member: `key` is that of its opening message's delivery."""

    key: str = Field(primary_key=True)
    seat_id: int = Field(foreign_key="seat.id", index=True)


_IS_SOURCE = text("message != ''")


class RelayedMessage(Table, table=True):
    """What somebody wrote in a room, and where (in the platform's words; empty for what came from a form). `text` is
    emptied by the housekeeping; the copies are deliveries keyed `room:<room>:m<id>:<seat>`."""

    __table_args__ = (
        Index("ix_relayed_message_at", "at"),
        Index("ix_relayed_message_seat_at", "seat_id", "at"),
        Index(
            "ix_relayed_message_source",
            "platform",
            "tenant",
            "conversation",
            "message",
            unique=True,
            sqlite_where=_IS_SOURCE,
            postgresql_where=_IS_SOURCE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    room_id: int = Field(foreign_key="relayed_room.id", index=True)
    seat_id: int = Field(foreign_key="seat.id")
    platform: str = ""
    tenant: str = ""
    conversation: str = ""
    message: str = ""
    text: str = ""
    changes: int = 0
    """How often it was edited or deleted; the number makes the changes' keys unique."""
    deleted: bool = False
    untold: bool = True
    """Whether its writer would still have to be told, should it turn out that it can't be delivered."""
    at: datetime = Field(sa_type=UtcDateTime)


class HeldText(Table, table=True):
    """What somebody with several rooms open wrote outside all of them, until they have chosen one. Removed when they
    have, or when the time for it is over."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    platform: str = ""
    tenant: str = ""
    conversation: str = ""
    message: str = ""
    text: str
    at: datetime = Field(sa_type=UtcDateTime)


class Report(Table, table=True):
    """A message that somebody brought before HR, once per message and reporter. `text` is that message and nothing
    else, `note` what the reporter says about it; both are emptied some time after the decision."""

    __table_args__ = (UniqueConstraint("message_id", "reporter_id"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="relayed_message.id")
    reporter_id: int = Field(foreign_key="member.id")
    reported_id: int = Field(foreign_key="member.id", index=True)
    text: str
    note: str = ""
    state: str = Field(default=ReportState.WAITING, index=True)
    reason: str = ""
    decided_by: int | None = Field(default=None, foreign_key="member.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)
