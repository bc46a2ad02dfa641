"""Events, what people answered, and the reminders about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.glance import MEMBER, NOW, finds_any
from storage.models import Delivery, DeliveryState, Event, EventAnswer, EventOpinion, EventState, Member, Reminder, Rsvp
from storage.queries.reminders import set_reminders
from storage.statements import insert_ignore, is_one_of, run, table_of
from storage.uow import UnitOfWork

TELL = "event.tell"
"""The kind of the reminder that tells one person of a change or of the end of an event."""
OFFER_ENDS = "event.offer"

_SEATED = (Rsvp.GOING.value, Rsvp.OFFERED.value)
_CHUNK = 500


def add_event(db: UnitOfWork, event: Event) -> Event:
    """A new event, with its id."""
    db.session.add(event)
    db.session.flush()
    return event


def find_event(db: UnitOfWork, event_id: int) -> Event | None:
    """An event; nothing is held."""
    return db.session.get(Event, event_id, populate_existing=True)


def find_locked(db: UnitOfWork, event_id: int) -> Event | None:
    """An event, held until the end of the transaction: whoever changes its seats holds it first."""
    return _hold(db, select(Event).where(Event.id == event_id))


def _hold(db: UnitOfWork, statement: SelectOfScalar[Event]) -> Event | None:
    db.session.flush()
    fresh = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.exec(fresh).first()


def count_answers(db: UnitOfWork, event_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """How many answered what, by event; one query."""
    statement = (
        select(EventAnswer.event_id, EventAnswer.rsvp, func.count())
        .where(col(EventAnswer.event_id).in_(event_ids))
        .group_by(col(EventAnswer.event_id), col(EventAnswer.rsvp))
    )
    counts: dict[int, dict[str, int]] = {id: {} for id in event_ids}
    for event_id, rsvp, count in db.session.exec(statement).all():
        counts[event_id][rsvp] = count
    return counts


def count_taken(db: UnitOfWork, event_id: int) -> int:
    """Seats that somebody has, or is offered."""
    statement = select(func.count()).where(EventAnswer.event_id == event_id, col(EventAnswer.rsvp).in_(_SEATED))
    return db.session.exec(statement).one()


def find_answer(db: UnitOfWork, event_id: int, member_id: int) -> EventAnswer | None:
    """What somebody answered."""
    statement = select(EventAnswer).where(EventAnswer.event_id == event_id, EventAnswer.member_id == member_id)
    return db.session.exec(statement.execution_options(populate_existing=True)).first()


def ensure_answer(db: UnitOfWork, event_id: int, member_id: int, now: datetime) -> EventAnswer:
    """The same; made, as one who doesn't come, when there was none."""
    fresh = EventAnswer(event_id=event_id, member_id=member_id, rsvp=Rsvp.NOT_GOING, changed_at=now)
    db.session.flush()
    insert_ignore(db.session, EventAnswer, [fresh.model_dump(exclude={"id"})])
    found = find_answer(db, event_id, member_id)
    if found is None:
        raise LookupError(f"no answer of member {member_id} to event {event_id}")
    return found


def get_answer(db: UnitOfWork, answer_id: int) -> EventAnswer | None:
    """An answer by its id, as it is now."""
    return db.session.get(EventAnswer, answer_id, populate_existing=True)


def list_answers(db: UnitOfWork, event_id: int, *rsvps: Rsvp) -> list[EventAnswer]:
    """All who answered one of these; those who wait in their order."""
    statement = select(EventAnswer).where(
        EventAnswer.event_id == event_id, col(EventAnswer.rsvp).in_([rsvp.value for rsvp in rsvps])
    )
    return list(db.session.exec(statement.order_by(col(EventAnswer.place), col(EventAnswer.id))).all())


def count_ahead(db: UnitOfWork, answer: EventAnswer) -> int:
    """How many wait before this person."""
    statement = select(func.count()).where(
        EventAnswer.event_id == answer.event_id, EventAnswer.rsvp == Rsvp.WAITING, EventAnswer.place < answer.place
    )
    return db.session.exec(statement).one()


# Asked for every home page, so it is built once: building a statement costs more than running it.
_OWN = (
    select(Event, EventAnswer)
    .join(EventAnswer, col(EventAnswer.event_id) == col(Event.id))
    .where(
        EventAnswer.member_id == MEMBER,
        is_one_of(col(EventAnswer.rsvp), (Rsvp.GOING, Rsvp.MAYBE, Rsvp.WAITING, Rsvp.OFFERED)),
        Event.ends_at > NOW,
        Event.state == EventState.ANNOUNCED,
    )
    .order_by(col(Event.starts_at), col(Event.id))
)
HAS_OWN = finds_any(_OWN)


def list_own(db: UnitOfWork, member_id: int, now: datetime) -> list[tuple[Event, EventAnswer]]:
    """What somebody has to do with and is not over, the next first."""
    return [(event, answer) for event, answer in db.session.exec(_OWN, params={"member": member_id, "now": now}).all()]


def list_all(db: UnitOfWork, now: datetime, *, limit: int, offset: int = 0) -> list[Event]:
    """HR's list: what is to come, the next first, then what is over, the last first."""
    is_over = or_(Event.ends_at <= now, Event.state == EventState.CANCELLED)
    coming = db.session.exec(select(Event).where(~is_over).order_by(col(Event.starts_at), col(Event.id))).all()
    over = select(Event).where(is_over).order_by(col(Event.starts_at).desc(), col(Event.id)).limit(limit + offset)
    return [*coming, *db.session.exec(over).all()][offset : offset + limit]


