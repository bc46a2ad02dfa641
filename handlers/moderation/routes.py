"""HR's queue of reported messages. All of it is for HR, whatever a button said when it was shown."""

from dataclasses import dataclass
from datetime import datetime

from bot.incoming import FormValues, Origin
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Bundle, Router, Who
from bot.ui import Block
from handlers.answers import out_of_date
from handlers.moderation import actions, deciding, views
from storage.models import Member, Report, ReportState
from storage.queries import reports
from storage.uow import UnitOfWork

router = Router()

DECISIONS = (ReportState.FINE, ReportState.WARNED, ReportState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Press(Bundle):
    """Somebody of HR acts."""

    me: Member
    origin: Origin
    db: UnitOfWork
    now: datetime

    def show(self, report: Report) -> Reply:
        """How a report stands, in the place of its card."""
        return ReplaceMessage(views.card(deciding.draw_up(self.db, report)))


@router.button(actions.ShowNext, who=Who.HR)
def show_next(action: actions.ShowNext, press: Press) -> Reply:
    """[Show]: the report that has waited longest."""
    waiting = reports.list_waiting(press.db, press.me.id or 0)
    if not waiting:
        return Private(views.nothing_waits())
    return Private(views.card(deciding.draw_up(press.db, waiting[0])))


@router.button(actions.Decide, who=Who.HR)
def ask_reason(action: actions.Decide, press: Press) -> Reply:
    """[Fine], [Warn] or [Suspend]: the form; of a report that is settled, how it stands."""
    report = reports.find_locked(press.db, action.report)
    if report is None or action.decision not in DECISIONS:
        return out_of_date()
    if not deciding.may_decide(report, press.me):
        return Private(views.not_yours())
    if report.state != ReportState.WAITING:
        return press.show(report)
    return OpenForm(views.decide_form(action.report, ReportState(action.decision)))


@router.form(actions.Decided, who=Who.HR)
def decide(action: actions.Decided, values: FormValues, press: Press) -> Reply:
    """The reason: whoever of HR is first decides."""
    report = reports.find_locked(press.db, action.report)
    if report is None or action.decision not in DECISIONS:
        return out_of_date()
    if not deciding.may_decide(report, press.me):
        return Private(views.not_yours())
    if report.state != ReportState.WAITING:
        return press.show(report)
    reason = values.text("reason")[: views.LONGEST_REASON]
    if not reason:
        form = views.decide_form(action.report, ReportState(action.decision))
        return FormErrors(form, {"reason": views.say_reason_missing()})
    deciding.decide(press.db, report, ReportState(action.decision), reason, press.me, press.now)
    deciding.show_everybody(press.db, report, press.now, press.origin.message)
    return press.show(report)


@router.button(actions.Lift, who=Who.HR)
def lift(action: actions.Lift, press: Press) -> Reply:
    """[Lift the suspension]."""
    report = reports.find_locked(press.db, action.report)
    if report is None:
        return out_of_date()
    if not deciding.may_decide(report, press.me):
        return Private(views.not_yours())
    if deciding.lift(press.db, report, press.me, press.now):
        deciding.show_everybody(press.db, report, press.now, press.origin.message)
    return press.show(report)


def show_home(me: Member, db: UnitOfWork) -> tuple[Block, ...]:
    """What waits, for HR."""
    return views.home(len(reports.list_waiting(db, me.id or 0))) if me.is_hr else ()
