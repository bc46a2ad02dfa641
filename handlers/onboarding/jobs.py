"""Who waits for HR hears something by the day that was named, whatever happens."""

from datetime import datetime

from bot.feature import Due
from bot.policy import Policy
from handlers import hr
from handlers.onboarding import views
from storage.models import Application, Urgency
from storage.queries.members import get_member
from storage.queries.outbox import Terms, post
from storage.queries.registration import find_application
from storage.queries.reminders import list_reminders, remind
from storage.uow import UnitOfWork

KIND = "onboarding.waiting"
_MOST = 3
"""How many times somebody is told that HR has not answered; the last time without another date."""


def promise_answer(db: UnitOfWork, application: Application, now: datetime, policy: Policy) -> datetime:
    """Makes sure that the person hears from us; returns by when."""
    by = now + policy.approval_within
    remind(db, KIND, application.id or 0, by, step=1)
    return by


def find_promise(db: UnitOfWork, application: Application) -> datetime | None:
    """By when the person hears from us; None once no further day was named."""
    waiting = (reminder for reminder in list_reminders(db, application.id or 0) if reminder.kind == KIND)
    return next((reminder.due_at for reminder in waiting if reminder.state == "pending"), None)


def tell_waiting(db: UnitOfWork, due: Due, now: datetime, policy: Policy) -> None:
    """The named day has come: if HR has not decided, the person is told so, with the next day, and HR is told once."""
    application = find_application(db, due.subject_id)
    if application is None or application.state != "waiting":
        return
    if due.step == 1:
        hr.tell_hr_of_overdue(db, application, now)
    by = now + policy.approval_within if due.step < _MOST else None
    if by is not None:
        remind(db, KIND, due.subject_id, by, due.step + 1)
    member = get_member(db, application.member_id)
    terms = Terms(f"{KIND}:{application.id}:{due.step}", now, Urgency.NUDGE)
    post(db, member, lambda: views.still_waiting(member.name, by), terms)
