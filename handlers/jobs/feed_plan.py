"""What taking a feed over would do: which jobs are added, changed and closed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.jobs.feed_rows import FeedJob
from handlers.jobs.rules import OPEN_FOR
from storage.models import Job, JobEnd, JobState

_MOVED_ON = timedelta(days=7)
"""A job without a date of its own is moved on when its day is so near, so that it stays open while the feed has it."""


@dataclass(slots=True)
class Plan:
    """What would happen. `opened` are closed jobs that the feed has again; `is_refused`: more than half of what is open
    of the feed would be closed, and HR has not agreed."""

    added: list[FeedJob] = field(default_factory=list[FeedJob])
    changed: list[tuple[Job, FeedJob]] = field(default_factory=list[tuple[Job, FeedJob]])
    opened: list[tuple[Job, FeedJob]] = field(default_factory=list[tuple[Job, FeedJob]])
    moved_on: list[Job] = field(default_factory=list[Job])
    closed: list[Job] = field(default_factory=list[Job])
    unchanged: int = 0
    open_before: int = 0

    @property
    def closing(self) -> list[int]:
        """The ids of those that would be closed, in order."""
        return sorted(job.id or 0 for job in self.closed)

    @property
    def closes_more_than_half(self) -> bool:
        """Of those of the feed's that are open."""
        return 2 * len(self.closed) > self.open_before

    def is_refused(self, agreed: Sequence[int]) -> bool:
        """Whether HR must agree first: to just these."""
        return self.closes_more_than_half and self.closing != sorted(agreed)


def make_plan(known: Mapping[str, Job], jobs: Sequence[FeedJob], today: date) -> Plan:
    """Compares the feed with what came from it before. `known` are all jobs of the feed, by its ids."""
    plan, ids = Plan(), {job.id for job in jobs if not _is_over(job, today)}
    is_open = [job for job in known.values() if job.state == JobState.OPEN]
    plan.open_before = len(is_open)
    plan.closed = [job for job in is_open if job.feed_id not in ids]
    for found in jobs:
        if found.id in ids:
            _place(plan, known.get(found.id), found, today)
    return plan


def _is_over(job: FeedJob, today: date) -> bool:
    return job.draft.closes_on is not None and job.draft.closes_on < today


def _place(plan: Plan, job: Job | None, found: FeedJob, today: date) -> None:
    if job is None:
        plan.added.append(found)
    elif job.state == JobState.CLOSED:
        # What HR closed by hand stays closed. What the date closed opens with another date.
        again = job.ended == JobEnd.FEED or (job.ended == JobEnd.DATE and found.draft.closes_on != job.closes_on)
        (plan.opened.append((job, found)) if again else _count(plan))
    elif _differs(job, found):
        plan.changed.append((job, found))
    elif not job.has_date and job.closes_on - today < _MOVED_ON:
        plan.moved_on.append(job)
        _count(plan)
    else:
        _count(plan)


def _count(plan: Plan) -> None:
    plan.unchanged += 1


def _differs(job: Job, found: FeedJob) -> bool:
    names = ("title_ja", "text_ja", "title_en", "text_en", "kind", "place", "url")
    has_date = found.draft.closes_on is not None
    day = has_date and found.draft.closes_on != job.closes_on
    return day or has_date != job.has_date or any(getattr(job, name) != getattr(found.draft, name) for name in names)


def next_day(today: date) -> date:
    """The day until which a job without a date of its own is open."""
    return today + OPEN_FOR
