"""The way in: three forms in one window, continued where they were left."""

from datetime import datetime

from bot.i18n import _, use_locale
from bot.incoming import Command, FormValues
from bot.installation import Installation
from bot.policy import Policy
from bot.replies import OpenForm, Private, Reply
from bot.routing import Router, Who
from handlers.actions import Register
from handlers.answers import already_registered, refuse_inactive
from handlers.onboarding import rules, views
from handlers.onboarding.actions import Choose, EnterCode, Identify, TellAbout
from handlers.onboarding.identify import Doorstep, describe_wait, identify, open_door
from handlers.onboarding.rules import Step
from handlers.profile import open_about, open_choices, submit_about, submit_choices
from handlers.welcome import stop_nudging
from storage.models import Account, Member, Purpose, Status
from storage.queries.consents import find_consents
from storage.queries.outbox import Terms, post
from storage.uow import UnitOfWork

router = Router()


def _refuse(me: Member) -> Reply | None:
    """Who has nothing to register, or nothing any more."""
    if me.status == Status.UNVERIFIED:
        return None
    return Private(already_registered() if me.status == Status.ACTIVE else refuse_inactive(me.status))


def _continue(door: Doorstep) -> Reply:
    """The form that comes next, or why it can't be opened now."""
    if rules.next_step(door.me) is not Step.IDENTIFY:
        return _open_next(door.db, door.me, door.policy)
    return describe_wait(door) if door.is_waiting else open_door(door)


def _open_next(db: UnitOfWork, me: Member, policy: Policy) -> Reply:
    """The second or third form; the first is opened by a press, which looks for obstacles."""
    match rules.next_step(me):
        case Step.IDENTIFY:
            return Private(refuse_inactive(me.status))
        case Step.ABOUT:
            return OpenForm(open_about(db, me, views.about_frame()))
        case Step.CHOICES:
            return OpenForm(open_choices(db, me, views.choices_frame(), policy))


@router.command(
    "alumni register", words=("register", "登録"), who=Who.ANYONE, about=lambda: _("Register, or go on registering")
)
def start_by_word(
    command: Command, db: UnitOfWork, me: Member, account: Account, now: datetime, policy: Policy
) -> Reply:
    """`/alumni register`."""
    return _refuse(me) or _continue(Doorstep(db, me, account, now, policy))


@router.button(Register, who=Who.ANYONE)
def start(pressed: Register, db: UnitOfWork, me: Member, account: Account, now: datetime, policy: Policy) -> Reply:
    """[Register], [Continue], [Try again]: the form that comes next."""
    return _refuse(me) or _continue(Doorstep(db, me, account, now, policy))


@router.button(EnterCode, who=Who.ANYONE)
def enter_code(
    pressed: EnterCode, db: UnitOfWork, me: Member, account: Account, now: datetime, policy: Policy
) -> Reply:
    """[Enter a code]: the way in for those who wait for HR and have found their code."""
    door = Doorstep(db, me, account, now, policy)
    return _refuse(me) or (open_door(door) if door.is_waiting else _continue(door))


@router.form(Identify, who=Who.ANYONE)
def take_identity(
    form: Identify,
    values: FormValues,
    db: UnitOfWork,
    me: Member,
    account: Account,
    now: datetime,
    policy: Policy,
    installation: Installation,
) -> Reply:
    """Step 1. Sent again when it is done: the next form."""
    answer = _refuse(me)
    if answer is None and rules.next_step(me) is Step.IDENTIFY:
        door = Doorstep(db, me, account, now, policy)
        answer = identify(door, rules.read_identity(values), installation.secret)
    return answer or _open_next(db, me, policy)


@router.form(TellAbout, who=Who.ANYONE)
def take_about(form: TellAbout, values: FormValues, db: UnitOfWork, me: Member, now: datetime, policy: Policy) -> Reply:
    """Step 2. Sent again while the registration goes on, the last one holds."""
    answer = _refuse(me)
    if answer is None and rules.next_step(me) is not Step.IDENTIFY:
        answer = submit_about(db, me, views.about_frame(), values, now)
        me.registration_step = me.registration_step if answer else 2
    return answer or _open_next(db, me, policy)


@router.form(Choose, who=Who.ANYONE)
def take_choices(form: Choose, values: FormValues, db: UnitOfWork, me: Member, now: datetime, policy: Policy) -> Reply:
    """Step 3, and with it the registration."""
    refused = _refuse(me)
    if refused is not None or rules.next_step(me) is not Step.CHOICES:
        return refused or _open_next(db, me, policy)
    errors = submit_choices(db, me, views.choices_frame(), values, now, policy)
    if errors is not None:
        return errors
    _complete(db, me, now, policy)
    with use_locale(me.language):
        return Private(views.completed(policy))


def _complete(db: UnitOfWork, me: Member, now: datetime, policy: Policy) -> None:
    me.status, me.registration_step, me.activated_at = Status.ACTIVE, 3, now
    stop_nudging(db, me, policy)
    is_asked = Purpose.CONSULTATIONS in find_consents(db, me.id or 0)
    capacity = me.capacity if is_asked else 0
    post(db, me, lambda: views.greeted(me.name, capacity, policy), Terms(f"onboarding.done:{me.id}", now))
