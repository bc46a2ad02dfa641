"""Applications with what HR needs to decide them."""

from datetime import date

from handlers.hr.kinds import Case
from handlers.hr.rules import month_around, rank_candidates
from storage.models import Application, Member, RosterEntry
from storage.queries import applications
from storage.queries.members import get_member
from storage.uow import UnitOfWork


def draw_up(db: UnitOfWork, application: Application, member: Member) -> Case:
    """An application with the person's accounts, the likely entries of the roster, and who decided it."""
    accounts = applications.list_accounts(db, member.id or 0)
    decided_by = get_member(db, application.decided_by).name if application.decided_by else ""
    return Case(application, member, tuple(accounts), find_candidates(db, application), decided_by)


def find_candidates(db: UnitOfWork, application: Application) -> tuple[RosterEntry, ...]:
    """Whom of the roster the applicant may be, the likeliest first."""
    around = month_around(application.left_month) or (date.max, date.min)
    lookalikes = applications.list_lookalikes(db, application.employee_number, application.name, *around)
    return tuple(rank_candidates(application, lookalikes))
