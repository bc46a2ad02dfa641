"""HR's page and its lists. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from bot.dates import format_month
from bot.i18n import _, current_locale, fill, ngettext
from bot.ui import Block, Bold, Button, Buttons, Divider, Fact, Facts, Heading, Inline, Message, Note, Para, When
from handlers.announcements import OpenList
from handlers.hr.actions import (
    AskAdd,
    AskCorrect,
    AskGrant,
    Back,
    Revoke,
    SendAgain,
    ShowCode,
    ShowFigures,
    ShowList,
    Unlock,
)
from handlers.hr.cards import decision_buttons, tell_case
from handlers.hr.kinds import Kind, Locked, Slice
from handlers.hr.trouble import Trouble, name_message, say_why, say_why_it_waits
from storage.models import Member, RosterEntry

Word = Callable[[], str]
Blocks = tuple[Block, ...]

_TITLES: Mapping[Kind, Word] = {
    Kind.WAITING: lambda: _("Waiting for approval"),
    Kind.HAND_OVER: lambda: _("Invitations to hand over"),
    Kind.TROUBLED: lambda: _("Not delivered"),
    Kind.LOCKED: lambda: _("Locked for wrong codes"),
    Kind.HALF_WAY: lambda: _("In the workspace, not registered"),
    Kind.INVITED: lambda: _("Invited, not come yet"),
    Kind.JOINED: lambda: _("Registered"),
    Kind.ROLES: lambda: _("HR role"),
}

_BUTTONS: Mapping[Kind, Word] = {
    Kind.WAITING: lambda: _("Approvals"),
    Kind.HAND_OVER: lambda: _("Hand over"),
    Kind.TROUBLED: lambda: _("Not delivered"),
    Kind.LOCKED: lambda: _("Locked"),
    Kind.HALF_WAY: lambda: _("Half way"),
    Kind.INVITED: lambda: _("Not come yet"),
    Kind.JOINED: lambda: _("Registered"),
    Kind.ROLES: lambda: _("HR role"),
}

_EMPTY: Mapping[Kind, Word] = {
    Kind.WAITING: lambda: _("Nobody waits for approval."),
    Kind.HAND_OVER: lambda: _("There is no invitation to hand over."),
    Kind.TROUBLED: lambda: _("Everything of the last 30 days was delivered."),
    Kind.LOCKED: lambda: _("Nobody is locked."),
    Kind.HALF_WAY: lambda: _("Everybody in the workspace is registered."),
    Kind.INVITED: lambda: _("Everybody who was invited has come."),
    Kind.JOINED: lambda: _("Nobody is registered yet."),
    Kind.ROLES: lambda: _("Nobody has the role."),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, and what this installation can do."""

    me: int
    mail_is_on: bool


def page(counts: Mapping[Kind, int], *, note: str = "") -> Message:
    """HR's page: what waits, and the way to each list that has somebody in it."""
    shown = [kind for kind in _TITLES if counts[kind]]
    facts = tuple(Fact(_TITLES[kind](), (_count(kind, counts[kind]),)) for kind in shown)
    ways = [Button(_BUTTONS[kind](), ShowList(kind, 0), style=_style(kind)) for kind in shown]
    return Message(
        _("HR's page"),
        (
            Heading(_("HR's page")),
            *_note(note),
            Facts(facts) if facts else Para((_("Nobody is here yet. Import your list of leavers, or add one."),)),
            *(Buttons(tuple(ways[start : start + 4])) for start in range(0, len(ways), 4)),
            Buttons(
                (
                    Button(_("Announcements"), OpenList()),
                    Button(_("Add a leaver"), AskAdd()),
                    Button(_("Figures"), ShowFigures()),
                )
            ),
        ),
    )


def _style(kind: Kind) -> Any:
    return "primary" if kind is Kind.WAITING else "default"


def _count(kind: Kind, number: int) -> str:
    if kind is Kind.TROUBLED:
        return ngettext("{n} message", "{n} messages", number).format(n=number)
    return ngettext("{n} person", "{n} people", number).format(n=number)


def _note(text: str) -> Blocks:
    return (Note((text,), tone="done"),) if text else ()


def draw_list(part: Slice, reading: Reading, *, note: str = "") -> Message:
    """One page of a list. `note` says what was just done."""
    title = _TITLES[part.kind]()
    rows = [_draw(part, person, reading) for person in part.people]
    body = tuple(block for row in rows for block in row)
    return Message(
        title,
        (
            Heading(title),
            *_note(note),
            *(body or (Para((_EMPTY[part.kind](),)),)),
            *_page_number(part),
            Buttons(_ways(part)),
        ),
    )


def _page_number(part: Slice) -> Blocks:
    if part.pages < 2:
        return ()
    text = _("Page {page} of {pages}").format(page=part.page + 1, pages=part.pages)
    return (Note((f"{text} · {_count(part.kind, part.total)}",)),)


