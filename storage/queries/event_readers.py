"""Who may see an event, and whom those who come may see.

An event is seen by those to whom it was announced: who was sent the announcement, who would be by its rule (somebody
who joined later, say), and everybody where it stood in a channel. Topics and cities in a rule are not looked at again:
there, only who was sent it counts.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from storage.models import Announcement, AnnouncementState, Delivery, Event, EventAnswer, EventState, Member, Rsvp
from storage.queries import events
from storage.queries.members import Card, make_cards, select_visible
from storage.uow import UnitOfWork

KIND = "event"
"""As announcements call it (`handlers.announcements.kinds`)."""


def may_see(db: UnitOfWork, me: Member, event: Event) -> bool:
    """Whether somebody may look at an event: HR, whoever has answered, and those to whom it was announced."""
    if me.is_hr or events.find_answer(db, event.id or 0, me.id or 0) is not None:
        return True
    return event.state != EventState.DRAFT and bool(_list_seen(db, me, [event]))


def list_for(db: UnitOfWork, me: Member, now: datetime) -> list[Event]:
    """The events to which somebody can still sign up and that were announced to them, the next first."""
    found = events.list_open(db, now)
    return found if me.is_hr else _list_seen(db, me, found)


def _list_seen(db: UnitOfWork, me: Member, found: Sequence[Event]) -> list[Event]:
    announced = _list_announcements(db, [event.id or 0 for event in found])
    sent = _list_sent(db, announced, [me.id or 0])
    return [event for event in found if _is_for(announced.get(event.id or 0), me, sent)]


def _is_for(announced: Sequence[Announcement] | None, me: Member, sent: set[tuple[str, int]]) -> bool:
    """An event that no announcement is about is everybody's: those of an invented community are."""
    if announced is None:
        return True
    return any(
        one.state != AnnouncementState.WITHDRAWN
        and (one.via != "members" or fits_rule(one.audience, me) or (_batch(one), me.id or 0) in sent)
        for one in announced
    )


def fits_rule(rule: Mapping[str, Any], me: Member) -> bool:
    """Whether a rule without topics and cities reaches somebody."""
    if rule.get("topics") or rule.get("cities") or rule.get("role", "") not in ("", me.role):
        return False
    if rule.get("departments") and me.department not in rule["departments"]:
        return False
    first, last = int(rule.get("left_from") or 0), int(rule.get("left_to") or 0)
    if not first and not last:
        return True
    return me.left_on is not None and date(first or 1, 1, 1) <= me.left_on <= date(last or 9999, 12, 31)


def _list_announcements(db: UnitOfWork, event_ids: Sequence[int]) -> dict[int, list[Announcement]]:
    """What was sent about these events; one query."""
    statement = select(Announcement).where(
        Announcement.kind == KIND, col(Announcement.subject_id).in_(event_ids), col(Announcement.begun_at).is_not(None)
    )
    found: dict[int, list[Announcement]] = {}
    for one in db.session.exec(statement).all():
        found.setdefault(one.subject_id, []).append(one)
    return found


def _batch(announcement: Announcement) -> str:
    return f"announcement:{announcement.id}"


def _list_sent(
    db: UnitOfWork, announced: Mapping[int, Sequence[Announcement]], member_ids: Sequence[int]
) -> set[tuple[str, int]]:
    """Which of these were sent to whom; one query."""
    keys = {
        f"{_batch(one)}:{member_id}": (_batch(one), member_id)
        for several in announced.values()
        for one in several
        for member_id in member_ids
    }
    if not keys:
        return set()
    statement = select(Delivery.key).where(col(Delivery.key).in_(list(keys)))
    return {keys[key] for key in db.session.exec(statement).all()}


def list_open_to_all(db: UnitOfWork, found: Sequence[Event]) -> dict[int, tuple[Mapping[str, Any], ...] | None]:
    """For digests, the rules of each event's announcements, as far as they ask for role and department only; None for
    an event that is everybody's. Who got the invitation for another reason has it already."""
    announced = _list_announcements(db, [event.id or 0 for event in found])
    return {event.id or 0: _list_rules(announced.get(event.id or 0)) for event in found}


def _list_rules(announced: Sequence[Announcement] | None) -> tuple[Mapping[str, Any], ...] | None:
    if announced is None:
        return None
    out = [one for one in announced if one.state != AnnouncementState.WITHDRAWN]
    return tuple(
        one.audience
        for one in out
        if not any(one.audience.get(name) for name in ("topics", "cities", "left_from", "left_to"))
    )


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
