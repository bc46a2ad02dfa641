"""The part of the home page about consultations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import _, prose
from bot.ui import Block, Button, Buttons, Heading, Para, When
from handlers.consultations import actions
from handlers.consultations.views.people import Person
from storage.models import ConsultationState


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits for the reader's answer."""

    request: int
    asker: Person
    topic: str
    reply_by: datetime


@dataclass(frozen=True, slots=True)
class Going:
    """A consultation that the reader is in."""

    consultation: int
    topic: str
    state: str


def home(waiting: Sequence[Waiting], going: Sequence[Going], *, silent: bool) -> tuple[Block, ...]:
    """What is open, and the way to something new. `silent`: requests were left without an answer too often."""
    blocks: list[Block] = [Heading(_("Consultations"))]
    for request in waiting:
        blocks += _draw_waiting(request)
    for one in going:
        blocks += (
            prose(_say_state(one.state), topic=one.topic),
            Buttons((Button(_("Show"), actions.Show(one.consultation)),)),
        )
    if silent:
        blocks += _ask_to_go_on()
    if not waiting and not going:
        blocks.append(Para((_("Is there something you would like to talk over with somebody who knows?"),)))
    return (*blocks, Buttons((Button(_("Ask for a consultation"), actions.Start()),)))


def _draw_waiting(one: Waiting) -> tuple[Block, ...]:
    text = _("{name} would like to talk about “{topic}”. Please answer by {day}.")
    return (
        prose(text, name=one.asker.mention, topic=one.topic, day=When(one.reply_by, "date")),
        Buttons((Button(_("Answer"), actions.ShowRequest(one.request), style="primary"),)),
    )


def _say_state(state: str) -> str:
    match state:
        case ConsultationState.PROPOSED:
            return _("“{topic}”: there are people you could ask.")
        case ConsultationState.ASKING:
            return _("“{topic}”: somebody has been asked.")
        case ConsultationState.SEARCHING:
            return _("“{topic}”: we are looking for somebody.")
        case _:
            return _("“{topic}”: the talk is agreed.")


def _ask_to_go_on() -> tuple[Block, ...]:
    text = _("You get no requests just now, because several went without an answer.")
    return (
        Para((text,)),
        Buttons((Button(_("Keep me"), actions.KeepMe()), Button(_("Rest a month"), actions.Rest()))),
    )
