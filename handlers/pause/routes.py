"""Taking a break and coming back."""

from datetime import datetime

from bot.i18n import _
from bot.incoming import Command, Origin
from bot.replies import Private, Reply
from bot.routing import Router, Who
from bot.ui import Message
from handlers.answers import refuse_inactive
from handlers.pause import views
from handlers.pause.actions import AskPause, ComeBack, Pause
from handlers.pause.jobs import begin, come_back
from handlers.pause.rules import MONTHS, find_end
from handlers.places import answer_in_place
from storage.models import Member, Status
from storage.uow import UnitOfWork

router = Router()


def _describe(me: Member) -> Message:
    """What somebody in this state can do about a break."""
    match me.status:
        case Status.ACTIVE:
            return views.ask()
        case Status.PAUSED:
            return views.paused(me.paused_until)
        case _:
            return refuse_inactive(me.status)


@router.command(
    "alumni pause",
    words=("pause", "休止"),
    who=Who.ANYONE,
    about=lambda: _("Take a break, or come back"),
    menu=False,
)
def ask_by_word(command: Command, me: Member) -> Reply:
    """`/alumni pause`."""
    return Private(_describe(me))


@router.button(AskPause, who=Who.ANYONE)
def ask(pressed: AskPause, me: Member, origin: Origin) -> Reply:
    """[Take a break]."""
    return answer_in_place(origin, _describe(me))


@router.button(Pause, who=Who.ANYONE)
def pause(pressed: Pause, db: UnitOfWork, me: Member, origin: Origin, now: datetime) -> Reply:
    """[1 month] and its like. Pressed again, it says how things stand."""
    if me.status == Status.ACTIVE and pressed.months in MONTHS:
        begin(db, me, find_end(now, pressed.months, me.zone), now)
    return answer_in_place(origin, _describe(me))


@router.button(ComeBack, who=Who.ANYONE)
def end(pressed: ComeBack, db: UnitOfWork, me: Member, origin: Origin, now: datetime) -> Reply:
    """[Come back]. Pressed by somebody who is back already, it welcomes once more."""
    if me.status == Status.PAUSED:
        come_back(db, me, now)
    message = views.back(me.name) if me.status == Status.ACTIVE else refuse_inactive(me.status)
    return answer_in_place(origin, message)
