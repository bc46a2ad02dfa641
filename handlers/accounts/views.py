"""What a person reads about their accounts. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.dispatcher import OpenCommand
from bot.i18n import _, fill, prose
from bot.policy import Policy
from bot.ui import Block, Bold, Button, Buttons, Form, Heading, Message, Note, Para, TextInput, When
from handlers.accounts.actions import AskCode, Join, MakeCode, Prefer, TakeApart
from handlers.accounts.rules import Verdict
from handlers.actions import OpenHome, Register
from handlers.names import PLATFORMS, community_name
from storage.models import Account, AccountJoin

CODE = "code"
_LONGEST = 100
_SHOWN = 8
"""Accounts on the page, the newest: with their buttons they fit into a message on every platform."""


def name_account(account: Account) -> str:
    """The platform, and by what the person knows the account there."""
    if account.platform == "email":
        return _("Mail: {address}").format(address=account.external_id)
    platform = PLATFORMS.get(account.platform, account.platform)
    name = ", ".join(filter(None, (account.name, account.email)))
    return _("{platform}: {name}").format(platform=platform, name=name or account.external_id)


def page(mine: Sequence[Account], best: Account | None, joins: Sequence[AccountJoin]) -> Message:
    """All accounts of a member; `best` is the one that messages go to."""
    title = _("Your accounts")
    joined = {id: join.id or 0 for join in joins for id in join.account_ids}
    rows = [
        block for account in mine[-_SHOWN:] for block in _row(account, best, joined.get(account.id or 0), len(mine) > 1)
    ]
    intro = _("With several accounts you are still one person here: one profile, the same conversations everywhere.")
    ways = Buttons(
        (
            Button(_("Join another account"), MakeCode(), style="primary"),
            Button(_("Enter a code"), AskCode()),
            Button(_("Home"), OpenHome()),
        )
    )
    return Message(title, (Heading(title), Para((intro,)), *rows, ways))


def _row(account: Account, best: Account | None, join: int | None, is_one_of_many: bool) -> list[Block]:
    gets_messages = best is not None and best.id == account.id
    buttons: list[Button] = []
    if is_one_of_many and account.reachable and not gets_messages:
        buttons.append(Button(_("Send messages here"), Prefer(account.id or 0)))
    if join is not None:
        sure = _("Take this account apart from your membership? Your profile and conversations stay.")
        buttons.append(Button(_("Take apart"), TakeApart(join, 0), confirm=sure))
    lines: list[Block] = [Para((Bold(name_account(account)),))]
    if gets_messages:
        lines.append(Note((_("Messages come here"),), "done"))
    elif not account.reachable:
        lines.append(Note((_("Takes no messages at the moment."),)))
    return [*lines, *([Buttons(tuple(buttons))] if buttons else [])]


def outside(policy: Policy) -> Message:
    """For somebody who is not registered at this account, and may be at another one."""
    text = _("Are you with {community} at another account already? Then there is no need to register again.").format(
        community=community_name(policy)
    )
    how = _("Write “{word}” there, make a code with “{button}”, and enter it here.")
    return Message(
        text,
        (
            Para((text,)),
            prose(how, word=_("account"), button=_("Join another account")),
            Buttons((Button(_("Enter a code"), AskCode(), style="primary"), Button(_("Register"), Register()))),
        ),
    )


def code(text: str, until: datetime, policy: Policy) -> Message:
    """A new code, and what to do with it."""
    title = _("Join another account")
    how = _("In your other account write this to {community}, or enter the code where it asks for an invitation code:")
    careful = _("It works once. Please don't pass it on: whoever enters it takes part here in your name.")
    return Message(
        title,
        (
            Heading(title),
            Para((how.format(community=community_name(policy)),)),
            Para((Bold(_("account {code}").format(code=text)),)),
            prose(_("The code is good until {time}."), time=When(until)),
            Note((careful,)),
            Buttons((Button(_("Accounts"), OpenCommand("alumni account", "")), Button(_("Home"), OpenHome()))),
        ),
    )


def code_form(text: str = "") -> Form:
    """Where the code is entered."""
    field = TextInput(
        CODE,
        _("Code"),
        text,
        hint=_("Eight letters and digits, made a few minutes ago at your other account."),
        example="7K3M-XA4P",
        max_length=_LONGEST,
    )
    return Form(_("Join this account"), _("Join"), Join(), (field,))


def explain(verdict: Verdict) -> str:
    """The sentence beside a code that joins nothing."""
    match verdict:
        case Verdict.EXPIRED:
            return _("The time of this code has passed. Please make a new one at your other account.")
        case Verdict.USED:
            return _("This code has been used, and each works once. You can make a new one at your other account.")
        case _:
            return _("This code doesn't match. Please look at it once more, or make a new one at your other account.")


def wrong(sentence: str) -> Message:
    """The same, to a code that was written in a message."""
    return Message(sentence, (Para((sentence,)), Buttons((Button(_("Enter a code"), AskCode()),))))


def locked(until: datetime, policy: Policy) -> Message:
    """After too many wrong codes."""
    text = _("Too many codes didn't match, so the form rests for a while.")
    return Message(text, (Para((text,)), prose(_("You can try again from {time}."), time=When(until))))


def yours_already() -> Message:
    """The code was made by the same person's account."""
    text = _("This account is yours already. Please enter the code at the account that you would like to join.")
    return _with_home(text)