def _ways(part: Slice) -> tuple[Button, ...]:
    before = (Button(_("Before"), ShowList(part.kind, part.page - 1)),) if part.page else ()
    after = (Button(_("Next"), ShowList(part.kind, part.page + 1)),) if part.page + 1 < part.pages else ()
    grant = (Button(_("Give the role…"), AskGrant()),) if part.kind is Kind.ROLES else ()
    return (*before, *after, *grant, Button(_("Back"), Back()))


def _draw(part: Slice, person: Any, reading: Reading) -> Blocks:
    match part.kind:
        case Kind.WAITING:
            return (*tell_case(person), decision_buttons(person, in_list=True), Divider())
        case Kind.HAND_OVER | Kind.INVITED:
            return _draw_entry(part, person, reading)
        case Kind.TROUBLED:
            return _draw_trouble(part, person, reading)
        case Kind.LOCKED:
            return _draw_locked(person)
        case Kind.HALF_WAY:
            return _draw_half_way(person)
        case Kind.JOINED:
            return _draw_joined(person)
        case Kind.ROLES:
            return _draw_role(person, reading)
        case _:
            assert_never(part.kind)


def _line(name: str, sentence: str, **holes: Inline) -> Para:
    return Para((Bold(name), "\n", *fill(sentence, **holes)))


def _draw_entry(part: Slice, entry: RosterEntry, reading: Reading) -> Blocks:
    if entry.invited_at is None:
        line = _line(entry.name, _("Left in {month}, not invited"), month=format_month(entry.left_on, current_locale()))
    else:
        line = _line(entry.name, _("Invited on {day}"), day=When(entry.invited_at, "date"))
    return (line, Buttons(_entry_buttons(part, entry, reading)))


def _entry_buttons(part: Slice, entry: RosterEntry, reading: Reading) -> tuple[Button, ...]:
    id, place = entry.id or 0, (part.kind.value, part.page)
    label = _("Send") if entry.invited_at is None else _("Send again")
    send = (Button(label, SendAgain(id, entry.code_serial, *place)),) if reading.mail_is_on and entry.email else ()
    return (*send, Button(_("Show code"), ShowCode(id)), Button(_("Correct…"), AskCorrect(id, *place)))


def _name_state(trouble: Trouble) -> str:
    if trouble.waits_since is not None:
        return _("Still being tried: {what}")
    return _("Uncertain: {what}") if trouble.is_uncertain else _("Not delivered: {what}")


def _draw_trouble(part: Slice, trouble: Trouble, reading: Reading) -> Blocks:
    name = trouble.name or _("Several people")
    what = _name_state(trouble).format(what=name_message(trouble.key))
    why = say_why_it_waits(trouble.reason) if trouble.waits_since else say_why(trouble.reason)
    line = Para((Bold(name), "\n", what, "\n", why))
    if trouble.entry is None:
        return (line,)
    return (line, Buttons(_entry_buttons(part, trouble.entry, reading)))


def _draw_locked(locked: Locked) -> Blocks:
    line = _line(locked.member.name, _("Locked until {time}"), time=When(locked.until, "time"))
    return (line, Buttons((Button(_("Unlock"), Unlock(locked.account.id or 0)),)))


def _draw_half_way(member: Member) -> Blocks:
    since = When(member.created_at, "date")
    if member.registration_step:
        return (_line(member.name, _("Confirmed; the registration has not been finished since {day}"), day=since),)
    return (_line(member.name, _("Has not begun the registration since {day}"), day=since),)


def _draw_joined(member: Member) -> Blocks:
    at = member.activated_at or member.created_at
    return (_line(member.name, _("Registered on {day}"), day=When(at, "date")),)


def _draw_role(member: Member, reading: Reading) -> Blocks:
    if member.id == reading.me:
        return (_line(member.name, _("That is you")),)
    confirm = _("Take the HR role back from {name}?").format(name=member.name)
    button = Button(_("Take back"), Revoke(member.id or 0), style="danger", confirm=confirm)
    return (_line(member.name, member.department or _("Employee")), Buttons((button,)))


def show_code(entry: RosterEntry, code: str) -> Message:
    """The code for HR to hand over; shown to the one who asked only."""
    text = _("The invitation code of {name}").format(name=entry.name)
    expires = fill(_("Good until {day}."), day=When(entry.code_expires_at, "date")) if entry.code_expires_at else ()
    return Message(
        text,
        (
            Heading(text),
            Facts((Fact(_("Invitation code"), (Bold(code),)),)),
            Para((*expires, "\n", _("It works once. Please give it to this person only."))),
            Note((_("That you looked at this code has been noted."),)),
        ),
    )
