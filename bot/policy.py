"""How this community runs: names, waiting times and limits, as one immutable value that rules and views receive."""

from dataclasses import dataclass, field
from datetime import time, timedelta


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The local hours in which nobody is disturbed unasked; `start` may be later than `end` (over midnight)."""

    start: time = time(21, 0)
    end: time = time(8, 0)


def _days(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=number) for number in numbers)


@dataclass(frozen=True, slots=True)
class Policy:
    """The community's rules. Defaults are those of the product's description; settings may change them."""

    community: str = "縁"
    community_en: str = "En"
    company: str = "サンプル精機"
    company_en: str = "Sample Seiki"
    word_alumni: str = ""
    """What people who have left are called in Japanese: アルムナイ or 卒業生; "" leaves each text its own word."""
    word_hr: str = "人事"
    """What HR is called in Japanese: 人事 or 事務局."""
    language: str = "ja"
    zone: str = "Asia/Tokyo"
    employee_domains: frozenset[str] = frozenset()
    home_tenants: frozenset[str] = frozenset()
    """Tenants whose full members are employees, as `teams:<tenant id>`."""
    hr: frozenset[str] = frozenset()
    """Who has the HR role from the start: mail addresses, or `platform:external id`."""
    join_url: str = ""
    """Where somebody joins the workspace or team; "" when people are invited there one by one."""
    quiet: QuietHours = field(default_factory=QuietHours)
    invitation_at: time = time(10, 0)
    """Local time on the last day at which the invitation goes out."""
    code_valid: timedelta = timedelta(days=60)
    code_tries: int = 5
    code_lock: timedelta = timedelta(hours=1)
    registration_nudges: tuple[timedelta, ...] = field(default_factory=lambda: _days(3, 7))
    approval_within: timedelta = timedelta(days=5)
    """By when somebody who could not be matched with the roster hears from HR, or why not yet."""
    request_nudges: tuple[timedelta, ...] = field(default_factory=lambda: _days(3, 7))
    request_expires: timedelta = timedelta(days=10)
    search_again: timedelta = timedelta(days=14)
    """After how long Musubi looks again when nobody suitable was found."""
    follow_up: timedelta = timedelta(days=1)
    """How long after the agreed time, or the acceptance plus `talk_within`, both are asked whether they talked."""
    talk_within: timedelta = timedelta(days=14)
    ignored_limit: int = 3
    proposals: int = 3
    guidelines_version: str = "2026-11"
    relay_keep: timedelta = timedelta(days=7)
    """How long what is written in a relayed room is kept at most."""
    answers_by_mail: bool = True
    """Whether mails of a relayed room can be answered: then they carry an address for it."""
    relay_a_minute: int = 20
    """Messages that one person may write in a room within a minute."""
    room_stays: timedelta = timedelta(days=14)
    """How long a room stays open after what it was for is over."""
    topics_file: str = ""
    """The company's own vocabulary file, on top of the one that is shipped."""
    coffee_rhythm: str = "monthly"
    """How often there is a coffee round: a `handlers.coffee.rules.Rhythm`."""
    jobs_feed: str = ""
    """Where jobs are read from every morning: an https address or a file."""
    approval_above: int = 500
    """People whom an announcement may reach without a second person of HR agreeing."""
    undo_within: timedelta = timedelta(minutes=10)
    """How long an announcement waits before it goes out, so that it can be undone."""
