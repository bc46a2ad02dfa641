"""What a member reads about coffee rounds. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.dates import format_day
from bot.dispatcher import OpenCommand
from bot.i18n import _, current_locale, pgettext, prose, use_locale
from bot.ui import Block, Button, Buttons, Chips, Divider, Fact, Facts, Heading, Message, Note, Para, When
from handlers.actions import OpenHome
from handlers.coffee import actions
from handlers.names import PLATFORMS
from storage.models import Met, Role
from storage.queries.members import Card


class Standing(StrEnum):
    """How somebody stands to the rounds."""

    OUT = "out"
    IN = "in"
    SKIPS = "skips"
    RESTS = "rests"
    ASKED = "asked"
    """Asked whether to go on."""


class Way(StrEnum):
    """How people who are introduced to each other can meet."""

    ROOM = "room"
    """In a group conversation that the bot opens."""
    FIND = "find"
    """In the same workspace, where no group can be opened."""
    RELAY = "relay"
    """Musubi passes on what they write."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows: how I stand, the next round's day, and until when I rest."""

    standing: Standing
    next: date | None
    until: datetime | None = None
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meeting:
    """An introduction as one of its people reads it: the others, what they share, and how they meet."""

    group: int
    others: tuple[Card, ...]
    shared: tuple[str, ...]
    way: Way
    platform: str = ""

    @property
    def names(self) -> str:
        """The others' names."""
        return say_names(tuple(card.name for card in self.others))


def say_names(names: tuple[str, ...]) -> str:
    """One or two names."""
    if len(names) == 2:
        return _("{one} and {other}").format(one=names[0], other=names[1])
    return "".join(names)


def _day(day: date) -> str:
    return format_day(day, current_locale())


# The page


def page(shown: Page) -> Message:
    """How things stand for me, and what I can do."""
    text = _say_standing(shown)
    partners = _("Introduced to you this time: {names}.").format(names=say_names(shown.partners))
    with_whom = (Note((partners,)),) if shown.partners else ()
    return Message(text, (Heading(_("Coffee rounds")), Para((text,)), *_explain(shown), *with_whom, _offer(shown)))


def _say_standing(shown: Page) -> str:
    match shown.standing:
        case Standing.OUT:
            return _("In a coffee round you are introduced to one other person, for a talk of about half an hour.")
        case Standing.ASKED:
            return _("We didn't hear about your last three introductions, so we are not making new ones for now.")
        case Standing.SKIPS if shown.next is not None:
            return _("You skip the round of {day}. After that you take part again.").format(day=_day(shown.next))
        case Standing.RESTS:
            return _("You are resting from the coffee rounds.")
        case _ if shown.next is None:
            return _("You take part in the coffee rounds. At the moment none is planned.")
        case _:
            return _("You take part in the coffee rounds. The next introductions are on {day}.").format(
                day=_day(shown.next)
            )


def _explain(shown: Page) -> tuple[Block, ...]:
    if shown.standing == Standing.RESTS and shown.until is not None:
        return (prose(_("From {day} on you take part again."), day=When(shown.until, "date")),)
    if shown.standing != Standing.OUT:
        return ()
    when = (_("The next introductions are on {day}.").format(day=_day(shown.next)),) if shown.next else ()
    agree = _(
        "We choose by shared topics and different departments, and never introduce the same two within half a year. "
        "If you join, you agree that your name and the profile that you show are told to the person you are "
        "introduced to. You can skip one, rest or leave at any time."
    )
    return (*(Para((line,)) for line in when), Note((agree,)))


def _offer(shown: Page) -> Buttons:
    match shown.standing:
        case Standing.OUT:
            return Buttons((Button(_("Agree and join"), actions.Join(), style="primary"), _home()))
        case Standing.IN:
            skip = (Button(_("Skip this one"), actions.Skip(shown.next.isoformat())),) if shown.next else ()
            return Buttons((*skip, _rest(), _leave(), _home()))
        case Standing.ASKED:
            return Buttons((Button(_("Keep me"), actions.Keep(), style="primary"), _rest(), _stop()))
        case Standing.SKIPS | Standing.RESTS:
            return Buttons((Button(_("Take part after all"), actions.Come()), _leave(), _home()))


def _rest() -> Button:
    return Button(_("Rest a month"), actions.Rest())


def _leave() -> Button:
    return Button(_("Leave"), actions.Leave())


def _stop() -> Button:
    return Button(_("Stop"), actions.Leave())


def _home() -> Button:
    return Button(_("Home"), OpenHome())


def left() -> Message:
    """Out of the rounds."""
    text = _("You are no longer in the coffee rounds. You can come back at any time. Thank you for having taken part.")
    return Message(text, (Note((text,), "done"), Buttons((_home(),))))


def section(shown: Page) -> tuple[Block, ...]:
    """The part of the home page."""
    text = _("Get to know one other person each time, over half an hour.")
    return (
        Heading(_("Coffee rounds")),
        Para((text if shown.standing == Standing.OUT else _say_standing(shown),)),
        Buttons((Button(_("Show"), actions.Open()),)),
    )


# Before and at the introduction


def announcement(day: date) -> Message:
    """The next round is near."""
    text = _("The next coffee round is on {day}: we will introduce somebody to you.").format(day=_day(day))
    note = _("Should it not suit you this time, you can skip this one until then.")
    return Message(
        text,
        (
            Para((text,)),
            Note((note,)),
            Buttons((Button(_("Skip this one"), actions.Skip(day.isoformat())), Button(_("Show"), actions.Open()))),
        ),
    )


