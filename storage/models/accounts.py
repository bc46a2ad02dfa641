"""Accounts that are joined: one person, many accounts."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class JoinCode(Table, table=True):
    """A member's one-time code for joining another account: the last one that was made, used or not."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    account_id: int = Field(foreign_key="account.id")
    """The account on which it was made, and where its owner hears what was done with it."""
    code_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AccountJoin(Table, table=True):
    """Accounts that became a member's by a code, and all that is needed to take them apart again."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    former_id: int = Field(foreign_key="member.id")
    """Whose they were: a member without anything of its own, kept as an empty shell."""
    former_status: str
    account_ids: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
