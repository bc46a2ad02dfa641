"""Announcements: what HR writes, to whom, and how far it has gone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class AnnouncementState(StrEnum):
    """`draft → waiting → scheduled → sending → sent`; from `sending` on also `stopped` and `withdrawn`. What is undone
    is a draft again; a draft that is thrown away is deleted."""

    DRAFT = "draft"
    WAITING = "waiting"
    """For a second person of HR to agree."""
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"
    """Broken off on the way: what had not been sent is not sent any more."""
    WITHDRAWN = "withdrawn"


CORRECTION = "correction"
"""The kind of new words for what was sent, where a second person must agree to them: `subject_id` is the announcement
that they are for, `author_id` who wrote them. `waiting` to be agreed to, `draft` once they came back to their author,
`sent` when they stand in the place of the old ones, `withdrawn` when others were written meanwhile."""


class Announcement(Table, table=True):
    """One announcement. Texts and audience may change while it is a draft, and never between agreement and sending."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = "news"
    """"news", the name of another feature's kind (`handlers.announcements.kinds`), or CORRECTION."""
    subject_id: int = 0
    """What that feature calls it: the event, the job."""
    state: str = Field(default=AnnouncementState.DRAFT, index=True)
    author_id: int = Field(foreign_key="member.id", index=True)
    texts: dict[str, dict[str, str]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """By language "title" and "body"; a language that was not written is missing."""
    picture: str = ""
    """https address."""
    picture_problem: str = ""
    """"unchecked", what is wrong with it, or "" where it may be sent."""
    link: str = ""
    """https address."""
    audience: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """As `storage.queries.audiences.Audience` has it."""
    via: str = "members"
    """`members`, `channels`, or `both`: to the channels, and to those who are in none of the channels' workspaces."""
    wanted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the author would like it to go out; None: as soon as may be."""
    send_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it goes out; until then it can be undone."""
    needs_approval: bool = False
    approver_id: int | None = Field(default=None, foreign_key="member.id")
    cursor: int = 0
    """The last member looked at while it is being sent."""
    planned: int = 0
    """How many people it was put into the outbox for."""
    edition: int = 0
    """How often it was corrected after it had been sent."""
    replacing: str = ""
    """`correct` or `withdraw` while what was sent is being replaced."""
    replace_cursor: int = 0
    """The last delivery looked at meanwhile."""
    asked: int = 0
    """How often it was handed in to be sent: part of the reminders' keys, so that what was undone stays undone."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AnnouncementPress(Table, table=True):
    """Somebody pressed a button of an announcement; each person counts once."""

    announcement_id: int = Field(primary_key=True, foreign_key="announcement.id")
    member_id: int = Field(primary_key=True, foreign_key="member.id")
    at: datetime = Field(sa_type=UtcDateTime)
