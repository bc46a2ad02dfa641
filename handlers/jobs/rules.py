"""Decisions about jobs: what a job must have, when it closes, which step follows which, who talks with whom. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.i18n import _
from handlers import links
from storage.models import Job, JobKind, Member, Role, Stage, Status
from storage.queries.members import clean_department

LONGEST_TITLE, LONGEST_TEXT, LONGEST_PLACE, LONGEST_LINK = 100, 2000, 60, 500
LONGEST_WORDS = 300
"""What somebody writes to whoever talks with them, or of a friend."""
OPEN_FOR = timedelta(days=30)
FARTHEST = timedelta(days=366)
"""A job that is to be open for longer is looked at again."""
WARNED_BEFORE = timedelta(days=5)
WARNED_AT = time(9)
"""The community's time at which HR hears that a job closes soon."""
ANSWER_WITHIN = timedelta(days=14)
"""How long a friend has to answer."""
KEPT_AFTER = timedelta(days=90)
"""How long what a friend told is kept after their way has ended."""
SHOWN_AFTER = timedelta(days=30)
"""How long HR sees what has ended."""
FRIENDS_A_DAY = 5
"""So many friends a member may refer within a day: Musubi's mails are not for sending to many."""
PAGE = 3
"""Jobs on a page."""

_STEPS = {
    Stage.INTERESTED: (Stage.TALKING, Stage.CLOSED),
    Stage.TALKING: (Stage.INTERVIEWING, Stage.CLOSED),
    Stage.INTERVIEWING: (Stage.HIRED, Stage.CLOSED),
}


def list_steps(stage: str) -> tuple[Stage, ...]:
    """The stages that may follow; none after the last."""
    return _STEPS.get(Stage(stage), ()) if stage in set(Stage) else ()


def is_over(stage: str) -> bool:
    """Whether nothing follows any more."""
    return stage in (Stage.HIRED, Stage.CLOSED)


def find_close(closes_on: date, zone: str) -> datetime:
    """The moment (UTC) at which the last day ends in the community's zone."""
    return _at(closes_on + timedelta(days=1), time(), zone)


def find_warning(closes_on: date, zone: str) -> datetime:
    """When HR hears of it beforehand (UTC)."""
    return _at(closes_on - WARNED_BEFORE, WARNED_AT, zone)


def _at(day: date, at: time, zone: str) -> datetime:
    """A wall time as a moment; in a gap of the clock the moment after it, of two the first."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def is_link(url: str) -> bool:
    """Whether it is an address that can be shown, and not too long."""
    return len(url) <= LONGEST_LINK and links.is_link(url)


def is_address(email: str) -> bool:
    """Whether it can be a mail address of one person."""
    return (
        len(email) <= 254
        and re.fullmatch(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", email) is not None
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A job as somebody wrote it down; `closes_on` None for the usual time."""

    title_ja: str = ""
    text_ja: str = ""
    title_en: str = ""
    text_en: str = ""
    kind: str = JobKind.FULL_TIME
    place: str = ""
    url: str = ""
    closes_on: date | None = None


def check_draft(draft: Draft, today: date) -> dict[str, str]:
    """What is wrong, by field, as sentences in the current language."""
    errors = _check_words(draft)
    if draft.kind not in set(JobKind):
        errors["kind"] = _("Please choose how one would work: full-time, contract work, a side job, or as an advisor.")
    if draft.url and not is_link(draft.url):
        errors["url"] = _("Please give a link that begins with https://, or leave it out.")
    if draft.closes_on is not None and draft.closes_on < today:
        errors["closes_on"] = _("This day has passed. Please choose today or a later day.")
    elif draft.closes_on is not None and draft.closes_on > today + FARTHEST:
        errors["closes_on"] = _("Please choose a day within a year; the date can be moved later.")
    return errors


def _check_words(draft: Draft) -> dict[str, str]:
    errors: dict[str, str] = {}
    for locale, title, text in (("ja", draft.title_ja, draft.text_ja), ("en", draft.title_en, draft.text_en)):
        for name, value, most in ((f"title_{locale}", title, LONGEST_TITLE), (f"text_{locale}", text, LONGEST_TEXT)):
            if len(value) > most:
                errors[name] = tell_too_long(most, len(value))
        if text and not title:
            errors[f"title_{locale}"] = _("The text has no title yet. Please add one.")
        if title and not text:
            errors[f"text_{locale}"] = _("The title has no text yet. A line or two is enough.")
    if not draft.title_ja and not draft.title_en:
        errors["title_ja"] = _("Please give a title and a text in Japanese or in English.")
    if len(draft.place) > LONGEST_PLACE:
        errors["place"] = tell_too_long(LONGEST_PLACE, len(draft.place))
    return errors


def tell_too_long(most: int, length: int) -> str:
    """A sentence on a text that is too long."""
    return _("This has {length} characters; {most} fit.").format(length=length, most=most)


def apply(draft: Draft, job: Job, today: date, now: datetime) -> Job:
    """Puts a checked draft into a job."""
    fields = ("title_ja", "text_ja", "title_en", "text_en", "kind", "place", "url")
    for name in fields:
        setattr(job, name, getattr(draft, name))
    job.closes_on, job.has_date = draft.closes_on or today + OPEN_FOR, draft.closes_on is not None
    job.changed_at = now
    return job


def may_have_managed(contact: Member, person: Member) -> bool:
    """Whether the contact may have been the person's manager. Who managed whom nobody tells Musubi; what is known is
    who worked in one department: unless the contact came after the person had left, they are kept apart."""
    theirs, mine = clean_department(contact.department).casefold(), clean_department(person.department).casefold()
    if not theirs or theirs != mine:
        return False
    return contact.joined_on is None or person.left_on is None or contact.joined_on <= person.left_on


def can_be_contact(member: Member) -> bool:
    """Whether somebody can talk with those who are interested: an active employee."""
    return member.status == Status.ACTIVE and member.role == Role.EMPLOYEE
