"""Who was told of an event, and whom those who come may see."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from storage.models import Announcement, Delivery, EventAnswer, Member, Rsvp
from storage.queries.members import Card, make_cards, select_visible
from storage.uow import UnitOfWork

KIND = "event"
"""As announcements call it (`handlers.announcements.kinds`)."""


def list_announcements(db: UnitOfWork, event_ids: Collection[int]) -> list[Announcement]:
    """What was sent about these events, whatever became of it since; one query."""
    statement = select(Announcement).where(
        Announcement.kind == KIND, col(Announcement.subject_id).in_(event_ids), col(Announcement.begun_at).is_not(None)
    )
    return list(db.session.exec(statement.order_by(col(Announcement.id))).all())


def list_sent(db: UnitOfWork, announcements: Sequence[Announcement], member_id: int) -> set[int]:
    """The ids of those among these announcements that went to somebody; one query."""
    keys = {f"announcement:{one.id}:{member_id}": one.id or 0 for one in announcements}
    if not keys:
        return set()
    found = db.session.exec(select(Delivery.key).where(col(Delivery.key).in_(list(keys)))).all()
    return {keys[key] for key in found}


def list_shown_guests(db: UnitOfWork, viewer: Member, event_id: int, *, limit: int, offset: int) -> list[Card]:
    """Those who come and whom the viewer may be shown, by reading and name."""
    going = select(EventAnswer.member_id).where(EventAnswer.event_id == event_id, EventAnswer.rsvp == Rsvp.GOING)
    statement = (
        select_visible(viewer)
        .where(col(Member.id).in_(going))
        .order_by(col(Member.kana), col(Member.name), col(Member.id))
        .limit(limit)
        .offset(offset)
    )
    return make_cards(db, viewer, db.session.exec(statement).all())
