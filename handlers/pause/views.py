"""What a member reads about a break. Pure."""

from datetime import datetime

from bot.i18n import _, fill, ngettext
from bot.ui import Button, Buttons, Message, Note, Para, When
from handlers.actions import OpenHome
from handlers.pause.actions import AskPause, ComeBack, Pause
from handlers.pause.rules import MONTHS


def ask() -> Message:
    """For how long?"""
    text = _("How long would you like to take a break?")
    return Message(
        text,
        (
            Para((text,)),
            Note(
                (
                    _(
                        "Meanwhile nobody finds you here, and we don't write to you. "
                        "Afterwards everything is as it was; you can come back earlier at any time."
                    ),
                )
            ),
            Buttons((*map(_month_button, MONTHS), Button(_("Not now"), OpenHome()))),
        ),
    )


def _month_button(months: int) -> Button:
    return Button(ngettext("{n} month", "{n} months", months).format(n=months), Pause(months))


def paused(until: datetime | None) -> Message:
    """How things stand during a break."""
    text = _("You are taking a break.")
    back = (
        fill(_("You will be back by yourself on {day}."), day=When(until, "date"))
        if until
        else (_("You can come back at any time."),)
    )
    return Message(text, (Note((text,), "done"), Para(back), Buttons((Button(_("Come back"), ComeBack()),))))


def back(name: str) -> Message:
    """The break is over because the member said so."""
    text = _("Welcome back, {name}. You are in the directory again.").format(name=name)
    return Message(text, (Note((text,), "done"), Buttons((Button(_("Home"), OpenHome()),))))


def ended(name: str) -> Message:
    """The break is over because its time is."""
    text = _("{name}, your break is over, and you are in the directory again. Good to have you back.").format(name=name)
    return Message(
        text,
        (
            Para((text,)),
            Buttons((Button(_("Home"), OpenHome(), style="primary"), Button(_("A longer break"), AskPause()))),
        ),
    )
