"""What the scheduler calls: was a proposal answered, and the reminders before an agreed time."""

from datetime import datetime

from bot.feature import Due
from bot.installation import Installation
from bot.policy import Policy
from handlers.meetings import flow, present, rules
from handlers.meetings.hosts import Acting, find_host
from storage.models import Meeting, MeetingState
from storage.queries import meetings as queries
from storage.uow import UnitOfWork


def check_answer(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """Reminds whoever is to answer, once; when the last of the times has come, the proposal is over."""
    acting = Acting(db, now, policy, installation)
    meeting = _hold(acting, due.subject_id)
    if meeting is None or meeting.state != MeetingState.PROPOSED:
        return
    slots = present.list_slots(meeting)
    if now >= max(slots):
        flow.lapse(acting, meeting)
    elif now < rules.find_answer_check(meeting.proposed_at or now, slots, nudged=meeting.nudged):
        flow.set_alarms(acting, meeting)
    else:
        flow.nudge(acting, meeting)


def remind_day_before(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """A day before."""
    _remind(Acting(db, now, policy, installation), due.subject_id, in_an_hour=False)


def remind_hour_before(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """An hour before."""
    _remind(Acting(db, now, policy, installation), due.subject_id, in_an_hour=True)


def _remind(acting: Acting, meeting_id: int, *, in_an_hour: bool) -> None:
    meeting = _hold(acting, meeting_id)
    before = rules.HOUR_BEFORE if in_an_hour else rules.DAY_BEFORE
    if meeting is None or meeting.starts_at is None:
        return
    if rules.is_still_due(meeting.starts_at, before, acting.now):
        flow.remind(acting, meeting, meeting.starts_at, in_an_hour=in_an_hour)


def _hold(acting: Acting, meeting_id: int) -> Meeting | None:
    """The meeting, held after its subject, if the two may still meet."""
    subject = queries.find_subject(acting.db, meeting_id)
    host = find_host(subject[0]) if subject is not None else None
    if subject is None or host is None or host.hold(acting, subject[1]) is None:
        return None
    return queries.find_locked(acting.db, meeting_id)
