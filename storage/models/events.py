"""Events: what HR invites to, who answered what, and what people said of it afterwards."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class EventState(StrEnum):
    """What HR has made of an event. That it is full, changed or over follows from the rest: `handlers.events.rules`."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


class Rsvp(StrEnum):
    """Where somebody stands with an event."""

    GOING = "going"
    MAYBE = "maybe"
    NOT_GOING = "not_going"
    WAITING = "waiting"
    """On the waiting list."""
    OFFERED = "offered"
    """A freed seat is kept for them until `offered_until`."""
    LAPSED = "lapsed"
    """The offered seat was not taken in time."""


class Event(Table, table=True):
    """Something that people go to. Texts are in either language or both; the missing ones are empty."""

    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="member.id", index=True)
    state: str = Field(default=EventState.DRAFT, index=True)
    title_ja: str = ""
    title_en: str = ""
    text_ja: str = ""
    text_en: str = ""
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    zone: str = "Asia/Tokyo"
    """The zone in which HR wrote the times down: that of the place."""
    place: str = ""
    link: str = ""
    """https address of an event that is held online, or "" """
    capacity: int = 0
    """How many can come; 0 for no limit."""
    answer_by: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until when people can sign up; None: until it begins."""
    uid: str
    """The calendar entry's identity, the same for everybody and in every change."""
    edition: int = 0
    """How often time or place were changed, or it was cancelled: what has to be told to those who come."""
    queue: int = 0
    """The last number given on the waiting list."""
    reason: str = ""
    """What HR wrote when cancelling it."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class EventAnswer(Table, table=True):
    """What one person answered to one event, and what became of it."""

    __table_args__ = (
        UniqueConstraint("event_id", "member_id"),
        Index("ix_event_answer_rsvp", "event_id", "rsvp"),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    rsvp: str
    place: int = 0
    """The number on the waiting list: the smaller, the earlier."""
    offer: int = 0
    """How many seats were offered; the number is part of the offers' buttons and keys."""
    offered_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sequence: int = -1
    """The number of the last calendar entry that this person was sent (RFC 5545), -1 when none was."""
    in_calendar: bool = False
    """Whether that entry puts the event into the calendar, and does not take it out."""
    edition: int = 0
    """The edition of the event that the person knows of."""
    attended: bool = False
    told: bool = False
    """Whether the questions afterwards were answered: what was said stands elsewhere, without a name."""
    changed_at: datetime = Field(sa_type=UtcDateTime)


class EventOpinion(Table, table=True):
    """What somebody said of an event afterwards. Nothing in it leads to who that was."""

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="event.id", index=True)
    useful: int
    liked: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    wished: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
