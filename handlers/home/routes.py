"""Showing the home page, wherever it was asked for."""

from bot.feature import HomeSections
from bot.i18n import _
from bot.incoming import Command, HomeOpened, Origin
from bot.policy import Policy
from bot.replies import Private, Reply, ShowHome
from bot.routing import Router, Who
from bot.ui import Message
from handlers.actions import OpenHome
from handlers.answers import refuse_inactive
from handlers.home import views
from storage.models import Member, Status
from storage.queries.registration import find_waiting_application
from storage.uow import UnitOfWork

router = Router()


def _draw(db: UnitOfWork, me: Member, policy: Policy, sections: HomeSections) -> Message:
    """The home page for somebody in this state. Sections are for active members only."""
    match me.status:
        case Status.ACTIVE:
            return views.home(me.name, me.latest_news, sections.list_blocks(), policy)
        case Status.UNVERIFIED if find_waiting_application(db, me.id or 0) is not None:
            return views.in_hands_of_hr(policy)
        case Status.UNVERIFIED:
            return views.doorstep(policy, begun=me.registration_step > 0)
        case Status.PAUSED:
            return views.resting(me.paused_until, policy)
        case _:
            return refuse_inactive(me.status)


@router.command(
    "alumni", words=("alumni", "menu", "メニュー", "ホーム"), who=Who.ANYONE, about=lambda: _("Your home page")
)
def show_by_word(command: Command, db: UnitOfWork, me: Member, policy: Policy, sections: HomeSections) -> Reply:
    """`/alumni`: where the person is, not on a page they would have to look for."""
    return Private(_draw(db, me, policy, sections))


@router.button(OpenHome, who=Who.ANYONE)
def show(
    pressed: OpenHome, db: UnitOfWork, me: Member, origin: Origin, policy: Policy, sections: HomeSections
) -> Reply:
    """[Home]."""
    message = _draw(db, me, policy, sections)
    return Private(message) if origin.message else ShowHome(message)


@router.event(HomeOpened)
def show_page(opened: HomeOpened, db: UnitOfWork, me: Member, policy: Policy, sections: HomeSections) -> Reply:
    """The page was opened where the platform has one."""
    return ShowHome(_draw(db, me, policy, sections))
