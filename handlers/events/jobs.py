"""What the scheduler calls. Each looks at the event as it is now: it may have moved, been cancelled, or be over."""

from bot.feature import Due
from handlers.desk import Desk, send
from handlers.events import flow, notices, rules
from handlers.events.keys import remind_key
from handlers.events.rules import Alarm
from storage.models import Event, EventAnswer, Rsvp, Status, Urgency
from storage.queries import events as queries
from storage.queries.members import get_member

_VIEWS = {
    Alarm.UNDECIDED: notices.undecided,
    Alarm.DAY_BEFORE: notices.day_before,
    Alarm.HOUR_BEFORE: notices.hour_before,
    Alarm.AFTER: notices.after,
}


def _find(desk: Desk, answer_id: int) -> tuple[Event, EventAnswer] | None:
    """The answer and its event, which is held."""
    known = queries.get_answer(desk.db, answer_id)
    event = queries.find_locked(desk.db, known.event_id) if known is not None else None
    fresh = queries.get_answer(desk.db, answer_id)  # as it is now that the event is held
    return (event, fresh) if event is not None and fresh is not None else None


def tell(due: Due, desk: Desk) -> None:
    """Somebody hears of a change, or that it doesn't take place."""
    found = _find(desk, due.subject_id)
    if found is not None:
        flow.tell(desk, *found)


def end_offer(due: Due, desk: Desk) -> None:
    """The time of an offer is over: the seat goes to the next."""
    found = _find(desk, due.subject_id)
    if found is not None:
        flow.tidy(desk, found[0])


def remind(due: Due, desk: Desk) -> None:
    """A week, a day and an hour before, and the questions the day after."""
    found = _find(desk, due.subject_id)
    if found is None:
        return
    event, one = found
    alarm, member = Alarm(due.kind), get_member(desk.db, one.member_id)
    last = rules.find_last_moment(event, one.rsvp, member.zone, alarm, desk.now)
    if last is None or (alarm is Alarm.AFTER and not _was_there(desk, event, one)):
        return
    key = remind_key(event.id or 0, event.edition, due.kind, one.member_id)
    urgency = Urgency.ANSWER if alarm is Alarm.HOUR_BEFORE else Urgency.NUDGE
    send(desk, member, flow.draw(desk, event, member, _VIEWS[alarm], one), key, urgency, last)


def _was_there(desk: Desk, event: Event, one: EventAnswer) -> bool:
    marked = queries.has_marked(desk.db, event.id or 0)
    return not one.told and rules.may_tell(event, one.rsvp, desk.now, attended=one.attended, marked=marked)


def follow_member(due: Due, desk: Desk) -> None:
    """Somebody pauses, leaves or is suspended: seats and places on waiting lists go to others."""
    member = get_member(desk.db, due.subject_id)
    if member.status == Status.ACTIVE:
        return
    concerned = [Rsvp(rsvp) for rsvp in sorted(rules.IN_IT)]
    for event_id in queries.list_event_ids(desk.db, due.subject_id, concerned, desk.now):
        event = queries.find_locked(desk.db, event_id)
        one = queries.find_answer(desk.db, event_id, due.subject_id)
        if event is not None and one is not None and one.rsvp in rules.IN_IT:
            flow.free(desk, event, one)


REMINDERS = {
    queries.TELL: tell,
    queries.OFFER_ENDS: end_offer,
    **{alarm.value: remind for alarm in Alarm},
}
"""The jobs by their reminders' kinds."""
