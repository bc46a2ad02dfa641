"""From the first suggestion to an agreed time, and what becomes of it.

Callers hold the subject and then the meeting, always in this order, and have checked who acts.
"""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.days_off import is_day_off
from handlers.meetings import present, rules, views
from handlers.meetings.desk import close_card, get_other, hand_over, inform, list_both, send, send_card
from handlers.meetings.hosts import Acting, find_host
from handlers.meetings.slots import Side, propose_slots
from storage.models import Meeting, MeetingState, Member, Role, Urgency
from storage.queries import meetings as queries
from storage.queries.outbox import Terms, find_best_account, post

_KINDS = {rules.DAY_BEFORE: queries.DAY_BEFORE, rules.HOUR_BEFORE: queries.HOUR_BEFORE}


def find_slots(acting: Acting, meeting: Meeting, me: Member) -> tuple[datetime, ...]:
    """Three moments that suit both, on the full and half hours of mine."""
    other = get_other(acting, meeting, me)
    taken = queries.list_taken(acting.db, (me.id or 0, other.id or 0), acting.now, meeting.id or 0)
    if meeting.starts_at is not None:  # whoever wants another time doesn't want this one
        taken.append((meeting.starts_at, meeting.minutes))
    return propose_slots((_side(me), _side(other)), acting.now, meeting.minutes, taken, is_day_off)


def _side(member: Member) -> Side:
    return Side(member.zone, member.role == Role.EMPLOYEE, member.quiet_from, member.quiet_to)


# Looking for a time


def propose(acting: Acting, meeting: Meeting, me: Member, slots: Sequence[datetime]) -> None:
    """One side suggests times; an agreed time stands until one of them is picked."""
    meeting.state, meeting.proposer_id, meeting.nudged = MeetingState.PROPOSED, me.id, False
    meeting.slots, meeting.proposed_at = [at.isoformat() for at in slots], acting.now
    meeting.round, meeting.turns = meeting.round + 1, meeting.turns + 1
    set_alarms(acting, meeting)
    other = get_other(acting, meeting, me)
    send_card(acting, meeting, other, present.show(acting, meeting, other))
    inform(acting, meeting, me, present.show(acting, meeting, me))


def pick(acting: Acting, meeting: Meeting, at: datetime) -> None:
    """One of the times is picked: both get it for their calendars."""
    moved = meeting.starts_at is not None
    meeting.starts_at, meeting.state, meeting.turns = at, MeetingState.FIXED, 0
    meeting.sequence += 1
    set_alarms(acting, meeting)
    for member in list_both(acting, meeting):
        _hand_over_time(acting, meeting, member, at, moved=moved)
    _tell_host(acting, meeting)


def _hand_over_time(acting: Acting, meeting: Meeting, member: Member, at: datetime, *, moved: bool) -> None:
    kept = present.make_kept(acting, meeting, member, at)
    make = present.draw(acting, meeting, member, lambda sight: views.fixed(sight, at, kept, moved=moved))
    note = present.draw(acting, meeting, member, lambda sight: views.settled(sight, at))
    if make is not None and note is not None:
        hand_over(acting, meeting, member, make, note)


def keep(acting: Acting, meeting: Meeting) -> None:
    """The agreed time stays as it was: both see it again."""
    meeting.state, meeting.turns = MeetingState.FIXED, 0
    set_alarms(acting, meeting)
    for member in list_both(acting, meeting):
        inform(acting, meeting, member, present.show(acting, meeting, member))


def lapse(acting: Acting, meeting: Meeting) -> None:
    """Nobody picked, and the times have passed: both hear of it, and can begin anew."""
    stands = meeting.starts_at is not None and meeting.starts_at > acting.now
    meeting.state, meeting.turns = MeetingState.FIXED if stands else MeetingState.OPEN, 0
    set_alarms(acting, meeting)
    for member in list_both(acting, meeting):
        shown = None if stands else present.draw(acting, meeting, member, views.lapsed)
        send_card(acting, meeting, member, shown or present.show(acting, meeting, member))


def nudge(acting: Acting, meeting: Meeting) -> None:
    """Whoever is to answer gets the times once more, at the end of the chat."""
    meeting.nudged = True
    set_alarms(acting, meeting)
    for member in list_both(acting, meeting):
        if member.id != meeting.proposer_id:
            send_card(acting, meeting, member, present.show(acting, meeting, member, reminds=True))


