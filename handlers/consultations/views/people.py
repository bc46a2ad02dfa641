"""People and reasons in words."""

import re
from dataclasses import dataclass

from bot.i18n import _, current_locale, pgettext
from bot.ui import Inline, Mention
from handlers.consultations.rules import find_letter
from storage.models import Role
from storage.queries.members import Card

_MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the reader may know them. With a `rank` (from 1) the name is kept back, and a letter stands for
    it."""

    card: Card
    rank: int = 0

    @property
    def name(self) -> str:
        """The name, or the letter that stands for it."""
        if not self.rank:
            return self.card.name
        letter = find_letter(self.rank)
        if self.card.role is Role.EMPLOYEE:
            return _("Colleague {letter}").format(letter=letter)
        return _("Alumnus {letter}").format(letter=letter)

    @property
    def mention(self) -> Inline:
        """The name, as a mention where it may be said."""
        return self.name if self.rank else Mention(self.card.member_id, self.card.name)

    @property
    def line(self) -> str:
        """Who that is, in a line. Of the nameless only what doesn't tell who they are."""
        card = self.card
        if self.rank:
            return join(card.topics[:_MOST_TOPICS])
        return join((say_department(card), card.employer, card.job, card.city))


def as_summary(pieces: tuple[Inline, ...]) -> str:
    """A sentence as plain text, for the notification. It must not hold a moment: that depends on the reader's zone."""
    return "".join(
        piece if isinstance(piece, str) else piece.name for piece in pieces if isinstance(piece, str | Mention)
    )


def join(labels: tuple[str, ...]) -> str:
    """Short facts side by side."""
    return pgettext("between short facts", ", ").join(label for label in labels if label)


def say_department(card: Card) -> str:
    """The department, marked as former for alumni."""
    if not card.department or card.role is Role.EMPLOYEE:
        return card.department
    return _("formerly {department}").format(department=card.department)


def say_reasons(reasons: list[dict[str, str]], card: Card) -> tuple[str, ...]:
    """Why this person fits, each in a few words."""
    return tuple(label for reason in reasons if (label := _say_reason(reason, card)))


def _say_reason(reason: dict[str, str], card: Card) -> str:
    match reason:
        case {"topic": written}:
            return _say_match(reason, card).format(topic=_name_topic(written, reason))
        case {"kind": "tenure"}:
            return _("With the company about as long as you")
        case {"kind": "department"} if card.role is Role.EMPLOYEE:
            return _("In your department")
        case {"kind": "department"}:
            return _("Was in your department")
        case {"kind": "language", "language": "ja"}:
            return _("Speaks Japanese")
        case {"kind": "language", "language": "en"}:
            return _("Speaks English")
        case _:
            return ""


def _say_match(reason: dict[str, str], card: Card) -> str:
    """Where the person tells what fits: among the topics, or in what else the reader sees of them."""
    match reason:
        case {"kind": "job"}:
            return _("By profession: {topic}")
        case {"kind": "former"} if card.role is Role.EMPLOYEE:
            return _("By department: {topic}")
        case {"kind": "former"}:
            return _("By former department: {topic}")
        case {"near": "same"}:
            return _("Same topic: {topic}")
        case _:
            return _("Related topic: {topic}")


def _name_topic(written: str, reason: dict[str, str]) -> str:
    """What the person wrote, where the reader reads that language; otherwise the concept's name in theirs."""
    locale = current_locale()
    is_theirs = bool(_JAPANESE.search(written)) == (locale == "ja")
    return written if is_theirs else reason.get(locale) or written


_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]")


def list_topics(reasons: list[dict[str, str]]) -> tuple[str, ...]:
    """The topics among the reasons, as the person asked wrote them."""
    return tuple(reason["topic"] for reason in reasons if reason.get("kind") == "topic")


def say_language(language: str) -> str:
    """The language of a talk."""
    match language:
        case "ja":
            return _("in Japanese")
        case "en":
            return _("in English")
        case _:
            return _("in Japanese or English")


def say_timing(timing: str) -> str:
    """When a talk would suit."""
    match timing:
        case "soon":
            return _("within two weeks")
        case "month":
            return _("within a month")
        case _:
            return _("no hurry")