def two_memberships(policy: Policy) -> Message:
    """Both accounts have something that must not get lost."""
    text = _(
        "This account has a membership of its own in {community}, with a profile, a registration or conversations. "
        "So that nothing gets lost, the two stay apart."
    ).format(community=community_name(policy))
    note = _("You can go on with both, or take a break with the one you don't need: its home page has a button for it.")
    return Message(text, (Para((text,)), Note((note,)), Buttons((Button(_("Home"), OpenHome()),))))


def joined(name: str, join: int, account: Account, to: Account, policy: Policy) -> Message:
    """At the account that has just been joined."""
    text = _("{name}, this account is now yours in {community}.").format(name=name, community=community_name(policy))
    where = _("Messages go on coming to you at {account}.")
    return Message(
        text,
        (
            Note((text,), "done"),
            Para(fill(where, account=Bold(name_account(to)))),
            Buttons(
                (
                    Button(_("Home"), OpenHome(), style="primary"),
                    Button(_("Send messages here"), Prefer(account.id or 0)),
                    Button(_("Take apart"), TakeApart(join, 0), confirm=_("Make this account one of its own again?")),
                )
            ),
        ),
    )


def owner_told(join: int, account: Account, at: datetime, policy: Policy) -> Message:
    """To the owner, at another account: a safety notice."""
    text = _("Another account was joined to yours in {community}.").format(community=community_name(policy))
    what = _("{account}, on {time}, with a code that was made at one of your accounts. It can do what you can do here.")
    return Message(
        text,
        (
            Para((text,)),
            prose(what, account=Bold(name_account(account)), time=When(at)),
            Note((_("If it was you, there is nothing to do. If not, the button takes the account off at once."),)),
            Buttons(
                (
                    Button(_("This wasn't me"), TakeApart(join, 1), style="danger"),
                    Button(_("Accounts"), OpenCommand("alumni account", "")),
                )
            ),
        ),
    )


def taken_apart(*, told_hr: bool) -> Message:
    """A join is undone."""
    text = _("The account is no longer part of this membership.")
    more = (Para((_("HR has been told. Codes that were made before no longer work."),)),) if told_hr else ()
    return Message(text, (Note((text,), "done"), *more, Buttons((Button(_("Home"), OpenHome()),))))


def _with_home(text: str) -> Message:
    return Message(text, (Para((text,)), Buttons((Button(_("Home"), OpenHome()),))))
