"""The audit log: every act of HR, in the transaction that does it."""

from datetime import datetime

from sqlmodel import col, select

from storage.models import AuditEntry, Member
from storage.uow import UnitOfWork


def note_act(
    db: UnitOfWork, actor: Member | None, act: str, now: datetime, *, subject: str = "", detail: str = ""
) -> None:
    """Notes that `actor` (None: the command line) did `act`, such as `application.approve`, to `subject`, such as
    `application:12`. `detail` holds ids and choices, never words about a person.
    """
    entry = AuditEntry(at=now, actor_id=actor.id if actor else None, act=act, subject=subject, detail=detail)
    db.session.add(entry)


def list_acts(db: UnitOfWork, limit: int = 50) -> list[AuditEntry]:
    """What HR did, the newest first."""
    return list(db.session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)).all())
