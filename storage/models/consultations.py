"""Consultations: what was asked, who was proposed and asked, what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class ConsultationState(StrEnum):
    """Where a consultation stands. Every end is told to those concerned."""

    PROPOSED = "proposed"
    """Proposals are shown; nobody has been asked."""
    ASKING = "asking"
    """A request is with somebody."""
    SEARCHING = "searching"
    """Nobody suitable now; Musubi looks again at `next_at`."""
    ACCEPTED = "accepted"
    HELD = "held"
    CALLED_OFF = "called_off"
    CLOSED = "closed"
    """Ended without a talk, for `end_reason`."""


class EndReason(StrEnum):
    """Why a consultation ended without a talk. Who reads it is told in whole sentences, never this word."""

    ASKER_CALLED_OFF = "asker_called_off"
    MENTOR_CALLED_OFF = "mentor_called_off"
    NOT_CHOSEN = "not_chosen"
    """The proposals were left alone."""
    NOBODY = "nobody"
    """Musubi has looked as often as it looks."""
    NO_TALK = "no_talk"
    """Accepted, but neither said that they talked."""
    ASKER_GONE = "asker_gone"
    """The asker paused, left, or was suspended."""
    MENTOR_GONE = "mentor_gone"
    """The other side did after accepting, or a block stands between the two."""


class RequestState(StrEnum):
    """What became of asking one person."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUGGESTED = "suggested"
    """Declined by suggesting somebody else."""
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """Closed before an answer: the asker called it off, or somebody left."""
    CALLED_OFF = "called_off"
    """Accepted, and called off afterwards by the person asked."""


class Consultation(Table, table=True):
    """One wish to talk. `topic` and `aim` are the asker's words, never shown to HR."""

    __table_args__ = (UniqueConstraint("asker_id", "form_key"),)

    id: int | None = Field(default=None, primary_key=True)
    asker_id: int = Field(foreign_key="member.id", index=True)
    form_key: str = ""
    """Which opening of the form this came from: the same form sent off twice is one consultation."""
    topic: str
    aim: str = ""
    language: str = "ja"
    """`ja`, `en`, or `any`."""
    timing: str = ""
    """When it would suit, as chosen in the form: `soon`, `month` or `open`."""
    state: str = Field(default=ConsultationState.PROPOSED, index=True)
    you_choose: bool = False
    """おまかせ: Musubi goes down the list by itself."""
    mentor_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    room_id: int | None = Field(default=None, foreign_key="room.id")
    talk_on: date | None = None
    """The calendar day of the talk, if either side has told."""
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When Musubi looks again, or asks whether they talked."""
    looks: int = 0
    """How often Musubi has looked in vain for this topic."""
    times_asked: int = 0
    """How often both were asked whether they talked."""
    nudged: bool = False
    """Whether the asker was told once that the proposals still wait."""
    proposed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cards: int = 0
    """How many cards were sent; the number makes their keys unique."""
    asker_card: str = ""
    """The key of the delivery whose buttons are alive for the asker; `mentor_card` after acceptance likewise."""
    mentor_card: str = ""
    end_reason: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Proposal(Table, table=True):
    """Somebody who fits, with the reasons as data so that each reader gets them in their language."""

    __table_args__ = (UniqueConstraint("consultation_id", "mentor_id"),)

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    mentor_id: int = Field(foreign_key="member.id")
    rank: int
    """From 1; who must stay nameless is shown by the letter of that rank."""
    reasons: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


_IS_OPEN = text("state = 'open'")


class ConsultationRequest(Table, table=True):
    """One person asked, once at most per consultation; at most one request of a consultation is open at a time."""

    __table_args__ = (
        UniqueConstraint("consultation_id", "mentor_id"),
        Index("ix_one_open_request", "consultation_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    mentor_id: int = Field(foreign_key="member.id", index=True)
    state: str = Field(default=RequestState.OPEN, index=True)
    rank: int = 0
    """The rank under which the asker chose this person; 0 when Musubi chose, and then the asker learns no name."""
    reasons: list[dict[str, str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    asked_at: datetime = Field(sa_type=UtcDateTime, index=True)
    reply_by: datetime = Field(sa_type=UtcDateTime)
    nudges: int = 0
    """How many of the reminders' moments have passed."""
    card: str = ""
    """The key of the delivery whose buttons are alive."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decline_reason: str = ""


class FollowUp(Table, table=True):
    """What one side said of the talk: `yes`, `planned`, `not_yet`, `called_off`, or nothing yet; then how useful (1–5)
    and one line.
    """

    __table_args__ = (UniqueConstraint("consultation_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    member_id: int = Field(foreign_key="member.id")
    answer: str = ""
    useful: int | None = None
    line: str = ""
    at: datetime = Field(sa_type=UtcDateTime)
