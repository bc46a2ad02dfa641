"""An application as HR sees it: the card, its forms, and what became of it. Pure."""

from datetime import date

from bot.dates import format_month
from bot.i18n import _, current_locale, fill, ngettext
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Fact,
    Facts,
    Form,
    FormItem,
    Heading,
    Message,
    Note,
    Option,
    Para,
    Select,
    TextInput,
    When,
)
from handlers.hr.actions import Approve, AskApprove, AskDecline, Decline, OpenList, OpenPage
from handlers.hr.kinds import Case, Kind
from handlers.hr.summary import list_names
from storage.models import Application, RosterEntry

ENTRY = "entry"
REASON = "reason"
NOBODY = "0"
"""The choice that the applicant is nobody of the roster."""
LONGEST_REASON = 300
_LONGEST_LABEL = 75


def tell_case(case: Case) -> tuple[Block, ...]:
    """Who asks to be let in, and what they said."""
    return (Para((Bold(case.application.name),)), Facts(_facts(case)))


def _facts(case: Case) -> tuple[Fact, ...]:
    application = case.application
    accounts = ", ".join(_name_account(account.name, account.email) for account in case.accounts)
    rows = (
        Fact(_("Employee number"), (application.employee_number or _("not given"),)),
        Fact(_("Left in"), (_month(application.left_month),)),
        Fact(_("Account"), (accounts or _("unknown"),)),
        Fact(_("Asked on"), (When(application.created_at, "date"),)),
    )
    count = len(case.candidates)
    alike = ngettext("{n} person of the roster is alike", "{n} people of the roster are alike", count).format(n=count)
    return (*rows, Fact(_("Roster"), (alike if count else _("nobody is alike"),)))


def _name_account(name: str, address: str) -> str:
    return f"{name} <{address}>" if address else name


def _month(text: str) -> str:
    try:
        return format_month(date.fromisoformat(f"{text}-01"), current_locale())
    except ValueError:
        return text or _("not given")


def card(case: Case) -> Message:
    """An application reaches HR; likewise once it is decided, without buttons."""
    application = case.application
    summary = _("{name} asks to be let in").format(name=application.name)
    if application.state != "waiting":
        return Message(summary, (Heading(summary), *tell_case(case), Note((tell_outcome(case),), tone="done")))
    return Message(
        summary,
        (
            Heading(summary),
            *tell_case(case),
            Para((_("The roster does not confirm it. Do you know this person as a former colleague?"),)),
            decision_buttons(case, in_list=False),
        ),
    )


def overdue(case: Case) -> Message:
    """The day has passed by which the applicant was to hear."""
    summary = _("{name} is still waiting for an answer").format(name=case.application.name)
    text = _("The day that was named to them has passed. They have been told that it takes longer.")
    return Message(summary, (Heading(summary), Para((text,)), *tell_case(case), decision_buttons(case, in_list=False)))


def decision_buttons(case: Case, *, in_list: bool) -> Buttons:
    """[Approve] and [Decline…]."""
    place = (case.application.id or 0, int(in_list))
    return Buttons(
        (Button(_("Approve"), AskApprove(*place), style="primary"), Button(_("Decline…"), AskDecline(*place)))
    )


def tell_outcome(case: Case) -> str:
    """What became of a decided application, in a line."""
    match case.application.state:
        case "approved":
            return _("{who} approved.").format(who=case.decided_by)
        case "declined":
            return _("{who} declined. The reason was sent.").format(who=case.decided_by)
        case _:
            return _("Settled: the person has come in another way, or has left.")


def approve_form(case: Case, *, in_list: bool) -> Form:
    """Whom of the roster the person is, or nobody: then HR vouches for them."""
    options = [Option(str(entry.id), _label(entry)) for entry in case.candidates]
    options.append(Option(NOBODY, _("Not in the roster: I know this person")))
    likeliest = options[0].value if case.candidates and _is_sure(case.application, case.candidates[0]) else ""
    hint = _("The name, department and years of the roster are taken over; the person can change what others see.")
    return Form(
        _("Approve"),
        _("Approve"),
        Approve(case.application.id or 0, int(in_list)),
        (*_as_items(case), Select(ENTRY, _("Who of the roster is this?"), tuple(options), likeliest, hint)),
    )


def _is_sure(application: Application, entry: RosterEntry) -> bool:
    """Whether the likeliest entry may be chosen beforehand: only with the same number."""
    return application.employee_number.lstrip("0") == entry.employee_number.lstrip("0")


def _label(entry: RosterEntry) -> str:
    month = format_month(entry.left_on, current_locale())
    text = _("{name}, no. {number}, left {month}").format(name=entry.name, number=entry.employee_number, month=month)
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def decline_form(case: Case, reason: str = "", *, in_list: bool) -> Form:
    """Why not: the person reads it and may try again."""
    hint = _("The person reads this. Please write about the matter, not the person, and what would help.")
    example = _("The employee number is not in our records. Please look at your last pay slip.")
    field = TextInput(
        REASON, _("Reason"), reason, hint, example, required=True, multiline=True, max_length=LONGEST_REASON
    )
    return Form(_("Decline"), _("Decline"), Decline(case.application.id or 0, int(in_list)), (*_as_items(case), field))


def _as_items(case: Case) -> tuple[FormItem, ...]:
    return (Para((Bold(case.application.name),)), Facts(_facts(case)))


def stranger(name: str, accounts: tuple[str, ...]) -> Message:
    """Somebody says that an account was joined to theirs by somebody else."""
    summary = _("{name} says that somebody else joined an account to theirs").format(name=name)
    text = _("It has been taken off: {accounts}. Please ask who that is, and speak with {name}.")
    listed = list_names(accounts) or _("unknown")
    return Message(summary, (Heading(summary), Para(fill(text, accounts=Bold(listed), name=Bold(name)))))


def locked(name: str) -> Message:
    """Somebody's form was locked, for HR to know."""
    summary = _("{name} entered wrong codes too often").format(name=name)
    text = _(
        "The registration of {name} is locked for an hour. If you know the person, you can unlock it or give them "
        "their code; if not, there is nothing you need to do."
    )
    ways = Buttons((Button(_("Locked"), OpenList(Kind.LOCKED)), Button(_("HR's page"), OpenPage())))
    return Message(summary, (Heading(summary), Para(fill(text, name=Bold(name))), ways))
