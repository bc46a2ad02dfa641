"""What HR does with events. Every route asks for the role, whatever a button said when it was shown."""

import secrets

from bot.incoming import FormValues, Origin
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Router, Who
from handlers.answers import out_of_date
from handlers.desk import Desk
from handlers.events import actions, flow, hr_views, rules, short_forms
from handlers.events.forms import Entered, check, event_form, too_long
from handlers.events.hr_desk import draw_desk, draw_list, list_people, send_tags
from handlers.events.invitation import announce
from handlers.events.present import find_title, look
from handlers.places import answer_in_place
from storage.models import Event, EventState, Member
from storage.queries import events as queries
from storage.queries.audit import note_act

router = Router()


def _zones(desk: Desk, me: Member) -> tuple[str, ...]:
    return (desk.policy.zone, me.zone)


def _note(desk: Desk, me: Member, act: str, event: Event, detail: str = "") -> None:
    note_act(desk.db, me, f"event.{act}", desk.now, subject=f"event:{event.id}", detail=detail)


# Writing one, and changing it


@router.button(actions.AskNew, who=Who.HR)
def ask_new(pressed: actions.AskNew, me: Member, desk: Desk) -> Reply:
    """[Event] on `/announce`, [New event]."""
    return OpenForm(event_form(actions.Save(0, 0), Entered(), _zones(desk, me)))


@router.button(actions.AskChange, who=Who.HR)
def ask_change(pressed: actions.AskChange, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Change]."""
    event = queries.find_event(desk.db, pressed.event)
    if event is None:
        return out_of_date()
    if not _may_change(event, desk):
        return answer_in_place(origin, draw_desk(desk, event, me))
    return OpenForm(event_form(actions.Save(pressed.event, event.edition), Entered.of(event), _zones(desk, me)))


def _may_change(event: Event, desk: Desk) -> bool:
    return event.state != EventState.CANCELLED and event.ends_at > desk.now


@router.form(actions.Save, who=Who.HR)
def save(form: actions.Save, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The form: a new event goes on to its readers; a change is told to those who come, if it is one for them."""
    event = queries.find_locked(desk.db, form.event) if form.event else None
    if form.event and (event is None or not _may_change(event, desk)):
        return out_of_date()
    entered = Entered.read(values)
    taken = queries.count_taken(desk.db, form.event) if event is not None else 0
    details, errors = check(entered, desk.now, taken)
    if details is None:
        return FormErrors(event_form(form, entered, _zones(desk, me)), errors)
    return _change(desk, me, event, details) if event is not None else _add(desk, me, details)


def _add(desk: Desk, me: Member, details: rules.Details) -> Reply:
    event = Event(
        author_id=me.id or 0,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        uid=secrets.token_hex(16),
        created_at=desk.now,
    )
    flow.apply(event, details)
    queries.add_event(desk.db, event)
    _note(desk, me, "add", event)
    return announce(desk, me, event)


def _change(desk: Desk, me: Member, event: Event, details: rules.Details) -> Reply:
    told = flow.change(desk, event, details)
    _note(desk, me, "change", event, f"told:{told}")
    if event.state == EventState.DRAFT:
        return announce(desk, me, event)
    return ReplaceMessage(draw_desk(desk, event, me, note=hr_views.say_changed(told)))


@router.button(actions.Announce, who=Who.HR)
def announce_draft(pressed: actions.Announce, me: Member, desk: Desk) -> Reply:
    """[Choose the readers]: what was left unfinished goes on."""
    event = queries.find_locked(desk.db, pressed.event)
    if event is None or event.state != EventState.DRAFT:
        return out_of_date()
    return announce(desk, me, event)


@router.button(actions.AskCancel, who=Who.HR)
def ask_cancel(pressed: actions.AskCancel, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Cancel the event…]."""
    event = queries.find_event(desk.db, pressed.event)
    if event is None:
        return out_of_date()
    if not _may_change(event, desk):
        return answer_in_place(origin, draw_desk(desk, event, me))
    return OpenForm(_cancel_form(desk, event))


def _cancel_form(desk: Desk, event: Event, reason: str = "") -> short_forms.Form:
    counts = queries.count_answers(desk.db, [event.id or 0])[event.id or 0]
    people = sum(counts.get(rsvp, 0) for rsvp in rules.IN_IT)
    return short_forms.cancel_form(actions.Cancel(event.id or 0), find_title(event), people, reason)


@router.form(actions.Cancel, who=Who.HR)
def cancel(form: actions.Cancel, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The form of [Cancel the event…]. Sent off twice, it is cancelled once."""
    event = queries.find_locked(desk.db, form.event)
    if event is None:
        return out_of_date()
    reason = values.text("reason")
    if len(reason) > short_forms.REASON:
        sentence = too_long(len(reason), short_forms.REASON)
        return FormErrors(_cancel_form(desk, event, reason), {"reason": sentence})
    if _may_change(event, desk):
        told = flow.cancel(desk, event, reason)
        _note(desk, me, "cancel", event, f"told:{told}")
    return ReplaceMessage(draw_desk(desk, event, me))


# Looking after it


