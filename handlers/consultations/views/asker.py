"""What the asker sees while somebody is looked for: proposals, a request under way, nobody suitable, an end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import _, fill, ngettext, prose
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
    Message,
    Note,
    Para,
    When,
)
from handlers.actions import OpenHome
from handlers.consultations import actions
from handlers.consultations.rules import MOST_OPEN, News
from handlers.consultations.views.people import Person, as_summary, say_reasons
from storage.models import Consultation, EndReason


@dataclass(frozen=True, slots=True)
class Offer:
    """One proposal: who, why, and the id that the button carries."""

    id: int
    person: Person
    reasons: list[dict[str, str]]


def received(topic: str, count: int) -> Message:
    """Said at once when the form was sent off; the proposals themselves come as a message that stays."""
    if not count:
        text = _("We have your request about “{topic}”. How it goes on is in the message we have just sent you.")
        return _plain(text.format(topic=topic))
    text = ngettext(
        "We found {n} person for “{topic}”, and have sent you the proposal as a message.",
        "We found {n} people for “{topic}”, and have sent you the proposals as a message.",
        count,
    )
    return _plain(text.format(n=count, topic=topic))


def too_many_open() -> Message:
    """No further consultation for now."""
    text = ngettext(
        "You have {n} consultation open. Once it has ended, or you call it off, you can ask for another.",
        "You have {n} consultations open. Once one has ended, or you call one off, you can ask for another.",
        MOST_OPEN,
    ).format(n=MOST_OPEN)
    return Message(text, (Para((text,)), Buttons((Button(_("Home"), OpenHome()),))))


def proposals(consultation: Consultation, offers: Sequence[Offer], until: datetime, news: News) -> Message:
    """Who could help, each with the reasons."""
    lead = _proposals_lead(news, len(offers)).format(n=len(offers), topic=consultation.topic)
    blocks: list[Block] = [Heading(_("People you could talk to")), Para((lead,))]
    for offer in offers:
        blocks += _draw_offer(consultation.id or 0, offer)
    note = _("Only the person who is asked learns your name and what you wrote. The proposals stand until {day}.")
    return Message(
        lead,
        (*blocks, Divider(), _offer_buttons(consultation, len(offers)), Note(fill(note, day=When(until, "date")))),
    )


def _proposals_lead(news: News, count: int) -> str:
    match news:
        case News.FOUND_AGAIN:
            return ngettext(
                "We looked again, and found {n} person for “{topic}”.",
                "We looked again, and found {n} people for “{topic}”.",
                count,
            )
        case News.CHOICE_GONE:
            return ngettext(
                "The person you chose can't be asked just now. There is {n} other person for “{topic}”.",
                "The person you chose can't be asked just now. There are {n} other people for “{topic}”.",
                count,
            )
        case News.STILL_HERE:
            return _("Your proposals for “{topic}” are still here. Would you like to ask one of them?")
        case _:
            return ngettext("We found {n} person for “{topic}”.", "We found {n} people for “{topic}”.", count)


def _draw_offer(consultation_id: int, offer: Offer) -> tuple[Block, ...]:
    person = offer.person
    line = (f"\n{person.line}",) if person.line else ()
    ask = Button(_("Ask"), actions.Ask(consultation_id, offer.id), style="primary")
    reasons = say_reasons(offer.reasons, person.card)
    return (
        Divider(),
        Para((Bold(person.name), *line)),
        *((Chips(reasons),) if reasons else ()),
        Buttons((ask,)),
    )


def _offer_buttons(consultation: Consultation, count: int) -> Buttons:
    id = consultation.id or 0
    choose = (Button(_("You choose"), actions.YouChoose(id)),) if count > 1 else ()
    return Buttons((*choose, _change_topic(id), Button(_("Call it off"), actions.CallOff(id))))


def asking(consultation: Consultation, person: Person | None, reply_by: datetime, news: News) -> Message:
    """A request is with somebody: `person`, where the asker chose them; otherwise no name is said before it is
    accepted, so that nobody is known as the one who couldn't."""
    text = _asking_text(consultation.topic, person, news)
    day = When(reply_by, "date")
    if news in _WENT_ON:
        when = _("We will tell you how it stands by {day}.")
    else:
        when = _("The answer should be here by {day}. If none comes, we ask the next person that day.")
    return Message(
        as_summary(text),
        (
            Heading(_("Asking the next person") if news in _WENT_ON else _("Your request is on its way")),
            Para(text),
            prose(when, day=day),
            *_topic_fact(consultation, shown=news in _WENT_ON),
            _call_off(consultation),
        ),
    )


