"""Letting somebody in, by the roster or by HR, and telling those whom HR decides about."""

import calendar
from datetime import date, datetime

import structlog

from handlers import hr
from handlers.onboarding import views
from handlers.onboarding.jobs import KIND
from storage.models import Application, Member, Role, RosterEntry, Status
from storage.queries.members import clean_department, get_member
from storage.queries.outbox import Terms, post
from storage.queries.registration import (
    attach_mail,
    find_last_application,
    find_registered,
    find_waiting_application,
)
from storage.queries.reminders import forget
from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)


def admit(db: UnitOfWork, member: Member, entry: RosterEntry | None, now: datetime) -> Application | None:
    """The first step is done: the member is this person of the roster, or, without an entry, who they said they are.

    An entry somebody else came in with is left to them. A waiting application is closed; returns which.
    """
    if entry is not None and find_registered(db, entry.id or 0) is None:
        _take_over(db, member, entry, now)
    else:
        _believe(db, member)
    member.role, member.registration_step = Role.ALUMNUS, 1
    log.info("onboarding.admitted", member=member.id, by_roster=member.roster_id is not None)
    return _close_application(db, member, now)


def _take_over(db: UnitOfWork, member: Member, entry: RosterEntry, now: datetime) -> None:
    member.roster_id = entry.id
    member.name, member.kana = entry.name, entry.kana
    member.department = clean_department(entry.department)
    member.joined_on, member.left_on = entry.joined_on, entry.left_on
    entry.code_used_at = entry.code_used_at or now
    attach_mail(db, member, entry.email, now)


def _believe(db: UnitOfWork, member: Member) -> None:
    """HR has looked at what the person wrote and found it right."""
    application = find_last_application(db, member.id or 0)
    if application is not None:
        member.name = application.name or member.name
        member.left_on = _last_day(application.left_month) or member.left_on


def _last_day(month: str) -> date | None:
    if not month:
        return None
    year, number = map(int, month.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])


def withdraw_application(db: UnitOfWork, member: Member, now: datetime) -> None:
    """Nothing is left for HR to decide, and their cards say so."""
    tell_of_arrival(db, _close_application(db, member, now), now)


def tell_of_arrival(db: UnitOfWork, closed: Application | None, now: datetime) -> None:
    """HR's cards of an application that was closed by itself lose their buttons."""
    if closed is not None:
        hr.tell_hr_of_arrival(db, closed, now)


def _close_application(db: UnitOfWork, member: Member, now: datetime) -> Application | None:
    """Whoever decides as HR notes so in the application afterwards."""
    application = find_waiting_application(db, member.id or 0)
    if application is not None:
        application.state, application.decided_at = "closed", now
        forget(db, KIND, application.id or 0)
    return application


def is_on_the_doorstep(member: Member) -> bool:
    """Whether the first step is still to be done."""
    return member.status == Status.UNVERIFIED and member.registration_step == 0


def approve(db: UnitOfWork, member: Member, entry: RosterEntry | None, now: datetime) -> bool:
    """HR says yes: lets the member in as `entry` (None: nobody of the roster) and tells them how to go on.

    Returns whether that was still to be done; otherwise nothing changes.
    """
    if not is_on_the_doorstep(member):
        return False
    admit(db, member, entry, now)
    post(db, member, lambda: views.approved(member.name), Terms(f"onboarding.approved:{member.id}", now))
    return True


def decline(db: UnitOfWork, application: Application, reason: str, now: datetime) -> bool:
    """HR can't confirm an application: notes it with the reason and tells the person, who may try again.

    Returns False, and changes nothing, when the person has come in by another way meanwhile.
    """
    member = get_member(db, application.member_id)
    if not is_on_the_doorstep(member):
        return False
    application.state, application.reason = "declined", reason
    application.decided_at = application.decided_at or now
    forget(db, KIND, application.id or 0)
    key = f"onboarding.declined:{application.id}"
    post(db, member, lambda: views.declined(member.name, reason), Terms(key, now))
    return True
