"""The scheduler's side of reminders and slots."""

import contextlib
from collections.abc import Generator
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.models import Reminder, Slot
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork, is_repeatable


class ReminderFailed(Exception):
    """A reminder's job raised `cause`."""

    def __init__(self, id: int, kind: str, cause: Exception) -> None:
        super().__init__(kind)
        self.id, self.kind, self.cause = id, kind, cause


@contextlib.contextmanager
def naming_failure(db: UnitOfWork, reminder: Reminder) -> Generator[None]:
    """Turns whatever the job raises into a ReminderFailed, so that the rolled-back reminder can be found again.

    What the database asks to repeat passes through: the unit of work does it. What the job added is written here, so
    that a row which the database refuses counts as the job's failure too.
    """
    id, kind = reminder.id or 0, reminder.kind
    try:
        yield
        db.session.flush()
    except Exception as error:
        if is_repeatable(error):
            raise
        raise ReminderFailed(id, kind, error) from error


# Built once: it is asked at every tick, mostly for nothing.
_NEXT = (
    select(Reminder)
    .where(Reminder.state == "pending", col(Reminder.due_at) <= bindparam("now"))
    .order_by(col(Reminder.due_at), col(Reminder.id))
    .limit(1)
    .with_for_update(skip_locked=True)
)
_slot = table_of(Slot)
_WIN = (
    _slot.update()
    .where(_slot.c.name == bindparam("slot"), _slot.c.next_run_at == bindparam("seen"))
    .values(next_run_at=bindparam("following"))
)
_DUE_SLOTS = select(Slot).where(col(Slot.next_run_at) <= bindparam("now")).order_by(Slot.name)


def find_next(db: UnitOfWork, now: datetime) -> Reminder | None:
    """The oldest reminder that is due, locked against other replicas, or None."""
    return db.session.exec(_NEXT, params={"now": now}).first()


def find_next_due_at(db: UnitOfWork) -> datetime | None:
    """When the next reminder or slot is due."""
    reminder = select(Reminder.due_at).where(Reminder.state == "pending").order_by(col(Reminder.due_at)).limit(1)
    slot = select(Slot.next_run_at).order_by(col(Slot.next_run_at)).limit(1)
    moments = [at for at in (db.session.exec(reminder).first(), db.session.exec(slot).first()) if at is not None]
    return min(moments, default=None)


def put_off(db: UnitOfWork, id: int, until: datetime, error_id: str, *, give_up_after: int) -> None:
    """Notes a failed attempt: due again at `until`, or `failed` after that many attempts."""
    reminder = db.session.get_one(Reminder, id)
    if reminder.state != "pending":
        return  # another replica did it meanwhile
    reminder.attempts += 1
    reminder.error_id = error_id
    reminder.due_at = until
    if reminder.attempts >= give_up_after:
        reminder.state = "failed"


def ensure_slot(db: UnitOfWork, name: str, first_run_at: datetime) -> None:
    """Makes the slot when it is new; brings it forward when the rule now runs earlier."""
    if not insert_ignore(db.session, Slot, [{"name": name, "next_run_at": first_run_at}]):
        later = _slot.update().where(_slot.c.name == name, _slot.c.next_run_at > first_run_at)
        run(db.session, later.values(next_run_at=first_run_at))


def list_due_slots(db: UnitOfWork, now: datetime) -> list[Slot]:
    """The slots whose run is due."""
    return list(db.session.exec(_DUE_SLOTS, params={"now": now}).all())


def win_slot(db: UnitOfWork, name: str, seen: datetime, next_run_at: datetime) -> bool:
    """Moves the slot on if it still stands at `seen`: of all who try, one wins and runs the job in this
    transaction.
    """
    return run(db.session, _WIN, {"slot": name, "seen": seen, "following": next_run_at}).rowcount == 1
