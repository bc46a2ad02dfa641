"""The buttons and forms around a member's accounts."""

from bot.actions import Action, action


@action("accounts.make_code")
class MakeCode(Action):
    """[Join another account]: shows a new code. It stands in the answer only, never in the outbox."""


@action("accounts.enter_code", opens_form=True)
class AskCode(Action):
    """[Enter a code]: opens the form."""


@action("accounts.join")
class Join(Action):
    """The form with the code."""


@action("accounts.prefer")
class Prefer(Action):
    """[Write to me here]: messages go to this account."""

    account_id: int


@action("accounts.take_apart")
class TakeApart(Action):
    """[Take apart], or, with `is_stranger` 1, [This wasn't me]."""

    id: int
    is_stranger: int
