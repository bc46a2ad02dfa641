"""What the two forms bring, read and checked. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.i18n import LANGUAGES
from bot.incoming import FormValues
from storage.models import Member, Purpose, Role, Visibility
from storage.queries.members import ProfileField, clean_department
from storage.queries.topics import LONGEST_TOPIC, MOST_TOPICS, clean_topics, fold_topic

SPOKEN = ("ja", "en", "zh", "ko", "es", "pt", "de", "fr", "vi", "th")
"""Languages a member can offer, as ISO 639-1 codes."""

LONGEST_LINE = 80
LONGEST_NEWS = 200
MOST_CONSULTATIONS = 3
NO_QUIET_HOURS = "none"

_SEPARATORS = re.compile(r"[,、，;；\n]")


IN_DIGESTS = (Purpose.NEWCOMER, Purpose.MILESTONES, Purpose.SPOTLIGHT, Purpose.NEWS_QUESTION)
"""What is agreed to apart from the rest: it is about digests."""


class Digest(StrEnum):
    """How often the personal digest comes."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    BIMONTHLY = "bimonthly"
    NEVER = "never"


class News(StrEnum):
    """The ready-made latest news."""

    WELL = "well"
    NEW_JOB = "new_job"
    MOVED = "moved"
    LEARNING = "learning"
    COFFEE = "coffee"


class Fault(StrEnum):
    """What is wrong with a field."""

    TOO_MANY_TOPICS = "too_many_topics"
    TOPIC_TOO_LONG = "topic_too_long"
    GUIDELINES = "guidelines"
    SHOWN_AND_HIDDEN = "shown_and_hidden"


@dataclass(frozen=True, slots=True)
class About:
    """What a member tells of themselves. `department` counts for employees only: a leaver's is HR's to say."""

    employer: str = ""
    job: str = ""
    department: str = ""
    city: str = ""
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    latest_news: str = ""


def about_of(member: Member, topics: tuple[str, ...]) -> About:
    """What the member has told so far; who has told no language speaks the one they read."""
    return About(
        employer=member.employer,
        job=member.job,
        department=member.department,
        city=member.city,
        languages=tuple(member.languages) or (member.language,),
        topics=topics,
        latest_news=member.latest_news,
    )


def read_about(values: FormValues) -> About:
    """What the form brought. Topics come from the list and, separated by commas, from the line for free words."""
    free = _SEPARATORS.split(values.text("more_topics"))
    return About(
        employer=values.text("employer")[:LONGEST_LINE],
        job=values.text("job")[:LONGEST_LINE],
        department=clean_department(values.text("department"))[:LONGEST_LINE],
        city=values.text("city")[:LONGEST_LINE],
        languages=tuple(code for code in SPOKEN if code in values.several("languages")),
        topics=clean_topics([*values.several("topics"), *free]),
        latest_news=values.text("latest_news")[:LONGEST_NEWS],
    )


def check_about(about: About) -> Mapping[str, Fault]:
    """What is wrong, by field."""
    if any(len(topic) > LONGEST_TOPIC for topic in about.topics):
        return {"more_topics": Fault.TOPIC_TOO_LONG}
    return {"more_topics": Fault.TOO_MANY_TOPICS} if len(about.topics) > MOST_TOPICS else {}