_WENT_ON = (News.DECLINED, News.EXPIRED, News.MENTOR_GONE)


def _asking_text(topic: str, person: Person | None, news: News) -> tuple[Inline, ...]:
    match news:
        case News.DECLINED:
            return (_("It doesn't suit this time, so we have gone on to ask the next person."),)
        case News.EXPIRED:
            return (_("The day for an answer has passed, so we have gone on to ask the next person."),)
        case News.MENTOR_GONE:
            return (_("The person we had asked can't take part just now, so we have gone on to ask the next."),)
        case News.FOUND_AGAIN:
            text = _("We looked again, and have asked somebody who knows about “{topic}”.")
            return fill(text, topic=topic)
        case _ if person is not None:
            return fill(_("We have asked {name} about “{topic}”."), name=person.mention, topic=topic)
        case _:
            return fill(_("We have asked somebody who knows about “{topic}”."), topic=topic)


def searching(consultation: Consultation, look_at: datetime, news: News) -> Message:
    """Nobody suitable now: why, and when Musubi looks again."""
    text = _searching_text(news).format(topic=consultation.topic)
    again = _("We look again on {day}, and tell you what we find. You can also make the topic wider and look now.")
    return Message(
        text,
        (
            Heading(_("Nobody suitable yet")),
            Para((text,)),
            prose(again, day=When(look_at, "date")),
            Buttons(
                (
                    _change_topic(consultation.id or 0),
                    Button(_("Call it off"), actions.CallOff(consultation.id or 0)),
                )
            ),
        ),
    )


def _searching_text(news: News) -> str:
    match news:
        case News.DECLINED:
            return _("It doesn't suit this time, and there is nobody else who knows about “{topic}” just now.")
        case News.EXPIRED:
            return _("The day for an answer has passed, and nobody else who knows about “{topic}” is free just now.")
        case News.MENTOR_GONE:
            return _("The person we had asked can't take part, and nobody else who knows about “{topic}” is free now.")
        case News.CHOICE_GONE:
            return _("The person you chose can't be asked just now, nor anybody else who knows about “{topic}”.")
        case News.STILL_NOBODY:
            return _("We looked again, but nobody who knows about “{topic}” is free yet.")
        case _:
            return _("We can't find anybody who knows about “{topic}” just now.")


def ended(consultation: Consultation) -> Message:
    """An end without a talk, as the asker is told it."""
    text = _end_text(consultation.end_reason).format(topic=consultation.topic)
    return Message(
        text,
        (
            Heading(_("This consultation is closed")),
            Para((text,)),
            Buttons((Button(_("Ask again"), actions.AskAgain(consultation.id or 0)),)),
        ),
    )


def _end_text(reason: str) -> str:
    match reason:
        case EndReason.ASKER_CALLED_OFF:
            return _("You have called off your consultation about “{topic}”. Whoever was asked has been told.")
        case EndReason.MENTOR_CALLED_OFF:
            return _("Something has come up, so the talk about “{topic}” can't take place. We can look for others.")
        case EndReason.NOT_CHOSEN:
            return _("Nobody was asked about “{topic}”, so the proposals are put away. You can ask again at any time.")
        case EndReason.NOBODY:
            return _("We looked several times, but found nobody for “{topic}”. You can ask again in other words.")
        case EndReason.NO_TALK:
            return _("We haven't heard how it went with “{topic}”, so we close it here. You can ask again any time.")
        case EndReason.ASKER_GONE:
            return _("As you are not taking part just now, your consultation about “{topic}” is closed.")
        case _:
            return _("The other side can't take part any more, so the talk about “{topic}” ends here.")


def talked(consultation: Consultation) -> Message:
    """The talk was held: nothing more is open."""
    text = _("You have talked about “{topic}”. Thank you for telling us.").format(topic=consultation.topic)
    return Message(text, (Note((text,), "done"),))


def _topic_fact(consultation: Consultation, *, shown: bool) -> tuple[Block, ...]:
    return (Facts((Fact(_("Topic"), (consultation.topic,)),)),) if shown else ()


def _change_topic(id: int) -> Button:
    return Button(_("Change the topic"), actions.ChangeTopic(id))


def _call_off(consultation: Consultation) -> Buttons:
    confirm = _("Call this consultation off? We tell the person who was asked.")
    return Buttons((Button(_("Call it off"), actions.CallOff(consultation.id or 0), confirm=confirm),))


def _plain(text: str) -> Message:
    return Message(text, (Para((text,)),))
