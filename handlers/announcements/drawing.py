"""The announcement itself, as its readers see it: made once for each language and role, not for each reader."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.i18n import _, current_locale, prose, use_locale
from bot.policy import Policy
from bot.ui import Block, Heading, Link, Message, Note, Para, Picture, When, dump_message
from handlers.announcements import rules
from handlers.announcements.kinds import NEWS, find_kind
from handlers.names import company_name
from storage.models import Announcement, Member, Purpose, Role, Status
from storage.uow import UnitOfWork


def find_purpose(announcement: Announcement) -> Purpose | None:
    """The consent that its readers must have given; None when the feature behind it is gone."""
    if announcement.kind == NEWS:
        return Purpose.NEWS
    kind = find_kind(announcement.kind)
    return kind.purpose if kind else None


def draw(
    db: UnitOfWork, announcement: Announcement, role: str, now: datetime, policy: Policy, *, corrected: bool = False
) -> Message | None:
    """As readers in that role see it, in the current language. None when it must not be sent any more."""
    below = _draw_subject(db, announcement, role, now)
    if below is None:
        return None
    written_in, text = rules.find_text(announcement, current_locale())
    parts: list[Block] = [Heading(text["title"]), *_say_language(written_in)]
    if corrected:
        parts.append(Note(prose(_("Corrected on {day}"), day=When(now, "date")).content))
    if announcement.picture and not announcement.picture_problem:
        parts.append(Picture(announcement.picture, text["title"]))
    if text["body"]:
        parts.append(Para((text["body"],)))
    if announcement.link:
        parts.append(Para((Link(announcement.link, announcement.link),)))
    return Message(text["title"], (*parts, *below, _say_from(announcement, policy)))


def _say_language(written_in: str) -> tuple[Note, ...]:
    if written_in == current_locale():
        return ()
    return (Note((_("This is in Japanese.") if written_in == "ja" else _("This is in English."),)),)


def _say_from(announcement: Announcement, policy: Policy) -> Note:
    company = company_name(policy)
    if find_purpose(announcement) is Purpose.JOBS:
        return Note((_("From HR of {company}, to those who agreed to hear of jobs.").format(company=company),))
    return Note((_("From HR of {company}, to those who agreed to news and events.").format(company=company),))


def _draw_subject(db: UnitOfWork, announcement: Announcement, role: str, now: datetime) -> tuple[Block, ...] | None:
    if announcement.kind == NEWS:
        return ()
    kind = find_kind(announcement.kind)
    return kind.draw(db, announcement.subject_id, _anybody(role, now), now) if kind else None


def _anybody(role: str, now: datetime) -> Member:
    """Nobody in particular, with a role and a language; never added to the session."""
    return Member(status=Status.ACTIVE, role=role, language=current_locale(), created_at=now)


def withdrawn() -> Message:
    """What stands where an announcement stood."""
    text = _("This announcement was withdrawn.")
    return Message(text, (Note((text,)),))


@dataclass
class Bodies:
    """The bodies of one announcement as stored JSON, each made when it is first needed. `is_gone` once the subject
    must not be sent any more."""

    db: UnitOfWork
    announcement: Announcement
    now: datetime
    policy: Policy
    corrected: bool = False
    is_gone: bool = False
    _made: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def get(self, locale: str, role: str) -> str:
        """The body for readers of that language and role; "" when it must not be sent any more."""
        known = self._made.get((locale, role))
        if known is None:
            with use_locale(locale):
                made = draw(self.db, self.announcement, role, self.now, self.policy, corrected=self.corrected)
            known = self._made[locale, role] = dump_message(made) if made else ""
            self.is_gone = self.is_gone or made is None
        return known


ROLES = (Role.ALUMNUS.value, Role.EMPLOYEE.value)
