"""What both see from acceptance on: how to meet, and how it went."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.dates import format_day
from bot.i18n import _, current_locale, fill, prose, use_locale
from bot.ui import Block, Button, Buttons, Divider, Heading, Message, Note, Para, Quote, When
from handlers.consultations import actions
from handlers.consultations.rules import MOST_TIMES_ASKED, Answer
from handlers.consultations.views.careful import Workplaces, be_careful
from handlers.consultations.views.people import Person
from handlers.meetings import suggest_button
from handlers.names import PLATFORMS
from storage.models import Consultation, EndReason
from storage.queries.consultations import MEETING


class Way(StrEnum):
    """How the two can meet."""

    ROOM = "room"
    """In a group conversation that the bot opens."""
    FIND = "find"
    """In the same workspace, where no group can be opened: they write to each other."""
    RELAYED = "relayed"
    """In different places: Musubi passes on what they write."""
    APART = "apart"
    """In different places: one shares how to be reached."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """How two people meet, as one of them reads it: the other one, the way, the platform (of a workspace they share),
    and the time they have agreed on."""

    other: Person
    way: Way
    platform: str = ""
    at: datetime | None = None


def accepted(consultation: Consultation, mentor: Person, places: Workplaces) -> Message:
    """Tells the asker who has accepted, and what not to talk about."""
    name = mentor.name
    return Message(
        _("{name} is glad to talk with you").format(name=name),
        (
            Heading(_("{name} is glad to talk with you").format(name=name)),
            *((Para((mentor.line,)),) if mentor.line else ()),
            be_careful(places),
            Note(fill(_("It is about “{topic}”."), topic=consultation.topic)),
        ),
    )


def meet(consultation: Consultation, meeting: Meeting, by: datetime) -> Message:
    """How to meet, and what can be done from here on. `by` is when talks should be held at the latest."""
    name, id = meeting.other.name, consultation.id or 0
    return Message(
        _("How to talk with {name}").format(name=name),
        (
            Heading(_("How to talk with {name}").format(name=name)),
            _how(meeting),
            _when(consultation, meeting.at, by),
            Buttons(
                (
                    suggest_button(MEETING, id),
                    Button(_("Tell the day"), actions.SetDate(id)),
                    *_contact(id, meeting.way),
                    _call_off(id),
                )
            ),
        ),
    )


def _how(meeting: Meeting) -> Para:
    name, platform = meeting.other.mention, _say_platform(meeting.platform)
    match meeting.way:
        case Way.ROOM:
            text = _(
                "We open a conversation of the two of you in {platform}. "
                "If you can't find it, please write to {name} there."
            )
            return prose(text, platform=platform, name=name)
        case Way.FIND:
            text = _("You are both in {platform}: look for {name} there, and say hello. Either of you can begin.")
            return prose(text, platform=platform, name=name)
        case Way.RELAYED:
            text = _(
                "You and {name} use different places, so we have opened a conversation for the two of you that goes "
                "through us. You find it next to this card; either of you can begin."
            )
            return prose(text, name=name)
        case Way.APART:
            text = _(
                "You and {name} use different places, so you can't see each other yet. "
                "Please share how you can be reached; either of you can begin."
            )
            return prose(text, name=name)


def _say_platform(platform: str) -> str:
    return PLATFORMS.get(platform) or _("this workspace")


def _when(consultation: Consultation, at: datetime | None, by: datetime) -> Para:
    if at is not None:
        return prose(_("The time of your talk: {time}."), time=When(at))
    if consultation.talk_on is not None:
        day = format_day(consultation.talk_on, current_locale())
        return prose(_("The day of your talk: {day}."), day=day)
    return prose(_("Please find a time together, if you can by {day}."), day=When(by, "date"))


def _contact(id: int, way: Way) -> tuple[Button, ...]:
    return (Button(_("Share my contact"), actions.ShareContact(id)),) if way in (Way.RELAYED, Way.APART) else ()


def _call_off(id: int) -> Button:
    confirm = _("Call this talk off? We tell the other side.")
    return Button(_("Call it off"), actions.CallOff(id), confirm=confirm)


def room_opening(consultation: Consultation, asker: Person, mentor: Person, languages: tuple[str, ...]) -> Message:
    """The first message in a room, in the language of each of the two."""
    opened: list[Message] = []
    for language in dict.fromkeys(languages):
        with use_locale(language):
            opened.append(_open_room(consultation, asker, mentor))
    blocks = [block for message in opened for block in (*message.blocks, Divider())]
    return Message(opened[0].summary, (*blocks[:-1], Quote(consultation.aim)))


def _open_room(consultation: Consultation, asker: Person, mentor: Person) -> Message:
    text = _("{asker} and {mentor}, this is the place for your talk about “{topic}”.")
    summary = text.format(asker=asker.name, mentor=mentor.name, topic=consultation.topic)
    hello = prose(text, asker=asker.mention, mentor=mentor.mention, topic=consultation.topic)
    return Message(summary, (hello, Para((_("Please find a time that suits both; 30 minutes are plenty."),))))


def date_told(day: date, name: str) -> Message:
    """The other side has told the day of the talk."""
    text = _("{name} has told us the day of your talk: {day}").format(name=name, day=format_day(day, current_locale()))
    return Message(text, (Para((text,)), Note((_("The day after, we ask both of you how it went."),))))


def contact_shared(name: str, contact: str) -> Message:
    """The other side's contact."""
    text = _("{name} can be reached like this:").format(name=name)
    return Message(text, (Para((text,)), Quote(contact)))