def list_open(db: UnitOfWork, now: datetime) -> list[Event]:
    """Announced, and people can still sign up; the next first."""
    statement = select(Event).where(
        Event.state == EventState.ANNOUNCED,
        Event.starts_at > now,
        or_(col(Event.answer_by).is_(None), col(Event.answer_by) > now),
    )
    return list(db.session.exec(statement.order_by(col(Event.starts_at), col(Event.id))).all())


def list_event_ids(db: UnitOfWork, member_id: int, rsvps: Collection[Rsvp], now: datetime) -> list[int]:
    """The events to come to which somebody answered one of these, in the order in which they are held."""
    statement = (
        select(Event.id)
        .join(EventAnswer, col(EventAnswer.event_id) == col(Event.id))
        .where(EventAnswer.member_id == member_id, col(EventAnswer.rsvp).in_(list(rsvps)), Event.ends_at > now)
        .order_by(col(Event.id))
    )
    return [id for id in db.session.exec(statement).all() if id is not None]


def list_answered(db: UnitOfWork, event_ids: Collection[int], member_ids: Collection[int]) -> set[tuple[int, int]]:
    """Who of these has answered which event: event, member; one query."""
    statement = select(EventAnswer.event_id, EventAnswer.member_id).where(
        col(EventAnswer.event_id).in_(event_ids), col(EventAnswer.member_id).in_(member_ids)
    )
    return set(db.session.exec(statement).all())


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes."""

    answer: EventAnswer
    member: Member


def list_guests(db: UnitOfWork, event_id: int, *, limit: int | None = None, offset: int = 0) -> list[Guest]:
    """Who comes, by reading and name: for HR and the name tags. Who may see them is not decided here."""
    statement = (
        select(EventAnswer, Member)
        .join(Member, col(Member.id) == col(EventAnswer.member_id))
        .where(EventAnswer.event_id == event_id, EventAnswer.rsvp == Rsvp.GOING)
        .order_by(col(Member.kana), col(Member.name), col(Member.id))
        .limit(limit)
        .offset(offset)
    )
    return [Guest(answer, member) for answer, member in db.session.exec(statement).all()]


def has_marked(db: UnitOfWork, event_id: int) -> bool:
    """Whether HR has marked anybody as there."""
    statement = select(EventAnswer.id).where(EventAnswer.event_id == event_id, col(EventAnswer.attended).is_(True))
    return db.session.exec(statement.limit(1)).first() is not None


def mark_attendance(db: UnitOfWork, event_id: int, member_ids: Collection[int], *, came: bool) -> None:
    """Notes of some of those who come whether they were there; one statement."""
    answer = table_of(EventAnswer)
    db.session.flush()
    run(
        db.session,
        answer.update()
        .where(answer.c.event_id == event_id, answer.c.rsvp == Rsvp.GOING.value, answer.c.member_id.in_(member_ids))
        .values(attended=came),
    )
    db.session.expire_all()


def add_opinion(db: UnitOfWork, event_id: int, useful: int, liked: Sequence[str], wished: Sequence[str]) -> None:
    """What somebody said, without who it was."""
    db.session.add(EventOpinion(event_id=event_id, useful=useful, liked=list(liked), wished=list(wished)))


def list_opinions(db: UnitOfWork, event_id: int) -> list[tuple[int, list[str], list[str]]]:
    """What people said of an event."""
    found = db.session.exec(select(EventOpinion).where(EventOpinion.event_id == event_id)).all()
    return [(one.useful, one.liked, one.wished) for one in found]


def list_zones(db: UnitOfWork, answers: Iterable[EventAnswer]) -> dict[int, str]:
    """Each of these people's zone, by member; one query."""
    ids = [answer.member_id for answer in answers]
    statement = select(Member.id, Member.zone).where(col(Member.id).in_(ids))
    return {id: zone for id, zone in db.session.exec(statement).all() if id is not None}


def set_alarms(db: UnitOfWork, kinds: Iterable[str], due: Mapping[int, Mapping[str, datetime]]) -> None:
    """Makes these the only reminders of these answers that are to come: by answer, and then by kind, of `kinds`."""
    reminder = table_of(Reminder)
    for kind in kinds:
        set_reminders(db, kind, {answer: at[kind] for answer, at in due.items() if kind in at})
        others = [answer for answer, at in due.items() if kind not in at]
        for start in range(0, len(others), _CHUNK):
            chunk = others[start : start + _CHUNK]
            waiting = reminder.c.kind == kind, reminder.c.state == "pending", reminder.c.subject_id.in_(chunk)
            run(db.session, reminder.delete().where(*waiting))


def tell_all(db: UnitOfWork, answers: Iterable[EventAnswer], now: datetime) -> None:
    """Lets each of these be told, in a transaction of its own, how things stand."""
    set_reminders(db, TELL, {answer.id or 0: now for answer in answers})


def take_back(db: UnitOfWork, keys: Sequence[str], reason: str) -> None:
    """Takes messages back that have not been sent; a statement for every 500."""
    delivery = table_of(Delivery)
    for start in range(0, len(keys), _CHUNK):
        waiting = delivery.c.key.in_(keys[start : start + _CHUNK]), delivery.c.state == DeliveryState.PENDING.value
        run(db.session, delivery.update().where(*waiting).values(state=DeliveryState.SKIPPED.value, reason=reason))
