"""The welcome, and the nudges: at most as many as the policy says, only while the registration is undone."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.feature import Due
from bot.policy import Policy
from bot.ui import Message
from handlers.welcome import rules, views
from handlers.welcome.rules import Greeting
from storage.models import Member, Status, Urgency
from storage.queries.members import get_member
from storage.queries.outbox import Terms, cancel, find_best_account, post
from storage.queries.registration import find_waiting_application
from storage.queries.reminders import forget, remind
from storage.uow import UnitOfWork

KIND = "welcome.nudge"
_TOO_LATE = timedelta(days=2)
"""A nudge that could not be sent for so long is left out."""


_GREETINGS: dict[Greeting, Callable[[str, Policy], Message]] = {
    Greeting.LEAVER: views.welcome_leaver,
    Greeting.EMPLOYEE: views.welcome_employee,
    Greeting.HR: views.welcome_hr,
}


def greet(db: UnitOfWork, member: Member, now: datetime, policy: Policy) -> None:
    """Welcomes somebody, once as an employee and once as one who has left, however often it is called."""
    greeting = rules.choose_greeting(member)
    if greeting is Greeting.NONE:
        return
    is_leaver = greeting is Greeting.LEAVER
    key = f"welcome:{member.id}" if is_leaver else f"welcome.employee:{member.id}"
    post(db, member, lambda: _GREETINGS[greeting](member.name, policy), Terms(key, now))
    if is_leaver:
        plan_nudges(db, member, now, policy)


def greet_former_employee(db: UnitOfWork, due: Due, now: datetime, policy: Policy) -> None:
    """A present employee's account has become a guest's: nobody joins anew, and yet there is somebody to welcome."""
    member = get_member(db, due.subject_id)
    if rules.choose_greeting(member) is Greeting.LEAVER and find_best_account(db, member) is not None:
        greet(db, member, now, policy)


def plan_nudges(db: UnitOfWork, member: Member, now: datetime, policy: Policy) -> None:
    """Makes the reminders, counted from now. A second call changes nothing."""
    for step, wait in enumerate(policy.registration_nudges, start=1):
        remind(db, KIND, member.id or 0, now + wait, step)


def nudge(db: UnitOfWork, due: Due, now: datetime, policy: Policy) -> None:
    """Reminds somebody of the registration, unless it is done, declined, or in HR's hands."""
    member = get_member(db, due.subject_id)
    if not _is_wanted(db, member) or rules.is_overtaken(due.step, due.at, now, policy):
        return
    begun, last = member.registration_step > 0, rules.is_last(due.step, policy)
    terms = Terms(_key(member, due.step), now, Urgency.PUSH, not_after=now + _TOO_LATE)
    post(db, member, lambda: views.nudge(member.name, policy, begun=begun, last=last), terms)


def _is_wanted(db: UnitOfWork, member: Member) -> bool:
    undone = member.status == Status.UNVERIFIED and not member.nudging_declined
    waits_for_hr = find_waiting_application(db, member.id or 0) is not None
    return undone and not waits_for_hr and find_best_account(db, member) is not None


def stop_nudging(db: UnitOfWork, member: Member, policy: Policy) -> None:
    """No more nudges for this member, not even one that waits for the end of the quiet hours."""
    forget(db, KIND, member.id or 0)
    for step in range(1, len(policy.registration_nudges) + 1):
        cancel(db, _key(member, step), "not_needed")


def _key(member: Member, step: int) -> str:
    return f"{KIND}:{member.id}:{step}"
