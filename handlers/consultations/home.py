"""What is open for me, on the home page."""

from datetime import datetime

from bot.glance import Glance
from bot.installation import Installation
from bot.policy import Policy
from bot.ui import Block
from handlers.consultations import present
from handlers.consultations.desk import Desk
from handlers.consultations.views import home as views
from storage.models import Member
from storage.queries import consultations as queries
from storage.uow import UnitOfWork


def show_home(
    me: Member, db: UnitOfWork, now: datetime, policy: Policy, installation: Installation, glance: Glance
) -> tuple[Block, ...]:
    """Requests that wait for my answer, consultations that I am in, and the way to a new one."""
    desk = Desk(db, now, policy, installation)
    waiting = _list_waiting(desk, me) if glance.sees(queries.HAS_WAITING) else []
    going = queries.list_open(db, me.id or 0) if glance.sees(queries.HAS_OPEN) else []
    silent = me.ignored_requests >= policy.ignored_limit
    return views.home(waiting, [views.Going(one.id or 0, one.topic, one.state) for one in going], silent=silent)


def _list_waiting(desk: Desk, me: Member) -> list[views.Waiting]:
    waiting: list[views.Waiting] = []
    for request in queries.list_open_requests(desk.db, me.id or 0):
        consultation = queries.get_consultation(desk.db, request.consultation_id)
        asker = present.find_asker(desk, consultation, me)
        if asker is not None:
            waiting.append(views.Waiting(request.id or 0, asker, consultation.topic, request.reply_by))
    return waiting