def with_note(message: Message, note: str) -> Message:
    """A card with what has just been done."""
    return Message(note, (*message.blocks, Note((note,), "done")))


def say_date_kept(day: date) -> str:
    """The day is noted."""
    return _("Noted: {day}. The other side has been told.").format(day=format_day(day, current_locale()))


def say_contact_sent(name: str) -> str:
    """The contact has been passed on."""
    return _("We have passed it on to {name}.").format(name=name)


# How it went


def question(consultation: Consultation, name: str) -> Message:
    """Did you talk?"""
    id = consultation.id or 0
    text = _("Did you get to talk with {name} about “{topic}”?").format(name=name, topic=consultation.topic)
    return Message(
        text,
        (
            Heading(_("Did you talk?")),
            Para((text,)),
            Buttons(
                (
                    Button(_("Yes"), actions.Talked(id), style="primary"),
                    Button(_("Planned"), actions.NotTalked(id, Answer.PLANNED.value)),
                    Button(_("Not yet"), actions.NotTalked(id, Answer.NOT_YET.value)),
                    Button(_("Called off"), actions.NotTalked(id, Answer.CALLED_OFF.value)),
                )
            ),
            *_say_next(consultation),
        ),
    )


def _say_next(consultation: Consultation) -> tuple[Block, ...]:
    """What comes when nobody answers, and on which day."""
    if consultation.next_at is None:
        return ()
    if consultation.times_asked < MOST_TIMES_ASKED:
        text = _("If we don't hear from either of you, we ask again on {day}.")
    else:
        text = _("If we don't hear from either of you by {day}, we close the consultation.")
    return (Note(fill(text, day=When(consultation.next_at, "date"))),)


def waiting(consultation: Consultation, answer: str, again: datetime | None) -> Message:
    """Planned or not yet: when Musubi asks again, if it does."""
    text = _("Good to hear that it is planned.") if answer == Answer.PLANNED else _("Thank you for telling us.")
    when = _("We ask once more on {day}. You can also tell us the day of the talk.")
    follow = _say_next(consultation) if again is None else (prose(when, day=When(again, "date")),)
    buttons: list[Button] = [Button(_("Yes, we talked"), actions.Talked(consultation.id or 0))]
    if again is not None:
        buttons.append(Button(_("Tell the day"), actions.SetDate(consultation.id or 0)))
    return Message(text, (Para((text,)), *follow, Buttons(tuple(buttons))))


def held(consultation: Consultation) -> Message:
    """Talked, and the two questions are still open."""
    text = _("Good that you could talk. Two short questions would help us.")
    button = Button(_("Answer them"), actions.Talked(consultation.id or 0))
    return Message(text, (Note((text,), "done"), Buttons((button,))))


def thanks() -> Message:
    """After the two questions."""
    text = _("Thank you. What you told us helps us to find the right people.")
    return Message(text, (Note((text,), "done"),))


def noted() -> Message:
    """An answer that changes nothing any more."""
    text = _("Thank you for telling us. There is nothing more to do.")
    return Message(text, (Note((text,), "done"),))


def line_passed_on(name: str, topic: str, line: str) -> Message:
    """The other side's line about the talk."""
    text = _("{name} has a word for you after your talk about “{topic}”:").format(name=name, topic=topic)
    return Message(text, (Para((text,)), Quote(line)))


def ended_for_mentor(consultation: Consultation) -> Message:
    """An end without a talk, as the person who had accepted is told it."""
    text = _end_text(consultation.end_reason).format(topic=consultation.topic)
    return Message(text, (Heading(_("This consultation is closed")), Para((text,))))


def _end_text(reason: str) -> str:
    match reason:
        case EndReason.MENTOR_CALLED_OFF:
            return _("You have called off the talk about “{topic}”. The asker has been told.")
        case EndReason.NO_TALK:
            return _("The consultation about “{topic}” is closed. Thank you for having been willing.")
        case _:
            return _("Something has come up, so the talk about “{topic}” doesn't take place. Thank you all the same.")
