"""Showing what the person may do, when asked for and when nothing else fits."""

from bot.i18n import _
from bot.incoming import Command, MessageReceived
from bot.replies import Private, Reply
from bot.routing import Offers, Router, Who
from handlers.help import views
from storage.models import Member, Status

router = Router()


@router.command(
    "alumni help", words=("help", "ヘルプ", "使い方"), who=Who.ANYONE, about=lambda: _("What you can do here")
)
def show(command: Command, offers: Offers, me: Member) -> Reply:
    """`/alumni help`."""
    return Private(views.menu(_("This is what you can do here."), offers, is_new=_is_new(me)))


@router.event(MessageReceived)
def answer(message: MessageReceived, offers: Offers, me: Member) -> Reply:
    """A message that no word fits: no guess, but the way on."""
    return Private(
        views.menu(_("We didn't quite catch that. This is what you can do here."), offers, is_new=_is_new(me))
    )


def _is_new(me: Member) -> bool:
    return me.status == Status.UNVERIFIED
