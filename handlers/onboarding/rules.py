"""Pure decisions of the registration: codes, the lock after too many wrong ones, and what was entered."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.incoming import FormValues
from bot.policy import Policy
from storage.models import Member, RosterEntry

WINDOW = timedelta(hours=1)
"""Within this time wrong codes add up to a lock."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Where an account stands: how many wrong codes it may still enter, or until when it is locked."""

    left: int
    locked_until: datetime | None = None


def count_tries(wrong: Iterable[datetime], now: datetime, policy: Policy) -> Tries:
    """Counts wrong codes (moments, earliest first; those of the last WINDOW and the last lock before it are enough).

    As many as `policy.code_tries` within WINDOW lock the form for `policy.code_lock`; after a lock all start anew.
    """
    recent: list[datetime] = []
    locked_until: datetime | None = None
    for at in wrong:
        recent = [earlier for earlier in recent if earlier > at - WINDOW] + [at]
        if len(recent) >= policy.code_tries:
            recent, locked_until = [], at + policy.code_lock
    if locked_until is not None and now < locked_until:
        return Tries(0, locked_until)
    return Tries(policy.code_tries - len([at for at in recent if at > now - WINDOW]))


def look_back(now: datetime, policy: Policy) -> datetime:
    """Since when wrong codes must be known for `count_tries`."""
    return now - policy.code_lock - WINDOW


class Verdict(StrEnum):
    """What a code is worth."""

    GOOD = "good"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


def judge_code(entry: RosterEntry | None, is_registered: bool, now: datetime) -> Verdict:
    """`entry` is whose code it is; `is_registered` says that somebody came in as this person already. A code works
    once, until its day."""
    if entry is None:
        return Verdict.UNKNOWN
    if is_registered or entry.code_used_at is not None:
        return Verdict.USED
    if entry.code_expires_at is not None and entry.code_expires_at <= now:
        return Verdict.EXPIRED
    return Verdict.GOOD


@dataclass(frozen=True, slots=True)
class Identity:
    """What was entered in step 1, as typed."""

    code: str = ""
    number: str = ""
    name: str = ""
    left: str = ""

    @property
    def left_month(self) -> str | None:
        """The leaving month as `2026-03`, or None when it can't be read."""
        return read_month(self.left)


def read_identity(values: FormValues) -> Identity:
    """What step 1 brought."""
    return Identity(*(values.text(name) for name in ("code", "number", "name", "left")))


class Gap(StrEnum):
    """What is wrong with a field of step 1."""

    NOTHING = "nothing"
    MISSING = "missing"
    UNREADABLE = "unreadable"


def check_identity(identity: Identity) -> Mapping[str, Gap]:
    """What is missing or unreadable, by field: a code is enough; without one it takes number, name and month."""
    if identity.code:
        return {}
    if not (identity.number or identity.name or identity.left):
        return {"code": Gap.NOTHING}
    gaps = {name: Gap.MISSING for name in ("number", "name", "left") if not getattr(identity, name)}
    if identity.left and identity.left_month is None:
        gaps["left"] = Gap.UNREADABLE
    return gaps


_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPELLINGS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})(?P<month>\d{2})\d{2}",
        r"(?P<month>\d{1,2})[/.-](?P<year>\d{4})",
        r"(?P<month>[a-z]{3})[a-z]{0,6}[.,]?(?P<year>\d{4})",
        r"(?P<era>令和|平成|昭和|[RHS])?\.?(?P<year>元|\d{1,4})(?:年|[/.-])?(?P<month>\d{1,2})(?:[月/.-].*)?",
    )
)


def read_month(text: str) -> str | None:
    """A month as people write it, as `2026-03`: 2026/3, 2026年3月31日, 202603, 令和8年3月, R8.3, 3/2026, March 2026; in
    any width. None when it is none."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).translate(_DASHES)
    found = next((match for spelling in _SPELLINGS if (match := spelling.fullmatch(plain))), None)
    if found is None:
        return None
    parts = found.groupdict()
    year = 1 if parts["year"] == "元" else int(parts["year"])
    return _join_month(year + _ERAS.get((parts.get("era") or "").upper(), 0), _number_of(parts["month"]))


def _number_of(month: str) -> int:
    if month.isdecimal():
        return int(month)
    return _ENGLISH.index(month.lower()) + 1 if month.lower() in _ENGLISH else 0


def _join_month(year: int, month: int) -> str | None:
    return f"{year:04}-{month:02}" if 1 <= month <= 12 and 1900 <= year <= 2200 else None


class Step(StrEnum):
    """The form that comes next."""

    IDENTIFY = "identify"
    ABOUT = "about"
    CHOICES = "choices"


def next_step(member: Member) -> Step:
    """Which form an unverified member fills in next, by what has been done."""
    return (Step.IDENTIFY, Step.ABOUT, Step.CHOICES)[min(member.registration_step, 2)]
