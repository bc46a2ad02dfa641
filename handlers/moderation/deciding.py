"""Reports: how they come to HR, and what HR's decision does."""

from dataclasses import dataclass
from datetime import datetime

from handlers.moderation import views
from handlers.moderation.views import Case
from storage.models import Member, Report, ReportState, Status, Urgency
from storage.queries import reports
from storage.queries.audit import note_act
from storage.queries.cards import revise
from storage.queries.changes import announce_change
from storage.queries.joining import list_hr
from storage.queries.members import get_member
from storage.queries.outbox import Make, Terms, post, skip_nudges
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Told:
    """What is reported: the message with its words, by whom, whose it is, and what is wrong with it."""

    message_id: int
    reporter_id: int
    writer_id: int
    text: str
    note: str


def report(db: UnitOfWork, told: Told, now: datetime) -> None:
    """Puts a message into HR's queue, once for each reporter. All of HR get a card, but for the two concerned."""
    made = reports.add_report(
        db,
        Report(
            message_id=told.message_id,
            reporter_id=told.reporter_id,
            reported_id=told.writer_id,
            text=told.text,
            note=told.note,
            at=now,
        ),
    )
    if made is None:
        return
    case = draw_up(db, made)
    for member in list_deciders(db, made):
        post(db, member, lambda: views.card(case), Terms(_key_of(made, member), now, Urgency.NUDGE))


def _key_of(made: Report, member: Member) -> str:
    return f"report:{made.id}:{member.id}"


def may_decide(made: Report, member: Member) -> bool:
    """Nobody decides in a matter of their own."""
    return member.id not in (made.reporter_id, made.reported_id)


def list_deciders(db: UnitOfWork, made: Report) -> list[Member]:
    """Who in HR may decide it."""
    return [member for member in list_hr(db) if may_decide(made, member)]


def draw_up(db: UnitOfWork, made: Report) -> Case:
    """The report with its names."""
    writer = get_member(db, made.reported_id)
    return Case(
        made,
        writer.name,
        get_member(db, made.reporter_id).name,
        reports.count_against(db, made.reported_id) - int(made.state in (ReportState.WARNED, ReportState.SUSPENDED)),
        get_member(db, made.decided_by).name if made.decided_by else "",
        can_lift=made.state == ReportState.SUSPENDED and writer.status == Status.SUSPENDED,
    )


def decide(db: UnitOfWork, made: Report, decision: ReportState, reason: str, by: Member, now: datetime) -> None:
    """Settles a report that waits: the two are told, the writer is suspended if that was decided."""
    made.state, made.reason = decision.value, reason
    made.decided_by, made.decided_at = by.id, now
    writer = get_member(db, made.reported_id)
    if decision is ReportState.SUSPENDED:
        _suspend(db, writer, reason, now)
    if decision is ReportState.WARNED:
        _tell(db, writer, lambda: views.warned(reason), f"report:{made.id}:warned", now)
    reporter = get_member(db, made.reporter_id)
    _tell(db, reporter, lambda: views.reporter_told(decision, reason), f"report:{made.id}:told", now)
    note_act(db, by, f"report.{decision}", now, subject=f"report:{made.id}", detail=f"member={made.reported_id}")
    if decision is ReportState.SUSPENDED:
        _tell(db, writer, lambda: views.suspended(reason), f"report:{made.id}:suspended", now)


def _suspend(db: UnitOfWork, writer: Member, reason: str, now: datetime) -> None:
    """Only who is a member can be suspended. Features look again at what is open with them."""
    if writer.status not in (Status.ACTIVE, Status.PAUSED):
        return
    writer.status, writer.status_reason = Status.SUSPENDED, reason
    writer.paused_until = None
    skip_nudges(db, writer, "suspended")
    announce_change(db, writer.id or 0, now)


def lift(db: UnitOfWork, made: Report, by: Member, now: datetime) -> bool:
    """Ends a suspension. False if there is none any more."""
    writer = get_member(db, made.reported_id)
    if writer.status != Status.SUSPENDED:
        return False
    writer.status, writer.status_reason = Status.ACTIVE, ""
    announce_change(db, writer.id or 0, now)
    _tell(db, writer, views.lifted, f"report:{made.id}:lifted", now)
    note_act(db, by, "report.lifted", now, subject=f"report:{made.id}", detail=f"member={writer.id}")
    return True


def _tell(db: UnitOfWork, member: Member, make: Make, key: str, now: datetime) -> None:
    if member.status != Status.WITHDRAWN:
        post(db, member, make, Terms(key, now, Urgency.NUDGE))


def show_everybody(db: UnitOfWork, made: Report, now: datetime, pressed: str) -> None:
    """Everybody's card shows how it stands."""
    case = draw_up(db, made)
    for member in list_deciders(db, made):
        revise(db, member, _key_of(made, member), lambda: views.card(case), now, pressed)
