"""The two forms opened with what is known, and saved: shared by the registration and the profile."""

from datetime import datetime

from bot.incoming import FormValues
from bot.policy import Policy
from bot.replies import FormErrors
from bot.ui import Form
from handlers.profile import rules, words
from handlers.profile.forms import Frame, about_form, choices_form, explain
from handlers.profile.rules import About, Choices
from storage.models import Member, Role
from storage.queries.changes import announce_change
from storage.queries.consents import find_consents, set_consents
from storage.queries.status import tell_news
from storage.queries.topics import list_common_topics, list_topics, set_topics
from storage.uow import UnitOfWork

_OFFERED = 20


def open_about(db: UnitOfWork, me: Member, frame: Frame) -> Form:
    """ "About you", with what the member has told so far."""
    topics = list_topics(db, [me.id or 0]).get(me.id or 0, ())
    return _draw_about(db, me, frame, rules.about_of(me, topics))


def _draw_about(db: UnitOfWork, me: Member, frame: Frame, about: About) -> Form:
    offered = rules.merge_topics(list_common_topics(db, _OFFERED), words.list_starters(), _OFFERED)
    return about_form(frame, about, offered, is_employee=me.role == Role.EMPLOYEE)


def submit_about(db: UnitOfWork, me: Member, frame: Frame, values: FormValues, now: datetime) -> FormErrors | None:
    """Saves "About you", or says what is wrong with it. Saving the same twice changes nothing."""
    about = rules.read_about(values)
    faults = rules.check_about(about)
    if faults:
        errors = {name: explain(fault) for name, fault in faults.items()}
        return FormErrors(_draw_about(db, me, frame, about), errors)
    _save_about(db, me, about, now)
    return None


def _save_about(db: UnitOfWork, me: Member, about: About, now: datetime) -> None:
    me.job, me.city = about.job, about.city
    tell_news(db, me, about.latest_news, now)
    me.languages = list(about.languages)
    if me.role == Role.EMPLOYEE:
        me.department = about.department
    else:
        me.employer = about.employer
    set_topics(db, me, about.topics)


def open_choices(db: UnitOfWork, me: Member, frame: Frame, policy: Policy) -> Form:
    """ "Your choices", with what the member has chosen so far."""
    return _draw_choices(me, frame, _present(db, me, policy), policy)


def _present(db: UnitOfWork, me: Member, policy: Policy) -> Choices:
    return rules.choices_of(me, find_consents(db, me.id or 0), policy.guidelines_version)


def _draw_choices(me: Member, frame: Frame, choices: Choices, policy: Policy) -> Form:
    asks = me.guidelines_version != policy.guidelines_version
    return choices_form(frame, choices, role=me.role, zone=me.zone, ask_guidelines=asks)


def submit_choices(
    db: UnitOfWork, me: Member, frame: Frame, values: FormValues, now: datetime, policy: Policy
) -> FormErrors | None:
    """Saves "Your choices", or says what is wrong with them. Saving the same twice changes nothing."""
    choices = rules.read_choices(values, _present(db, me, policy))
    faults = rules.check_choices(choices)
    if faults:
        errors = {name: explain(fault) for name, fault in faults.items()}
        return FormErrors(_draw_choices(me, frame, choices, policy), errors)
    _save_choices(db, me, choices, now, policy)
    return None


def _save_choices(db: UnitOfWork, me: Member, choices: Choices, now: datetime, policy: Policy) -> None:
    me.visibility = choices.visibility
    me.capacity, me.nameless = choices.capacity, choices.nameless
    me.quiet_from, me.quiet_to = choices.quiet_from, choices.quiet_to
    me.digest, me.language = choices.digest.value, choices.language
    if me.guidelines_version != policy.guidelines_version:
        me.guidelines_version, me.guidelines_at = policy.guidelines_version, now
    set_consents(db, me.id or 0, choices.consents, now)
    announce_change(db, me.id or 0, now)
