"""Announcements: drafts, and how far each has gone."""

from datetime import datetime

from storage.models import Announcement
from storage.uow import UnitOfWork


def add_draft(
    db: UnitOfWork, author_id: int, kind: str, subject_id: int, texts: dict[str, dict[str, str]], now: datetime
) -> Announcement:
    """A new draft; `texts` are by language, with "title" and "body"."""
    made = Announcement(
        kind=kind, subject_id=subject_id, author_id=author_id, texts=texts, created_at=now, changed_at=now
    )
    db.session.add(made)
    db.session.flush()
    return made
