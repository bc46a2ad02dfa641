"""Reminders: rows with a due time, made in the transaction that makes them needed."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import select

from storage.models import Reminder
from storage.statements import insert_ignore, insert_or_update, run, table_of
from storage.uow import UnitOfWork


def remind(db: UnitOfWork, kind: str, subject_id: int, due_at: datetime, step: int = 0) -> None:
    """Lets the job for `kind` be called at `due_at`. One per kind, subject and step: a second call changes nothing."""
    row = {"kind": kind, "subject_id": subject_id, "step": step, "due_at": due_at}
    db.session.flush()
    insert_ignore(db.session, Reminder, [row | {"state": "pending", "attempts": 0, "error_id": ""}])


def set_reminders(db: UnitOfWork, kind: str, due: Mapping[int, datetime]) -> None:
    """Lets the job for `kind` be called at these moments, by subject: one reminder each, moved if it is still to come,
    made anew if it has fired. One statement for any number of subjects.
    """
    if not due:
        return
    fresh = {"kind": kind, "step": 0, "state": "pending", "attempts": 0, "error_id": ""}
    rows = [fresh | {"subject_id": subject_id, "due_at": at} for subject_id, at in due.items()]
    db.session.flush()
    changed = ("due_at", "state", "attempts", "error_id")
    insert_or_update(db.session, Reminder, rows, ("kind", "subject_id", "step"), changed)


def forget(db: UnitOfWork, kind: str, subject_id: int) -> None:
    """Removes what is still to come of a kind for a subject."""
    reminder = table_of(Reminder)
    run(
        db.session,
        reminder.delete().where(
            reminder.c.kind == kind, reminder.c.subject_id == subject_id, reminder.c.state == "pending"
        ),
    )


def list_reminders(db: UnitOfWork, subject_id: int) -> list[Reminder]:
    """All reminders of a subject, earliest first."""
    statement = select(Reminder).where(Reminder.subject_id == subject_id)
    return sorted(db.session.exec(statement).all(), key=lambda reminder: reminder.due_at)
