"""What the scheduler calls: a consultation's timer, and the look at everybody concerned when a member has changed."""

from datetime import datetime

from bot.feature import Due
from bot.installation import Installation
from bot.policy import Policy
from handlers.consultations import flow, present, rules, together
from handlers.consultations.desk import Desk, send_card
from handlers.consultations.rules import News, Step, Wake
from storage.models import Consultation, ConsultationRequest, EndReason
from storage.queries import consultations as queries
from storage.uow import UnitOfWork


def wake(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """A consultation's timer rings. What is due is decided from how things stand now."""
    desk = Desk(db, now, policy, installation)
    consultation = queries.find_locked(db, due.subject_id)
    if consultation is None or consultation.state not in rules.OPEN or flow.recheck(desk, consultation):
        return
    match rules.decide_wake(flow.get_standing(desk, consultation), now, policy):
        case Wake.WAIT:
            flow.set_timer(desk, consultation)
        case Wake.NUDGE_ASKER:
            _nudge_asker(desk, consultation)
        case Wake.LAPSE:
            flow.end(desk, consultation, Step.CLOSE, EndReason.NOT_CHOSEN)
        case Wake.NUDGE_MENTOR:
            _nudge_mentor(desk, consultation)
        case Wake.EXPIRE:
            flow.expire(desk, consultation, _get_request(desk, consultation))
        case Wake.LOOK:
            flow.look(desk, consultation, News.FOUND_AGAIN)
        case Wake.QUESTION:
            together.question_both(desk, consultation)
        case Wake.LET_GO:
            flow.end(desk, consultation, Step.CLOSE, EndReason.NO_TALK)


def _get_request(desk: Desk, consultation: Consultation) -> ConsultationRequest:
    request = queries.find_open_request(desk.db, consultation.id or 0)
    if request is None:
        raise LookupError(f"consultation {consultation.id} is asking nobody")
    return request


def _nudge_asker(desk: Desk, consultation: Consultation) -> None:
    """The proposals wait for the asker's choice: said once."""
    consultation.nudged = True
    flow.set_timer(desk, consultation)
    make = present.show_asker(desk, consultation, News.STILL_HERE)
    send_card(desk, consultation, desk.asker(consultation), make)


def _nudge_mentor(desk: Desk, consultation: Consultation) -> None:
    """The request waits for an answer. Reminders that were missed while Musubi was down become one."""
    request = _get_request(desk, consultation)
    request.nudges = rules.count_nudges(request.asked_at, desk.now, desk.policy)
    flow.set_timer(desk, consultation)
    flow.send_request(desk, consultation, request)


def recheck_member(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """Somebody paused, left, was suspended or set a block: everything open with them is looked at again."""
    desk = Desk(db, now, policy, installation)
    ids = {one.id or 0 for one in queries.list_open(db, due.subject_id)}
    ids |= {one.consultation_id for one in queries.list_open_requests(db, due.subject_id)}
    for id in sorted(ids):
        consultation = queries.find_locked(db, id)
        if consultation is not None and consultation.state in rules.OPEN:
            flow.recheck(desk, consultation)
    _tell_what_was_missed(desk, due.subject_id)


def _tell_what_was_missed(desk: Desk, member_id: int) -> None:
    """Somebody who could not be written to is back: they hear how their consultations have gone on."""
    member = desk.get(member_id)
    for consultation in queries.list_untold(desk.db, member_id, desk.now):
        send_card(desk, consultation, member, present.show(desk, consultation, member))
