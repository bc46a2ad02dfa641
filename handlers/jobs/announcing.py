"""Jobs in announcements."""

from datetime import datetime

from bot.i18n import _
from bot.ui import Block
from handlers import announcements
from handlers.jobs import actions, views
from storage.models import JobState, Member, Purpose
from storage.queries import jobs as queries
from storage.uow import UnitOfWork


def draw(db: UnitOfWork, subject_id: int, reader: Member, now: datetime) -> tuple[Block, ...] | None:
    """What an announcement shows of the job; None once it is closed."""
    job = queries.find_job(db, subject_id)
    return views.announcement(job) if job is not None and job.state == JobState.OPEN else None


KIND = announcements.Kind("job", lambda: _("Job"), Purpose.JOBS, actions.New, draw)
