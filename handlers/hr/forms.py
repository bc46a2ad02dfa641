"""The forms for a leaver and for the HR role. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.i18n import _, prose
from bot.incoming import FormValues
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    DateInput,
    Field,
    Form,
    Heading,
    Message,
    Note,
    Option,
    Para,
    Select,
    TextInput,
    When,
)
from handlers.hr.actions import Add, Back, Correct, Grant, OpenPage, SearchEmployee
from handlers.roster import Column, Problem, describe
from storage.models import Member, RosterEntry

WHO = "who"
COLUMNS = (
    Column.NUMBER,
    Column.NAME,
    Column.KANA,
    Column.LEFT,
    Column.EMAIL,
    Column.DEPARTMENT,
    Column.JOINED,
    Column.LANGUAGE,
)


def read_cells(values: FormValues) -> dict[Column, str]:
    """What the form says, as a row of a list would."""
    return {column: values.text(column) for column in COLUMNS}


def tell_cells(entry: RosterEntry) -> dict[Column, str]:
    """What the roster says, as the form shows it."""
    return {column: str(getattr(entry, column) or "") for column in COLUMNS}


def add_form(cells: Mapping[Column, str]) -> Form:
    """A leaver who is not in a list."""
    return Form(_("Add a leaver"), _("Add"), Add(), _fields(cells))


def correct_form(cells: Mapping[Column, str], action: Correct) -> Form:
    """What the roster says of a leaver; the employee number stays."""
    return Form(_("Correct"), _("Save"), action, _fields(cells)[1:])


def _fields(cells: Mapping[Column, str]) -> tuple[Field, ...]:
    def text(column: Column, label: str, *, hint: str = "", example: str = "", required: bool = False) -> TextInput:
        return TextInput(column, label, cells.get(column, ""), hint, example, required)

    return (
        text(Column.NUMBER, _("Employee number"), required=True),
        text(Column.NAME, _("Full name"), required=True),
        text(Column.KANA, _("Reading (katakana)")),
        DateInput(Column.LEFT, _("Last day"), _day(cells.get(Column.LEFT, ""))),
        text(
            Column.EMAIL,
            _("Private mail address"),
            hint=_("The invitation goes there on the last day. Without one, you hand it over."),
        ),
        text(Column.DEPARTMENT, _("Department")),
        DateInput(Column.JOINED, _("Joining date"), _day(cells.get(Column.JOINED, "")), required=False),
        Select(
            Column.LANGUAGE,
            _("Language of the invitation"),
            _languages(),
            cells.get(Column.LANGUAGE, ""),
            required=False,
        ),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _languages() -> tuple[Option, ...]:
    return (Option("ja", "日本語"), Option("en", "English"))


def explain_problems(problems: Sequence[Problem]) -> dict[str, str]:
    """The problems beside their fields, the first of each."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.column or Column.NUMBER, describe(problem))
    return found


def entered(entry: RosterEntry, invitation_at: datetime | None, *, by_mail: bool) -> Message:
    """A leaver is in the roster: what happens next."""
    summary = _("{name} is in the roster").format(name=entry.name)
    if by_mail and invitation_at is not None:
        line = prose(_("The invitation goes out by mail on {day}."), day=When(invitation_at))
    else:
        line = Para((_("From the last day on you find the invitation code under “Hand over”."),))
    return Message(summary, (Heading(summary), line, Buttons((Button(_("HR's page"), OpenPage()),))))


def corrected(entry: RosterEntry, invitation_at: datetime | None, *, by_mail: bool) -> str:
    """What a correction brought, in a line."""
    if by_mail and invitation_at is not None:
        return _("Saved. {name} is invited by mail, with a new code.").format(name=entry.name)
    return _("Saved what you entered about {name}.").format(name=entry.name)


def grant_form(who: str = "") -> Form:
    """To whom the HR role goes."""
    hint = _("Name, or mail address at the company. You will see whom you have found before anything happens.")
    return Form(_("HR role"), _("Search"), SearchEmployee(), (TextInput(WHO, _("Who?"), who, hint),))


def found(people: Sequence[Member], most: int) -> Message:
    """Employees who fit; the role goes to the one whose button is pressed."""
    summary = _("Give the HR role to whom?")
    blocks = [block for member in people[:most] for block in _draw_employee(member)]
    more = (Note((_("There are more. Please search by mail address."),)),) if len(people) > most else ()
    explain = Para(
        (_("Whoever has the role sees the roster and decides who comes in. Everybody with the role is told."),)
    )
    return Message(
        summary, (Heading(summary), explain, *blocks, *more, Buttons((Button(_("Give it to nobody"), Back()),)))
    )


def _draw_employee(member: Member) -> tuple[Block, ...]:
    if member.is_hr:
        return (Para((Bold(member.name), "\n", _("Has the role already"))),)
    line = Para((Bold(member.name), "\n", member.department or member.job or _("Employee")))
    return (line, Buttons((Button(_("Give"), Grant(member.id or 0), style="primary"),)))


def role_given(name: str, by: str) -> Message:
    """Everybody in HR, and the person, hear of it."""
    summary = _("{name} now has the HR role").format(name=name)
    text = _("{by} gave it. Type “hr” for HR's page.").format(by=by)
    return Message(summary, (Para((summary + "\n" + text,)), Buttons((Button(_("HR's page"), OpenPage()),))))


def role_taken(name: str, by: str) -> Message:
    """Everybody in HR, and the person, hear of it."""
    summary = _("{name} no longer has the HR role").format(name=name)
    return Message(summary, (Para((summary + "\n" + _("{by} took it back.").format(by=by),)),))
