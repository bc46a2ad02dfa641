"""Who may see an event: those to whom it was announced.

That is who was sent an announcement of it, whom an announcement's rule fits now, and everybody where it stood in a
channel. Rules are looked at again each time, with all that they ask for, so whoever joins, moves or names another topic
later sees what people like them were told. HR sees everything, and whoever has answered keeps what they answered to.
"""

from collections.abc import Callable, Mapping, Sequence

from bot.policy import Policy
from handlers.announcements import Fitting, narrows
from handlers.desk import Desk
from storage.models import Announcement, AnnouncementState, Event, EventState, Member
from storage.queries import event_readers, events
from storage.uow import UnitOfWork


def may_see(desk: Desk, me: Member, event: Event) -> bool:
    """Whether somebody may look at an event."""
    if me.is_hr or events.find_answer(desk.db, event.id or 0, me.id or 0) is not None:
        return True
    return event.state != EventState.DRAFT and bool(_list_seen(desk, me, [event]))


def list_for(desk: Desk, me: Member) -> list[Event]:
    """The events to which somebody can still sign up and that they may see, the next first."""
    found = events.list_open(desk.db, desk.now)
    return found if me.is_hr else _list_seen(desk, me, found)


def _list_seen(desk: Desk, me: Member, found: Sequence[Event]) -> list[Event]:
    announced = _list_announced(desk.db, found)
    out = [one for several in announced.values() for one in several]
    sent = event_readers.list_sent(desk.db, out, me.id or 0)
    seen = {one.subject_id for one in out if one.via != "members" or one.id in sent or not narrows(one.audience)}
    asked = [one for one in out if one.subject_id not in seen]
    fitting = Fitting([one.audience for one in asked], desk.policy).find(desk.db, [me.id or 0]) if asked else ()
    seen |= {one.subject_id for one, fits in zip(asked, fitting, strict=True) if me.id in fits}
    return [event for event in found if event.id not in announced or event.id in seen]


def _list_announced(db: UnitOfWork, found: Sequence[Event]) -> dict[int, list[Announcement]]:
    """By event what was sent about it and still stands. An event about which nothing was ever sent is left out: it is
    everybody's, as those of an invented community are."""
    by_event: dict[int, list[Announcement]] = {}
    for one in event_readers.list_announcements(db, [event.id or 0 for event in found]):
        stands = [one] if one.state != AnnouncementState.WITHDRAWN else []
        by_event.setdefault(one.subject_id, []).extend(stands)
    return by_event


Readers = Mapping[int, frozenset[int] | None]
"""By event those of some members to whom it is open; None for all of them."""


def prepare_readers(
    db: UnitOfWork, found: Sequence[Event], policy: Policy
) -> Callable[[UnitOfWork, Sequence[int]], Readers]:
    """For digests: what finds, in units of work of its own, for which members a rule of an event's announcements fits
    now. The announcements are read once; each chunk of members takes two queries at most."""
    announced = _list_announced(db, found)
    asked = {id: [one.audience for one in several] for id, several in announced.items()}
    closed = {id: rules for id, rules in asked.items() if all(narrows(rule) for rule in rules)}
    ids = [event.id or 0 for event in found]
    owners = [id for id, rules in closed.items() for _rule in rules]
    fitting = Fitting([rule for rules in closed.values() for rule in rules], policy) if owners else None

    def find(db: UnitOfWork, member_ids: Sequence[int]) -> Readers:
        reached: dict[int, frozenset[int] | None] = {id: frozenset() if id in closed else None for id in ids}
        for id, fits in zip(owners, fitting.find(db, member_ids) if fitting else (), strict=True):
            reached[id] = (reached[id] or frozenset()) | fits
        return reached

    return find
