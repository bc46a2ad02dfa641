"""Messages that were reported to HR. The only place where HR reads what somebody wrote in a room: that one message."""

from datetime import datetime

from sqlmodel import col, func, select

from bot.ui import Message, dump_message
from storage.models import Content, Delivery, Report, ReportState
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork


def add_report(db: UnitOfWork, report: Report) -> Report | None:
    """Keeps a report; None if this member has reported this message before."""
    row = report.model_dump(exclude={"id"})
    db.session.flush()
    if not insert_ignore(db.session, Report, [row]):
        return None
    statement = select(Report).where(Report.message_id == report.message_id, Report.reporter_id == report.reporter_id)
    return db.session.exec(statement).one()


def find_locked(db: UnitOfWork, report_id: int) -> Report | None:
    """The report, held until the end of the transaction."""
    return db.session.exec(select(Report).where(Report.id == report_id).with_for_update()).first()


def list_waiting(db: UnitOfWork, without: int) -> list[Report]:
    """The reports that wait for a decision, oldest first; none that the member `without` wrote or is named in."""
    statement = (
        select(Report)
        .where(
            Report.state == ReportState.WAITING,
            Report.reporter_id != without,
            Report.reported_id != without,
        )
        .order_by(col(Report.id))
    )
    return list(db.session.exec(statement).all())


def count_against(db: UnitOfWork, member_id: int) -> int:
    """How often HR has warned or suspended a member for a reported message."""
    statement = select(func.count()).where(
        Report.reported_id == member_id, col(Report.state).in_((ReportState.WARNED, ReportState.SUSPENDED))
    )
    return db.session.exec(statement).one()


def erase_decided(db: UnitOfWork, before: datetime) -> None:
    """Empties the words of reports that were decided before that moment, and of the cards that showed them."""
    report, content, delivery = table_of(Report), table_of(Content), table_of(Delivery)
    old = select(report.c.id).where(report.c.decided_at < before, report.c.text != "")
    empty = dump_message(Message("", ()))
    for id in [row[0] for row in run(db.session, old)]:
        shown = select(delivery.c.content_id).where(delivery.c.key.like(f"report:{id}:%"))
        run(db.session, content.update().where(content.c.id.in_(shown)).values(body=empty))
        run(db.session, report.update().where(report.c.id == id).values(text="", note=""))
