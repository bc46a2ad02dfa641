"""The routes of both after acceptance: the day, how to be reached, and how it went."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.i18n import _
from bot.incoming import FormValues
from bot.replies import FormErrors, OpenForm, Reply
from handlers.answers import out_of_date
from handlers.consultations import actions, flow, present, rules, together
from handlers.consultations.desk import Desk
from handlers.consultations.router import Press, find_mine, router
from handlers.consultations.rules import Answer
from handlers.consultations.views import forms
from storage.models import Account, Consultation, ConsultationState


def _can_go_on(desk: Desk, consultation: Consultation) -> bool:
    """Whether the talk is still ahead, with both there."""
    return consultation.state == ConsultationState.ACCEPTED and not flow.recheck(desk, consultation)


@router.button(actions.SetDate)
def tell_day(action: actions.SetDate, press: Press) -> Reply:
    """[Tell the day]: the form."""
    desk, me = press.open_desk(), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    if not _can_go_on(desk, consultation):
        return desk.answer(present.show(desk, consultation, me))
    return OpenForm(forms.date_form(action.consultation, consultation.talk_on))


@router.form(actions.TalkDate)
def submit_day(action: actions.TalkDate, values: FormValues, press: Press) -> Reply:
    """The day of the talk."""
    desk, me = press.open_desk(form=True), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    if not _can_go_on(desk, consultation):
        return desk.answer(present.show(desk, consultation, me))
    day = _read_day(values.text("day"))
    error = _check_day(day, press.now.astimezone(ZoneInfo(me.zone)).date())
    if day is None or error:
        return FormErrors(forms.date_form(action.consultation, day), {"day": error})
    together.set_date(desk, consultation, me, day)
    return desk.answer(present.show(desk, consultation, me))


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _check_day(day: date | None, today: date) -> str:
    """What is wrong with the day, or nothing. Yesterday is fine: people tell afterwards, and zones differ."""
    if day is None:
        return _("Please choose a day.")
    if day < today - timedelta(days=1):
        return _("Please choose a day from today on.")
    if day > today + rules.FARTHEST_TALK:
        return _("Please choose a day within the next six months.")
    return ""


@router.button(actions.ShareContact)
def share_contact(action: actions.ShareContact, press: Press, account: Account) -> Reply:
    """[Share my contact]: the form, with the person's own address in it."""
    desk, me = press.open_desk(), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    other = present.find_other(desk, consultation, me) if _can_go_on(desk, consultation) else None
    if other is None:
        return desk.answer(present.show(desk, consultation, me))
    return OpenForm(forms.contact_form(action.consultation, other.name, account.email))


@router.form(actions.Contact)
def submit_contact(action: actions.Contact, values: FormValues, press: Press) -> Reply:
    """How to be reached goes to the other side, and nowhere else."""
    desk, me = press.open_desk(form=True), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    other = present.find_other(desk, consultation, me) if _can_go_on(desk, consultation) else None
    if other is None:
        return desk.answer(present.show(desk, consultation, me))
    contact = values.text("contact")
    if not contact or len(contact) > rules.LONGEST_LINE:
        errors = {"contact": _("Please write how you can be reached, in a line.")}
        return FormErrors(forms.contact_form(action.consultation, other.name, contact), errors)
    together.share_contact(desk, consultation, me, contact)
    return desk.answer(present.show(desk, consultation, me))


@router.button(actions.Talked)
def talked(action: actions.Talked, press: Press) -> Reply:
    """[Yes]: noted at once, whatever becomes of the two questions that follow."""
    desk, me = press.open_desk(form=True), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    together.note_answer(desk, consultation, me, Answer.YES)
    other = present.find_other(desk, consultation, me)
    if other is None or not together.wants_feedback(desk, consultation, me):
        return desk.answer(present.show(desk, consultation, me))
    asked = me.id == consultation.mentor_id
    return OpenForm(forms.feedback_form(action.consultation, other.name, asked=asked))


@router.button(actions.NotTalked)
def not_talked(action: actions.NotTalked, press: Press) -> Reply:
    """[Planned], [Not yet] or [Called off]."""
    desk, me = press.open_desk(), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None or action.answer not in (Answer.PLANNED, Answer.NOT_YET, Answer.CALLED_OFF):
        return out_of_date()
    together.note_answer(desk, consultation, me, Answer(action.answer))
    return desk.answer(present.show(desk, consultation, me))


@router.form(actions.Feedback)
def feedback(action: actions.Feedback, values: FormValues, press: Press) -> Reply:
    """The two questions."""
    desk, me = press.open_desk(form=True), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None or consultation.state != ConsultationState.HELD:
        return out_of_date()
    useful, line = values.text("useful"), values.text("line")[: rules.LONGEST_LINE]
    if useful not in ("1", "2", "3", "4", "5"):
        other = present.find_other(desk, consultation, me)
        form = forms.feedback_form(
            action.consultation, other.name if other else "", asked=me.id == consultation.mentor_id
        )
        return FormErrors(form, {"useful": _("Please choose one.")})
    together.give_feedback(desk, consultation, me, int(useful), line, share="share" in values.several("share"))
    return desk.answer(present.show(desk, consultation, me))
