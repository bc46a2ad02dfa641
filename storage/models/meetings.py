"""Times to meet: what was proposed to whom, what was agreed on."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class MeetingState(StrEnum):
    """Where two people stand with their time."""

    OPEN = "open"
    """No time, and none proposed."""
    PROPOSED = "proposed"
    """Times wait for the other side's answer; an agreed time stands until another one is picked."""
    FIXED = "fixed"
    ENDED = "ended"
    """What it was for has ended."""


class Meeting(Table, table=True):
    """The time of two people for one thing, such as their consultation. `kind` and `subject_id` say which."""

    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject_id: int
    first_id: int = Field(foreign_key="member.id", index=True)
    second_id: int = Field(foreign_key="member.id", index=True)
    state: str = Field(default=MeetingState.OPEN)
    uid: str
    """The calendar entry's identity, the same in every change of it."""
    minutes: int = 30
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The agreed time."""
    sequence: int = -1
    """The number of the last calendar entry sent (RFC 5545), -1 when none was."""
    round: int = 0
    """The number of the last proposal: buttons of earlier ones mean nothing any more."""
    turns: int = 0
    """How many proposals there were since a time was last agreed on."""
    proposer_id: int | None = Field(default=None, foreign_key="member.id")
    slots: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The moments proposed, as ISO text in UTC."""
    proposed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    nudged: bool = False
    """Whether whoever is to answer was reminded of this proposal."""
    cards: int = 0
    """How many cards were sent; the number makes their keys unique."""
    first_card: str = ""
    """The key of the delivery whose buttons are alive for the first; `second_card` for the second."""
    second_card: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
