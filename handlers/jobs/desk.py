"""What every step needs, and how people are told."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.installation import Installation
from bot.policy import Policy
from bot.routing import Bundle
from storage.models import Member, Status, Urgency
from storage.queries.audit import note_act
from storage.queries.outbox import Make, Terms, find_best_account, post
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Desk(Bundle):
    """The transaction, the time and the rules."""

    db: UnitOfWork
    now: datetime
    policy: Policy
    installation: Installation

    @property
    def today(self) -> date:
        """The community's calendar day."""
        return self.now.astimezone(ZoneInfo(self.policy.zone)).date()

    @property
    def can_refer(self) -> bool:
        """Whether a friend can reach our page."""
        return bool(self.installation.public_url)


def tell(desk: Desk, to: Member, make: Make, key: str, urgency: Urgency = Urgency.NUDGE) -> bool:
    """A message outside the quiet hours, and only to who is there. Whether it could be handed over."""
    if to.status != Status.ACTIVE or find_best_account(desk.db, to) is None:
        return False
    post(desk.db, to, make, Terms(key, desk.now, urgency))
    return True


def note(desk: Desk, me: Member, act: str, subject: str, detail: str = "") -> None:
    """Puts an act of HR's into the audit log."""
    note_act(desk.db, me, act, desk.now, subject=subject, detail=detail)
