"""What members read about events. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import Action
from bot.dispatcher import OpenCommand
from bot.i18n import _, fill, ngettext, pgettext, prose
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Chips,
    Divider,
    Fact,
    Facts,
    Heading,
    Inline,
    Link,
    Message,
    Note,
    Para,
    Quote,
    When,
)
from handlers.actions import OpenHome
from handlers.events import actions
from handlers.events.rules import Refusal, Stage
from handlers.introducing import introduce
from handlers.moments import say_both, say_there
from storage.models import Rsvp
from storage.queries.members import Card


@dataclass(frozen=True, slots=True)
class Sight:
    """An event as its reader sees it: the words are in the reader's language, `zone` is the reader's. `left` are the
    free seats (None: no limit), `rsvp` where the reader stands ("": no answer), `ahead` how many wait before them."""

    id: int
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    there: str
    place: str = ""
    link: str = ""
    stage: Stage = Stage.OPEN
    begun: bool = False
    left: int | None = None
    answer_by: datetime | None = None
    rsvp: str = ""
    offer: int = 0
    offered_until: datetime | None = None
    ahead: int = 0
    reason: str = ""


_HAS_ANSWERED = (Rsvp.GOING, Rsvp.OFFERED, Rsvp.WAITING)
"""For them the last day for answers means nothing any more."""

FEW_SEATS = 5
"""From so many free seats on, they are counted."""


# The card


def card(sight: Sight) -> Message:
    """An event, where the reader stands with it, and what can be answered."""
    text = (Para((sight.text,)),) if sight.text else ()
    blocks = (Heading(sight.title), *text, show_facts(sight), *say_stage(sight), *_say_standing(sight))
    return Message(_summary(sight), (*blocks, *_offer_answers(sight)))


def _summary(sight: Sight) -> str:
    return _("{title}, {time}").format(title=sight.title, time=say_both(sight.starts_at, sight.zone, sight.there))


def show_facts(sight: Sight) -> Facts:
    """When and where, and until when people can answer."""
    rows = [Fact(_("Date and time"), _say_when(sight))]
    if sight.place:
        rows.append(Fact(_("Where"), (sight.place,)))
    if sight.link:
        rows.append(Fact(_("Link"), (Link(_("Join online"), sight.link),)))
    is_asked = sight.stage in (Stage.DRAFT, Stage.OPEN, Stage.FULL) and sight.rsvp not in _HAS_ANSWERED
    if sight.answer_by is not None and is_asked:
        rows.append(Fact(_("Answers until"), (When(_last_minute(sight.answer_by)),)))
    return Facts(tuple(rows))


def _last_minute(until: datetime) -> datetime:
    """A day that is over at 0:00 is told as 23:59 of that day."""
    return until - timedelta(minutes=1)


def _say_when(sight: Sight) -> tuple[Inline, ...]:
    begin, end = When(sight.starts_at), When(sight.ends_at, "time")
    there = say_there(sight.starts_at, sight.zone, sight.there)
    return (*fill(_("{begin} to {end}"), begin=begin, end=end), *((there,) if there else ()))


def say_stage(sight: Sight) -> tuple[Block, ...]:
    """What there is to say of the event itself."""
    match sight.stage:
        case Stage.CANCELLED:
            text = _("This event won't take place.")
            return (Note((text,)), *((Quote(sight.reason),) if sight.reason else ()))
        case Stage.OVER:
            return (Note((_("This event is over."),)),)
        case Stage.FULL if not sight.rsvp or sight.rsvp in (Rsvp.NOT_GOING, Rsvp.MAYBE, Rsvp.LAPSED):
            text = _("All seats are taken. On the waiting list you are offered one when it is freed, in turn.")
            return (Note((text,)),)
        case Stage.OPEN if sight.left is not None and sight.left <= FEW_SEATS:
            text = ngettext("{n} seat is left.", "{n} seats are left.", sight.left).format(n=sight.left)
            return (Note((text,)),)
        case Stage.CLOSED if sight.rsvp not in (Rsvp.GOING, Rsvp.WAITING, Rsvp.OFFERED):
            return (Note((_("The day for answers has passed."),)),)
        case _:
            return ()


def _say_standing(sight: Sight) -> tuple[Block, ...]:
    if sight.stage in (Stage.CANCELLED, Stage.OVER) or not sight.rsvp:
        return ()
    match sight.rsvp:
        case Rsvp.GOING:
            return (Note((_("You are going."),), "done"),)
        case Rsvp.MAYBE:
            text = _("You don't know yet. A week before we ask you once more.")
            return (Note((text,), "done"),)
        case Rsvp.WAITING if not sight.ahead:
            return (Note((_("You are the first on the waiting list. We write to you when a seat is freed."),), "done"),)
        case Rsvp.WAITING:
            text = ngettext(
                "You are on the waiting list, with {n} person ahead of you. We write to you when it is your turn.",
                "You are on the waiting list, with {n} people ahead of you. We write to you when it is your turn.",
                sight.ahead,
            )
            return (Note((text.format(n=sight.ahead),), "done"),)
        case Rsvp.OFFERED if sight.offered_until is not None:
            text = _("A seat is kept for you until {time}.")
            return (prose(text, time=When(sight.offered_until)),)
        case Rsvp.LAPSED:
            return (Note((_("The seat that was kept for you went to the next person."),)),)
        case _:
            return (Note((_("You are not going."),), "done"),)


def _offer_answers(sight: Sight) -> tuple[Block, ...]:
    buttons = (*_list_answers(sight), *_list_extras(sight))
    is_asked = sight.stage in (Stage.OPEN, Stage.FULL) and sight.rsvp != Rsvp.GOING
    return (*((_say_who_sees(),) if is_asked else ()), *((Buttons(buttons),) if buttons else ()))


def _say_who_sees() -> Note:
    """What whoever says Going agrees to."""
    return Note((_("Those who come see each other's name, former department and topics, as on a name tag."),))


def _list_answers(sight: Sight) -> tuple[Button, ...]:
    if sight.begun or sight.stage in (Stage.CANCELLED, Stage.OVER):
        return ()
    if sight.rsvp == Rsvp.OFFERED:
        return seat_buttons(sight.id, sight.offer)
    going, maybe, not_going = answer_buttons(sight.id, full=sight.stage is Stage.FULL)
    if sight.rsvp == Rsvp.WAITING:
        return (Button(_("Leave the waiting list"), not_going.action),)
    if sight.stage is Stage.CLOSED:
        return (not_going,) if sight.rsvp in (Rsvp.GOING, Rsvp.MAYBE) else ()
    own = {Rsvp.GOING: going, Rsvp.MAYBE: maybe, Rsvp.NOT_GOING: not_going}.get(Rsvp(sight.rsvp or Rsvp.LAPSED))
    return tuple(button for button in (going, maybe, not_going) if button is not own)


def answer_buttons(event: int, *, full: bool = False) -> tuple[Button, Button, Button]:
    """[Going], [Maybe], [Not going]; of a full event the first is the waiting list."""
    label = _("Join the waiting list") if full else _("Going")
    return (
        Button(label, actions.Answer(event, Rsvp.GOING.value), style="primary"),
        Button(_("Maybe"), actions.Answer(event, Rsvp.MAYBE.value)),
        Button(_("Not going"), actions.Answer(event, Rsvp.NOT_GOING.value)),
    )


def seat_buttons(event: int, offer: int) -> tuple[Button, Button]:
    """Of an offered seat."""
    return (
        Button(_("Take the seat"), actions.AnswerOffer(event, offer, 1), style="primary"),
        Button(_("Let it go"), actions.AnswerOffer(event, offer, 0)),
    )


def _list_extras(sight: Sight) -> tuple[Button, ...]:
    if sight.rsvp != Rsvp.GOING or sight.stage in (Stage.CANCELLED, Stage.DRAFT):
        return ()
    return (Button(_("Who comes"), actions.ShowPeople(sight.id, 0)),)


def invitation(sight: Sight) -> tuple[Block, ...]:
    """What stands below the announcement's words: it is the same for every reader of a language."""
    buttons = answer_buttons(sight.id, full=sight.stage is Stage.FULL)
    return (show_facts(sight), *say_stage(sight), _say_who_sees(), Buttons(buttons))


