"""The end of a break."""

from datetime import datetime

from bot.feature import Due
from handlers.pause import views
from handlers.pause.rules import number_end
from storage.models import Member, Status, Urgency
from storage.queries.changes import announce_change
from storage.queries.members import get_member
from storage.queries.outbox import Terms, post, skip_nudges
from storage.queries.reminders import forget, remind
from storage.uow import UnitOfWork

KIND = "pause.end"


def begin(db: UnitOfWork, me: Member, until: datetime, now: datetime) -> None:
    """Takes a member out of sight until then. What was to be sent unasked is not sent any more."""
    me.status, me.paused_until = Status.PAUSED, until
    remind(db, KIND, me.id or 0, until, number_end(until))
    skip_nudges(db, me, "paused")
    announce_change(db, me.id or 0, now)


def come_back(db: UnitOfWork, member: Member, now: datetime) -> None:
    """The member is here again."""
    member.status, member.paused_until = Status.ACTIVE, None
    forget(db, KIND, member.id or 0)
    announce_change(db, member.id or 0, now)


def end_pause(db: UnitOfWork, due: Due, now: datetime) -> None:
    """The break's time is over, unless it was ended or made longer meanwhile."""
    member = get_member(db, due.subject_id)
    if member.status != Status.PAUSED or (member.paused_until and member.paused_until > now):
        return
    come_back(db, member, now)
    post(db, member, lambda: views.ended(member.name), Terms(f"{KIND}:{member.id}:{due.step}", now, Urgency.NUDGE))
