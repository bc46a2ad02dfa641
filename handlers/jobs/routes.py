"""What those who look for a job press. Each looks first whether the job is still open."""

from bot.i18n import _
from bot.incoming import Command, FormValues, Origin
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage, Reply
from handlers.answers import out_of_date
from handlers.jobs import actions, flow, forms, present, referral_views, referring, views
from handlers.jobs.actions import ELSEWHERE
from handlers.jobs.desk import Desk
from handlers.jobs.router import router
from handlers.jobs.rules import LONGEST_PLACE, LONGEST_WORDS, is_over, tell_too_long
from handlers.places import answer_in_place
from storage.models import InterestEnd, Job, JobKind, JobState, JobWish, Member, Purpose
from storage.queries import jobs as queries
from storage.queries.consents import find_consents, set_consents


def _find_open(desk: Desk, id: int) -> tuple[Job | None, Reply]:
    """The job while it is open; otherwise what to answer: that it is closed, or, of one that never was, no more than
    that the button is old."""
    job = queries.find_job(desk.db, id)
    if job is None:
        return None, out_of_date()
    return (job if job.state == JobState.OPEN else None), Private(views.closed_job(job))


def _agreed(desk: Desk, me: Member) -> bool:
    return Purpose.JOBS in find_consents(desk.db, me.id or 0)


def _show(desk: Desk, me: Member, page: int = 0, note: str = "") -> views.Message:
    """The list, for those who agreed to hear of jobs."""
    if not _agreed(desk, me):
        return views.ask_consent(desk.policy, is_hr=me.is_hr)
    return present.show_board(desk, me, page, note)


@router.command("jobs", words=("jobs", "求人"), about=lambda: _("Open jobs, and how your interests stand"))
def show_by_word(command: Command, me: Member, desk: Desk) -> Reply:
    """`/jobs`."""
    return Private(_show(desk, me))


@router.button(actions.OpenBoard)
def open_board(pressed: actions.OpenBoard, me: Member, desk: Desk) -> Reply:
    """[Jobs], [All jobs]: beside the message."""
    return Private(_show(desk, me))


@router.button(actions.TurnPage)
def turn_page(pressed: actions.TurnPage, me: Member, desk: Desk) -> Reply:
    """[Before], [Next]."""
    return ReplaceMessage(_show(desk, me, pressed.page))


@router.button(actions.Agree)
def agree(pressed: actions.Agree, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Agree and look]: the button says what is agreed to."""
    set_consents(desk.db, me.id or 0, find_consents(desk.db, me.id or 0) | {Purpose.JOBS}, desk.now)
    return answer_in_place(origin, present.show_board(desk, me))


@router.button(actions.Details)
def show_details(pressed: actions.Details, me: Member, desk: Desk) -> Reply:
    """[Details]."""
    job, otherwise = _find_open(desk, pressed.job)
    return Private(present.show_details(desk, job, me)) if job else otherwise


@router.button(actions.AskTalk)
def ask_talk(pressed: actions.AskTalk, me: Member, desk: Desk) -> Reply:
    """[Talk casually]: to whom, and about what."""
    job, otherwise = _find_open(desk, pressed.job)
    if job is None:
        return otherwise
    interest = queries.find_mine(desk.db, pressed.job, me.id or 0)
    if interest is not None and interest.ended not in (InterestEnd.SELF, InterestEnd.GONE, InterestEnd.JOB):
        return Private(views.standing(job, interest))
    contact = present.find_contact(desk, job, me)
    return OpenForm(forms.talk_form(job, contact.name if contact else ""))


@router.form(actions.Talk)
def talk(form: actions.Talk, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The form of it. Sent off twice it counts once."""
    job, otherwise = _find_open(desk, form.job)
    if job is None:
        return otherwise
    said, contact = values.text("words"), present.find_contact(desk, job, me)
    if len(said) > LONGEST_WORDS:
        errors = {"words": tell_too_long(LONGEST_WORDS, len(said))}
        return FormErrors(forms.talk_form(job, contact.name if contact else ""), errors)
    interest = flow.begin(desk, job, me, to_hr=values.text("to") != forms.CONTACT, said=said)
    if interest is None:
        known = queries.find_mine(desk.db, form.job, me.id or 0)
        return Private(views.standing(job, known)) if known else out_of_date()
    return Private(views.heard(job, interest, contact.name if contact and interest.handler_id else ""))


