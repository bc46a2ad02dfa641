"""Answers, seats and offers. Every function here is called while the event is held (`queries.find_locked`), so that
nobody else moves its seats meanwhile.
"""

from collections.abc import Callable, Iterable
from functools import partial

from bot.ui import Message
from handlers.desk import Desk, send
from handlers.events import notices, rules, views
from handlers.events.keys import offer_key, remind_key
from handlers.events.present import look, make_kept, make_removal
from handlers.events.rules import Alarm, Details, Refusal
from handlers.events.views import Sight
from storage.models import Event, EventAnswer, EventState, Member, Rsvp, Urgency
from storage.queries import events as queries
from storage.queries.cards import revise
from storage.queries.members import get_member
from storage.queries.outbox import Make
from storage.queries.outbox import cancel as cancel_message
from storage.queries.reminders import forget, set_reminders

KINDS = tuple(alarm.value for alarm in Alarm)
_SHORT = rules.OFFER
"""What begins within so little time is told at any hour."""


def draw(
    desk: Desk, event: Event, reader: Member, view: Callable[[Sight], Message], answer: EventAnswer | None = None
) -> Make:
    """A view of the event, to be made in the reader's language."""
    return lambda: view(look(desk, event, reader, answer))


# Answers


def answer(
    desk: Desk, event: Event, me: Member, said: Rsvp, pressed: str = ""
) -> tuple[EventAnswer | None, Refusal | None]:
    """Takes what somebody says: GOING, MAYBE or NOT_GOING. Returns where they stand now, and why it could not be taken,
    if so."""
    tidy(desk, event)
    found = queries.find_answer(desk.db, event.id or 0, me.id or 0)
    before = Rsvp(found.rsvp) if found is not None else None
    outcome = rules.decide(event, before, said, queries.count_taken(desk.db, event.id or 0), desk.now)
    if isinstance(outcome, Refusal):
        return found, outcome
    mine = found or queries.ensure_answer(desk.db, event.id or 0, me.id or 0, desk.now)
    if outcome != before:
        _move(desk, event, mine, me, outcome, pressed)
        settle(desk, event)
    return mine, None


def _move(desk: Desk, event: Event, mine: EventAnswer, me: Member, to: Rsvp, pressed: str) -> None:
    """From one standing to another, with what the person gets for it."""
    if mine.rsvp == Rsvp.OFFERED:
        _close_offer(desk, event, mine, me, notices.offer_taken if to == Rsvp.GOING else notices.offer_let_go, pressed)
    if to == Rsvp.WAITING:
        event.queue += 1
        mine.place = event.queue
    mine.rsvp, mine.changed_at, mine.edition = to, desk.now, event.edition
    if to == Rsvp.GOING:
        hand_over(desk, event, mine, me)
    elif mine.in_calendar:
        _take_out(desk, event, mine, me)
    ring(desk, event, [mine])


def hand_over(desk: Desk, event: Event, mine: EventAnswer, me: Member, *, has_moved: bool = False) -> None:
    """The entry for the calendar, in a message of its own: an answer to a press can carry no file."""
    _number_entry(desk, event, mine, in_calendar=True)
    kept = make_kept(desk, event, mine, me)
    view = partial(notices.moved if has_moved else notices.calendar, kept=kept)
    send(
        desk, me, draw(desk, event, me, view, mine), _calendar_key(event, mine), _choose_urgency(desk, event, has_moved)
    )


def _take_out(desk: Desk, event: Event, mine: EventAnswer, me: Member) -> None:
    _number_entry(desk, event, mine, in_calendar=False)
    view = partial(notices.removal, file=make_removal(desk, event, mine, me))
    send(desk, me, draw(desk, event, me, view, mine), _calendar_key(event, mine), Urgency.ANSWER)


def _number_entry(desk: Desk, event: Event, mine: EventAnswer, *, in_calendar: bool) -> None:
    """The next number. An earlier entry that still waits for the quiet hours to end would come too late: it is taken
    back."""
    cancel_message(desk.db, _calendar_key(event, mine), "overtaken")
    mine.sequence, mine.in_calendar = mine.sequence + 1, in_calendar


def _calendar_key(event: Event, mine: EventAnswer) -> str:
    return f"event:{event.id}:calendar:{mine.sequence}:{mine.member_id}"


