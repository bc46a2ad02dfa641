"""Times to meet, their reminders, and what of the two is needed for them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.glance import MEMBER, NOW, finds_any
from storage.models import Account, Meeting, MeetingState, Member
from storage.queries.reminders import forget, set_reminders
from storage.statements import insert_ignore, is_one_of
from storage.uow import UnitOfWork

ANSWER = "meeting.answer"
"""The kind of the reminder that looks whether a proposal was answered."""
DAY_BEFORE = "meeting.day_before"
HOUR_BEFORE = "meeting.hour_before"


def ensure_meeting(db: UnitOfWork, fresh: Meeting) -> Meeting:
    """The meeting for that kind and subject, held until the end of the transaction; `fresh` when there was none."""
    db.session.flush()
    insert_ignore(db.session, Meeting, [fresh.model_dump(exclude={"id"})])
    found = find_by_subject(db, fresh.kind, fresh.subject_id)
    if found is None:
        raise LookupError(f"no meeting for {fresh.kind} {fresh.subject_id}")
    return found


def find_by_subject(db: UnitOfWork, kind: str, subject_id: int) -> Meeting | None:
    """The meeting for a subject, held until the end of the transaction."""
    return _hold(db, select(Meeting).where(Meeting.kind == kind, Meeting.subject_id == subject_id))


def find_locked(db: UnitOfWork, meeting_id: int) -> Meeting | None:
    """A meeting, held likewise."""
    return _hold(db, select(Meeting).where(Meeting.id == meeting_id))


def _hold(db: UnitOfWork, statement: SelectOfScalar[Meeting]) -> Meeting | None:
    """As it is now, although an earlier look in this transaction may be remembered."""
    db.session.flush()
    fresh = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.exec(fresh).first()


def find_subject(db: UnitOfWork, meeting_id: int) -> tuple[str, int] | None:
    """What a meeting is for; neither ever changes, so nothing is held."""
    found = db.session.exec(select(Meeting.kind, Meeting.subject_id).where(Meeting.id == meeting_id)).first()
    return (found[0], found[1]) if found else None


def find_time(db: UnitOfWork, kind: str, subject_id: int) -> datetime | None:
    """The agreed time for a subject; nothing is held."""
    statement = select(Meeting.starts_at).where(Meeting.kind == kind, Meeting.subject_id == subject_id)
    return db.session.exec(statement).first()


def list_taken(
    db: UnitOfWork, member_ids: Collection[int], after: datetime, without: int
) -> list[tuple[datetime, int]]:
    """When any of these members has another meeting from then on: the beginning, and how many minutes."""
    theirs = or_(col(Meeting.first_id).in_(member_ids), col(Meeting.second_id).in_(member_ids))
    statement = select(Meeting.starts_at, Meeting.minutes).where(
        theirs, col(Meeting.starts_at) > after, Meeting.state != MeetingState.ENDED, Meeting.id != without
    )
    return [(at, minutes) for at, minutes in db.session.exec(statement).all() if at is not None]


# It is on every home page, so it is built once: building a statement costs more than running it.
_COMING = (
    select(Meeting)
    .where(
        or_(Meeting.first_id == MEMBER, Meeting.second_id == MEMBER),
        or_(Meeting.state == MeetingState.PROPOSED, col(Meeting.starts_at) > NOW),
        is_one_of(col(Meeting.state), (MeetingState.FIXED, MeetingState.PROPOSED)),
    )
    .order_by(col(Meeting.id))
)
HAS_COMING = finds_any(_COMING)


def list_coming(db: UnitOfWork, member_id: int, now: datetime) -> list[Meeting]:
    """A member's meetings that are to come, and the proposals that wait for somebody's answer, the oldest first."""
    return list(db.session.exec(_COMING, params={"member": member_id, "now": now}).all())


def find_own_address(db: UnitOfWork, member: Member) -> str:
    """A mail address of the member's own, for files that only this member reads; "" when none is known."""
    statement = (
        select(Account)
        .where(Account.member_id == member.id, or_(Account.platform == "email", Account.email != ""))
        .order_by(col(Account.reachable).desc(), (col(Account.platform) == "email").desc(), col(Account.id).desc())
    )
    found = db.session.exec(statement).first()
    return "" if found is None else found.external_id if found.platform == "email" else found.email


def set_alarms(db: UnitOfWork, meeting: Meeting, due: Mapping[str, datetime]) -> None:
    """Makes these the only reminders of the meeting that are to come, by kind."""
    for kind in (ANSWER, DAY_BEFORE, HOUR_BEFORE):
        if kind in due:
            set_reminders(db, kind, {meeting.id or 0: due[kind]})
        else:
            forget(db, kind, meeting.id or 0)