@router.button(actions.Withdraw)
def withdraw(pressed: actions.Withdraw, me: Member, desk: Desk) -> Reply:
    """[Call it off]."""
    interest = queries.find_interest(desk.db, pressed.interest)
    if interest is None or interest.member_id != me.id:
        return out_of_date()
    job = queries.get_job(desk.db, interest.job_id)
    if is_over(interest.stage):
        return Private(views.standing(job, interest))
    flow.end_by_itself(desk, interest, InterestEnd.SELF)
    return Private(views.called_off(job))


@router.button(actions.Hide)
def hide(pressed: actions.Hide, me: Member, desk: Desk) -> Reply:
    """[Not for me]."""
    job = queries.find_job(desk.db, pressed.job)
    if job is None:
        return out_of_date()
    queries.hide(desk.db, me.id or 0, pressed.job, desk.now)
    flow.refuse(desk, job, me)
    if pressed.page == ELSEWHERE:
        return Private(views.hidden(job))
    return ReplaceMessage(_show(desk, me, pressed.page, views.hidden(job).summary))


@router.button(actions.Unhide)
def unhide(pressed: actions.Unhide, me: Member, desk: Desk) -> Reply:
    """[Show it again]."""
    job, otherwise = _find_open(desk, pressed.job)
    if job is None:
        return otherwise
    queries.unhide(desk.db, me.id or 0, pressed.job)
    return Private(views.shown_again(job))


@router.button(actions.AskWish)
def ask_wish(pressed: actions.AskWish, me: Member, desk: Desk) -> Reply:
    """[What I wish for]."""
    return OpenForm(forms.wish_form(queries.find_wish(desk.db, me.id or 0)))


@router.form(actions.Wish)
def keep_wish(form: actions.Wish, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The form of it."""
    kinds = [kind.value for kind in JobKind if kind.value in values.several("kinds")]
    wish = JobWish(member_id=me.id or 0, kinds=kinds, place=values.text("place"))
    if len(wish.place) > LONGEST_PLACE:
        return FormErrors(forms.wish_form(wish), {"place": tell_too_long(LONGEST_PLACE, len(wish.place))})
    queries.keep_wish(desk.db, wish)
    return Private(views.wishes_kept())


@router.button(actions.AskRefer)
def ask_refer(pressed: actions.AskRefer, me: Member, desk: Desk) -> Reply:
    """[Refer a friend]."""
    job, otherwise = _find_open(desk, pressed.job)
    if job is None:
        return otherwise
    if not desk.can_refer:
        return Private(referral_views.no_pages())
    return OpenForm(forms.refer_form(job, by_mail=desk.installation.mail_is_on))


@router.form(actions.Refer)
def refer(form: actions.Refer, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The form of it."""
    job, otherwise = _find_open(desk, form.job)
    if job is None:
        return otherwise
    if not desk.can_refer:
        return Private(referral_views.no_pages())
    name, email, said = (values.text(field) for field in ("name", "email", "words"))
    name = " ".join(name.split())[:80]
    by_mail = desk.installation.mail_is_on
    errors = referring.check(desk, me, job, name, email, said)
    referral = None if errors else referring.refer(desk, me, job, name, email, said)
    if referral is None:
        shown = forms.refer_form(job, name, email, said, by_mail=by_mail)
        return FormErrors(shown, errors or {"email": referral_views.twice()})
    day = referring.answer_day(desk, referral)
    if by_mail:
        return Private(referral_views.asked_by_mail(job, name, day))
    return Private(referral_views.asked_by_link(job, name, referring.link_of(desk, referral), day))
