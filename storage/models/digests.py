"""Digests: the runs that are under way, what each reader has been shown, and the channels that get one."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class DigestRun(Table, table=True):
    """The digests of one zone's readers at one moment, made in chunks: `cursor` is the last member looked at."""

    __table_args__ = (UniqueConstraint("zone", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    zone: str
    at: datetime = Field(sa_type=UtcDateTime)
    period: str
    """The local day, `2026-12-01`: part of the deliveries' keys."""
    rhythms: str
    """Whose turn it is, such as `monthly,weekly`."""
    cursor: int = 0
    sent: int = 0
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class DigestMemory(Table, table=True):
    """What a reader was shown lately, so that nothing is shown twice: keys of items, the newest last, one a line."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    seen: str
    at: datetime = Field(sa_type=UtcDateTime)


class DigestChannel(Table, table=True):
    """A channel in which the community's digest is posted."""

    room_id: int = Field(primary_key=True, foreign_key="room.id")
    set_by: int = Field(foreign_key="member.id")
    set_at: datetime = Field(sa_type=UtcDateTime)
    seen: str = ""
    """As `DigestMemory.seen`."""
