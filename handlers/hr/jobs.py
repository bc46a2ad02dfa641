"""What HR hears without asking: the week on Monday, codes to hand over on the last day, what waits on the home page."""

from datetime import date, datetime, timedelta

from bot.feature import Due
from bot.installation import Installation
from bot.policy import Policy
from bot.recurrence import Rule
from bot.ui import Block
from handlers import roster
from handlers.hr import summary
from handlers.hr.alerts import tell_hr
from handlers.hr.desk import find_left_by, find_to_hand_over
from handlers.hr.rules import Week, choose_notes, stalled_window
from handlers.hr.summary import Report
from handlers.hr.trouble import explain
from storage.models import Member
from storage.queries import applications, joining
from storage.queries.deliveries import list_troubled
from storage.uow import UnitOfWork

_WEEK = timedelta(days=7)
_OVERDUE = timedelta(days=3)
"""An application that waits longer is worth a word."""
_NAMED = 50
_AFTER_INVITING = timedelta(minutes=15)


def summarise_week(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """Who joined, who stalled, who deserves a personal note; nothing when there is nothing to say."""
    report = report_week(db, now, policy, installation)
    if report.has_something_to_say:
        tell_hr(db, f"hr.week:{due.at:%Y-%m-%d}", lambda: summary.week(report, policy), now)


def report_week(db: UnitOfWork, now: datetime, policy: Policy, installation: Installation) -> Report:
    """The last seven days."""
    since, before = stalled_window(now)
    joined = joining.list_people(db, joining.joined(now - _WEEK), limit=_NAMED)
    invited = joining.list_people(db, joining.invited(before, since), limit=_NAMED)
    half_way = joining.list_people(db, joining.half_way(before, since), limit=_NAMED)
    notes = choose_notes(Week(_list_failed(db, now - _WEEK), invited, half_way, joined))
    return Report(
        joined=tuple(member.name for member in joined),
        invited=tuple(entry.name for entry in invited),
        half_way=tuple(member.name for member in half_way),
        notes=tuple(notes),
        overdue=applications.count_waiting(db, now - _OVERDUE),
        hand_over=joining.count(db, find_to_hand_over(policy, installation, now)),
    )


def _list_failed(db: UnitOfWork, since: datetime) -> tuple[str, ...]:
    """Whose invitation did not arrive since then, and who has not come in another way."""
    rows = [row for row in list_troubled(db) if row["settled_at"] is not None and row["settled_at"] >= since]
    entries = [trouble.entry for trouble in explain(db, rows) if trouble.entry is not None]
    return tuple(entry.name for entry in entries if not roster.has_joined(db, entry))


def find_handover_rule(policy: Policy) -> Rule:
    """Every day, a little after the hour of inviting: what is mailed by itself has been mailed by then."""
    return Rule((datetime.combine(date.min, policy.invitation_at) + _AFTER_INVITING).time())


def tell_of_handovers(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """Whose last day it is and whom no mail can invite: HR hands the code over while they are still there."""
    today = find_to_hand_over(policy, installation, now, since=find_left_by(policy, now))
    people = joining.list_people(db, today, limit=_NAMED)
    if people:
        names = tuple(entry.name for entry in people)
        tell_hr(db, f"hr.handover:{due.at:%Y-%m-%d}", lambda: summary.handovers(names), now)


def show_section(
    db: UnitOfWork, me: Member, now: datetime, policy: Policy, installation: Installation
) -> tuple[Block, ...]:
    """HR's part of the home page: what waits, and the way to the rest."""
    if not me.is_hr:
        return ()
    hand_over = joining.count(db, find_to_hand_over(policy, installation, now))
    return summary.section(applications.count_waiting(db), hand_over)
