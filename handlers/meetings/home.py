"""What is open for me, on the home page."""

from datetime import datetime

from bot.glance import Glance
from bot.installation import Installation
from bot.policy import Policy
from bot.ui import Block, Message
from handlers.meetings import present, views
from handlers.meetings.hosts import Acting
from handlers.meetings.views import Sight
from storage.models import Meeting, MeetingState, Member
from storage.queries import meetings as queries
from storage.uow import UnitOfWork


def show_home(
    me: Member, db: UnitOfWork, now: datetime, policy: Policy, installation: Installation, glance: Glance
) -> tuple[Block, ...]:
    """Meetings to come, and times that wait for my answer."""
    if not glance.sees(queries.HAS_COMING):
        return ()
    acting = Acting(db, now, policy, installation)
    coming = queries.list_coming(db, me.id or 0, now)
    return tuple(block for meeting in coming for block in _draw(acting, meeting, me))


def _draw(acting: Acting, meeting: Meeting, me: Member) -> tuple[Block, ...]:
    make = present.draw(acting, meeting, me, lambda sight: _choose(meeting, me, acting.now, sight))
    return make().blocks if make is not None else ()


def _choose(meeting: Meeting, me: Member, now: datetime, sight: Sight) -> Message:
    if meeting.state == MeetingState.PROPOSED and meeting.proposer_id != me.id:
        return views.home_waiting(sight)
    at = meeting.starts_at
    return views.home_fixed(sight, at) if at is not None and at > now else Message("", ())