@router.button(actions.Manage, who=Who.HR)
def manage(pressed: actions.Manage, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Manage events], [All events]."""
    return answer_in_place(origin, draw_list(desk, me, max(0, pressed.page)))


@router.button(actions.Open, who=Who.HR)
def open_one(pressed: actions.Open, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Open], [The event]."""
    event = queries.find_locked(desk.db, pressed.event)
    if event is None:
        return out_of_date()
    flow.tidy(desk, event)
    return answer_in_place(origin, draw_desk(desk, event, me))


@router.button(actions.ShowGuests, who=Who.HR)
def show_guests(pressed: actions.ShowGuests, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Who comes]."""
    event = queries.find_event(desk.db, pressed.event)
    if event is None:
        return out_of_date()
    page = max(0, pressed.page)
    found = list_people(desk, pressed.event, hr_views.GUESTS + 1, page * hr_views.GUESTS)
    people = [person for _id, person in found[: hr_views.GUESTS]]
    total = queries.count_answers(desk.db, [pressed.event])[pressed.event].get("going", 0)
    more = len(found) > hr_views.GUESTS
    return answer_in_place(origin, hr_views.guests(look(desk, event, me), people, page, more=more, total=total))


@router.button(actions.AskAttendance, who=Who.HR)
def ask_attendance(pressed: actions.AskAttendance, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Attendance]: the form, a page of thirty at a time."""
    event = queries.find_event(desk.db, pressed.event)
    if event is None:
        return out_of_date()
    form = _draw_attendance(desk, event, pressed.page) if rules.may_mark(event, desk.now) else None
    return OpenForm(form) if form is not None else answer_in_place(origin, draw_desk(desk, event, me))


_ON_A_PAGE = short_forms.BOX * short_forms.BOXES


def _draw_attendance(desk: Desk, event: Event, page: int) -> short_forms.Form | None:
    total = queries.count_answers(desk.db, [event.id or 0])[event.id or 0].get("going", 0)
    pages = -(-total // _ON_A_PAGE)
    if not 0 <= page < pages:
        return None
    people = list_people(desk, event.id or 0, _ON_A_PAGE, page * _ON_A_PAGE)
    rows = [(id, hr_views.say_name(one), one.attended) for id, one in people]
    return short_forms.attendance_form(actions.Mark(event.id or 0, page), find_title(event), rows, pages)


@router.form(actions.Mark, who=Who.HR)
def mark(form: actions.Mark, values: FormValues, me: Member, desk: Desk) -> Reply:
    """A page of the form: the ticked ones are there, the others on that page are not."""
    event = queries.find_locked(desk.db, form.event)
    if event is None or not rules.may_mark(event, desk.now):
        return out_of_date()
    shown = [id for id, _person in list_people(desk, form.event, _ON_A_PAGE, max(0, form.page) * _ON_A_PAGE)]
    ticked = {one for number in range(short_forms.BOXES) for one in values.several(f"came{number}")}
    came = [id for id in shown if str(id) in ticked]
    queries.mark_attendance(desk.db, form.event, came, came=True)
    queries.mark_attendance(desk.db, form.event, [id for id in shown if str(id) not in ticked], came=False)
    _note(desk, me, "attendance", event, f"page:{form.page} came:{len(came)}")
    following = _draw_attendance(desk, event, form.page + 1)
    return OpenForm(following) if following is not None else Private(_say_attendance(desk, event, me))


def _say_attendance(desk: Desk, event: Event, me: Member) -> hr_views.Message:
    people = list_people(desk, event.id or 0, None, 0)
    came = sum(person.attended for _id, person in people)
    return hr_views.attendance_saved(look(desk, event, me), came, len(people))


@router.button(actions.MarkAll, who=Who.HR)
def mark_all(pressed: actions.MarkAll, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Everybody came]."""
    event = queries.find_locked(desk.db, pressed.event)
    if event is None or not rules.may_mark(event, desk.now):
        return out_of_date()
    queries.mark_attendance(
        desk.db, pressed.event, [id for id, _person in list_people(desk, pressed.event, None, 0)], came=True
    )
    _note(desk, me, "attendance", event, "all")
    return answer_in_place(origin, _say_attendance(desk, event, me))


@router.button(actions.SendTags, who=Who.HR)
def tags(pressed: actions.SendTags, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Name tags]: the PDF comes as a message."""
    event = queries.find_event(desk.db, pressed.event)
    if event is None or event.state == EventState.CANCELLED:
        return out_of_date()
    _note(desk, me, "tags", event)
    return answer_in_place(origin, send_tags(desk, event, me))


@router.button(actions.ShowResults, who=Who.HR)
def show_results(pressed: actions.ShowResults, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[What they said]: once the questions are closed."""
    event = queries.find_event(desk.db, pressed.event)
    if event is None:
        return out_of_date()
    if desk.now < rules.find_results_day(event):
        return answer_in_place(origin, draw_desk(desk, event, me))
    found = rules.sum_up(queries.list_opinions(desk.db, pressed.event))
    return answer_in_place(origin, hr_views.results(look(desk, event, me), found))
