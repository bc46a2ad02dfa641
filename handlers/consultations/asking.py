"""The asker's routes: the form, the choice, another topic, calling it off."""

import secrets
from datetime import datetime

from bot.i18n import _
from bot.incoming import Command, FormValues
from bot.replies import FormErrors, OpenForm, Private, Reply
from handlers.answers import out_of_date
from handlers.consultations import actions, flow, present, rules, together
from handlers.consultations.router import Press, find_asked, find_mine, router
from handlers.consultations.rules import Candidate, News
from handlers.consultations.search import can_ask
from handlers.consultations.views import asker as views
from handlers.consultations.views import forms
from handlers.consultations.views.forms import Wishes
from storage.models import Consultation, ConsultationState, Member
from storage.queries import consultations as queries
from storage.uow import UnitOfWork

_CHOOSING = (ConsultationState.PROPOSED, ConsultationState.SEARCHING)


@router.command("mentor", words=("mentor", "相談"), about=lambda: _("Ask somebody who knows for a consultation"))
def start(command: Command, me: Member, db: UnitOfWork) -> Reply:
    """`/mentor [topic]`: the form."""
    return _open_form(db, me, Wishes(command.text[: rules.LONGEST_TOPIC], language=me.language))


@router.button(actions.Start)
def start_from_home(me: Member, db: UnitOfWork) -> Reply:
    """[Ask somebody]."""
    return _open_form(db, me, Wishes(language=me.language))


@router.button(actions.AskAgain)
def ask_again(action: actions.AskAgain, me: Member, db: UnitOfWork) -> Reply:
    """[Ask again]: the form with what the ended consultation was about."""
    ended = queries.find_locked(db, action.consultation)
    if ended is None or ended.asker_id != me.id:
        return out_of_date()
    return _open_form(db, me, _wishes_of(ended))


def _open_form(db: UnitOfWork, me: Member, wishes: Wishes) -> Reply:
    if queries.count_open(db, me.id or 0) >= rules.MOST_OPEN:
        return Private(views.too_many_open())
    return OpenForm(forms.wish_form(wishes, secrets.token_hex(8)))


@router.form(actions.Wish)
def submit(action: actions.Wish, values: FormValues, press: Press) -> Reply:
    """The form was sent off: looks for people. The same form sent off twice is one consultation."""
    wishes = _read(values)
    errors = _find_errors(wishes)
    if errors:
        return FormErrors(forms.wish_form(wishes, action.key), errors)
    db, me = press.db, queries.lock_member(press.db, press.me.id or 0)
    consultation = queries.find_by_form(db, me.id or 0, action.key)
    if consultation is None and queries.count_open(db, me.id or 0) >= rules.MOST_OPEN:
        return Private(views.too_many_open())
    if consultation is None:
        consultation = _add(db, me, wishes, action.key, press.now)
        flow.look(press.open_desk(form=True), consultation, News.FOUND)
    return Private(views.received(wishes.topic, len(queries.list_proposals(db, consultation.id or 0))))


def _add(db: UnitOfWork, me: Member, wishes: Wishes, key: str, now: datetime) -> Consultation:
    consultation = Consultation(asker_id=me.id or 0, form_key=key, created_at=now, topic="")
    _write(consultation, wishes)
    return queries.add_consultation(db, consultation)


def _read(values: FormValues) -> Wishes:
    topic = " ".join(values.text("topic").split())
    return Wishes(topic, values.text("aim"), values.text("language"), values.text("timing"))


def _write(consultation: Consultation, wishes: Wishes) -> None:
    consultation.topic, consultation.aim = wishes.topic, wishes.aim
    consultation.language, consultation.timing = wishes.language, wishes.timing


def _wishes_of(consultation: Consultation) -> Wishes:
    return Wishes(consultation.topic, consultation.aim, consultation.language, consultation.timing)


