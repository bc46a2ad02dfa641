"""Telling the features that something about a member has changed."""

from datetime import datetime

from sqlalchemy import func, select

from bot.feature import MEMBER_CHANGED
from storage.models import Reminder
from storage.queries.reminders import remind
from storage.statements import run, table_of
from storage.uow import UnitOfWork


def announce_change(db: UnitOfWork, member_id: int, now: datetime) -> None:
    """Lets every feature look at a member again: call it in the transaction in which the member pauses, leaves, comes
    back, is suspended, takes a consent back, or sets a block.

    The looking happens in a transaction of its own at the scheduler's next tick, so that a fault in one feature can't
    hinder somebody from leaving.
    """
    reminder = table_of(Reminder)
    last = select(func.max(reminder.c.step)).where(
        reminder.c.kind == MEMBER_CHANGED, reminder.c.subject_id == member_id
    )
    db.session.flush()
    remind(db, MEMBER_CHANGED, member_id, now, step=(run(db.session, last).scalar() or 0) + 1)
