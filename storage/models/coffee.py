"""Coffee rounds: who takes part, who was introduced to whom, and whether they met."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime


class RoundState(StrEnum):
    """How far a round is. Each step is taken once, in a transaction of its own, so that a crash between two loses and
    doubles nothing."""

    ANNOUNCING = "announcing"
    ANNOUNCED = "announced"
    FROZEN = "frozen"
    """Who takes part is settled; nobody has a partner yet."""
    SOLVED = "solved"
    """Who meets whom is settled; they are being told."""
    DONE = "done"
    FAILED = "failed"
    """No partners could be found, because of a fault of ours: told to everybody and to HR."""


class SeatState(StrEnum):
    """What a round came to for one person."""

    WAITING = "waiting"
    INTRODUCED = "introduced"
    LEFT_OVER = "left_over"
    """Nobody fitted: told, with the next date."""
    GONE = "gone"
    """Stepped out, paused or left before the introduction."""


class Met(StrEnum):
    """What somebody said when asked whether they have met."""

    YES = "yes"
    PLANNED = "planned"
    NOT_YET = "not_yet"


class CoffeeMember(Table, table=True):
    """Somebody's part in the coffee rounds, from the first time they joined."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    joined: bool = True
    skips: date | None = None
    """The day of the one round that is skipped."""
    resting_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ignored: int = 0
    """Introductions in a row about which nothing was heard."""
    asked_to_stay: bool = False
    """Whether the question with the three choices is open: no introductions until it is answered."""
    changed_at: datetime = Field(sa_type=UtcDateTime)


class CoffeeRound(Table, table=True):
    """One round. `day` is the community's calendar day; there is one round on a day at most."""

    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(unique=True)
    state: str = Field(default=RoundState.ANNOUNCING, index=True)
    told_up_to: int = 0
    """The member up to whom it has been announced; later the number of the planned group that is introduced next."""
    plan: str = ""
    """Which of the plans counts: `CoffeePlan.token`."""
    attempts: int = 0
    try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Nobody else works at it before then: a replica is at it, or has failed and waits."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    frozen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CoffeePlan(Table, table=True):
    """Who is to meet whom, as the solver has it: a group of members, by number. It is written some at a time, and
    counts from the moment at which its round names its `token`; removed when all have been introduced."""

    __table_args__ = (UniqueConstraint("round_id", "token", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="coffee_round.id")
    token: str
    number: int
    members: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))


class CoffeeGroup(Table, table=True):
    """Two people, or three, who were introduced to each other. `number` is the group's place in its round."""

    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="coffee_round.id")
    number: int
    introduced_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was called off, because somebody has gone since, or closed, because the next round comes."""
    room_id: int | None = Field(default=None, foreign_key="room.id")


class CoffeeSeat(Table, table=True):
    """Somebody who takes part in a round, and their group once there is one."""

    __table_args__ = (UniqueConstraint("round_id", "member_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="coffee_round.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    group_id: int | None = Field(default=None, foreign_key="coffee_group.id", index=True)
    state: str = Field(default=SeatState.WAITING)
    answer: str = ""
    """A `Met`, or nothing yet."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    card: str = ""
    """The key of the delivery whose buttons are alive."""
