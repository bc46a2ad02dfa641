"""Telling people: each of the two has one card whose buttons are alive, and it always shows how things stand."""

from dataclasses import dataclass
from datetime import datetime

from bot.installation import Installation
from bot.policy import Policy
from bot.replies import ReplaceMessage, Reply
from handlers.consultations.views.mentor import moved_on
from handlers.meetings import Acting
from storage.models import Consultation, Member, Status, Urgency
from storage.queries.cards import retire, revise
from storage.queries.members import get_member
from storage.queries.outbox import Make, Terms, find_best_account, post
from storage.uow import UnitOfWork


@dataclass(slots=True)
class Desk:
    """What every step needs: the transaction, the time and the rules; and who acts, if a person does.

    `pressed` is the message whose button was pressed. `said` becomes the card that the acting person is shown.
    """

    db: UnitOfWork
    now: datetime
    policy: Policy
    installation: Installation
    actor: int = 0
    pressed: str = ""
    said: Make | None = None

    def get(self, member_id: int | None) -> Member:
        """A member by id. Raises LookupError."""
        return get_member(self.db, member_id or 0)

    def asker(self, consultation: Consultation) -> Member:
        """Who asks."""
        return self.get(consultation.asker_id)

    def answer(self, otherwise: Make) -> Reply:
        """The reply to a press: what was said to the acting person, or else how things stand."""
        return ReplaceMessage((self.said or otherwise)())


def make_acting(desk: Desk) -> Acting:
    """The same, for finding a time. What is pressed there is another card than ours."""
    return Acting(desk.db, desk.now, desk.policy, desk.installation, desk.actor)


def inform(desk: Desk, consultation: Consultation, to: Member, make: Make) -> None:
    """Lets one of the two see how things stand now.

    Whoever acts sees their card change; the other gets a new message, outside the quiet hours, and the old card loses
    its buttons.
    """
    if desk.actor != to.id:
        send_card(desk, consultation, to, make)
        return
    desk.said = make
    shown = revise(desk.db, to, _get_card(consultation, to), make, desk.now, desk.pressed)
    if shown:
        _set_card(consultation, to, shown)
    else:
        send_card(desk, consultation, to, make)


def send_card(desk: Desk, consultation: Consultation, to: Member, make: Make) -> None:
    """A new message that carries the live buttons from now on. Who can't be written to now has no card, and is told on
    coming back."""
    consultation.cards += 1
    key = f"consultation:{consultation.id}:card:{consultation.cards}"
    retire(desk.db, to, _get_card(consultation, to), moved_on, desk.now, follows=key)
    _set_card(consultation, to, key if send(desk, to, make, key) else "")


def send(desk: Desk, to: Member, make: Make, key: str, not_after: datetime | None = None) -> bool:
    """A message, at once to whoever acts, outside the quiet hours to everybody else. Nobody is written to who has left
    or can't be reached. Returns whether it could be handed over."""
    if to.status == Status.WITHDRAWN or find_best_account(desk.db, to) is None:
        return False
    urgency = Urgency.ANSWER if desk.actor == to.id else Urgency.NUDGE
    post(desk.db, to, make, Terms(key, desk.now, urgency, not_after))
    return True


def _get_card(consultation: Consultation, of: Member) -> str:
    return consultation.asker_card if of.id == consultation.asker_id else consultation.mentor_card


def _set_card(consultation: Consultation, of: Member, key: str) -> None:
    if of.id == consultation.asker_id:
        consultation.asker_card = key
    else:
        consultation.mentor_card = key
