"""Jobs on the home page."""

from bot.ui import Block
from handlers.jobs import views
from handlers.jobs.desk import Desk
from storage.models import Member, Purpose, Stage
from storage.queries import jobs as queries
from storage.queries.consents import find_consents


def show_home(me: Member, desk: Desk) -> tuple[Block, ...]:
    """How my interests stand, who waits for my word, and the way in for those who agreed to hear of jobs."""
    going = queries.list_going(desk.db, me.id or 0)
    waiting = 0
    if me.is_hr:
        ongoing = queries.list_ongoing(desk.db, stage=Stage.INTERESTED)
        waiting = sum(one.handler_id in (None, me.id) for one in ongoing)
    wants = Purpose.JOBS in find_consents(desk.db, me.id or 0)
    count = queries.count_open(desk.db) if wants else 0
    return views.home(count, going, waiting=waiting)
