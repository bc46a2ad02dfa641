"""The short forms: cancelling an event, marking who is there, and the three questions afterwards."""

from collections.abc import Sequence

from bot.i18n import _
from bot.ui import Checkboxes, Form, Note, Option, Para, Select, TextInput
from handlers.events import actions

REASON = 300
"""Characters that HR can write to those who hear that an event is cancelled."""


def cancel_form(action: actions.Cancel, title: str, people: int, reason: str = "") -> Form:
    """Cancelling: who is told, and what HR would like to say with it."""
    told = _("Those who signed up are told at once: {n}. It can't be undone.").format(n=people)
    nobody = _("Nobody has signed up, so nobody is told. It can't be undone.")
    return Form(
        _("Cancel the event"),
        _("Cancel the event"),
        action,
        (
            Para((title,)),
            Note((told if people else nobody,)),
            TextInput(
                "reason",
                _("A word to them"),
                reason,
                hint=_("They read it as it stands."),
                required=False,
                multiline=True,
                max_length=REASON,
            ),
        ),
    )


LIKED = ("talk", "people", "place", "time")
WISHED = ("again", "small", "online", "topic")


def say_liked() -> dict[str, str]:
    """What can have been good."""
    return {
        "talk": _("What it was about"),
        "people": _("Meeting people"),
        "place": _("The place, and how it was run"),
        "time": _("Day and time"),
    }


def say_wished() -> dict[str, str]:
    """What can come next."""
    return {
        "again": _("The same again"),
        "small": _("A smaller circle"),
        "online": _("Online"),
        "topic": _("Another topic"),
    }


def opinion_form(action: actions.Opinion, title: str) -> Form:
    """The three questions, all to be answered by choosing."""
    scale = (
        Option("5", _("5: very")),
        Option("4", _("4: quite")),
        Option("3", _("3: so-so")),
        Option("2", _("2: little")),
        Option("1", _("1: not at all")),
    )
    return Form(
        _("How was it?"),
        _("Send"),
        action,
        (
            Para((title,)),
            Select("useful", _("Was it worth your time?"), scale),
            Checkboxes("liked", _("What was good?"), tuple(Option(*one) for one in say_liked().items())),
            Checkboxes("wished", _("What would you like next?"), tuple(Option(*one) for one in say_wished().items())),
            Note((_("HR sees how often each was chosen, and nothing below five people. Nobody sees who said what."),)),
        ),
    )


BOX = 10
"""So many people stand in one field: no platform shows more boxes in it."""
BOXES = 3


def attendance_form(action: actions.Mark, title: str, people: Sequence[tuple[int, str, bool]], pages: int) -> Form:
    """A page of those who come, ticked who is there: member, name, and whether they are marked."""
    fields = tuple(_make_box(number // BOX, people[number : number + BOX]) for number in range(0, len(people), BOX))
    is_last = action.page + 1 >= pages
    page = _("Page {page} of {pages}").format(page=action.page + 1, pages=pages)
    head = (Para((title,)), *((Note((page,)),) if pages > 1 else ()))
    return Form(_("Attendance"), _("Save") if is_last else _("Save and go on"), action, (*head, *fields))


def _make_box(number: int, people: Sequence[tuple[int, str, bool]]) -> Checkboxes:
    options = tuple(Option(str(id), name[:75]) for id, name, _came in people)
    ticked = tuple(str(id) for id, _name, came in people if came)
    return Checkboxes(f"came{number}", _("Who is there"), options, ticked)
