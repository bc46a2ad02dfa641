"""What the person asked sees: the request, its end, and the question after several requests without an answer."""

from datetime import datetime

from bot.i18n import _, fill, ngettext
from bot.ui import Block, Button, Buttons, Chips, Fact, Facts, Heading, Inline, Message, Note, Para, Quote, When
from handlers.actions import OpenHome
from handlers.consultations import actions
from handlers.consultations.views.careful import Workplaces, be_careful
from handlers.consultations.views.people import Person, as_summary, list_topics, say_language, say_timing
from storage.models import Consultation, ConsultationRequest, RequestState, Role


def request_card(
    consultation: Consultation, request: ConsultationRequest, asker: Person, *, reminds: bool = False
) -> Message:
    """A request that waits for an answer; with `reminds`, once more."""
    text = _asking_text(consultation, asker)
    heading = _("A request is waiting for your answer") if reminds else _("Somebody would like to talk with you")
    return Message(
        as_summary(text),
        (
            Heading(heading),
            Para(text),
            Quote(consultation.aim),
            _facts(consultation, request),
            *_topics(request),
            *_suggested(request),
            _answers(request.id or 0),
        ),
    )


def _asking_text(consultation: Consultation, asker: Person) -> tuple[Inline, ...]:
    department = asker.card.department
    if not department:
        return fill(_("{name} would like to talk about “{topic}”."), name=asker.mention, topic=consultation.topic)
    if asker.card.role is Role.EMPLOYEE:
        text = _("{name} of {department} would like to talk about “{topic}”.")
    else:
        text = _("{name}, formerly of {department}, would like to talk about “{topic}”.")
    return fill(text, name=asker.mention, department=department, topic=consultation.topic)


def _facts(consultation: Consultation, request: ConsultationRequest) -> Facts:
    talk = _("About 30 minutes, {language}").format(language=say_language(consultation.language))
    return Facts(
        (
            Fact(_("Talk"), (talk,)),
            Fact(_("When"), (say_timing(consultation.timing),)),
            Fact(_("Please answer"), fill(_("by {day}"), day=When(request.reply_by, "date"))),
        )
    )


def _topics(request: ConsultationRequest) -> tuple[Block, ...]:
    topics = list_topics(request.reasons)
    return (Chips(topics),) if topics else ()


def _suggested(request: ConsultationRequest) -> tuple[Block, ...]:
    if not any(reason.get("kind") == "suggested" for reason in request.reasons):
        return ()
    return (Note((_("Another member suggested you for this."),)),)


def _answers(id: int) -> Buttons:
    return Buttons(
        (
            Button(_("Accept"), actions.Accept(id), style="primary"),
            Button(_("Not this time…"), actions.Decline(id)),
            Button(_("Suggest someone"), actions.Suggest(id)),
        )
    )


def moved_on() -> Message:
    """What stands in place of the buttons of a card that a newer one has followed."""
    text = _("This has moved on: please see the newer message below.")
    return Message(text, (Note((text,)),))


def request_closed(state: str, *, rests: bool = False) -> Message:
    """A request that needs no answer any more. What the asker wrote is not shown again."""
    text = _closed_text(state)
    buttons = (Buttons((Button(_("Rest a month"), actions.Rest()),)),) if rests else ()
    return Message(text, (Note((text,), "done" if state in _ANSWERED else "quiet"), *buttons))


_ANSWERED = (RequestState.DECLINED, RequestState.SUGGESTED)


def _closed_text(state: str) -> str:
    match state:
        case RequestState.DECLINED:
            return _("Thank you for your answer. We ask somebody else, and say only that it doesn't suit this time.")
        case RequestState.SUGGESTED:
            return _("Thank you for the suggestion. If the person is a member and takes requests, we ask them next.")
        case RequestState.EXPIRED:
            return _("The day for an answer has passed, so we have turned to somebody else. Perhaps another time.")
        case _:
            return _("This request has been taken back. You don't need to do anything.")


def accepted(consultation: Consultation, asker: Person, at: datetime, places: Workplaces) -> Message:
    """Thanks to who accepted at `at`, and what not to talk about."""
    thanks = _("You accepted to talk with {name} about “{topic}” on {at}. Thank you.")
    summary = _("You accepted to talk with {name}. Thank you.").format(name=asker.name)
    return Message(
        summary,
        (
            Heading(_("Before you talk")),
            be_careful(places),
            Quote(consultation.aim),
            Note(fill(thanks, name=asker.mention, topic=consultation.topic, at=When(at)), "done"),
        ),
    )


# After several requests without an answer


def keep_asking(count: int) -> Message:
    """Asks whether to go on, because several requests in a row got no answer."""
    text = ngettext(
        "{n} request has gone without an answer. That is quite all right: until you choose, we send you no more.",
        "{n} requests have gone without an answer. That is quite all right: until you choose, we send you no more.",
        count,
    ).format(n=count)
    return Message(
        _("Shall we go on asking you?"),
        (
            Heading(_("Shall we go on asking you?")),
            Para((text,)),
            Buttons(
                (
                    Button(_("Keep me"), actions.KeepMe()),
                    Button(_("Rest a month"), actions.Rest()),
                    Button(_("Stop"), actions.Stop()),
                )
            ),
        ),
    )


def kept() -> Message:
    """Requests come again."""
    return _settled(_("Thank you. We will ask you again when somebody's topic fits."))


def resting(until: datetime) -> Message:
    """No requests for a month."""
    text = _("You get no requests until {day}. After that we will ask you again.")
    summary = _("You get no requests for a month.")
    return Message(summary, (Note(fill(text, day=When(until, "date")), "done"),))


def stopped() -> Message:
    """No requests any more."""
    text = _("You get no more requests. You can change this in your profile at any time. Thank you for your help.")
    return Message(text, (Note((text,), "done"), Buttons((Button(_("Home"), OpenHome()),))))


def _settled(text: str) -> Message:
    return Message(text, (Note((text,), "done"),))


# To HR, only when the person asked wrote it for HR


def line_for_hr(name: str, line: str) -> Message:
    """What somebody who was asked for a consultation wants HR to know. Nothing about the request itself."""
    text = _("{name}, who was asked for a consultation, wants you to know this:").format(name=name)
    return Message(text, (Para((text,)), Quote(line)))