def refused(sight: Sight, refusal: Refusal) -> Message:
    """Why an answer could not be taken, with how things stand."""
    shown = card(sight)
    return Message(_say_refusal(refusal), (Para((_say_refusal(refusal),)), *shown.blocks))


def _say_refusal(refusal: Refusal) -> str:
    match refusal:
        case Refusal.CANCELLED:
            return _("This event won't take place, so there is nothing to answer any more.")
        case Refusal.DRAFT:
            return _("This event is not announced yet. This is how it will look; nothing was changed.")
        case Refusal.BEGUN:
            return _("This event has begun, so there is nothing to answer any more.")
        case Refusal.CLOSED:
            return _("The day for answers has passed, so we can't put you down any more. HR can still be asked.")


# Who comes

PEOPLE = 8
"""People on a page."""


def people(sight: Sight, cards: Sequence[Card], page: int, *, more: bool) -> Message:
    """Those who come, as on their name tags."""
    title = _("Who comes: {title}").format(title=sight.title)
    nobody = _("Besides you nobody whom we could show has signed up yet.")
    body: tuple[Block, ...] = tuple(block for card in cards for block in _show_person(card))
    turn = turn_pages(page, lambda to: actions.ShowPeople(sight.id, to), more=more)
    ways = Buttons((*turn, Button(_("Details"), actions.Show(sight.id))))
    return Message(title, (Heading(title), *(body or (Para((nobody,)),)), ways))


