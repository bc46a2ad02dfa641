"""Jobs: what is open, what members wish for, who is interested, whom they referred, and how the feed stands."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class JobKind(StrEnum):
    """How somebody would work."""

    FULL_TIME = "full_time"
    CONTRACT = "contract"
    """業務委託: for oneself, by contract."""
    SIDE_JOB = "side_job"
    ADVISOR = "advisor"


class JobState(StrEnum):
    """Whether people can still be interested."""

    OPEN = "open"
    CLOSED = "closed"


class JobEnd(StrEnum):
    """Why a job was closed."""

    DATE = "date"
    HR = "hr"
    """By hand: a feed doesn't open it again."""
    FEED = "feed"


class Stage(StrEnum):
    """How far somebody's interest has come."""

    INTERESTED = "interested"
    TALKING = "talking"
    INTERVIEWING = "interviewing"
    HIRED = "hired"
    CLOSED = "closed"


class InterestEnd(StrEnum):
    """Why an interest was closed."""

    HR = "hr"
    SELF = "self"
    """The person took it back."""
    JOB = "job"
    """The job was closed before anybody had talked."""
    GONE = "gone"
    """The person paused or left."""


class ReferralState(StrEnum):
    """What a referred friend has said."""

    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"
    """No answer came in time, or the job was closed first."""
    WITHDRAWN = "withdrawn"
    """Agreed at first, and thought better of it."""


class Job(Table, table=True):
    """A job, in Japanese, English or both: an empty title means "not in this language"."""

    id: int | None = Field(default=None, primary_key=True)
    feed_id: str | None = Field(default=None, unique=True)
    """The feed's own id; None for what HR wrote."""
    title_ja: str = ""
    text_ja: str = ""
    title_en: str = ""
    text_en: str = ""
    kind: str = Field(default=JobKind.FULL_TIME)
    place: str = ""
    url: str = ""
    closes_on: date
    """The last day, in the community's zone."""
    has_date: bool = True
    """Whether somebody named that day; a feed's job without one stays open while the feed has it."""
    contact_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    """The employee who talks with those who are interested; None: HR."""
    state: str = Field(default=JobState.OPEN, index=True)
    ended: str = ""
    """A JobEnd, once it is closed."""
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown: int = 0
    """How many readers' digests have shown it."""
    created_by: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class JobWish(Table, table=True):
    """What a member would like: kinds of work, and a place in the member's words."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    kinds: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    place: str = ""


class JobHidden(Table, table=True):
    """A job that is not for a member: it is not shown to them any more."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    job_id: int = Field(primary_key=True, foreign_key="job.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class JobReferral(Table, table=True):
    """A friend whom a member thought of. `name`, `email` and `words` are kept while the friend hasn't declined and are
    then erased; `email_hash` (keyed) stays, so that nobody is asked twice about one job."""

    __table_args__ = (UniqueConstraint("job_id", "email_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    job_id: int = Field(foreign_key="job.id")
    referrer_id: int = Field(foreign_key="member.id", index=True)
    friend_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    """The friend, where it is a member: known to nobody but Musubi."""
    name: str = ""
    email: str = ""
    words: str = ""
    email_hash: str
    state: str = Field(default=ReferralState.WAITING, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    answer_by: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class JobInterest(Table, table=True):
    """Somebody interested in a job: a member, or a referred friend who has agreed."""

    __table_args__ = (UniqueConstraint("job_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    job_id: int = Field(foreign_key="job.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="job_referral.id", unique=True)
    handler_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    """The named contact, when it is the contact who talks with them; None: HR."""
    words: str = ""
    """What the person wrote, for whoever talks with them."""
    stage: str = Field(default=Stage.INTERESTED, index=True)
    ended: str = ""
    """An InterestEnd, once it is closed."""
    changes: int = 0
    """Rises with every change: part of the keys of what is told."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class JobFeed(Table, table=True):
    """How the one feed of jobs stands; the row with id 1."""

    id: int = Field(default=1, primary_key=True)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it is to be read next; None: nothing is to be done."""
    attempts: int = 0
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was last taken over."""
    problem: str = ""
    """What was wrong the last time, as JSON; "" when all was well."""
    told: str = ""
    """The hash of the problem that HR was told of, so that it is told once."""
    closing: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """The jobs that a feed would close, which wait for HR's word because they are more than half."""
    agreed: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Those that HR has agreed to close."""
