"""Latest news: when it was told, how often digests showed it, and who was glad of it. The words themselves stand in
`Member.latest_news`; older ones are not kept.
"""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class News(Table, table=True):
    """A member's present latest news."""

    __table_args__ = (Index("ix_news_turn", "shown", "at"),)

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    serial: int = 1
    """Rises with every news, so that an old button is known."""
    at: datetime = Field(sa_type=UtcDateTime)
    shown: int = 0
    """How many readers' digests have shown it: whoever was shown least comes next."""


class NewsQuestion(Table, table=True):
    """When a member who wants to be asked for news was last asked, and how many times in a row nothing came of it."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ignored: int = 0


class Cheer(Table, table=True):
    """Somebody was glad of a member's news: once for each news, and told to the member once."""

    __table_args__ = (UniqueConstraint("owner_id", "giver_id", "serial"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="member.id")
    giver_id: int = Field(foreign_key="member.id", index=True)
    serial: int
    at: datetime = Field(sa_type=UtcDateTime)
    told: bool = False
