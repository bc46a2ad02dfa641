"""The feed on the clock: every morning it is fetched, outside any transaction, and then taken over in one."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256

import structlog

from bot.failures import FetchFailed
from bot.feature import Due, Step
from bot.ports import Fetcher
from handlers.desk import send
from handlers.jobs import feed_desk, people_views
from handlers.jobs.desk import Desk
from handlers.jobs.feed_taking import Outcome, note_outcome, take_over
from storage.models import JobFeed
from storage.queries import jobs as queries
from storage.queries.consultations import list_hr

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
"""How long one replica has for it, before another one begins."""
RESTS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
"""When it is tried again after it could not be fetched; then the next morning."""
TOLD_FROM = 2
"""HR hears of a feed that can't be fetched only when it has failed so often: servers are restarted in the morning."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be fetched, how."""

    source: str
    fetcher: Fetcher


def look_at_the_feed(due: Due, desk: Desk) -> None:
    """Every morning."""
    if desk.policy.jobs_feed:
        feed = queries.get_feed(desk.db)
        feed.due_at, feed.attempts = desk.now, 0


async def work(run: Step) -> bool:
    """Fetches the feed if it is due."""
    task = await run(take)
    if task is None:
        return False
    try:
        data = await task.fetcher.fetch(task.source)
    except FetchFailed as failure:
        log.warning("jobs.feed_not_fetched", reason=failure.reason)
        await run(note_failure, failure)
        return True
    await run(settle, data)
    return True


def take(desk: Desk, fetcher: Fetcher) -> Task | None:
    """The feed, when it is due and nobody else is at it: it is left to us for a while."""
    if not desk.policy.jobs_feed:
        return None
    feed = queries.get_feed(desk.db)
    if feed.due_at is None or feed.due_at > desk.now:
        return None
    feed.due_at = desk.now + LEASE
    return Task(desk.policy.jobs_feed, fetcher)


def note_failure(failure: FetchFailed, desk: Desk) -> None:
    """It is tried again later; HR hears of it when that has been in vain."""
    feed = queries.get_feed(desk.db)
    rest = RESTS[feed.attempts] if feed.attempts < len(RESTS) else None
    feed.attempts += 1
    feed.due_at = desk.now + rest if rest else None
    note_outcome(desk, Outcome(trouble=failure.reason, detail=failure.detail))
    if feed.attempts >= TOLD_FROM:
        tell_hr(desk, feed)


def settle(data: bytes, desk: Desk) -> None:
    """Takes over what was fetched."""
    outcome = take_over(desk, data)
    feed = note_outcome(desk, outcome)
    feed.due_at, feed.attempts = None, 0
    counts = {"added": outcome.added, "changed": outcome.changed, "closed": outcome.closed}
    log.info("jobs.feed_read", taken=outcome.is_taken, **counts)
    if not outcome.is_taken:
        tell_hr(desk, feed)


def tell_hr(desk: Desk, feed: JobFeed) -> None:
    """HR hears of a trouble once, however often the feed is read again."""
    what = sha256(f"{feed.problem}{feed.closing}".encode()).hexdigest()[:16]
    if feed.told == what:
        return
    feed.told = what
    for reader in list_hr(desk.db):
        send(desk, reader, partial(_make, desk, feed), f"job:feed:{what}:{desk.today}:{reader.id}")


def _make(desk: Desk, feed: JobFeed) -> people_views.Message:
    trouble = feed_desk.find_trouble(desk, feed)
    return people_views.feed_trouble(trouble or people_views.FeedTrouble())
