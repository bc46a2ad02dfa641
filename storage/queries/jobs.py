"""Jobs, wishes and interests."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case
from sqlmodel import col, func, or_, select

from storage.glance import MEMBER, finds_any
from storage.models import (
    Job,
    JobFeed,
    JobHidden,
    JobInterest,
    JobState,
    JobWish,
    Member,
    Purpose,
    Stage,
)
from storage.queries.consents import agrees_to
from storage.statements import insert_ignore, is_one_of, run, table_of
from storage.uow import UnitOfWork

ONGOING = (Stage.INTERESTED.value, Stage.TALKING.value, Stage.INTERVIEWING.value)


# Asked for every home page, so they are built once: building a statement costs more than running it.
_COUNT_OPEN = select(func.count()).where(Job.state == JobState.OPEN)
_MINE = (
    select(JobInterest, Job)
    .join(Job, col(Job.id) == col(JobInterest.job_id))
    .where(JobInterest.member_id == MEMBER)
    .order_by(col(JobInterest.changed_at).desc())
)
_GOING = _MINE.where(is_one_of(col(JobInterest.stage), ONGOING))
HAS_GOING = finds_any(_GOING)
WANTS_JOBS = finds_any(select(Member.id).where(Member.id == MEMBER, agrees_to(Purpose.JOBS)))


def add_job(db: UnitOfWork, job: Job) -> Job:
    """Keeps a new job."""
    db.session.add(job)
    db.session.flush()
    return job


def find_job(db: UnitOfWork, id: int) -> Job | None:
    """A job by id, open or closed."""
    return db.session.get(Job, id)


def get_job(db: UnitOfWork, id: int) -> Job:
    """The same where it is known to exist. Raises when it doesn't."""
    return db.session.get_one(Job, id)


def list_open(db: UnitOfWork, limit: int | None = None) -> list[Job]:
    """The open jobs, the newest first."""
    statement = select(Job).where(Job.state == JobState.OPEN).order_by(col(Job.id).desc()).limit(limit)
    return list(db.session.exec(statement).all())


def count_open(db: UnitOfWork) -> int:
    """How many jobs are open."""
    return db.session.exec(_COUNT_OPEN).one()


def list_recent(db: UnitOfWork, since: datetime) -> list[Job]:
    """The open jobs, the newest first, and after them those that were closed after `since`."""
    statement = select(Job).where(or_(Job.state == JobState.OPEN, col(Job.closed_at) > since))
    return list(db.session.exec(statement.order_by(col(Job.state).desc(), col(Job.id).desc())).all())


def list_of_feed(db: UnitOfWork) -> dict[str, Job]:
    """Every job that ever came from the feed, by the feed's id."""
    statement = select(Job).where(col(Job.feed_id).is_not(None))
    return {job.feed_id or "": job for job in db.session.exec(statement).all()}


def list_of_contact(db: UnitOfWork, member_id: int) -> list[Job]:
    """The jobs for which a member is the named contact."""
    return list(db.session.exec(select(Job).where(Job.contact_id == member_id)).all())


def note_shown(db: UnitOfWork, counts: dict[int, int]) -> None:
    """So many more readers' digests have shown these jobs."""
    job = table_of(Job)
    for id, count in counts.items():
        run(db.session, job.update().where(job.c.id == id).values(shown=job.c.shown + count))


# What members wish for, and what is not for them


def find_wish(db: UnitOfWork, member_id: int) -> JobWish:
    """What a member would like; of somebody who hasn't said, nothing. Not kept until `keep_wish`."""
    return db.session.get(JobWish, member_id) or JobWish(member_id=member_id, kinds=[])


def keep_wish(db: UnitOfWork, wish: JobWish) -> None:
    """Keeps what a member would like."""
    db.session.merge(wish)
    db.session.flush()


def list_wishes(db: UnitOfWork, member_ids: Collection[int]) -> dict[int, JobWish]:
    """What these members would like, as far as they said."""
    rows = db.session.exec(select(JobWish).where(col(JobWish.member_id).in_(member_ids))).all()
    return {row.member_id: row for row in rows}


def list_cities(db: UnitOfWork, member_ids: Collection[int]) -> dict[int, str]:
    """Where these members live, for comparing only."""
    statement = select(Member.id, Member.city).where(col(Member.id).in_(member_ids), Member.city != "")
    return {id or 0: city for id, city in db.session.exec(statement).all()}


def hide(db: UnitOfWork, member_id: int, job_id: int, now: datetime) -> None:
    """The job is not for this member. Said twice it counts once."""
    insert_ignore(db.session, JobHidden, [{"member_id": member_id, "job_id": job_id, "at": now}])


def unhide(db: UnitOfWork, member_id: int, job_id: int) -> None:
    """It may be shown again."""
    hidden = table_of(JobHidden)
    run(db.session, hidden.delete().where(hidden.c.member_id == member_id, hidden.c.job_id == job_id))