# Giving a time up


def take_off(acting: Acting, meeting: Meeting) -> None:
    """One side gives the agreed time up; the two can find another one."""
    at = _clear(acting, meeting, MeetingState.OPEN)
    if at is None:
        return
    for member in list_both(acting, meeting):
        _hand_over_removal(acting, meeting, member, at)
    _tell_host(acting, meeting)


def _hand_over_removal(acting: Acting, meeting: Meeting, member: Member, at: datetime) -> None:
    file, mine = present.make_removal(acting, meeting, member, at), acting.actor == member.id
    make = present.draw(acting, meeting, member, lambda sight: views.taken_off(sight, at, file, mine=mine))
    if make is not None:
        hand_over(acting, meeting, member, make, views.note_taken_off)


def _clear(acting: Acting, meeting: Meeting, state: MeetingState) -> datetime | None:
    """Forgets the agreed time; returns it where calendars still have it before them."""
    at, meeting.starts_at = meeting.starts_at, None
    meeting.state, meeting.turns, meeting.round = state, 0, meeting.round + 1
    set_alarms(acting, meeting)
    if at is None or at <= acting.now:
        return None
    meeting.sequence += 1
    return at


def end(acting: Acting, meeting: Meeting) -> None:
    """What the meeting was for has ended: the buttons go, and so does a time that is still to come."""
    if meeting.state == MeetingState.ENDED:
        return
    said = acting.said
    at = _clear(acting, meeting, MeetingState.ENDED)
    for member in list_both(acting, meeting):
        close_card(acting, meeting, member, views.over)
        if at is not None:
            _call_off(acting, meeting, member, at)
    acting.said = said  # the host has its own words for it


def _call_off(acting: Acting, meeting: Meeting, member: Member, at: datetime) -> None:
    there, file = get_other(acting, meeting, member).zone, present.make_removal(acting, meeting, member, at)
    zone, key = member.zone, f"meeting:{meeting.id}:off:{meeting.sequence}:{member.id}"
    send(acting, member, lambda: views.called_off(at, zone, there, file), key)


def settle_by_hand(acting: Acting, meeting: Meeting, say_day: Callable[[], str]) -> None:
    """A day was told in another way: what was proposed, or agreed on for another day, means nothing any more."""
    if meeting.state == MeetingState.ENDED:
        return
    at = _clear(acting, meeting, MeetingState.OPEN)
    said = acting.said
    for member in list_both(acting, meeting):
        close_card(acting, meeting, member, lambda: views.by_hand(say_day()))
        if at is not None:
            _call_off(acting, meeting, member, at)
    acting.said = said


# Reminders


def set_alarms(acting: Acting, meeting: Meeting) -> None:
    """Sets what is to ring, from how things stand; everything else is forgotten."""
    due: dict[str, datetime] = {}
    if meeting.starts_at is not None and meeting.state != MeetingState.ENDED:
        due |= {_KINDS[before]: at for before, at in rules.list_alarms(meeting.starts_at, acting.now).items()}
    if meeting.state == MeetingState.PROPOSED and meeting.slots:
        proposed_at, slots = meeting.proposed_at or acting.now, present.list_slots(meeting)
        due[queries.ANSWER] = rules.find_answer_check(proposed_at, slots, nudged=meeting.nudged)
    queries.set_alarms(acting.db, meeting, due)


def remind(acting: Acting, meeting: Meeting, at: datetime, *, in_an_hour: bool) -> None:
    """Both hear of the time that comes. The last reminder keeps no quiet hours: they agreed to be awake by then."""
    for member in list_both(acting, meeting):
        view = views.hour_before if in_an_hour else views.day_before
        make = present.draw(acting, meeting, member, functools.partial(view, at=at))
        if make is not None and find_best_account(acting.db, member) is not None:
            key = f"meeting:{meeting.id}:{'hour' if in_an_hour else 'day'}:{meeting.sequence}:{member.id}"
            urgency = Urgency.ANSWER if in_an_hour else Urgency.NUDGE
            latest = at if in_an_hour else at - rules.HOUR_BEFORE
            post(acting.db, member, make, Terms(key, acting.now, urgency, not_after=latest))


def _tell_host(acting: Acting, meeting: Meeting) -> None:
    host = find_host(meeting.kind)
    if host is not None:
        host.note_time(acting, meeting.subject_id, meeting.starts_at)