def _choose_urgency(desk: Desk, event: Event, unasked: bool) -> Urgency:
    """What somebody has not just asked for waits until the quiet hours are over, unless that may be too late."""
    return Urgency.NUDGE if unasked and event.starts_at - desk.now > _SHORT else Urgency.ANSWER


def ring(desk: Desk, event: Event, answers: Iterable[EventAnswer]) -> None:
    """Sets what is to ring for these people, from how things stand; everything else is forgotten."""
    answers = list(answers)
    desk.db.session.flush()
    zones = queries.list_zones(desk.db, answers)
    due = {
        one.id or 0: {
            alarm.value: at
            for alarm, at in rules.list_alarms(event, one.rsvp, zones.get(one.member_id, ""), desk.now).items()
        }
        for one in answers
    }
    queries.set_alarms(desk.db, KINDS, due)


# Seats


def tidy(desk: Desk, event: Event) -> None:
    """Ends the offers whose time is over, and offers what is free. Of a cancelled event all are told in another way."""
    if event.state != EventState.ANNOUNCED:
        return
    over = [
        one
        for one in queries.list_answers(desk.db, event.id or 0, Rsvp.OFFERED)
        if one.offered_until is None or one.offered_until <= desk.now
    ]
    for one in over:
        _lapse(desk, event, one)
    settle(desk, event)


def _lapse(desk: Desk, event: Event, one: EventAnswer) -> None:
    member = get_member(desk.db, one.member_id)
    _close_offer(desk, event, one, member, notices.offer_over)
    one.rsvp, one.changed_at = Rsvp.LAPSED, desk.now
    if event.state == EventState.ANNOUNCED and event.starts_at > desk.now:
        key = f"event:{event.id}:lapsed:{one.offer}:{one.member_id}"
        send(desk, member, draw(desk, event, member, notices.lapsed, one), key, Urgency.NUDGE, event.starts_at)


def _close_offer(
    desk: Desk,
    event: Event,
    one: EventAnswer,
    member: Member,
    view: Callable[[Sight], Message],
    pressed: str = "",
) -> None:
    """Takes the buttons off the offer. One that has not gone out yet doesn't any more."""
    key = offer_key(event.id or 0, one.offer, one.member_id)
    one.offered_until = None
    forget(desk.db, queries.OFFER_ENDS, one.id or 0)
    revise(desk.db, member, key, draw(desk, event, member, view, one), desk.now, pressed)


def settle(desk: Desk, event: Event) -> None:
    """Offers what is free to those who have waited longest."""
    if event.state != EventState.ANNOUNCED or event.starts_at <= desk.now:
        return
    desk.db.session.flush()
    waiting = queries.list_answers(desk.db, event.id or 0, Rsvp.WAITING)
    taken = queries.count_taken(desk.db, event.id or 0)
    for one in rules.choose_next(event.capacity, taken, waiting):
        _offer(desk, event, one)
    desk.db.session.flush()


def _offer(desk: Desk, event: Event, one: EventAnswer) -> None:
    member = get_member(desk.db, one.member_id)
    planned = rules.plan_offer(desk.now, event.starts_at, member.zone, (member.quiet_from, member.quiet_to))
    if planned is None:
        return
    one.rsvp, one.offered_until, one.offer = Rsvp.OFFERED, planned.until, one.offer + 1
    one.changed_at = desk.now
    set_reminders(desk.db, queries.OFFER_ENDS, {one.id or 0: planned.until})
    key = offer_key(event.id or 0, one.offer, one.member_id)
    view = partial(notices.offer, until=planned.until, offer=one.offer)
    urgency = Urgency.ANSWER if planned.at_once else Urgency.NUDGE
    send(desk, member, draw(desk, event, member, view, one), key, urgency, planned.until)


def free(desk: Desk, event: Event, one: EventAnswer) -> None:
    """Somebody pauses, leaves or is suspended: seat and place on the waiting list go to others, without a word to a
    person who wants to hear none."""
    if one.rsvp == Rsvp.OFFERED:
        _close_offer(desk, event, one, get_member(desk.db, one.member_id), notices.offer_over)
    one.rsvp, one.changed_at = Rsvp.NOT_GOING, desk.now
    queries.take_back(desk.db, _list_remind_keys(event, event.edition, [one]), "member_gone")
    ring(desk, event, [one])
    settle(desk, event)


