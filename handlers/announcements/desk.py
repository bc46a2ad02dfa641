"""What announcements' handlers and jobs work with."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.i18n import _
from bot.policy import Policy
from bot.replies import Private, ReplaceMessage, Reply
from bot.routing import Bundle
from bot.ui import Message
from handlers.announcements import report_views, views
from handlers.announcements.audience import make_audience
from handlers.announcements.drawing import draw, find_purpose
from handlers.announcements.kinds import NEWS, find_kind, list_kinds
from handlers.announcements.rules import find_abilities, is_hr
from handlers.announcements.standing import Correction, Reach, Sheet, make_report
from handlers.answers import Answers, out_of_date
from storage.models import Announcement, AnnouncementState, Member, Urgency
from storage.queries import announcements, audiences, batches
from storage.queries.audit import note_act
from storage.queries.joining import list_hr
from storage.queries.members import get_member
from storage.queries.outbox import Make, Terms, post
from storage.uow import UnitOfWork

_SAMPLES = 5
_DRAFTS = 5
_OTHERS = 6
"""As many as fit into one message with the rest."""

REACHED = (AnnouncementState.DRAFT, AnnouncementState.WAITING)
"""The states in which it is of use to count whom it would reach."""


def name_kind(name: str) -> str:
    """The word for a kind of announcement."""
    kind = find_kind(name)
    return kind.label() if kind else _("News")


def make_batch(announcement: Announcement) -> str:
    """What its deliveries have in common in the outbox."""
    return f"announcement:{announcement.id}"


@dataclass(frozen=True, slots=True)
class Office(Bundle):
    """The transaction, the time and the rules."""

    db: UnitOfWork
    now: datetime
    policy: Policy

    def count(self, announcement: Announcement, most: int | None = None) -> int:
        """How many it reaches now; with `most`, counted no further than that."""
        purpose = find_purpose(announcement)
        if purpose is None:
            return 0
        return audiences.count(self.db, make_audience(self.db, announcement.audience, self.policy), purpose, most)

    def tell(self, to: Member, key: str, make: Make) -> None:
        """A message to somebody of HR."""
        post(self.db, to, make, Terms(f"announce:{key}:{to.id}", self.now, Urgency.NUDGE))

    def list_hr(self, *, without: int = 0) -> list[Member]:
        """Everybody with the role, but one."""
        return [member for member in list_hr(self.db) if member.id != without]

    def tell_both(self, announcement: Announcement, what: str, make: Make, without: Collection[int | None]) -> None:
        """To author and approver, but those who know."""
        for id in {announcement.author_id, announcement.approver_id or announcement.author_id} - {*without}:
            member = get_member(self.db, id)
            if is_hr(member):
                self.tell(member, f"{announcement.id}:{what}", make)


@dataclass(frozen=True, slots=True)
class Desk(Bundle):
    """Somebody of HR at work on announcements."""

    office: Office
    me: Member

    @property
    def db(self) -> UnitOfWork:
        """The transaction."""
        return self.office.db

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.office.now

    def note(self, act: str, announcement: Announcement, detail: str = "") -> None:
        """Puts an act into the audit log."""
        note_act(
            self.db, self.me, f"announcement.{act}", self.now, subject=f"announcement:{announcement.id}", detail=detail
        )

    # Pages

    def list_page(self, note: str = "") -> Message:
        """`/announce`."""
        drafts = [self.outline(one) for one in announcements.list_drafts(self.db, self.me, _DRAFTS)]
        others = [self.outline(one) for one in announcements.list_others(self.db, _OTHERS)]
        return views.page(list_kinds(), drafts, others, note)

    def outline(self, announcement: Announcement) -> Sheet:
        """As a line of the list shows it."""
        author, kind = get_member(self.db, announcement.author_id), name_kind(announcement.kind)
        can, mine = find_abilities(announcement), author.id == self.me.id
        correction = self._find_correction(announcement) if can.correct else None
        return Sheet(announcement, kind, author.name, mine=mine, correction=correction, can=can)

    def _find_correction(self, announcement: Announcement) -> Correction | None:
        """The one that waits for a second person."""
        found = announcements.find_waiting(self.db, announcement)
        if found is None:
            return None
        author = get_member(self.db, found.author_id)
        return Correction(found.id or 0, author.name, found.texts, mine=author.id == self.me.id)

    def sheet(self, announcement: Announcement) -> Sheet:
        """As its own page shows it, counted afresh."""
        outline = self.outline(announcement)
        approver = get_member(self.db, announcement.approver_id).name if announcement.approver_id else ""
        report = make_report(
            batches.count(self.db, make_batch(announcement)), announcements.count_presses(self.db, announcement.id or 0)
        )
        reach = self.find_reach(announcement) if announcement.state in REACHED else Reach(0)
        return replace(outline, approver=approver, reach=reach, report=report)

    def find_reach(self, announcement: Announcement) -> Reach:
        """Whom it reaches."""
        purpose = find_purpose(announcement)
        if purpose is None:
            return Reach(0)
        rule = make_audience(self.db, announcement.audience, self.office.policy)
        samples = audiences.list_samples(self.db, rule, purpose, self.me, _SAMPLES)
        return Reach(audiences.count(self.db, rule, purpose), tuple(samples))

    def draw_page(self, announcement: Announcement, note: str = "") -> Message:
        """The announcement's page, as its state has it."""
        sheet = self.sheet(announcement)
        if announcement.state == AnnouncementState.DRAFT:
            return views.draft(sheet, note)
        return report_views.standing(sheet, note)

    def show(self, announcement: Announcement, note: str = "") -> Reply:
        """The page in the place of what was pressed."""
        return ReplaceMessage(self.draw_page(announcement, note))

    def done(self, text: str) -> Reply:
        """The list, with what was just done, in the place of what was pressed."""
        return ReplaceMessage(self.list_page(text))

    def draw(self, announcement: Announcement) -> Message | None:
        """The announcement as I would read it."""
        return draw(self.db, announcement, self.me.role, self.now, self.office.policy)

    # Finding

    def with_any(self, id: int, act: Callable[[Announcement], Reply]) -> Reply:
        """Acts on an announcement, held; one that is gone is answered kindly."""
        found = announcements.hold(self.db, id)
        if found is None:
            return out_of_date()
        if found.state == AnnouncementState.DRAFT and found.author_id != self.me.id:
            return self._take_over(found, act)
        return act(found)

    def with_draft(self, id: int, act: Callable[[Announcement], Reply]) -> Reply:
        """Acts on a draft of mine; of what is no draft any more, the page says how it stands."""
        return self.with_any(id, lambda it: act(it) if it.state == AnnouncementState.DRAFT else self.show(it))

    def _take_over(self, found: Announcement, act: Callable[[Announcement], Reply]) -> Reply:
        """A draft belongs to its author, until the author has no HR role any more."""
        author = get_member(self.db, found.author_id)
        if is_hr(author):
            text = _("{name} is still writing this.").format(name=author.name)
            return Private(Answers().sentence(text))
        found.author_id = self.me.id or 0
        self.note("take_over", found)
        return act(found)

    def is_sendable(self, announcement: Announcement) -> bool:
        """Whether what it is about can still be announced."""
        return announcement.kind == NEWS or self.draw(announcement) is not None
