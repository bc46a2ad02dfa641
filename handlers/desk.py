"""What every step of a feature needs, and how a member is told what nobody asked for at this moment."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.installation import Installation
from bot.policy import Policy
from bot.routing import Bundle
from storage.models import Member, Status, Urgency
from storage.queries.outbox import Make, Terms, find_best_account, post
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Desk(Bundle):
    """The transaction, the time and the rules. A feature whose steps share more makes its own of it."""

    db: UnitOfWork
    now: datetime
    policy: Policy
    installation: Installation

    @property
    def today(self) -> date:
        """The community's calendar day."""
        return self.now.astimezone(ZoneInfo(self.policy.zone)).date()


def send(
    desk: Desk,
    to: Member,
    make: Make,
    key: str,
    urgency: Urgency = Urgency.NUDGE,
    not_after: datetime | None = None,
) -> bool:
    """A message to an active member who can be reached, outside the quiet hours unless `urgency` says otherwise; not
    sent any more after `not_after`. Returns whether it could be handed over."""
    if to.status != Status.ACTIVE or find_best_account(desk.db, to) is None:
        return False
    post(desk.db, to, make, Terms(key, desk.now, urgency, not_after))
    return True