def split_topics(topics: Iterable[str], offered: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A member's topics as those that the list offers, in its spelling, and free words."""
    spelling = {fold_topic(label): label for label in offered}
    topics = tuple(topics)
    chosen = tuple(spelling[fold_topic(label)] for label in topics if fold_topic(label) in spelling)
    return chosen, tuple(label for label in topics if fold_topic(label) not in spelling)


def merge_topics(common: Iterable[str], starters: Iterable[str], most: int) -> tuple[str, ...]:
    """The list of topics that a form offers: what the community shares, filled up with the starters."""
    return clean_topics([*common, *starters])[:most]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a member chooses. Equal hours mean no quiet hours."""

    consents: frozenset[Purpose] = frozenset()
    alumni_only: tuple[ProfileField, ...] = ()
    hidden: tuple[ProfileField, ...] = ()
    capacity: int = 1
    nameless: bool = False
    quiet_from: int = 21
    quiet_to: int = 8
    digest: Digest = Digest.MONTHLY
    language: str = "ja"
    accepted: bool = False
    """The guidelines, in their present version."""

    @property
    def visibility(self) -> dict[str, str]:
        """As `Member.visibility` keeps it."""
        alumni = dict.fromkeys(map(str, self.alumni_only), Visibility.ALUMNI.value)
        return alumni | dict.fromkeys(map(str, self.hidden), Visibility.NOBODY.value)


def choices_of(member: Member, consents: frozenset[Purpose], guidelines_version: str) -> Choices:
    """What the member has chosen so far."""
    return Choices(
        consents=consents,
        alumni_only=_fields_with(member, Visibility.ALUMNI),
        hidden=_fields_with(member, Visibility.NOBODY),
        capacity=member.capacity,
        nameless=member.nameless,
        quiet_from=member.quiet_from,
        quiet_to=member.quiet_to,
        digest=Digest(member.digest),
        language=member.language,
        accepted=member.guidelines_version == guidelines_version,
    )


def _fields_with(member: Member, visibility: Visibility) -> tuple[ProfileField, ...]:
    return tuple(field for field in list_fields(member.role) if member.visibility.get(field) == visibility)


def list_fields(role: str) -> tuple[ProfileField, ...]:
    """The fields whose visibility somebody in this role decides: an employee's years and employer are no secret of
    theirs."""
    if role == Role.EMPLOYEE:
        return tuple(field for field in ProfileField if field not in (ProfileField.YEARS, ProfileField.EMPLOYER))
    return tuple(ProfileField)


def read_choices(values: FormValues, present: Choices) -> Choices:
    """What the form brought. A choice that is none of those offered leaves things as they are at `present`."""
    start, end = _read_quiet(values, present)
    told = values.several("digest_consents")
    return Choices(
        consents=frozenset(purpose for purpose in Purpose if purpose in (*values.several("consents"), *told)),
        alumni_only=_read_fields(values, "alumni_only"),
        hidden=_read_fields(values, "hidden"),
        capacity=_read_number(values.text("capacity"), MOST_CONSULTATIONS, present.capacity),
        nameless=bool(values.several("nameless")),
        quiet_from=start,
        quiet_to=end,
        digest=_read_digest(values.text("digest"), present.digest),
        language=values.text("language") if values.text("language") in LANGUAGES else present.language,
        accepted=present.accepted or bool(values.several("guidelines")),
    )


def _read_fields(values: FormValues, name: str) -> tuple[ProfileField, ...]:
    return tuple(field for field in ProfileField if field in values.several(name))


def _read_digest(text: str, present: Digest) -> Digest:
    return Digest(text) if text in list(Digest) else present


def _read_quiet(values: FormValues, present: Choices) -> tuple[int, int]:
    if values.text("quiet_from") == NO_QUIET_HOURS:
        return 0, 0
    start = _read_number(values.text("quiet_from"), 23, present.quiet_from)
    return start, _read_number(values.text("quiet_to"), 23, present.quiet_to)


def _read_number(text: str, most: int, present: int) -> int:
    return int(text) if text.isdecimal() and int(text) <= most else present


def check_choices(choices: Choices) -> Mapping[str, Fault]:
    """What is wrong, by field: the guidelines must be accepted, and a field can't be for alumni and for nobody."""
    faults: dict[str, Fault] = {}
    if not choices.accepted:
        faults["guidelines"] = Fault.GUIDELINES
    if set(choices.alumni_only) & set(choices.hidden):
        faults["hidden"] = Fault.SHOWN_AND_HIDDEN
    return faults
