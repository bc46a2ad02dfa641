"""Who joins is welcomed; what the buttons of a welcome and a nudge do."""

from datetime import datetime

from bot.incoming import MemberJoined
from bot.policy import Policy
from bot.replies import Nothing, ReplaceMessage, Reply
from bot.routing import Router, Who
from bot.ui import Message
from handlers.answers import already_registered, refuse_inactive
from handlers.welcome import views
from handlers.welcome.actions import Later, NoThanks
from handlers.welcome.jobs import KIND, greet, stop_nudging
from storage.models import Member, Status
from storage.queries.reminders import list_reminders
from storage.uow import UnitOfWork

router = Router()


@router.event(MemberJoined)
def welcome(joined: MemberJoined, db: UnitOfWork, me: Member, now: datetime, policy: Policy) -> Reply:
    """One welcome per person, however many events tell of the joining."""
    greet(db, me, now, policy)
    return Nothing()


@router.button(Later, who=Who.ANYONE)
def put_off(pressed: Later, db: UnitOfWork, me: Member, now: datetime) -> Reply:
    """[Later]: says when the next nudge comes, if one does."""
    if me.status != Status.UNVERIFIED:
        return ReplaceMessage(_answer_others(me))
    coming = [
        reminder.due_at
        for reminder in list_reminders(db, me.id or 0)
        if reminder.kind == KIND and reminder.state == "pending" and reminder.due_at > now
    ]
    return ReplaceMessage(views.put_off(coming[0] if coming else None))


@router.button(NoThanks, who=Who.ANYONE)
def decline(pressed: NoThanks, db: UnitOfWork, me: Member, policy: Policy) -> Reply:
    """[No thanks]: no more nudges; the door stays open."""
    if me.status != Status.UNVERIFIED:
        return ReplaceMessage(_answer_others(me))
    me.nudging_declined = True
    stop_nudging(db, me, policy)
    return ReplaceMessage(views.no_more(policy))


def _answer_others(me: Member) -> Message:
    return already_registered() if me.status == Status.ACTIVE else refuse_inactive(me.status)
