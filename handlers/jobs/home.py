"""Jobs on the home page."""

from bot.glance import Glance
from bot.ui import Block
from handlers.jobs import views
from handlers.jobs.desk import Desk
from storage.models import Member, Stage
from storage.queries import jobs as queries


def show_home(me: Member, desk: Desk, glance: Glance) -> tuple[Block, ...]:
    """How my interests stand, who waits for my word, and the way in for those who agreed to hear of jobs."""
    going = queries.list_going(desk.db, me.id or 0) if glance.sees(queries.HAS_GOING) else []
    waiting = 0
    if me.is_hr:
        ongoing = queries.list_ongoing(desk.db, stage=Stage.INTERESTED)
        waiting = sum(one.handler_id in (None, me.id) for one in ongoing)
    count = queries.count_open(desk.db) if glance.sees(queries.WANTS_JOBS) else 0
    return views.home(count, going, waiting=waiting)
