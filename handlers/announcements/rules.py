"""What an announcement may hold, and when it may go out: pure decisions, without a clock or a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.dates import get_zone
from bot.policy import Policy
from bot.recurrence import resolve
from handlers.links import is_link
from storage.models import Announcement, AnnouncementState, Member, Status

LONGEST_TITLE = 100
LONGEST_BODY = 2000
"""Characters. Both languages stand in one preview, and a message in Slack takes 13,000 with its marks."""
LONGEST_ADDRESS = 1000
FARTHEST = timedelta(days=365)
"""How far ahead something can be scheduled."""
TOO_LATE = timedelta(days=7)
"""After how long it is not sent any more to those to whom it could not go: quiet hours, a full month."""
UNCHECKED = "unchecked"
"""`Announcement.picture_problem` of a picture nobody has looked at."""

Texts = dict[str, dict[str, str]]


class Problem(StrEnum):
    """What is wrong with what was entered."""

    NO_WORDS = "no_words"
    NO_TITLE = "no_title"
    TITLE_TOO_LONG = "title_too_long"
    BODY_TOO_LONG = "body_too_long"
    NO_HTTPS = "no_https"
    UNREADABLE = "unreadable"
    PAST = "past"
    GAP = "gap"
    TOO_FAR = "too_far"


def read_texts(raw: Mapping[str, str]) -> tuple[Texts, dict[str, Problem]]:
    """The words by language, of the fields `title_ja`, `body_ja` and so on; and what is wrong, by field. A language
    with neither title nor body is left out."""
    texts: Texts = {}
    problems: dict[str, Problem] = {}
    for locale in ("ja", "en"):
        title, body = " ".join(raw[f"title_{locale}"].split()), raw[f"body_{locale}"].strip()
        if not title and not body:
            continue
        texts[locale] = {"title": title, "body": body}
        if not title:
            problems[f"title_{locale}"] = Problem.NO_TITLE
        elif len(title) > LONGEST_TITLE:
            problems[f"title_{locale}"] = Problem.TITLE_TOO_LONG
        if len(body) > LONGEST_BODY:
            problems[f"body_{locale}"] = Problem.BODY_TOO_LONG
    if not texts:
        problems["title_ja"] = Problem.NO_WORDS
    return texts, problems


def find_address_problem(url: str) -> Problem | None:
    """What is wrong with an address; nothing with an empty one."""
    if not url:
        return None
    if len(url) <= LONGEST_ADDRESS and is_link(url):
        return None
    return Problem.UNREADABLE if url.casefold().startswith("https://") else Problem.NO_HTTPS


def read_moment(day: str, clock: str, zone: str, now: datetime) -> datetime | Problem:
    """A day and a time of day (`10:00`) as the clocks of a zone show them; or what is wrong with it."""
    try:
        wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        return Problem.UNREADABLE
    place = get_zone(zone)
    at = resolve(wall, place)
    if at.astimezone(place).replace(tzinfo=None) != wall:
        return Problem.GAP
    if at <= now:
        return Problem.PAST
    return at if at <= now + FARTHEST else Problem.TOO_FAR


def find_send_at(wanted: datetime | None, now: datetime, policy: Policy) -> datetime:
    """When it goes out: as wanted, but never before the time for undoing has passed."""
    earliest = now + policy.undo_within
    return max(wanted, earliest) if wanted is not None else earliest


def needs_approval(people: int, policy: Policy) -> bool:
    """Whether a second person of HR must agree."""
    return people > policy.approval_above


def needs_second_person(announcement: Announcement, policy: Policy) -> bool:
    """Whether a second person of HR must agree to other words for what was sent: as it was for the old ones, and where
    it has gone to more since."""
    return announcement.needs_approval or needs_approval(announcement.planned, policy)


def is_hr(member: Member | None) -> bool:
    """Whether somebody may still answer for an announcement."""
    return member is not None and member.status == Status.ACTIVE and member.is_hr


def find_title(announcement: Announcement, locale: str) -> str:
    """The title in that language, or in the other one."""
    return find_text(announcement, locale)[1]["title"]


def find_text(announcement: Announcement, locale: str) -> tuple[str, dict[str, str]]:
    """The words for readers of a language, and the language in which they are."""
    texts: Texts = announcement.texts
    if locale in texts:
        return locale, texts[locale]
    return next(iter(texts.items()))


@dataclass(frozen=True, slots=True)
class Abilities:
    """What can be done with an announcement now."""

    stop: bool = False
    withdraw: bool = False
    correct: bool = False
    send_again: bool = False


def find_abilities(announcement: Announcement) -> Abilities:
    """What its state allows. While one change of what was sent is under way, there is no other."""
    state, idle = AnnouncementState(announcement.state), not announcement.replacing
    is_sending, is_done = (
        state is AnnouncementState.SENDING,
        state in (AnnouncementState.SENT, AnnouncementState.STOPPED),
    )
    return Abilities(
        stop=is_sending,
        withdraw=(is_sending or is_done) and idle,
        correct=is_done and idle,
        send_again=is_done and idle,
    )