def _show_person(card: Card) -> tuple[Block, ...]:
    return (Para(introduce(card)), *((Chips(card.topics[:5]),) if card.topics else ()))


def not_among_them(sight: Sight) -> Message:
    """Who comes is shown to those who come."""
    text = _("Who comes is shown to those who come. Are you coming?")
    return Message(text, (Para((text,)), *card(sight).blocks))


def turn_pages(page: int, show: Callable[[int], Action], *, more: bool) -> tuple[Button, ...]:
    """[Back] and [More], where there are such pages; `show` makes the action that shows one."""
    before = (Button(_("Back"), show(page - 1)),) if page else ()
    after = (Button(_("More"), show(page + 1)),) if more else ()
    return (*before, *after)


def details(sight: Sight) -> Buttons:
    """The way to the card."""
    return Buttons((Button(_("Details"), actions.Show(sight.id)),))


# What is on

EVENTS = 5
"""Events on a page."""


def listing(mine: Sequence[Sight], others: Sequence[Sight], page: int, *, more: bool, hr: bool) -> Message:
    """What I signed up for, and what else is on."""
    title = _("Events")
    none = _("There is no event to come at the moment. We write to you when there is one.")
    own = (Note((_("Signed up"),)), *_list_events(mine)) if mine else ()
    rest = (Note((_("To come"),)), *_list_events(others)) if others else ()
    parts: tuple[Block, ...] = (*own, *((Divider(),) if own and rest else ()), *rest)
    desk = (Button(_("Manage events"), actions.Manage(0)),) if hr else ()
    turn = (*turn_pages(page, actions.ShowList, more=more), *desk)
    return Message(title, (Heading(title), *(parts or (Para((none,)),)), *((Buttons(turn),) if turn else ())))


def _list_events(sights: Sequence[Sight]) -> tuple[Block, ...]:
    return tuple(
        block
        for number, sight in enumerate(sights)
        for block in (*((Divider(),) if number else ()), _line(sight), details(sight))
    )


def _line(sight: Sight) -> Para:
    place = sight.place or (pgettext("place", "Online") if sight.link else "")
    head = fill(_("{title}: {time}"), title=Bold(sight.title), time=When(sight.starts_at))
    where = (f"{chr(10)}{place}",) if place else ()
    standing = say_standing(sight)
    return Para((*head, *where, *((f"{chr(10)}{standing}",) if standing else ())))


def say_standing(sight: Sight) -> str:
    """Where the reader stands, in a word or two; or that the event is full."""
    words = {
        Rsvp.GOING: _("You are going."),
        Rsvp.MAYBE: _("You don't know yet."),
        Rsvp.WAITING: _("You are on the waiting list."),
        Rsvp.OFFERED: _("A seat is kept for you."),
    }
    said = words.get(Rsvp(sight.rsvp), "") if sight.rsvp else ""
    return said or (_("Full, with a waiting list") if sight.stage is Stage.FULL else "")


def without_consent(mine: Sequence[Sight]) -> Message:
    """Events are shown to those who agreed to hear of them."""
    title = _("Events")
    text = _("You haven't agreed to news and events, so we show none but those you signed up for.")
    own = _list_events(mine)
    agree = Button(_("Agree and show"), actions.Agree(), style="primary")
    note = _("If you agree, we write to you about news and events, four times a month at most.")
    return Message(
        title, (Heading(title), *own, Para((text,)), Note((note,)), Buttons((agree, Button(_("Home"), OpenHome()))))
    )


def section(mine: Sequence[Sight]) -> tuple[Block, ...]:
    """The part of the home page: what is next for me."""
    if not mine:
        return ()
    open_list = Button(_("Events"), OpenCommand("events", ""))
    first = mine[0]
    line = fill(_("{title}: {time}"), title=Bold(first.title), time=When(first.starts_at))
    return (
        Heading(_("Events")),
        Para(line),
        Note((say_standing(first),)),
        Buttons((Button(_("Details"), actions.Show(first.id)), open_list)),
    )


# In digests


def item(sight: Sight) -> tuple[Block, ...]:
    """An event in a digest."""
    return (_line(sight), details(sight))
