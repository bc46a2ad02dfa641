"""The forms of a relayed room."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n import _, prose
from bot.ui import Form, Note, Option, Select, TextInput
from handlers.rooms import actions
from handlers.rooms.views import Room

LONGEST_REPLY = 3000
"""Characters of a text field on Slack."""

LONGEST_NOTE = 300
_LABEL = 75


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that can be reported: its id, and how it begins."""

    id: int
    text: str


def reply_form(room: Room, key: str, text: str = "") -> Form:
    """[Reply]."""
    return Form(
        _("Reply"),
        _("Send"),
        actions.Send(room.id, key),
        (
            prose(_("To {name}, about “{topic}”"), name=room.names, topic=room.topic),
            TextInput("text", _("Your message"), text, multiline=True, max_length=LONGEST_REPLY),
        ),
    )


def report_form(room_id: int, messages: Sequence[Quoted], chosen: int, note: str = "") -> Form:
    """[Report]: which message, and what is wrong with it."""
    options = tuple(Option(str(message.id), _shorten(message.text)) for message in messages)
    known = [option.value for option in options]
    value = str(chosen) if str(chosen) in known else known[0]
    hint = _("HR reads this one message and nothing else of the conversation.")
    return Form(
        _("Report to HR"),
        _("Report"),
        actions.Reported(room_id),
        (
            Select("message", _("Which message?"), options, value, hint),
            TextInput(
                "note", _("What is wrong with it?"), note, multiline=True, max_length=LONGEST_NOTE, required=False
            ),
            Note((_("We tell you what HR decides."),)),
        ),
    )


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LABEL else line[: _LABEL - 1] + "…"
