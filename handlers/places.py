"""Where an answer to a button stands."""

from bot.incoming import Origin
from bot.replies import ReplaceMessage, Reply, ShowHome
from bot.ui import Message


def answer_in_place(origin: Origin, message: Message) -> Reply:
    """Answers where the button was: in the message, or, pressed on the home page, which is no message, there."""
    return ReplaceMessage(message) if origin.message else ShowHome(message)
