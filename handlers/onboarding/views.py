"""What somebody reads on the way in. Pure: values in, messages and forms out, in the current language."""

from datetime import datetime

from bot.i18n import _, fill, ngettext, prose
from bot.policy import Policy
from bot.ui import Block, Button, Buttons, Form, FormItem, Message, Note, Para, Quote, TextInput, When
from handlers.actions import OpenHome, Register
from handlers.names import community_name, company_name
from handlers.onboarding.actions import Choose, EnterCode, Identify, TellAbout
from handlers.onboarding.rules import Gap, Identity, Verdict
from handlers.profile import Frame, WriteNews

_LONGEST = 100


def identify_form(identity: Identity, policy: Policy, *, code_only: bool = False) -> Form:
    """Step 1. `code_only`: the rest is with HR already."""
    code = TextInput(
        "code",
        _("Invitation code"),
        identity.code,
        hint=_("Eight letters and digits, from your invitation."),
        example="7K3M-XA4P",
        required=code_only,
        max_length=_LONGEST,
    )
    rest = () if code_only else _employment_fields(identity, policy)
    return Form(_("Who are you (1/3)"), _("Next"), Identify(), (code, *rest))


def _employment_fields(identity: Identity, policy: Policy) -> tuple[FormItem, ...]:
    return (
        Note((_("No code at hand? Then leave it empty and fill in the three fields below."),)),
        TextInput("number", _("Employee number"), identity.number, required=False, max_length=_LONGEST),
        TextInput(
            "name",
            _("Name"),
            identity.name,
            hint=_("As {company} knew you.").format(company=company_name(policy)),
            required=False,
            max_length=_LONGEST,
        ),
        TextInput(
            "left",
            _("Month of leaving"),
            identity.left,
            example=_("March 2026"),
            required=False,
            max_length=_LONGEST,
        ),
    )


def about_frame() -> Frame:
    """Step 2."""
    return Frame(_("About you (2/3)"), _("Next"), TellAbout())


def choices_frame() -> Frame:
    """Step 3."""
    return Frame(_("Your choices (3/3)"), _("Register"), Choose())


def explain_gap(gap: Gap) -> str:
    """The sentence beside a field that is missing or unreadable."""
    match gap:
        case Gap.NOTHING:
            return _("Please enter your code or, without one, your employee number, name and month of leaving.")
        case Gap.MISSING:
            return _("Without a code we need this as well.")
        case Gap.UNREADABLE:
            return _("We couldn't read this as a month. Please write it like this: 2026-03")


def explain_verdict(verdict: Verdict, left: int, *, code_only: bool) -> str:
    """The sentences beside a code that lets nobody in. They tell nothing about whose code it may be."""
    cause = _name_cause(verdict, left).format(n=left)
    if code_only:
        return cause
    hint = _("If you don't have your code at hand, your employee number will do as well.")
    return _("{cause} {hint}").format(cause=cause, hint=hint)


def _name_cause(verdict: Verdict, left: int) -> str:
    match verdict:
        case Verdict.EXPIRED:
            return ngettext(
                "The last day of this code has passed; HR can give you a new one ({n} more try).",
                "The last day of this code has passed; HR can give you a new one ({n} more tries).",
                left,
            )
        case Verdict.USED:
            return ngettext(
                "This code has been used, and each works once ({n} more try).",
                "This code has been used, and each works once ({n} more tries).",
                left,
            )
        case _:
            return ngettext(
                "This code doesn't match. Please check the digit 0 and the letter O ({n} more try).",
                "This code doesn't match. Please check the digit 0 and the letter O ({n} more tries).",
                left,
            )


def locked(until: datetime, policy: Policy) -> Message:
    """After too many wrong codes."""
    text = ngettext(
        "{n} code within an hour didn't match, so the form rests for a while.",
        "{n} codes within an hour didn't match, so the form rests for a while.",
        policy.code_tries,
    ).format(n=policy.code_tries)
    return Message(
        text,
        (
            Para((text,)),
            prose(_("You can try again from {time}."), time=When(until)),
            Note((_("We have told HR, who can help you with a new code."),)),
        ),
    )


def waiting(by: datetime | None, *, just_filed: bool) -> Message:
    """HR has to look. `by`: when the person hears from us, None once no further day was named."""
    first = (
        _("Thank you. These details aren't in HR's list yet, so somebody there will have a look.")
        if just_filed
        else _("HR is looking at the details you gave us.")
    )
    return Message(
        first,
        (
            Para((first,)),
            _promise(by),
            Note((_("If you find your invitation code, you can enter it at any time."),)),
            Buttons((Button(_("Enter a code"), EnterCode()),)),
        ),
    )


def _promise(by: datetime | None) -> Para:
    if by is None:
        return Para((_("Your details are kept. If it is urgent, please write to HR directly."),))
    return prose(_("You will hear from us here by {day}."), day=When(by, "date"))


def still_waiting(name: str, by: datetime | None) -> Message:
    """The day has passed without an answer. `by`: the next one, None when there is none."""
    first = _("{name}, HR hasn't come to your registration yet. We're sorry to keep you waiting.").format(name=name)
    return Message(first, (Para((first,)), _promise(by), Buttons((Button(_("Enter a code"), EnterCode()),))))


def approved(name: str) -> Message:
    """HR has said yes; two forms are left."""
    text = _("{name}, HR has confirmed who you are. Two short forms are left; they take a minute.").format(name=name)
    return Message(text, (Para((text,)), Buttons((Button(_("Continue"), Register(), style="primary"),))))


def declined(name: str, reason: str) -> Message:
    """HR could not confirm the registration, and why; the way back is open."""
    text = _("{name}, HR couldn't confirm your registration with the details you gave.").format(name=name)
    why: tuple[Block, ...] = (Note((_("What HR writes:"),)), Quote(reason)) if reason else ()
    return Message(
        text,
        (
            Para((text,)),
            *why,
            Para((_("You can send them once more, or use your invitation code."),)),
            Buttons((Button(_("Try again"), Register(), style="primary"),)),
        ),
    )


def completed(policy: Policy) -> Message:
    """The last page of the forms."""
    text = _("Your registration with {community} is done. Thank you.").format(community=community_name(policy))
    return Message(
        text,
        (
            Note((text,), "done"),
            Para((_("We have sent you a message with what you can do next."),)),
            Buttons((Button(_("Home"), OpenHome()),)),
        ),
    )


def greeted(name: str, capacity: int, policy: Policy) -> Message:
    """The first message to a new member. `capacity`: how many consultations a month they take; 0 for none."""
    text = _("{name}, it's good to have you in {community}.").format(name=name, community=community_name(policy))
    lines = [text]
    if capacity:
        lines.append(
            ngettext(
                "When somebody would like your advice, we'll ask you here, at most {n} time a month.",
                "When somebody would like your advice, we'll ask you here, at most {n} times a month.",
                capacity,
            ).format(n=capacity)
        )
    lines.append(_("How are you these days? A line of news is what old colleagues like best."))
    return Message(
        text,
        (
            Para(("\n".join(lines),)),
            Buttons((Button(_("Share news"), WriteNews(), style="primary"), Button(_("Home"), OpenHome()))),
            Note(fill(_("Home is always there: write “{word}”."), word=_("menu"))),
        ),
    )
