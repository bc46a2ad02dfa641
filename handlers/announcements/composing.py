"""Drafts: written, changed, and shown as they stand."""

from collections.abc import Mapping
from datetime import datetime

from bot.replies import Nothing, Reply
from handlers.announcements.kinds import Kind, Text
from storage.models import Member
from storage.queries import announcements
from storage.uow import UnitOfWork


def begin(
    db: UnitOfWork, author: Member, kind: Kind, subject_id: int, texts: Mapping[str, Text], now: datetime
) -> Reply:
    """What a feature has saved becomes a draft, which goes on to its audience, preview and sending; the answer to the
    feature's form or button. `texts` are by language, `ja` or `en`; one of them may be missing. Called again for what
    has a draft already, its words are changed, and there is no second draft."""
    kept = {locale: {"title": text.title, "body": text.body} for locale, text in texts.items()}
    announcements.add_draft(db, author.id or 0, kind.name, subject_id, kept, now)
    return Nothing()