def _find_errors(wishes: Wishes) -> dict[str, str]:
    """A sentence for each field that can't be taken. Platforms check lengths and choices; a forged form doesn't."""
    errors: dict[str, str] = {}
    if not any(letter.isalnum() for letter in wishes.topic):
        errors["topic"] = _("Please write the topic in a few words.")
    elif len(wishes.topic) > rules.LONGEST_TOPIC:
        errors["topic"] = _("Please keep the topic to {n} characters.").format(n=rules.LONGEST_TOPIC)
    if not wishes.aim:
        errors["aim"] = _("Please write in a sentence what you would like to get from the talk.")
    elif len(wishes.aim) > rules.LONGEST_AIM:
        errors["aim"] = _("Please keep it to {n} characters.").format(n=rules.LONGEST_AIM)
    if wishes.language not in forms.LANGUAGES:
        errors["language"] = _("Please choose one.")
    if wishes.timing not in forms.TIMINGS:
        errors["timing"] = _("Please choose one.")
    return errors


@router.button(actions.Ask)
def ask(action: actions.Ask, press: Press) -> Reply:
    """[Ask] beside one proposal."""
    desk, me = press.open_desk(), press.me
    consultation = find_asked(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    proposal = queries.find_proposal(desk.db, action.consultation, action.proposal)
    if proposal is not None and consultation.state == ConsultationState.PROPOSED:
        if can_ask(desk, consultation, proposal.mentor_id):
            chosen = Candidate(proposal.mentor_id, tuple(proposal.reasons))
            flow.ask(desk, consultation, chosen, proposal.rank, News.ASKED)
        else:
            flow.look(desk, consultation, News.CHOICE_GONE)
    return desk.answer(present.show_asker(desk, consultation))


@router.button(actions.YouChoose)
def let_musubi_choose(action: actions.YouChoose, press: Press) -> Reply:
    """[You choose]: the best is asked, and if needed the next, without asking back."""
    desk, me = press.open_desk(), press.me
    consultation = find_asked(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    if consultation.state == ConsultationState.PROPOSED:
        consultation.you_choose = True
        flow.look(desk, consultation, News.ASKED)
    return desk.answer(present.show_asker(desk, consultation))


@router.button(actions.ChangeTopic)
def change_topic(action: actions.ChangeTopic, press: Press) -> Reply:
    """[Change the topic]: the form, while nobody is being asked."""
    desk, me = press.open_desk(), press.me
    consultation = find_asked(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    if consultation.state not in _CHOOSING:
        return desk.answer(present.show_asker(desk, consultation))
    return OpenForm(forms.topic_form(_wishes_of(consultation), consultation.id or 0))


@router.form(actions.NewTopic)
def submit_topic(action: actions.NewTopic, values: FormValues, press: Press) -> Reply:
    """The changed topic was sent off: looks anew. Sent off twice, or too late, it shows how things stand."""
    desk, me = press.open_desk(form=True), press.me
    consultation = find_asked(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    wishes = _read(values)
    if consultation.state in _CHOOSING and wishes != _wishes_of(consultation):
        errors = _find_errors(wishes)
        if errors:
            return FormErrors(forms.topic_form(wishes, consultation.id or 0), errors)
        _write(consultation, wishes)
        flow.change(desk, consultation)
    return desk.answer(present.show_asker(desk, consultation))


@router.button(actions.CallOff)
def call_off(action: actions.CallOff, press: Press) -> Reply:
    """[Call it off], by either side."""
    desk, me = press.open_desk(), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    if consultation.state in rules.OPEN:
        together.call_off(desk, consultation, me)
    return desk.answer(present.show(desk, consultation, me))


@router.button(actions.Show)
def show(action: actions.Show, press: Press) -> Reply:
    """[Show] on the home page."""
    desk, me = press.open_desk(), press.me
    consultation = find_mine(desk, action.consultation, me)
    if consultation is None:
        return out_of_date()
    return Private(present.show(desk, consultation, me)())