def list_refused(db: UnitOfWork, member_ids: Collection[int], job_ids: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of a member and a job that is not to be offered to them: not for them, or they are in it already. Two
    queries."""
    hidden = select(JobHidden.member_id, JobHidden.job_id).where(
        col(JobHidden.member_id).in_(member_ids), col(JobHidden.job_id).in_(job_ids)
    )
    taken = select(JobInterest.member_id, JobInterest.job_id).where(
        col(JobInterest.member_id).in_(member_ids), col(JobInterest.job_id).in_(job_ids)
    )
    found = {(member, job) for member, job in db.session.exec(hidden).all()}
    return found | {(member or 0, job) for member, job in db.session.exec(taken).all()}


def is_hidden(db: UnitOfWork, member_id: int, job_id: int) -> bool:
    """Whether the member has said that the job is not for them."""
    return db.session.get(JobHidden, (member_id, job_id)) is not None


# Interests


def add_interest(db: UnitOfWork, interest: JobInterest) -> bool:
    """Keeps a new interest; False when there is one of this person in this job already."""
    row = interest.model_dump(exclude={"id"})
    return bool(insert_ignore(db.session, JobInterest, [row]))


def find_interest(db: UnitOfWork, id: int) -> JobInterest | None:
    """An interest by id."""
    return db.session.get(JobInterest, id)


def note_change(db: UnitOfWork, interest: JobInterest, now: datetime) -> None:
    """An interest was changed: its number rises, with which what is told of it has a key of its own."""
    interest.changes += 1
    interest.changed_at = now
    db.session.flush()


def find_mine(db: UnitOfWork, job_id: int, member_id: int) -> JobInterest | None:
    """A member's interest in a job."""
    statement = select(JobInterest).where(JobInterest.job_id == job_id, JobInterest.member_id == member_id)
    return db.session.exec(statement).first()


def find_of_referral(db: UnitOfWork, referral_id: int) -> JobInterest | None:
    """The interest of a friend who has agreed."""
    return db.session.exec(select(JobInterest).where(JobInterest.referral_id == referral_id)).first()


def list_mine(db: UnitOfWork, member_id: int) -> list[tuple[JobInterest, Job]]:
    """A member's interests with their jobs, the latest change first."""
    return [(interest, job) for interest, job in db.session.exec(_MINE, params={"member": member_id}).all()]


def list_going(db: UnitOfWork, member_id: int) -> list[tuple[JobInterest, Job]]:
    """The same, without what has ended."""
    return [(interest, job) for interest, job in db.session.exec(_GOING, params={"member": member_id}).all()]


def list_ongoing(
    db: UnitOfWork, *, job_id: int = 0, member_id: int = 0, handler_id: int = 0, stage: str = ""
) -> list[JobInterest]:
    """Interests that have not ended, the oldest first: of a job, of a member, of whoever talks with them, in a stage;
    0 and "" for any."""
    statement = select(JobInterest).where(col(JobInterest.stage).in_(ONGOING))
    for column, wanted in (
        (JobInterest.job_id, job_id),
        (JobInterest.member_id, member_id),
        (JobInterest.handler_id, handler_id),
        (JobInterest.stage, stage),
    ):
        statement = statement.where(col(column) == wanted) if wanted else statement
    return list(db.session.exec(statement.order_by(col(JobInterest.id))).all())


def list_all(db: UnitOfWork, job_id: int = 0, *, since: datetime) -> list[JobInterest]:
    """Everybody in a job (0: in any) who is on the way, or whose way ended after `since`: who waits comes first."""
    rank = case({stage.value: place for place, stage in enumerate(Stage)}, value=col(JobInterest.stage))
    statement = select(JobInterest).where(or_(col(JobInterest.stage).in_(ONGOING), col(JobInterest.changed_at) > since))
    statement = statement.where(JobInterest.job_id == job_id) if job_id else statement
    return list(db.session.exec(statement.order_by(rank, col(JobInterest.id))).all())


def count_stages(db: UnitOfWork, job_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By job, how many people stand where."""
    statement = (
        select(JobInterest.job_id, JobInterest.stage, func.count())
        .where(col(JobInterest.job_id).in_(job_ids))
        .group_by(col(JobInterest.job_id), col(JobInterest.stage))
    )
    found: dict[int, dict[str, int]] = {}
    for job_id, stage, count in db.session.exec(statement).all():
        found.setdefault(job_id, {})[stage] = count
    return found


# The feed


def get_feed(db: UnitOfWork) -> JobFeed:
    """How the feed stands; made at the first question."""
    fresh = JobFeed().model_dump()
    insert_ignore(db.session, JobFeed, [fresh])
    return db.session.get_one(JobFeed, 1)


def list_jobs(db: UnitOfWork, ids: Sequence[int]) -> list[Job]:
    """These jobs, by id."""
    return list(db.session.exec(select(Job).where(col(Job.id).in_(ids)).order_by(col(Job.id))).all())
