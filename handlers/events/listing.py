"""What is on for somebody, and what they signed up for."""

from bot.ui import Message
from handlers.desk import Desk
from handlers.events import views
from handlers.events.present import make_sight
from handlers.events.readers import list_for
from handlers.events.views import Sight
from storage.models import Member, Purpose, Rsvp
from storage.queries import events as queries
from storage.queries.consents import find_consents

_SEATED = (Rsvp.GOING.value, Rsvp.OFFERED.value)


def list_mine(desk: Desk, me: Member) -> list[Sight]:
    """What I signed up for, the next first."""
    own = queries.list_own(desk.db, me.id or 0, desk.now)
    counts = queries.count_answers(desk.db, [event.id or 0 for event, _answer in own]) if own else {}
    return [make_sight(event, me.zone, count_seats(counts[event.id or 0]), desk.now, answer) for event, answer in own]


def count_seats(counts: dict[str, int]) -> int:
    """Seats that are taken, of the counts of what was answered."""
    return sum(counts.get(rsvp, 0) for rsvp in _SEATED)


def show_list(desk: Desk, me: Member, page: int) -> Message:
    """`/events`, for whoever agreed to hear of events; for the others what they signed up for."""
    mine = list_mine(desk, me)
    if Purpose.NEWS not in find_consents(desk.db, me.id or 0) and not me.is_hr:
        return views.without_consent(mine[: views.EVENTS])
    known = {sight.id for sight in mine}
    others = [event for event in list_for(desk, me) if event.id not in known]
    counts = queries.count_answers(desk.db, [event.id or 0 for event in others]) if others else {}
    shown = [
        *((sight, True) for sight in mine),
        *((make_sight(event, me.zone, count_seats(counts[event.id or 0]), desk.now), False) for event in others),
    ]
    page = max(0, min(page, (len(shown) - 1) // views.EVENTS))
    cut = shown[page * views.EVENTS : (page + 1) * views.EVENTS]
    return views.listing(
        [sight for sight, is_mine in cut if is_mine],
        [sight for sight, is_mine in cut if not is_mine],
        page,
        more=len(shown) > (page + 1) * views.EVENTS,
        hr=me.is_hr,
    )
