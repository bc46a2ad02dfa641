"""The feed on HR's page, and HR's word on it."""

import hashlib
from collections.abc import Sequence

from bot.i18n import _
from handlers.jobs.desk import Desk
from handlers.jobs.feed_taking import read_problem
from handlers.jobs.feed_words import tell_all
from handlers.jobs.people_views import FeedTrouble
from storage.models import JobFeed, JobState
from storage.queries import jobs as queries


def find_trouble(desk: Desk, feed: JobFeed) -> FeedTrouble | None:
    """What is the matter with the feed, in the current language; None when all is well."""
    if feed.closing:
        known = queries.list_of_feed(desk.db).values()
        still = tuple(job for job in known if job.id in feed.closing and job.state == JobState.OPEN)
        count = sum(job.state == JobState.OPEN for job in known)
        return FeedTrouble(closing=still, which=name_list(feed.closing), open_jobs=count) if still else None
    if not feed.problem:
        return None
    return FeedTrouble(lines=tell_all(read_problem(feed.problem)))


def name_list(ids: Sequence[int]) -> str:
    """A short name for a list of jobs, for its buttons."""
    return hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()[:16]


def answer(desk: Desk, which: str, *, yes: bool) -> str | None:
    """HR's word on what a feed would close; what to say then. None when that is no longer the question."""
    feed = queries.get_feed(desk.db)
    if not feed.closing or name_list(feed.closing) != which:
        return None
    feed.agreed = list(feed.closing) if yes else []
    feed.closing, feed.problem = [], ""
    if yes:
        feed.due_at, feed.attempts = desk.now, 0
        return _("Agreed. The feed is read again now; if it would still close just these, they are closed.")
    return _("They stay open. The feed is read again tomorrow.")
