"""Taking a feed over: in one transaction, all of it or nothing. For the clock and the command line alike."""

import json
from dataclasses import dataclass

from handlers.jobs import closing
from handlers.jobs.desk import Desk
from handlers.jobs.feed_plan import Plan, make_plan, next_day
from handlers.jobs.feed_reading import FeedError, read_feed
from handlers.jobs.feed_rows import FeedJob, Problem, read_jobs
from handlers.jobs.rules import apply
from storage.models import Job, JobEnd, JobFeed
from storage.queries import jobs as queries


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a feed: counts; or the trouble with it as a whole (`trouble` with its `detail`), or its bad rows;
    or the jobs that it would close, for HR to agree."""

    added: int = 0
    changed: int = 0
    closed: int = 0
    opened: int = 0
    unchanged: int = 0
    trouble: str = ""
    detail: str = ""
    problems: tuple[Problem, ...] = ()
    closing: tuple[int, ...] = ()
    open_before: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether all of it counts."""
        return not (self.trouble or self.problems or self.closing)

    def to_json(self) -> str:
        """For keeping, until HR has looked; "" when all was well."""
        if self.is_taken:
            return ""
        problems = [[one.line, one.fault, one.value] for one in self.problems]
        return json.dumps([self.trouble, self.detail, problems], ensure_ascii=False)


def read_problem(text: str) -> Outcome:
    """What `Outcome.to_json` kept."""
    trouble, detail, problems = json.loads(text)
    return Outcome(trouble=trouble, detail=detail, problems=tuple(Problem(*one) for one in problems))


def take_over(desk: Desk, data: bytes, *, dry_run: bool = False) -> Outcome:
    """Takes a feed over, or says why not. With `dry_run` nothing is changed."""
    try:
        jobs, problems = read_jobs(read_feed(data), desk.today)
    except FeedError as error:
        return Outcome(trouble=error.trouble.value, detail=error.detail)
    if problems:
        return Outcome(problems=tuple(problems))
    feed = queries.get_feed(desk.db)
    plan = make_plan(queries.list_of_feed(desk.db), jobs, desk.today)
    if plan.is_refused(feed.agreed):
        return Outcome(closing=tuple(plan.closing), open_before=plan.open_before)
    if not dry_run:
        _carry_out(desk, plan, feed)
    return Outcome(len(plan.added), len(plan.changed), len(plan.closed), len(plan.opened), plan.unchanged)


def _carry_out(desk: Desk, plan: Plan, feed: JobFeed) -> None:
    for found in plan.added:
        job = Job(feed_id=found.id, created_at=desk.now, changed_at=desk.now, closes_on=desk.today)
        _write(desk, queries.add_job(desk.db, job), found)
    for job, found in (*plan.changed, *plan.opened):
        _write(desk, job, found)
    for job in plan.moved_on:
        job.closes_on = next_day(desk.today)
        closing.open_job(desk, job)
    for job in plan.closed:
        closing.close_job(desk, job, JobEnd.FEED)
    feed.agreed, feed.read_at = [], desk.now


def _write(desk: Desk, job: Job, found: FeedJob) -> None:
    apply(found.draft, job, desk.today, desk.now)
    closing.open_job(desk, job)


def note_outcome(desk: Desk, outcome: Outcome) -> JobFeed:
    """Keeps how the feed stands, for HR's page."""
    feed = queries.get_feed(desk.db)
    feed.problem, feed.closing = outcome.to_json(), list(outcome.closing)
    if outcome.is_taken:
        feed.told = ""
    return feed
