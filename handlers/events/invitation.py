"""Events as announcements have them: how one is begun, and what stands below its words."""

from datetime import datetime

from bot.i18n import _
from bot.replies import Reply
from bot.ui import Block
from handlers.announcements import Kind, Text, add_kind, begin
from handlers.desk import Desk
from handlers.events import actions, views
from handlers.events.present import make_sight
from storage.models import Event, EventState, Member, Purpose
from storage.queries import events as queries
from storage.uow import UnitOfWork


def draw(db: UnitOfWork, event_id: int, reader: Member, now: datetime) -> tuple[Block, ...] | None:
    """What stands below the announcement's words; None for an event that is cancelled, or has begun. The time is each
    reader's own; the place's is beside it on the card, which knows who reads it."""
    event = queries.find_event(db, event_id)
    if event is None or event.state == EventState.CANCELLED or event.starts_at <= now:
        return None
    return views.invitation(make_sight(event, event.zone, queries.count_taken(db, event_id), now))


def note_begun(db: UnitOfWork, event_id: int, now: datetime) -> None:
    """The announcement goes out: from now on people can answer."""
    event = queries.find_locked(db, event_id)
    if event is not None and event.state == EventState.DRAFT:
        event.state = EventState.ANNOUNCED


KIND = Kind("event", lambda: _("Event"), Purpose.NEWS, lambda: actions.AskNew(), draw, note_begun)
add_kind(KIND)


def announce(desk: Desk, me: Member, event: Event) -> Reply:
    """A saved event goes on to its readers, preview and sending."""
    words = {"ja": (event.title_ja, event.text_ja), "en": (event.title_en, event.text_en)}
    texts = {locale: Text(title, text) for locale, (title, text) in words.items() if title}
    return begin(desk.db, me, KIND, event.id or 0, texts, desk.now)
