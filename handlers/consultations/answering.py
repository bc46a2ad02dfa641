"""The routes of the person asked: yes, not this time, somebody else; and whether to go on being asked."""

from bot.i18n import _
from bot.incoming import FormValues
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage, Reply
from handlers.answers import out_of_date
from handlers.consultations import actions, flow, present, rules, together
from handlers.consultations.desk import Desk, send
from handlers.consultations.router import Press, find_my_request, router
from handlers.consultations.rules import Candidate, News
from handlers.consultations.search import find_suggested
from handlers.consultations.views import forms
from handlers.consultations.views import mentor as views
from storage.models import Consultation, ConsultationRequest, Member, Purpose, RequestState
from storage.queries import consultations as queries
from storage.queries.consents import find_consents, set_consents


@router.button(actions.Accept)
def accept(action: actions.Accept, press: Press) -> Reply:
    """[Accept]."""
    desk, me = press.open_desk(), press.me
    found = find_my_request(desk, action.request, me)
    if found is None:
        return out_of_date()
    consultation, request = found
    if request.state == RequestState.OPEN and not flow.recheck(desk, consultation, accepting=True):
        together.accept(desk, consultation, request)
    return desk.answer(present.show_request(desk, consultation, request))


@router.button(actions.Decline)
def decline(action: actions.Decline, press: Press) -> Reply:
    """[Not this time…]: the form."""
    desk, me = press.open_desk(), press.me
    found = find_my_request(desk, action.request, me)
    if found is None:
        return out_of_date()
    if found[1].state != RequestState.OPEN:
        return desk.answer(present.show_request(desk, *found))
    return OpenForm(forms.decline_form(action.request))


@router.form(actions.Reason)
def submit_reason(action: actions.Reason, values: FormValues, press: Press) -> Reply:
    """Not this time: the next is asked. The line goes to HR, and only because it was written for HR."""
    desk, me = press.open_desk(form=True), press.me
    found = find_my_request(desk, action.request, me)
    if found is None:
        return out_of_date()
    consultation, request = found
    if request.state == RequestState.OPEN:
        reason = values.text("reason")
        request.decline_reason = reason if reason in forms.REASONS else "other"
        _tell_hr(desk, me, request, values.text("line")[: rules.LONGEST_LINE])
        _say_no(desk, me, consultation, request, RequestState.DECLINED)
    return desk.answer(present.show_request(desk, consultation, request))


def _say_no(
    desk: Desk,
    me: Member,
    consultation: Consultation,
    request: ConsultationRequest,
    state: RequestState,
    suggested: Candidate | None = None,
) -> None:
    me.ignored_requests = 0
    flow.close_request(desk, consultation, request, state)
    flow.pass_on(desk, consultation, News.DECLINED, suggested)


def _tell_hr(desk: Desk, me: Member, request: ConsultationRequest, line: str) -> None:
    if line:
        for hr in queries.list_hr(desk.db):
            send(desk, hr, lambda: views.line_for_hr(me.name, line), f"consultation:line:{request.id}:{hr.id}")


@router.button(actions.Suggest)
def suggest(action: actions.Suggest, press: Press) -> Reply:
    """[Suggest someone]: the form."""
    desk, me = press.open_desk(), press.me
    found = find_my_request(desk, action.request, me)
    if found is None:
        return out_of_date()
    if found[1].state != RequestState.OPEN:
        return desk.answer(present.show_request(desk, *found))
    return OpenForm(forms.suggest_form(action.request))


@router.form(actions.Suggestion)
def submit_suggestion(action: actions.Suggestion, values: FormValues, press: Press) -> Reply:
    """Whoever is suggested is asked next, if that is a member who takes requests. The answer is the same either way:
    nobody learns from it who is a member."""
    desk, me = press.open_desk(form=True), press.me
    found = find_my_request(desk, action.request, me)
    if found is None:
        return out_of_date()
    consultation, request = found
    if request.state == RequestState.OPEN:
        name = values.text("name")
        if not name:
            return FormErrors(forms.suggest_form(action.request), {"name": _("Please write a name.")})
        suggested = find_suggested(desk, consultation, name)
        _say_no(desk, me, consultation, request, RequestState.SUGGESTED, suggested)
    return desk.answer(present.show_request(desk, consultation, request))


@router.button(actions.ShowRequest)
def show_request(action: actions.ShowRequest, press: Press) -> Reply:
    """[Answer] on the home page: the request's card."""
    desk, me = press.open_desk(), press.me
    found = find_my_request(desk, action.request, me)
    return Private(present.show_request(desk, *found)()) if found else out_of_date()


# After several requests without an answer


@router.button(actions.KeepMe)
def keep_me(me: Member) -> Reply:
    """[Keep me]."""
    me.ignored_requests = 0
    return ReplaceMessage(views.kept())


@router.button(actions.Rest)
def rest(press: Press) -> Reply:
    """[Rest a month]: pressed again, it stays at the day that was said."""
    me, now = press.me, press.now
    me.ignored_requests = 0
    if me.resting_until is None or me.resting_until <= now:
        me.resting_until = rules.find_rest_end(now, me.zone)
        _release_requests(press.open_desk(), me)
    return ReplaceMessage(views.resting(me.resting_until))


@router.button(actions.Stop)
def stop(press: Press) -> Reply:
    """[Stop]: the consent is taken back, as in the profile."""
    me, db = press.me, press.db
    me.ignored_requests = 0
    set_consents(db, me.id or 0, find_consents(db, me.id or 0) - {Purpose.CONSULTATIONS}, press.now)
    _release_requests(press.open_desk(), me)
    return ReplaceMessage(views.stopped())


def _release_requests(desk: Desk, me: Member) -> None:
    """Requests that still wait for this member go to the next."""
    for request in queries.list_open_requests(desk.db, me.id or 0):
        consultation = queries.find_locked(desk.db, request.consultation_id)
        if consultation is not None:
            flow.recheck(desk, consultation)