def introduction(meeting: Meeting) -> Message:
    """Who it is, what the two have in common, and how they meet."""
    summary = _("Coffee round: please meet {names}").format(names=meeting.names)
    shared = (Note((_("You have in common:"),)), Chips(meeting.shared)) if meeting.shared else ()
    return Message(
        summary,
        (
            Heading(summary),
            *_draw_people(meeting.others),
            *shared,
            _how(meeting),
            Note((_("Half an hour is plenty; online is fine. Whoever reads this first may begin."),)),
        ),
    )


def _draw_people(others: tuple[Card, ...]) -> tuple[Block, ...]:
    rows = tuple(Fact(card.name, (line,)) for card in others if (line := _say_line(card)))
    return (Facts(rows),) if rows else ()


def _say_line(card: Card) -> str:
    department = card.department
    if department and card.role is Role.ALUMNUS:
        department = _("formerly {department}").format(department=department)
    facts = (department, card.employer, card.job, card.city)
    return pgettext("between short facts", ", ").join(fact for fact in facts if fact)


def _how(meeting: Meeting) -> Para:
    match meeting.way:
        case Way.ROOM:
            text = _(
                "We open a conversation for you in {platform}. If you can't find it, please write to {names} there."
            )
        case Way.FIND:
            text = _("You are all in {platform}: look for {names} there, and say hello.")
        case Way.RELAY:
            text = _(
                "You use different places, so we pass on what you write: a message about it comes right after this."
            )
    return Para((text.format(platform=_say_platform(meeting.platform), names=meeting.names),))


def _say_platform(platform: str) -> str:
    return PLATFORMS.get(platform) or _("this workspace")


def room_opening(names: tuple[str, ...], languages: tuple[str, ...]) -> Message:
    """The first message in a room, in the language of each of its people."""
    opened: list[Para] = []
    for language in dict.fromkeys(languages):
        with use_locale(language):
            opened.append(Para((_open_room(names),)))
    blocks: list[Block] = [block for para in opened for block in (para, Divider())]
    return Message("".join(map(str, opened[0].content)), tuple(blocks[:-1]))


def _open_room(names: tuple[str, ...]) -> str:
    text = _("{names}, this is your place for the coffee round. Please find half an hour that suits all of you.")
    return text.format(names=pgettext("between names", ", ").join(names))


class Reason(StrEnum):
    """Why somebody has no introduction. Told so that a block can't be guessed from it."""

    NOBODY = "nobody"
    """Few took part, or only people met lately."""
    FAULT = "fault"
    """Ours."""


def left_over(reason: Reason, next_day: date | None) -> Message:
    """No introduction this time, with the reason and the next date."""
    match reason:
        case Reason.NOBODY:
            text = _(
                "This time we have no introduction for you. That happens when few take part, or when the others have "
                "been introduced already."
            )
        case Reason.FAULT:
            text = _("This time we could not make the introductions, because of a fault on our side. We are sorry.")
    when = _("The next introductions are on {day}; you take part without doing anything.")
    none = _("The next round is not planned yet. We will tell you when it is.")
    follow = when.format(day=_day(next_day)) if next_day else none
    return Message(text, (Para((text,)), Para((follow,)), Buttons((Button(_("Show"), actions.Open()),))))


def gone(next_day: date | None) -> Message:
    """The introduction is off. Neither who nor why is told."""
    text = _("Something has come up, so the introduction of this coffee round doesn't take place after all.")
    when = _("The next introductions are on {day}; you take part without doing anything.")
    follow = (Para((when.format(day=_day(next_day)),)),) if next_day else ()
    return Message(text, (Para((text,)), *follow, Buttons((Button(_("Show"), actions.Open()),))))


# Halfway


def question(meeting: Meeting) -> Message:
    """Have you met?"""
    text = _("Have you met {names} by now?").format(names=meeting.names)
    return Message(
        text,
        (
            Heading(_("Have you met?")),
            Para((text,)),
            Buttons(
                (
                    Button(_("Met"), actions.Answer(meeting.group, Met.YES.value), style="primary"),
                    Button(_("Planned"), actions.Answer(meeting.group, Met.PLANNED.value)),
                    Button(_("Not yet"), actions.Answer(meeting.group, Met.NOT_YET.value)),
                )
            ),
        ),
    )


def answered(meeting: Meeting, said: str, *, over: bool = False) -> Message:
    """After an answer: what was said, and the way to say that they have met since. `over`: the next round has come."""
    if over and said != Met.YES:
        return closed()
    text = _say_answer(said).format(names=meeting.names)
    met = Button(_("Met"), actions.Answer(meeting.group, Met.YES.value))
    buttons = () if said == Met.YES else (Buttons((met,)),)
    return Message(text, (Note((text,), "done"), *buttons))


def _say_answer(said: str) -> str:
    match said:
        case Met.YES:
            return _("Good that you could meet {names}. Thank you for telling us.")
        case Met.PLANNED:
            return _("Good to hear that it is planned. We wish you a good talk with {names}.")
        case _:
            return _("Thank you for telling us. A line to {names} is enough to begin; there is still time.")


def closed() -> Message:
    """A question whose time has passed."""
    text = _("This round is over. If you do meet, so much the better.")
    return Message(text, (Note((text,), "done"), Buttons((Button(_("Show"), actions.Open()),))))


def stay() -> Message:
    """Asked after three introductions without a word."""
    return page(Page(Standing.ASKED, None))


# To HR


def failed(day: date) -> Message:
    """The solver didn't work."""
    text = _("The coffee round of {day} could not be made: the calculation failed three times.").format(day=_day(day))
    told = _("Everybody who takes part has been told, with the date of the next round. The log says more.")
    return Message(text, (Para((text,)), Note((told,)), Buttons((Button(_("Home"), OpenCommand("hr", "")),))))
