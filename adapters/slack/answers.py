"""Speaking a reply in the answer to what caused it, and saying so kindly where that fails."""

import secrets
from collections.abc import Callable
from typing import assert_never

import structlog

from adapters.slack.limits import RenderError
from adapters.slack.places import AtHome, Desk, Place
from adapters.slack.render import Json, render_message
from adapters.slack.web import CallFailed
from bot.i18n import _, use_locale
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.ui import Message, Para, Reader

log = structlog.get_logger(__name__)

_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "timeout", "hash_conflict"})


async def speak(reply: Reply, place: Place, desk: Desk, reader: Reader) -> Json:
    """Speaks a reply where the person waits, and gives the body of the answer to Slack.

    Never fails: what was done is committed, so all that is left is to tell the person what could not be shown.
    """
    try:
        return await _speak(reply, place, desk, reader)
    except CallFailed as failure:
        too_late = failure.code in _TOO_LATE and isinstance(reply, OpenForm | FormErrors)
        log.warning("slack.answer_failed", reply=type(reply).__name__, code=failure.code, detail=failure.detail)
        return await _console(_press_again if too_late else _not_shown, place, desk, reader)
    except RenderError as error:
        log.error("slack.answer_unshowable", reply=type(reply).__name__, reason=str(error))
        return await _console(_not_shown, place, desk, reader)


async def _speak(reply: Reply, place: Place, desk: Desk, reader: Reader) -> Json:
    match reply:
        case Nothing():
            return {}
        case Private(message=message):
            return await place.show(message, reader)
        case OpenForm(form=form):
            return await place.open(form, reader)
        case FormErrors():
            return await place.correct(reply, reader)
        case ReplaceMessage(message=message):
            return await place.replace(message, reader)
        case ShowHome(message=message):
            return await _show_home(message, place, desk, reader)
        case _:
            assert_never(reply)


async def _show_home(message: Message, place: Place, desk: Desk, reader: Reader) -> Json:
    """Publishes the page; and shows it, unless the person is looking at the page."""
    await desk.publish(message, reader)
    return {} if isinstance(place, AtHome) else await place.show(message, reader)


async def _console(make: Callable[[str], Message], place: Place, desk: Desk, reader: Reader) -> Json:
    """Tells what could not be shown: where the person waits, or in the direct conversation."""
    number = secrets.token_hex(4)
    log.warning("slack.person_consoled", number=number, user=desk.user)
    with use_locale(reader.locale):
        message = make(number)
    try:
        return await place.show(message, reader)
    except CallFailed:
        return await _write(message, desk, reader, number)


async def _write(message: Message, desk: Desk, reader: Reader, number: str) -> Json:
    try:
        await desk.call("chat.postMessage", channel=desk.user, **render_message(message, reader))
    except CallFailed as failure:
        log.error("slack.nothing_shown", number=number, code=failure.code)
    return {}


def _press_again(number: str) -> Message:
    """Slack gives three seconds to open a form; nothing but another press gives new ones."""
    text = _("The form did not open in time. Could you press or send that once more?")
    return Message(text, (Para((text,)),))


def _not_shown(number: str) -> Message:
    text = _(
        "What you did was kept, but the answer could not be shown here (number {number}). "
        "Write “menu” to the bot to see how things stand."
    ).format(number=number)
    return Message(text, (Para((text,)),))
