"""What a code is worth. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from storage.models import JoinCode, Member, Status

VALID = timedelta(minutes=15)
"""How long a code is good for: long enough to take up the other device."""


class Verdict(StrEnum):
    """What becomes of a code that somebody typed."""

    GOOD = "good"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


def judge(code: JoinCode | None, now: datetime) -> Verdict:
    """A code works once, and until its time."""
    if code is None:
        return Verdict.UNKNOWN
    if code.used_at is not None:
        return Verdict.USED
    return Verdict.EXPIRED if code.expires_at <= now else Verdict.GOOD


def is_member(member: Member) -> bool:
    """Whether this is somebody whose accounts can be joined: registered, and not suspended."""
    return member.status in (Status.ACTIVE, Status.PAUSED)
