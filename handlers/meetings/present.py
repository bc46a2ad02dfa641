"""How a meeting stands, as the card of one of the two, and as an entry for their calendar.

Each function reads what the card needs and returns a function that makes it, so that the words are in the language of
whoever reads it.
"""

from collections.abc import Callable
from datetime import datetime

from bot import calendar
from bot.calendar import Entry
from bot.i18n import _, use_locale
from bot.ui import File, Message
from handlers.meetings import rules, views
from handlers.meetings.desk import get_other
from handlers.meetings.hosts import Acting, Matter, find_host
from handlers.meetings.views import Kept, Question, Sight
from handlers.names import community_name
from storage.models import Meeting, MeetingState, Member
from storage.queries import meetings as queries
from storage.queries.outbox import Make


def find_matter(acting: Acting, meeting: Meeting, reader: Member) -> Matter | None:
    """What it is for, as the reader may know it."""
    host = find_host(meeting.kind)
    return host.describe(acting, meeting.subject_id, reader) if host is not None else None


def draw(acting: Acting, meeting: Meeting, reader: Member, view: Callable[[Sight], Message]) -> Make | None:
    """A view of the meeting for one of the two, to be made in the reader's language; None when the other may not be
    shown to them."""
    matter = find_matter(acting, meeting, reader)
    if matter is None:
        return None
    place = (meeting.kind, meeting.subject_id, meeting.id or 0, meeting.round)
    zones = (reader.zone, get_other(acting, meeting, reader).zone)
    return lambda: view(Sight(*place, matter.other, *zones, matter.by_hand() if matter.by_hand else None))


def list_slots(meeting: Meeting) -> list[datetime]:
    """The proposed moments."""
    return [datetime.fromisoformat(text) for text in meeting.slots]


def show(acting: Acting, meeting: Meeting, reader: Member, *, reminds: bool = False) -> Make:
    """The card of one of the two. An answer to a press shows no file where it would have to be handed over first."""
    if meeting.state == MeetingState.ENDED:
        return views.over
    return draw(acting, meeting, reader, _choose(acting, meeting, reader, reminds=reminds)) or views.over


def _choose(acting: Acting, meeting: Meeting, reader: Member, *, reminds: bool) -> Callable[[Sight], Message]:
    """The view for how it stands now."""
    at, slots = meeting.starts_at, list_slots(meeting)
    standing = at if at is not None and at > acting.now else None
    if meeting.state == MeetingState.PROPOSED and meeting.proposer_id == reader.id:
        return lambda sight: views.proposed(sight, slots, standing)
    if meeting.state == MeetingState.PROPOSED:
        is_last = meeting.turns >= rules.MOST_TURNS
        question = Question(rules.list_open_slots(slots, acting.now), standing, last_turn=is_last, reminds=reminds)
        return lambda sight: views.pick(sight, question)
    if meeting.state == MeetingState.FIXED and at is not None:
        kept = make_kept(acting, meeting, reader, at)
        return lambda sight: views.fixed(sight, at, kept)
    return views.open_card


# For the calendar


def make_entry(acting: Acting, meeting: Meeting, reader: Member, at: datetime, *, cancelled: bool = False) -> Entry:
    """The entry as it is now, for one reader and nobody else. To be called in the reader's language."""
    matter = find_matter(acting, meeting, reader)
    details = _("Arranged with Musubi, in {community}. To change the time, please use the buttons in the chat.")
    return Entry(
        uid=f"{meeting.uid}@musubi.invalid",
        sequence=meeting.sequence,
        starts_at=at,
        minutes=meeting.minutes,
        title=matter.title() if matter is not None else _("A talk"),
        details=details.format(community=community_name(acting.policy)),
        zone=reader.zone,
        organizer=acting.installation.mail_address,
        organizer_name=community_name(acting.policy),
        made_at=acting.now,
        attendee=queries.find_own_address(acting.db, reader),
        cancelled=cancelled,
    )


def make_kept(acting: Acting, meeting: Meeting, reader: Member, at: datetime) -> Kept:
    """What the reader puts into a calendar."""
    with use_locale(reader.language):
        entry = make_entry(acting, meeting, reader, at)
        first = meeting.sequence == 0
        label = _("Calendar file") if first else _("Calendar file with the new time")
        links = (calendar.link_google(entry), calendar.link_outlook(entry))
        return Kept(calendar.make_file(entry, label), *links, changes=not first)


def make_removal(acting: Acting, meeting: Meeting, reader: Member, at: datetime) -> File:
    """The file that takes the entry out of the reader's calendar."""
    with use_locale(reader.language):
        entry = make_entry(acting, meeting, reader, at, cancelled=True)
        return calendar.make_file(entry, _("File that removes it from your calendar"))
