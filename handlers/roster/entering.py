"""One leaver by HR's form: the same rules as for a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.policy import Policy
from handlers.roster.cells import Leaver, Limits, read_leaver
from handlers.roster.importing import FIELDS, INVITE, NOT_INVITED, make_plan, plan_invitation, write
from handlers.roster.problems import Column, Fault, Problem
from storage.models import RosterEntry
from storage.queries import roster
from storage.queries.registration import find_registered
from storage.queries.reminders import set_reminders
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a form: the entry, and when the invitation goes out if it does; or the problems."""

    entry: RosterEntry | None = None
    invitation_at: datetime | None = None
    problems: tuple[Problem, ...] = ()


def enter_leaver(db: UnitOfWork, cells: Mapping[Column, str], policy: Policy, now: datetime) -> Entered:
    """Adds a person to the roster, with the reminder of the invitation. Somebody who is in it already is a problem."""
    leaver, problems = _read(cells, policy, now)
    if leaver is None:
        return Entered(problems=tuple(problems))
    if roster.find_by_number(db, leaver.employee_number) is not None:
        return Entered(problems=(Problem(0, Fault.KNOWN_NUMBER, Column.NUMBER, leaver.employee_number),))
    plan = make_plan(db, [leaver], policy, now)
    if plan.problems:
        return Entered(problems=tuple(plan.problems))
    write(db, plan, now)
    entry = roster.find_by_number(db, leaver.employee_number)
    return Entered(entry, plan.due[leaver.employee_number])


def change_leaver(
    db: UnitOfWork, entry: RosterEntry, cells: Mapping[Column, str], policy: Policy, now: datetime
) -> Entered:
    """Makes the entry what the form says, empty fields too; the employee number stays. The invitation moves with it."""
    leaver, problems = _read({**cells, Column.NUMBER: entry.employee_number}, policy, now)
    problems = problems or make_plan(db, [leaver] if leaver else [], policy, now).problems
    if leaver is None or problems:
        return Entered(problems=tuple(problems))
    member = find_registered(db, entry.id or 0)
    known = {name: getattr(entry, name) for name in (*FIELDS, "invited_at", "code_used_at")}
    values = {name: getattr(leaver, name) for name in FIELDS}
    due = plan_invitation(known | {"member_id": member.id if member else None}, values, policy, now)
    for name, value in (values | (NOT_INVITED if due else {})).items():
        setattr(entry, name, value)
    if due is not None:
        set_reminders(db, INVITE, {entry.id or 0: due})
    return Entered(entry, due)


def _read(cells: Mapping[Column, str], policy: Policy, now: datetime) -> tuple[Leaver | None, list[Problem]]:
    today = now.astimezone(ZoneInfo(policy.zone)).date()
    return read_leaver(cells, Limits(today, policy.employee_domains))
