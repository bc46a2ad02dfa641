"""The menu."""

from bot.dispatcher import OpenCommand
from bot.i18n import _
from bot.routing import Offers
from bot.ui import Button, Buttons, Fact, Facts, Message, Note, Para
from handlers.actions import OpenHome, Register

_ASK = "mentor"
"""What most come for; only who is registered may use it."""

_REGISTER = "alumni register"


def menu(sentence: str, offers: Offers, *, is_new: bool = False) -> Message:
    """What the reader may do, as words to type; the most wanted and the home page as buttons. `is_new`: who has yet to
    register is led there."""
    registered = any(offer.name == _ASK for offer in offers.commands)
    rows = tuple(
        Fact(offer.word, (offer.about,)) for offer in offers.commands if not (registered and offer.name == _REGISTER)
    )
    ask = (Button(_("Ask for a consultation"), OpenCommand(_ASK, ""), style="primary"),) if registered else ()
    register = (Button(_("Register"), Register(), style="primary"),) if is_new else ()
    return Message(
        sentence,
        (
            Para((sentence,)),
            Facts(rows),
            Note((_("Write one of these words here, with what it is about behind it if you like."),)),
            Buttons((*register, *ask, Button(_("Home"), OpenHome()))),
        ),
    )
