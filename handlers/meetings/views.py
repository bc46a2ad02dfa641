"""What both see of their time: proposals, the agreed time with its calendar entry, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import _, fill, pgettext, prose
from bot.ui import Block, Button, Buttons, File, Heading, Inline, Link, Message, Note, Para, When
from handlers.actions import OpenHome
from handlers.meetings import actions
from handlers.moments import say_both, say_there, show_both


@dataclass(frozen=True, slots=True)
class Sight:
    """One of the two, looking at their meeting: the other's name, both zones, and the button that tells a day which
    was agreed on elsewhere."""

    kind: str
    subject: int
    meeting: int
    round: int
    other: str
    zone: str
    there: str
    by_hand: Button | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What goes into a calendar: the file, and the links that open a calendar with a new entry filled in. Of a change
    only the file moves the entry that is there."""

    file: File
    google: str
    outlook: str
    changes: bool = False


# While a time is looked for


def open_card(sight: Sight) -> Message:
    """No time, and none proposed."""
    text = _("You and {name} have no time yet. Either of you can suggest some.").format(name=sight.other)
    return Message(text, (Para((text,)), _buttons(_suggest(sight), sight.by_hand)))


def lapsed(sight: Sight) -> Message:
    """The proposed times have all gone by."""
    text = _("The times that were suggested for you and {name} have passed. Shall we look for new ones?")
    said = text.format(name=sight.other)
    return Message(said, (Para((said,)), _buttons(_suggest(sight), sight.by_hand)))


def proposed(sight: Sight, slots: Sequence[datetime], standing: datetime | None) -> Message:
    """To whoever suggested times: they are with the other side."""
    text = _("{name} has your times.").format(name=sight.other)
    return Message(
        text,
        (
            Heading(_("Your times are on their way")),
            *_list_slots(sight, slots),
            Para((_("As soon as one is picked, you both get it for your calendars."),)),
            *_standing(sight, standing),
            _buttons(_change(sight, _("Change the times")), sight.by_hand),
        ),
    )


