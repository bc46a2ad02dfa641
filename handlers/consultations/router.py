"""The routes of this feature hang here; each stage has its own module."""

from dataclasses import dataclass
from datetime import datetime

from bot.incoming import Origin
from bot.installation import Installation
from bot.policy import Policy
from bot.routing import Bundle, Router
from handlers.consultations.desk import Desk
from storage.models import Consultation, ConsultationRequest, Member
from storage.queries import consultations as queries
from storage.uow import UnitOfWork

router = Router()


@dataclass(frozen=True, slots=True)
class Press(Bundle):
    """Somebody presses a button or sends a form off."""

    me: Member
    origin: Origin
    db: UnitOfWork
    now: datetime
    policy: Policy
    installation: Installation

    def open_desk(self, *, form: bool = False) -> Desk:
        """The desk at which this person acts. With `form`, a form was sent off or is being opened: then the answer
        may leave the message with the button as it was, so that the message is changed like any other."""
        pressed = "" if form else self.origin.message
        return Desk(self.db, self.now, self.policy, self.installation, self.me.id or 0, pressed)


def find_asked(desk: Desk, consultation_id: int, me: Member) -> Consultation | None:
    """A consultation that I asked for, held until the end of the transaction."""
    found = queries.find_locked(desk.db, consultation_id)
    return found if found is not None and found.asker_id == me.id else None


def find_mine(desk: Desk, consultation_id: int, me: Member) -> Consultation | None:
    """A consultation in which I am one of the two, held likewise."""
    found = queries.find_locked(desk.db, consultation_id)
    return found if found is not None and me.id in (found.asker_id, found.mentor_id) else None


def find_my_request(desk: Desk, request_id: int, me: Member) -> tuple[Consultation, ConsultationRequest] | None:
    """A request to me with its consultation, which is held likewise."""
    request = queries.find_request(desk.db, request_id)
    if request is None or request.mentor_id != me.id:
        return None
    consultation = queries.find_locked(desk.db, request.consultation_id)
    return (consultation, request) if consultation is not None else None
