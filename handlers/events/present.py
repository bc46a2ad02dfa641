"""An event as its reader sees it, and as an entry for the reader's calendar."""

from datetime import datetime

from bot import calendar
from bot.calendar import Entry
from bot.i18n import _, current_locale, use_locale
from bot.ui import File
from handlers.desk import Desk
from handlers.events import rules
from handlers.events.notices import Kept
from handlers.events.views import Sight
from handlers.names import community_name
from storage.models import Event, EventAnswer, Member, Rsvp
from storage.queries import events as queries
from storage.queries.meetings import find_own_address


def find_title(event: Event) -> str:
    """The name in the current language, or the one there is."""
    first, second = (event.title_ja, event.title_en) if current_locale() == "ja" else (event.title_en, event.title_ja)
    return first or second


def _find_text(event: Event) -> str:
    """The text in the language of the title."""
    in_japanese = find_title(event) == event.title_ja and (current_locale() == "ja" or not event.title_en)
    return event.text_ja if in_japanese else event.text_en


def look(desk: Desk, event: Event, reader: Member, answer: EventAnswer | None = None) -> Sight:
    """The event for one reader, in the current language."""
    taken = queries.count_taken(desk.db, event.id or 0)
    ahead = queries.count_ahead(desk.db, answer) if answer is not None and answer.rsvp == Rsvp.WAITING else 0
    return make_sight(event, reader.zone, taken, desk.now, answer, ahead)


def make_sight(
    event: Event, zone: str, taken: int, now: datetime, answer: EventAnswer | None = None, ahead: int = 0
) -> Sight:
    """The same from what is known already. `zone` is the reader's."""
    return Sight(
        id=event.id or 0,
        title=find_title(event),
        text=_find_text(event),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=zone,
        there=event.zone,
        place=event.place,
        link=event.link,
        stage=rules.find_stage(event, taken, now),
        begun=event.starts_at <= now,
        left=rules.count_free(event.capacity, taken),
        answer_by=event.answer_by,
        rsvp=answer.rsvp if answer is not None else "",
        offer=answer.offer if answer is not None else 0,
        offered_until=answer.offered_until if answer is not None else None,
        ahead=ahead,
        reason=event.reason,
    )


def make_kept(desk: Desk, event: Event, answer: EventAnswer, reader: Member) -> Kept:
    """What the reader puts into a calendar: the entry with the answer's number."""
    with use_locale(reader.language):
        entry = _make_entry(desk, event, answer, reader)
        label = _("Calendar file") if answer.sequence == 0 else _("Calendar file, as it is now")
        links = (calendar.link_google(entry), calendar.link_outlook(entry))
        return Kept(calendar.make_file(entry, label), *links)


def make_removal(desk: Desk, event: Event, answer: EventAnswer, reader: Member) -> File:
    """The file that takes the entry out of the reader's calendar."""
    with use_locale(reader.language):
        entry = _make_entry(desk, event, answer, reader, cancelled=True)
        return calendar.make_file(entry, _("File that removes it from your calendar"))


def _make_entry(desk: Desk, event: Event, answer: EventAnswer, reader: Member, *, cancelled: bool = False) -> Entry:
    text = _("An event of {community}. To change your answer, please use the buttons in the chat.")
    words = (event.link, text.format(community=community_name(desk.policy)))
    return Entry(
        uid=f"{event.uid}@musubi.invalid",
        sequence=answer.sequence,
        starts_at=event.starts_at,
        minutes=int((event.ends_at - event.starts_at).total_seconds()) // 60,
        title=find_title(event),
        details="\n\n".join(word for word in words if word),
        zone=reader.zone,
        organizer=desk.installation.mail_address,
        organizer_name=community_name(desk.policy),
        made_at=desk.now,
        attendee=find_own_address(desk.db, reader),
        cancelled=cancelled,
        place=event.place or event.link,
    )