def sent(sight: Sight) -> Message:
    """Said at once, in the form's window."""
    text = _("We have passed your times on to {name}, and tell you as soon as one is picked.").format(name=sight.other)
    return Message(text, (Para((text,)),))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of whoever is to pick: the open times with their numbers, and what goes with them."""

    slots: Sequence[tuple[int, datetime]]
    standing: datetime | None = None
    last_turn: bool = False
    reminds: bool = False


def pick(sight: Sight, question: Question) -> Message:
    """To the other side: which of them suits?"""
    text = _pick_lead(question).format(name=sight.other)
    slots = tuple(
        Button(say_both(at, sight.zone, sight.there), actions.Pick(sight.meeting, sight.round, number))
        for number, at in question.slots
    )
    return Message(
        text,
        (
            Heading(_("When would it suit you?")),
            Para((text,)),
            *_standing(sight, question.standing),
            *((Buttons(slots),) if slots else ()),
            *_otherwise(sight, question),
        ),
    )


def _pick_lead(question: Question) -> str:
    if not question.slots:
        return _("The times that were suggested for you and {name} have passed. Shall we look for new ones?")
    if question.reminds:
        return _("{name} would still like to know which of these times suits you.")
    if question.standing is not None:
        return _("{name} asks whether you could move your talk to another time.")
    return _("{name} suggests these times for your talk.")


def _otherwise(sight: Sight, question: Question) -> tuple[Block, ...]:
    """The ways out: other times, the time as it stands, or settling it in their own words."""
    others = Button(_("Other times"), actions.OtherTimes(sight.meeting, sight.round))
    keep = Button(_("Keep the time"), actions.Pick(sight.meeting, sight.round, 0))
    standing = keep if question.standing is not None else None
    if not question.last_turn:
        return (_buttons(others, standing, sight.by_hand),)
    text = _("If none of them suits, please settle it between the two of you, and tell us the day.")
    return (Para((text,)), *((_buttons(standing, sight.by_hand),) if standing or sight.by_hand else ()))


def _standing(sight: Sight, standing: datetime | None) -> tuple[Block, ...]:
    if standing is None:
        return ()
    text = _("Until another time is picked, {time} stands.")
    return (_say(text, sight, standing),)


# The agreed time


def fixed(sight: Sight, at: datetime, kept: Kept | None, *, moved: bool = False) -> Message:
    """The agreed time, for the calendar, with the ways to change it."""
    summary = _fixed_summary(moved=moved).format(time=say_both(at, sight.zone, sight.there), name=sight.other)
    heading = _("Your talk has moved") if moved else _("Your talk has a time")
    return Message(
        summary,
        (
            Heading(heading),
            _say(_("You talk with {name}: {time}."), sight, at, name=sight.other),
            *_keep(kept),
            Para((_("We remind you before it begins."),)),
            _buttons(_change(sight, _("Change the time")), _take_off(sight)),
        ),
    )


def _fixed_summary(*, moved: bool) -> str:
    return _("Moved to {time}: your talk with {name}") if moved else _("Agreed, {time}: your talk with {name}")


def _keep(kept: Kept | None) -> tuple[Block, ...]:
    """The entry for the calendar, in every way there is; on Teams the links may be the only one."""
    if kept is None:
        return ()
    text = _("Put it into your calendar: {google}, {outlook}")
    links = prose(text, google=Link("Google", kept.google), outlook=Link("Outlook", kept.outlook))
    old = _("If your calendar shows both the old and the new time, please delete the old one.")
    return (links, kept.file, Note((old,))) if kept.changes else (links, kept.file)


def settled(sight: Sight, at: datetime) -> Message:
    """In the place of the buttons just pressed; the card with the calendar entry follows."""
    text = _("Picked: {time}.").format(time=say_both(at, sight.zone, sight.there))
    return Message(text, (Note((text,), "done"),))


def taken_off(sight: Sight, at: datetime, file: File, *, mine: bool) -> Message:
    """The agreed time was given up."""
    return Message(
        _("Your talk on {time} is off for now").format(time=say_both(at, sight.zone, sight.there)),
        (
            Heading(_("This time is off")),
            _say(_taken_off_text(mine=mine), sight, at, name=sight.other),
            file,
            _buttons(_suggest(sight), sight.by_hand),
        ),
    )


def _taken_off_text(*, mine: bool) -> str:
    if mine:
        return _("You have taken {time} off; {name} has been told. You can suggest another time whenever it suits.")
    return _("{time} doesn't suit {name} any more. You can suggest another time whenever it suits.")


def note_taken_off() -> Message:
    """In the place of the button just pressed."""
    text = _("The time is off. The other side has been told.")
    return Message(text, (Note((text,), "done"),))


def called_off(at: datetime, zone: str, there: str, file: File) -> Message:
    """What the meeting was for has ended, and the agreed time with it. Says nothing about anybody."""
    text = _("Your talk on {time} doesn't take place. Please take it out of your calendar.")
    said = text.format(time=say_both(at, zone, there))
    return Message(said, (Para((said,)), file))


def by_hand(day: str) -> Message:
    """A day was told in another way."""
    text = _("The day of your talk is told: {day}. There is nothing more to pick.").format(day=day)
    return Message(text, (Note((text,), "done"),))


def over() -> Message:
    """There is nothing to arrange any more."""
    text = _("There is no time to find here any more. You can see how things stand on your home page.")
    return Message(text, (Para((text,)), Buttons((Button(_("Home"), OpenHome()),))))


def moved_on() -> Message:
    """In the place of the buttons of a card that a newer one follows."""
    text = _("How it stands now is in a newer message below.")
    return Message(text, (Note((text,)),))


# Reminders


def day_before(sight: Sight, at: datetime) -> Message:
    """A day before it begins."""
    summary = _("{time}: your talk with {name}").format(time=say_both(at, sight.zone, sight.there), name=sight.other)
    return Message(
        summary,
        (
            _say(_("A reminder: you talk with {name}, {time}."), sight, at, name=sight.other),
            Para((_("If something has come up, the other side is glad to hear of it today."),)),
            _buttons(_change(sight, _("Change the time"), on_card=False)),
        ),
    )


def hour_before(sight: Sight, at: datetime) -> Message:
    """An hour before it begins."""
    summary = _("In an hour: your talk with {name}").format(name=sight.other)
    return Message(summary, (_say(_("In an hour, at {time}, you talk with {name}."), sight, at, "time", sight.other),))


# On the home page


def home_fixed(sight: Sight, at: datetime) -> Message:
    """A meeting to come."""
    summary = _("{time}: your talk with {name}").format(time=say_both(at, sight.zone, sight.there), name=sight.other)
    line = _say(_("{time}: you talk with {name}."), sight, at, name=sight.other)
    return Message(summary, (line, Buttons((Button(_("Show"), actions.Show(sight.meeting)),))))


def home_waiting(sight: Sight) -> Message:
    """Times that wait for my answer."""
    text = _("{name} suggests times for your talk.").format(name=sight.other)
    button = Button(_("Pick one"), actions.Show(sight.meeting), style="primary")
    return Message(text, (Para((text,)), Buttons((button,))))


# Pieces


def _say(sentence: str, sight: Sight, at: datetime, style: str = "datetime", name: str = "") -> Para:
    """A sentence with the time in both zones."""
    pieces: list[Inline] = []
    for piece in fill(sentence, time=When(at, "time" if style == "time" else "datetime"), name=name):
        pieces += [piece, *_beside(piece, sight)]
    return Para(tuple(pieces))


def _beside(piece: Inline, sight: Sight) -> tuple[str, ...]:
    there = say_there(piece.at, sight.zone, sight.there) if isinstance(piece, When) else ""
    return (there,) if there else ()


def _list_slots(sight: Sight, slots: Sequence[datetime]) -> tuple[Para, ...]:
    bullet = pgettext("before one of several times", "• ")
    return tuple(Para((bullet, *show_both(at, sight.zone, sight.there))) for at in slots)


def suggest_button(kind: str, subject: int) -> Button:
    """The way in, for the card of whoever hosts the meeting."""
    return Button(_("Suggest times"), actions.Suggest(kind, subject, 0))


def _suggest(sight: Sight) -> Button:
    return Button(_("Suggest times"), actions.Suggest(sight.kind, sight.subject, 1), style="primary")


def _change(sight: Sight, label: str, *, on_card: bool = True) -> Button:
    return Button(label, actions.Suggest(sight.kind, sight.subject, int(on_card)))


def _take_off(sight: Sight) -> Button:
    confirm = _("Take this time off? We tell the other side.")
    return Button(_("Take it off"), actions.TakeOff(sight.meeting, sight.round), confirm=confirm)


def _buttons(*buttons: Button | None) -> Buttons:
    return Buttons(tuple(button for button in buttons if button is not None))
