"""What is said about latest news: in a digest, in the monthly question, and in thanks. Pure."""

from collections.abc import Sequence

from bot.i18n import _, ngettext
from bot.ui import Block, Button, Buttons, Message, Note, Para, Quote
from handlers.actions import OpenHome
from handlers.introducing import introduce
from handlers.profile import WriteNews, list_ready_made
from handlers.status.actions import GiveCheer, StopAsking
from storage.queries.members import Card

_NAMED = 5
"""So many names stand in one thanks; of the others, how many they are."""


def item(card: Card, serial: int) -> tuple[Block, ...]:
    """A member's latest news in a digest."""
    return (
        Para(introduce(card)),
        Quote(card.latest_news),
        Buttons((Button(_("Applaud"), GiveCheer(card.member_id, serial)),)),
    )


def item_to_read(card: Card) -> tuple[Block, ...]:
    """The same in a channel, where nobody presses for themselves."""
    return (Para(introduce(card)), Quote(card.latest_news))


def cheered(name: str) -> Message:
    """To whoever applauded."""
    text = _("{name} will hear of it.").format(name=name)
    return Message(text, (Note((text,), "done"),))


def cheered_before(name: str) -> Message:
    """To whoever presses once more."""
    text = _("You have applauded already; {name} hears of it once a day.").format(name=name)
    return Message(text, (Note((text,)),))


def out_of_date() -> Message:
    """The news are no longer there to see."""
    text = _("This news has been taken down or replaced meanwhile.")
    return Message(text, (Note((text,)), Buttons((Button(_("Home"), OpenHome()),))))


def thanks(names: Sequence[str], news: str) -> Message:
    """Who was glad of the member's news, once a day."""
    text = _("Your latest news was read with pleasure: {who}.").format(who=_join(names))
    quote = (Quote(news),) if news else ()
    return Message(text, (Para((text,)), *quote))


def _join(names: Sequence[str]) -> str:
    shown = _(", ").join(_("{name}").format(name=name) for name in names[:_NAMED])
    more = len(names) - _NAMED
    if more <= 0:
        return shown
    return ngettext("{names} and {n} other", "{names} and {n} others", more).format(names=shown, n=more)


def question(name: str, present: str) -> Message:
    """Once a month, to those who want to be asked."""
    text = _("How are you doing, {name}? One press tells the others.").format(name=name)
    now: tuple[Block, ...] = (Note((_("Your latest news now:"),)), Quote(present)) if present else ()
    write = Button(_("In my own words"), WriteNews(), style="primary")
    stop = Button(_("Don't ask me"), StopAsking())
    return Message(text, (Para((text,)), *now, Buttons((*list_ready_made(), write, stop))))


def stopped() -> Message:
    """After [Don't ask me]."""
    text = _("We won't ask again. You can tell news at any time: write “status”.")
    return Message(text, (Note((text,), "done"),))
