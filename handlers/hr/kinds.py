"""What HR's page shows, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.models import Account, Application, Member, RosterEntry


class Kind(StrEnum):
    """A list of HR's page."""

    WAITING = "waiting"
    JOINED = "joined"
    INVITED = "invited"
    HALF_WAY = "half_way"
    HAND_OVER = "hand_over"
    TROUBLED = "troubled"
    LOCKED = "locked"
    ROLES = "roles"


@dataclass(frozen=True, slots=True)
class Case:
    """An application with what HR needs to decide it: the person, their accounts on the platforms, whom of the roster
    they may be. `decided_by` is the name of who decided it, "" before that or if nobody did."""

    application: Application
    member: Member
    accounts: tuple[Account, ...] = ()
    candidates: tuple[RosterEntry, ...] = ()
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """An account that is locked for too many wrong codes, and until when."""

    account: Account
    member: Member
    until: datetime


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of a list: what is on it, its number from 0, and how many pages and people there are."""

    kind: Kind
    people: Sequence[Any]
    page: int
    pages: int
    total: int