# What HR does


def apply(event: Event, details: Details) -> None:
    """Writes what HR said into the event."""
    event.title_ja, event.title_en = details.titles["ja"], details.titles["en"]
    event.text_ja, event.text_en = details.texts["ja"], details.texts["en"]
    event.starts_at, event.ends_at, event.zone = details.starts_at, details.ends_at, details.zone
    event.place, event.link = details.place, details.link
    event.capacity, event.answer_by = details.capacity, details.answer_by


def change(desk: Desk, event: Event, details: Details) -> int:
    """Changes an event. Those who come hear of another time or place, each in a transaction of its own, and nobody else
    does; freed seats are offered. Returns how many are told."""
    moved = rules.has_moved(event, details)
    going = queries.list_answers(desk.db, event.id or 0, Rsvp.GOING)
    if moved:
        queries.take_back(desk.db, _list_remind_keys(event, event.edition, going), "event_moved")
        event.edition += 1
    apply(event, details)
    event.changed_at = desk.now
    if moved:
        undecided = queries.list_answers(desk.db, event.id or 0, Rsvp.MAYBE)
        ring(desk, event, [*going, *undecided])
        queries.tell_all(desk.db, going, desk.now)
        _shorten_offers(desk, event)
    tidy(desk, event)
    return len(going) if moved else 0


def _shorten_offers(desk: Desk, event: Event) -> None:
    """No offer reaches beyond the last call of an event that now begins earlier."""
    latest = event.starts_at - rules.LAST_CALL
    for one in queries.list_answers(desk.db, event.id or 0, Rsvp.OFFERED):
        if one.offered_until is not None and one.offered_until > latest:
            one.offered_until = latest
            set_reminders(desk.db, queries.OFFER_ENDS, {one.id or 0: latest})


def _list_remind_keys(event: Event, edition: int, answers: Iterable[EventAnswer]) -> list[str]:
    return [remind_key(event.id or 0, edition, kind, one.member_id) for one in answers for kind in KINDS]


def cancel(desk: Desk, event: Event, reason: str) -> int:
    """The event doesn't take place. Whoever had to do with it is told, each in a transaction of its own; reminders that
    have not gone out are taken back. Returns how many are told."""
    concerned = queries.list_answers(desk.db, event.id or 0, *(Rsvp(one) for one in sorted(rules.IN_IT)))
    queries.take_back(desk.db, _list_remind_keys(event, event.edition, concerned), "event_cancelled")
    event.state, event.reason, event.cancelled_at = EventState.CANCELLED, reason, desk.now
    event.edition += 1
    for one in concerned:
        if one.rsvp == Rsvp.OFFERED:
            _close_offer(desk, event, one, get_member(desk.db, one.member_id), notices.offer_over)
    ring(desk, event, concerned)
    queries.tell_all(desk.db, concerned, desk.now)
    return len(concerned)


def tell(desk: Desk, event: Event, one: EventAnswer) -> None:
    """Tells one person how things stand now, if that is news to them."""
    if one.edition >= event.edition or one.rsvp not in rules.IN_IT or event.ends_at <= desk.now:
        return
    member = get_member(desk.db, one.member_id)
    one.edition = event.edition
    if event.state == EventState.CANCELLED:
        _tell_cancelled(desk, event, one, member)
    elif one.rsvp == Rsvp.GOING:
        hand_over(desk, event, one, member, has_moved=True)


def _tell_cancelled(desk: Desk, event: Event, one: EventAnswer, member: Member) -> None:
    file = None
    if one.in_calendar:
        _number_entry(desk, event, one, in_calendar=False)
        file = make_removal(desk, event, one, member)
    key = f"event:{event.id}:cancelled:{event.edition}:{one.member_id}"
    view = partial(notices.cancelled, file=file)
    send(desk, member, draw(desk, event, member, view, one), key, _choose_urgency(desk, event, unasked=True))


def show_card(desk: Desk, event: Event, me: Member) -> Message:
    """The event as it stands for its reader now."""
    return views.card(look(desk, event, me, queries.find_answer(desk.db, event.id or 0, me.id or 0)))
