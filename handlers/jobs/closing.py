"""A job's time: planned, warned of, over. And what follows for those who are interested."""

from bot.feature import Due
from handlers.desk import send
from handlers.jobs import flow, people_views, views
from handlers.jobs.desk import Desk
from handlers.jobs.rules import find_close, find_warning
from storage.models import (
    InterestEnd,
    Job,
    JobEnd,
    JobInterest,
    JobState,
    Member,
    ReferralState,
    Stage,
    Status,
)
from storage.queries import jobs as queries
from storage.queries import referrals
from storage.queries.consultations import list_hr
from storage.queries.members import find_card, get_member
from storage.queries.reminders import forget, set_reminders

CLOSES, WARNS = "job.close", "job.warn"


def open_job(desk: Desk, job: Job) -> None:
    """The job is open until the end of its last day; HR hears of it some days before."""
    job.state, job.ended, job.closed_at = JobState.OPEN.value, "", None
    zone, id = desk.policy.zone, job.id or 0
    set_reminders(desk.db, CLOSES, {id: find_close(job.closes_on, zone)})
    warning = find_warning(job.closes_on, zone)
    forget(desk.db, WARNS, id)
    if warning > desk.now and job.has_date:
        set_reminders(desk.db, WARNS, {id: warning})


def close_job(desk: Desk, job: Job, why: JobEnd) -> bool:
    """Closes a job and tells those who are interested; False when it was closed already."""
    if job.state != JobState.OPEN:
        return False
    job.state, job.ended, job.closed_at = JobState.CLOSED.value, why.value, desk.now
    forget(desk.db, CLOSES, job.id or 0)
    forget(desk.db, WARNS, job.id or 0)
    for interest in queries.list_ongoing(desk.db, job_id=job.id or 0):
        _tell(desk, job, interest)
    for referral in referrals.list_waiting(desk.db, job_id=job.id or 0):
        flow.end_referral(desk, referral, ReferralState.EXPIRED)
    return True


def _tell(desk: Desk, job: Job, interest: JobInterest) -> None:
    """Whoever nobody has talked with yet is let go; with the others it goes on."""
    if interest.stage == Stage.INTERESTED:
        flow.end_by_itself(desk, interest, InterestEnd.JOB)
        make = lambda: views.job_over(job)  # noqa: E731 - one of two, to be called in the reader's language
    else:
        make = lambda: views.job_closed_meanwhile(job)  # noqa: E731
    if interest.member_id is not None:
        send(desk, get_member(desk.db, interest.member_id), make, f"job:{interest.id}:{interest.changes}:closed")
    else:
        flow.write(desk, interest, make, f"closed:{interest.changes}")


# What the clock does


def close_due(due: Due, desk: Desk) -> None:
    """The last day is over."""
    job = queries.find_job(desk.db, due.subject_id)
    if job is None or job.state != JobState.OPEN:
        return
    at = find_close(job.closes_on, desk.policy.zone)
    if at > desk.now:
        set_reminders(desk.db, CLOSES, {due.subject_id: at})
    else:
        close_job(desk, job, JobEnd.DATE)


def warn(due: Due, desk: Desk) -> None:
    """A job closes in some days: HR may want to move the date, and whoever waits should hear before."""
    job = queries.find_job(desk.db, due.subject_id)
    if job is None or job.state != JobState.OPEN or find_warning(job.closes_on, desk.policy.zone) > desk.now:
        return
    counts = queries.count_stages(desk.db, [due.subject_id]).get(due.subject_id, {})
    for reader in list_hr(desk.db):
        key = f"job:warn:{job.id}:{job.closes_on}:{reader.id}"
        send(desk, reader, lambda: people_views.closes_soon(job, counts), key)


# What follows when somebody goes


def recheck_member(due: Due, desk: Desk) -> None:
    """Somebody paused, left, was suspended, or set a block."""
    member = get_member(desk.db, due.subject_id)
    if member.status != Status.ACTIVE:
        for interest in queries.list_ongoing(desk.db, member_id=due.subject_id):
            flow.end_by_itself(desk, interest, InterestEnd.GONE)
    if member.status in (Status.WITHDRAWN, Status.SUSPENDED):
        flow.forget_friends_of(desk, member)
    for interest in queries.list_ongoing(desk.db, handler_id=due.subject_id):
        _look_again(desk, interest, member)
    for interest in queries.list_ongoing(desk.db, member_id=due.subject_id):
        if interest.handler_id is not None:
            _look_again(desk, interest, get_member(desk.db, interest.handler_id))


def _look_again(desk: Desk, interest: JobInterest, handler: Member) -> None:
    """Whoever was to talk with the person may do so no more: it goes to HR, without a word to either side."""
    person = get_member(desk.db, interest.member_id) if interest.member_id is not None else None
    fits = person is None or find_card(desk.db, person, handler.id or 0) is not None
    if handler.status != Status.ACTIVE or not fits:
        flow.pass_on(desk, interest)
