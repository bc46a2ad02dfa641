"""Jobs of the invented community: open, with a few people who are interested."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import select

from adapters.playground.directory import make_origin
from adapters.playground.jobs import OpenJob, load_jobs
from adapters.playground.people import Resident
from bot.installation import Installation
from bot.policy import Policy
from handlers.jobs import Desk, open_job
from storage.models import Account, Job, JobInterest, JobWish
from storage.queries import jobs as queries
from storage.uow import UnitOfWork

WISHES = {"emily-carter": (["advisor"], ""), "kazuya-nishikawa": (["full_time"], "福岡")}
"""What some have said they would like."""


def settle_jobs(db: UnitOfWork, people: Sequence[Resident], policy: Policy, now: datetime) -> None:
    """Opens the jobs, and puts the people into them."""
    ids = _find_members(db, people)
    desk = Desk(db, now, policy, Installation(b""))
    for open_one in load_jobs():
        job = queries.add_job(db, _make_job(open_one, ids, desk))
        open_job(desk, job)
        for person, stage in open_one.people:
            _add_interest(db, job, ids[person], stage, now)
    for person, (kinds, place) in WISHES.items():
        queries.keep_wish(db, JobWish(member_id=ids[person], kinds=kinds, place=place))


def _find_members(db: UnitOfWork, people: Sequence[Resident]) -> dict[str, int]:
    users = {make_origin(person).user: person.id for person in people}
    accounts = db.session.exec(select(Account)).all()
    return {users[account.external_id]: account.member_id or 0 for account in accounts if account.external_id in users}


def _make_job(open_one: OpenJob, ids: dict[str, int], desk: Desk) -> Job:
    return Job(
        title_ja=open_one.title.get("ja", ""),
        text_ja=open_one.text.get("ja", ""),
        title_en=open_one.title.get("en", ""),
        text_en=open_one.text.get("en", ""),
        kind=open_one.kind,
        place=open_one.place,
        url=open_one.url,
        closes_on=desk.today + timedelta(days=open_one.closes_in),
        contact_id=ids.get(open_one.contact),
        created_by=ids["yuka-yamamoto"],
        created_at=desk.now - timedelta(days=open_one.opened),
        changed_at=desk.now - timedelta(days=open_one.opened),
    )


def _add_interest(db: UnitOfWork, job: Job, member_id: int, stage: str, now: datetime) -> None:
    at = now - timedelta(days=2)
    queries.add_interest(
        db,
        JobInterest(
            job_id=job.id or 0,
            member_id=member_id,
            handler_id=job.contact_id,
            stage=stage,
            created_at=at,
            changed_at=at,
        ),
    )
