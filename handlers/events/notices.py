"""What members are sent about events: for the calendar, of changes, of freed seats, and reminders. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.i18n import _, prose
from bot.ui import Block, Button, Buttons, File, Heading, Link, Message, Note, Para, Quote, When
from handlers.events import actions
from handlers.events.rules import Stage
from handlers.events.views import Sight, answer_buttons, details, say_stage, seat_buttons, show_facts
from handlers.moments import say_both
from storage.models import Rsvp


@dataclass(frozen=True, slots=True)
class Kept:
    """What goes into a calendar: the file, and the links that open a calendar with a new entry filled in."""

    file: File
    google: str
    outlook: str


# For the calendar


def calendar(sight: Sight, kept: Kept) -> Message:
    """Right after Going: the entry for the calendar."""
    text = _("You are going to {title}. Here it is for your calendar.").format(title=sight.title)
    return Message(text, (Para((text,)), show_facts(sight), *_keep(kept), details(sight)))


def _keep(kept: Kept) -> tuple[Block, ...]:
    """The entry in every way there is; on Teams the links may be the only one."""
    text = _("Put it into your calendar: {google}, {outlook}")
    return (prose(text, google=Link("Google", kept.google), outlook=Link("Outlook", kept.outlook)), kept.file)


def removal(sight: Sight, file: File) -> Message:
    """After Going was taken back."""
    text = _("You are not going to {title} any more. This takes it out of your calendar.").format(title=sight.title)
    return Message(text, (Para((text,)), file, details(sight)))


# What happens to an event


def moved(sight: Sight, kept: Kept) -> Message:
    """Time or place have changed, to those who come."""
    text = _("{title} has changed. This is how it is now.").format(title=sight.title)
    old = _("If your calendar shows both the old and the new time, please delete the old one.")
    not_going = Button(_("Not going"), actions.Answer(sight.id, Rsvp.NOT_GOING.value))
    return Message(
        text,
        (
            Heading(_("A change of plans")),
            Para((text,)),
            show_facts(sight),
            *_keep(kept),
            Note((old,)),
            Buttons((Button(_("Details"), actions.Show(sight.id)), not_going)),
        ),
    )


def cancelled(sight: Sight, file: File | None) -> Message:
    """To everybody who had to do with it."""
    text = _("{title} on {time} won't take place.").format(
        title=sight.title, time=say_both(sight.starts_at, sight.zone, sight.there)
    )
    words = (Quote(sight.reason),) if sight.reason else ()
    out = (Para((_("Please take it out of your calendar."),)), file) if file is not None else ()
    return Message(text, (Heading(_("An event is cancelled")), Para((text,)), *words, *out))


# A freed seat


def offer(sight: Sight, until: datetime, offer: int) -> Message:
    """To whoever has waited longest."""
    summary = _("A seat is free for you: {title}").format(title=sight.title)
    text = _("A seat has become free, and it is your turn. We keep it for you until {time}.")
    return Message(
        summary,
        (
            Heading(sight.title),
            prose(text, time=When(until)),
            show_facts(sight),
            Note((_("After that it goes to the next person."),)),
            Buttons(seat_buttons(sight.id, offer)),
        ),
    )


def offer_taken(sight: Sight) -> Message:
    """In the place of the buttons."""
    text = _("You took the seat: {title}").format(title=sight.title)
    return Message(text, (Note((text,), "done"), details(sight)))


def offer_let_go(sight: Sight) -> Message:
    """In the place of the buttons."""
    text = _("You let the seat go: {title}").format(title=sight.title)
    return Message(text, (Note((text,), "done"), details(sight)))


def offer_over(sight: Sight) -> Message:
    """In the place of the buttons, when nobody pressed them, or there is nothing to take any more."""
    text = _("The seat that was kept for you is no longer free: {title}").format(title=sight.title)
    return Message(text, (Note((text,)), details(sight)))


def lapsed(sight: Sight) -> Message:
    """The offer was not taken in time."""
    text = _(
        "The seat for {title} went to the next person, because we didn't hear from you. If you would still like to "
        "come, you can join the waiting list again."
    )
    said = text.format(title=sight.title)
    return Message(said, (Para((said,)), details(sight)))


# Reminders


def undecided(sight: Sight) -> Message:
    """A week before, to those who don't know yet."""
    text = _("In a week: {title}. Do you know by now whether you can come?").format(title=sight.title)
    return Message(text, (Heading(sight.title), Para((text,)), show_facts(sight), *say_stage(sight), _ask(sight)))


def _ask(sight: Sight) -> Buttons:
    going, _maybe, not_going = answer_buttons(sight.id, full=sight.stage is Stage.FULL)
    return Buttons((going, not_going))


def day_before(sight: Sight) -> Message:
    """The evening before."""
    text = _("Tomorrow: {title}. We look forward to seeing you.").format(title=sight.title)
    buttons = (
        Button(_("Who comes"), actions.ShowPeople(sight.id, 0)),
        Button(_("Not going"), actions.Answer(sight.id, Rsvp.NOT_GOING.value)),
    )
    return Message(text, (Para((text,)), show_facts(sight), Buttons(buttons)))


def hour_before(sight: Sight) -> Message:
    """An hour before it begins."""
    text = _("In an hour: {title}").format(title=sight.title)
    return Message(text, (Para((text,)), show_facts(sight)))


def after(sight: Sight) -> Message:
    """The day after."""
    text = _("How was {title}? Three questions, half a minute: they help the next one.").format(title=sight.title)
    return Message(
        text,
        (Para((text,)), Buttons((Button(_("Answer three questions"), actions.AskOpinion(sight.id), style="primary"),))),
    )


def thanks(title: str) -> Message:
    """In the form's window, or in the place of the button."""
    text = _("Thank you. What you said of {title} helps the next one.").format(title=title)
    return Message(text, (Note((text,), "done"),))


def asked_no_more(title: str) -> Message:
    """The questions were answered already, or their time is over."""
    text = _("The questions about {title} are answered already, or closed. There is nothing more to do.")
    said = text.format(title=title)
    return Message(said, (Note((said,)),))
