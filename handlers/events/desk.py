"""What every step needs, and how people are told."""

from dataclasses import dataclass
from datetime import datetime

from bot.installation import Installation
from bot.policy import Policy
from bot.routing import Bundle
from storage.models import Member, Status, Urgency
from storage.queries.outbox import Make, Terms, find_best_account, post
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Desk(Bundle):
    """The transaction, the time and the rules."""

    db: UnitOfWork
    now: datetime
    policy: Policy
    installation: Installation


def send(
    desk: Desk, to: Member, make: Make, key: str, urgency: Urgency = Urgency.ANSWER, not_after: datetime | None = None
) -> bool:
    """A message, to who is there and can be reached. Whether it could be handed over."""
    if to.status != Status.ACTIVE or find_best_account(desk.db, to) is None:
        return False
    post(desk.db, to, make, Terms(key, desk.now, urgency, not_after))
    return True


def remind_key(event_id: int, edition: int, alarm: str, member_id: int) -> str:
    """The key of a reminder: with the edition, so that a moved event reminds anew."""
    return f"event:{event_id}:{alarm.removeprefix('event.')}:{edition}:{member_id}"


def offer_key(event_id: int, offer: int, member_id: int) -> str:
    """The key of the message that offers a seat."""
    return f"event:{event_id}:offer:{offer}:{member_id}"
