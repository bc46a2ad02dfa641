"""The routes of both around their time. Each looks first whether the two may still meet."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.incoming import FormValues, Origin
from bot.installation import Installation
from bot.policy import Policy
from bot.replies import FormErrors, OpenForm, Private, Reply
from bot.routing import Bundle, Router
from handlers.answers import out_of_date
from handlers.meetings import actions, flow, present, rules, views
from handlers.meetings.desk import answer, get_other
from handlers.meetings.forms import Times, times_form
from handlers.meetings.hosts import Acting, find_host
from storage.models import Meeting, MeetingState, Member
from storage.queries import meetings as queries
from storage.uow import UnitOfWork

router = Router()


@dataclass(frozen=True, slots=True)
class Press(Bundle):
    """Somebody presses a button or sends a form off."""

    me: Member
    origin: Origin
    db: UnitOfWork
    now: datetime
    policy: Policy
    installation: Installation

    def act(self, *, form: bool = False) -> Acting:
        """What the steps need. With `form` the message with the button is changed like any other: the answer to a form
        may leave it as it was."""
        pressed = "" if form else self.origin.message
        return Acting(self.db, self.now, self.policy, self.installation, self.me.id or 0, pressed)


def _hold(acting: Acting, kind: str, subject: int, me: Member) -> Meeting | None:
    """The meeting for a subject, held after it; made when it is the first time. None when I am not one of the two, or
    they may not meet now."""
    host = find_host(kind)
    pair = host.hold(acting, subject) if host is not None else None
    if pair is None or me.id not in pair:
        return None
    fresh = Meeting(
        kind=kind,
        subject_id=subject,
        first_id=pair[0],
        second_id=pair[1],
        uid=secrets.token_hex(16),
        created_at=acting.now,
    )
    meeting = queries.ensure_meeting(acting.db, fresh)
    return meeting if meeting.state != MeetingState.ENDED else None


def _hold_known(acting: Acting, meeting_id: int, me: Member) -> Meeting | None:
    """The same, from the meeting's own buttons."""
    subject = queries.find_subject(acting.db, meeting_id)
    return _hold(acting, *subject, me) if subject is not None else None


@router.button(actions.Suggest)
def suggest(action: actions.Suggest, press: Press) -> Reply:
    """[Suggest times], [Change the time]: the form. Times that wait for my answer come first."""
    acting, me = press.act(), press.me
    meeting = _hold(acting, action.kind, action.subject, me)
    if meeting is None:
        return out_of_date()
    if meeting.state == MeetingState.PROPOSED and meeting.proposer_id != me.id:
        return Private(present.show(acting, meeting, me)())
    return _open_form(acting, meeting, me, on_card=action.on_card)


@router.button(actions.OtherTimes)
def other_times(action: actions.OtherTimes, press: Press) -> Reply:
    """[Other times]: the form for a proposal of one's own."""
    acting, me = press.act(), press.me
    meeting = _hold_known(acting, action.meeting, me)
    if meeting is None:
        return out_of_date()
    if not _may_answer(meeting, action.round, me) or meeting.turns >= rules.MOST_TURNS:
        return answer(acting, present.show(acting, meeting, me))
    return _open_form(acting, meeting, me, on_card=1)


def _may_answer(meeting: Meeting, number: int, me: Member) -> bool:
    """Whether the proposal of that round still waits, and for me."""
    waits = meeting.state == MeetingState.PROPOSED and meeting.round == number
    return waits and meeting.proposer_id != me.id


def _open_form(acting: Acting, meeting: Meeting, me: Member, *, on_card: int) -> Reply:
    """The form, with three times that suit both."""
    times = Times.of(flow.find_slots(acting, meeting, me), me.zone)
    action = actions.Times(meeting.kind, meeting.subject_id, on_card, meeting.round)
    return _show_form(acting, meeting, me, action, times) or out_of_date()


def _show_form(
    acting: Acting,
    meeting: Meeting,
    me: Member,
    action: actions.Times,
    times: Times,
    errors: dict[str, str] | None = None,
) -> Reply | None:
    matter = present.find_matter(acting, meeting, me)
    if matter is None:
        return None
    there = get_other(acting, meeting, me).zone
    form = times_form(action, matter.other, times, me.zone, there, acting.now)
    return FormErrors(form, errors) if errors else OpenForm(form)


@router.form(actions.Times)
def submit_times(action: actions.Times, values: FormValues, press: Press) -> Reply:
    """The times go to the other side. Of two who suggest at once the second sees what the first has suggested."""
    acting, me = press.act(form=True), press.me
    meeting = _hold(acting, action.kind, action.subject, me)
    if meeting is None:
        return out_of_date()
    if meeting.round != action.round:
        return Private(present.show(acting, meeting, me)())
    times = Times.read(values)
    slots, errors = times.check(acting.now, me.zone, get_other(acting, meeting, me).zone)
    if errors:
        return _show_form(acting, meeting, me, action, times, errors) or out_of_date()
    flow.propose(acting, meeting, me, slots)
    return answer(acting, present.show(acting, meeting, me)) if action.on_card else _confirm(acting, meeting, me)


def _confirm(acting: Acting, meeting: Meeting, me: Member) -> Reply:
    """The button was on another card, which stays as it is: the times are in a message of their own."""
    make = present.draw(acting, meeting, me, views.sent)
    return Private(make()) if make is not None else out_of_date()


@router.button(actions.Pick)
def pick(action: actions.Pick, press: Press) -> Reply:
    """One of the times; 0 keeps the one that stands. Pressed again, or too late, it shows how things stand."""
    acting, me = press.act(), press.me
    meeting = _hold_known(acting, action.meeting, me)
    if meeting is None:
        return out_of_date()
    if _may_answer(meeting, action.round, me):
        slots = dict(rules.list_open_slots(present.list_slots(meeting), acting.now))
        if action.number in slots:
            flow.pick(acting, meeting, slots[action.number])
        elif action.number == 0 and meeting.starts_at is not None and meeting.starts_at > acting.now:
            flow.keep(acting, meeting)
    return answer(acting, present.show(acting, meeting, me))


@router.button(actions.TakeOff)
def take_off(action: actions.TakeOff, press: Press) -> Reply:
    """[Take it off]."""
    acting, me = press.act(), press.me
    meeting = _hold_known(acting, action.meeting, me)
    if meeting is None:
        return out_of_date()
    if meeting.state == MeetingState.FIXED and meeting.round == action.round:
        flow.take_off(acting, meeting)
    return answer(acting, present.show(acting, meeting, me))


@router.button(actions.Show)
def show(action: actions.Show, press: Press) -> Reply:
    """[Show] and [Pick one] on the home page."""
    acting, me = press.act(), press.me
    meeting = _hold_known(acting, action.meeting, me)
    return Private(present.show(acting, meeting, me)()) if meeting is not None else out_of_date()
