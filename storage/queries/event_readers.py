"""Who may see an event, and whom those who come may see."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from storage.models import Event, EventAnswer, EventState, Member, Rsvp
from storage.queries import events
from storage.queries.members import Card, make_cards, select_visible
from storage.uow import UnitOfWork


def may_see(db: UnitOfWork, me: Member, event: Event) -> bool:
    """Whether somebody may look at an event: HR, whoever has answered, and those to whom it was announced."""
    if me.is_hr or events.find_answer(db, event.id or 0, me.id or 0) is not None:
        return True
    return event.state != EventState.DRAFT


def list_for(db: UnitOfWork, me: Member, now: datetime) -> list[Event]:
    """The events to which somebody can still sign up and that were announced to them, the next first."""
    return [event for event in events.list_open(db, now) if may_see(db, me, event)]


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


def list_readers(db: UnitOfWork, events_: Sequence[Event], member_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """Of these members, those to whom each event was announced."""
    return {event.id or 0: frozenset(member_ids) for event in events_}
