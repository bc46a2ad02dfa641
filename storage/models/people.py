"""People: the roster that HR gives, members, and their accounts on the platforms."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class Status(StrEnum):
    """Where a member stands. `invited` is a roster entry without a member; `withdrawn` is an erased one."""

    UNVERIFIED = "unverified"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """Former or present employee. Whoever is not yet verified counts as alumnus without rights."""

    ALUMNUS = "alumnus"
    EMPLOYEE = "employee"


class Purpose(StrEnum):
    """What a member can agree to, each by itself. None is agreed to unless the member said so."""

    NEWS = "news"
    """News and events."""
    JOBS = "jobs"
    CONSULTATIONS = "consultations"
    """Being asked for a consultation."""
    INTRODUCTIONS = "introductions"
    NEWCOMER = "newcomer"
    """Being named in digests as a new member."""
    MILESTONES = "milestones"
    """Being congratulated in digests on anniversaries."""
    SPOTLIGHT = "spotlight"
    """Being introduced in a digest."""
    NEWS_QUESTION = "news_question"
    """Being asked for latest news once a month."""


class Visibility(StrEnum):
    """Who sees a field of a profile, among active members."""

    EVERYONE = "everyone"
    ALUMNI = "alumni"
    NOBODY = "nobody"


class RosterEntry(Table, table=True):
    """A leaver as HR's list names them. `email` is the private address; days are the company's calendar days."""

    id: int | None = Field(default=None, primary_key=True)
    employee_number: str = Field(unique=True)
    name: str
    kana: str = ""
    email: str = Field(default="", index=True)
    department: str = ""
    job: str = ""
    language: str = ""
    joined_on: date | None = None
    left_on: date = Field(index=True)
    imported_at: datetime = Field(sa_type=UtcDateTime)
    invited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the invitation was handed to the outbox, or HR took the code to hand it over."""
    code_serial: int = 0
    """How many codes were made for this person; only the last one counts."""
    code_hash: str = Field(default="", index=True)
    code_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    code_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Member(Table, table=True):
    """A person in the community. Empty texts mean "not told"."""

    id: int | None = Field(default=None, primary_key=True)
    status: str = Field(default=Status.UNVERIFIED, index=True)
    role: str = Field(default=Role.ALUMNUS)
    is_hr: bool = False
    roster_id: int | None = Field(default=None, foreign_key="roster_entry.id", unique=True)
    name: str = ""
    kana: str = ""
    language: str = ""
    """The language of messages to this member: the member's choice, else the platform's."""
    zone: str = "Asia/Tokyo"
    department: str = ""
    """Former department of an alumnus, present one of an employee."""
    employer: str = ""
    job: str = ""
    city: str = ""
    languages: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    latest_news: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    visibility: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Field name → `everyone`, `alumni` or `nobody`; a field that is not named is for everyone."""
    capacity: int = 1
    """Consultations a month this member takes: 0 to 3."""
    quiet_from: int = 21
    quiet_to: int = 8
    """Quiet hours: local full hours, over midnight when `quiet_from` is the larger. Equal: none."""
    digest: str = "monthly"
    nameless: bool = False
    """Whether proposals show this member without a name until accepted."""
    guidelines_version: str = ""
    guidelines_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    registration_step: int = 0
    """Onboarding forms done: 0 to 3."""
    nudging_declined: bool = False
    """Pressed "No thanks": no more nudges."""
    ignored_requests: int = 0
    """Requests in a row that got no answer."""
    preferred_account_id: int | None = None
    """The account that messages go to while it can be reached. No foreign key: accounts point here already."""
    resting_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Gets no requests until then."""
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    status_reason: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    activated_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class Account(Table, table=True):
    """A member's account on a platform. On Teams `external_id` is the AAD object id; for mail, the address itself."""

    __table_args__ = (UniqueConstraint("platform", "tenant", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    tenant: str = ""
    external_id: str
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    kind: str = "member"
    name: str = ""
    email: str = ""
    email_verified: bool = False
    locale: str = ""
    zone: str = ""
    title: str = ""
    address: str = ""
    """What the platform's adapter needs to write to this person again."""
    reachable: bool = True
    unreachable_reason: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class MemberTopic(Table, table=True):
    """A topic a member can be asked about, in the member's words; `folded` is for comparing (NFKC, lower case)."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    folded: str = Field(primary_key=True, index=True)
    label: str
    position: int = 0


class Consent(Table, table=True):
    """What a member agreed to, by purpose, kept with the moment: each change adds a row, the last one counts."""

    __table_args__ = (Index("ix_consent_member_purpose", "member_id", "purpose"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id")
    purpose: str
    given: bool
    at: datetime = Field(sa_type=UtcDateTime)


class Block(Table, table=True):
    """Somebody, or a whole former department, that a member would rather not meet. Works both ways; never shown to
    others.
    """

    __table_args__ = (UniqueConstraint("owner_id", "member_id", "department"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="member.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    department: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)


class WrongCode(Table, table=True):
    """A code that did not match, to lock the form after too many."""

    __table_args__ = (Index("ix_wrong_code_account_at", "account_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Application(Table, table=True):
    """Somebody who could not be matched with the roster and waits for HR: `waiting`, `approved` or `declined`."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    employee_number: str = ""
    name: str
    left_month: str = ""
    """As entered, `2026-03`."""
    state: str = Field(default="waiting", index=True)
    reason: str = ""
    decided_by: int | None = Field(default=None, foreign_key="member.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class AuditEntry(Table, table=True):
    """What HR did: who, what, to whom. `detail` holds ids and choices, no text about a person."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: int | None = Field(default=None, foreign_key="member.id")
    """None: the command line."""
    act: str
    subject: str = ""
    detail: str = ""
