"""What Musubi says when no feature speaks: see `bot.middleware.StandingAnswers`."""

from bot.i18n import _
from bot.replies import Private, Reply
from bot.routing import Request, Who
from bot.ui import Button, Buttons, Message, Note, Para
from handlers.actions import OpenHome, Register
from storage.models import Status
from storage.queries.callers import Caller


class Answers:
    """The standing answers, in the current language."""

    def refused(self, request: Request, who: Who) -> Message:
        """Why the caller may not do this, and what gets them there."""
        caller = request.caller
        assert isinstance(caller, Caller)  # noqa: S101 - the gate makes no other
        if caller.is_active:
            return _with_home(_refuse_active(who))
        return refuse_inactive(caller.member.status)

    def out_of_date(self) -> Message:
        """An old button."""
        return _with_home(_("This button no longer works. You can see how things stand now on your home page."))

    def unknown_command(self) -> Message:
        """A command nobody answers."""
        return _with_home(_("There is no such command. Everything you can do starts from your home page."))

    def failed(self, error_id: str) -> Message:
        """We failed."""
        return _with_home(
            _(
                "Something went wrong on our side, and nothing was changed. Please try once more in a minute. "
                "If it happens again, tell HR this number: {id}"
            ).format(id=error_id)
        )

    def not_introduced(self) -> Message:
        """The platform did not tell who that is."""
        return self.sentence(
            _("We couldn't look up your account just now. Please press or type it once more in a minute.")
        )

    def sentence(self, text: str) -> Message:
        """A plain sentence as a message."""
        return Message(text, (Para((text,)),))


def out_of_date() -> Reply:
    """An old or a forged button: nothing is said about whose it is."""
    return Private(Answers().out_of_date())


def _refuse_active(who: Who) -> str:
    if who is Who.HR:
        return _("This is for HR. If you should have the role, please ask somebody in HR to give it to you.")
    return _("This is for present employees. Your home page shows what is there for you.")


def refuse_inactive(status: str) -> Message:
    """Why somebody who is not active may not do this, and what gets them there."""
    match status:
        case Status.UNVERIFIED:
            return _with_button(
                _("First, a registration of about 30 seconds, please."), Button(_("Register"), Register())
            )
        case Status.PAUSED:
            return _with_home(_("You are taking a break. You can come back at any time from your home page."))
        case Status.SUSPENDED:
            text = _("Your membership is suspended. If you would like to talk about it, please write to HR.")
            return Message(text, (Para((text,)),))
        case _:
            text = _(
                "You have left the community, and your data was erased. To come back, please ask HR for an invitation."
            )
            return Message(text, (Para((text,)),))


def already_registered() -> Message:
    """An old button or form, used by somebody who needs it no more."""
    text = _("You are already registered. Everything else is on your home page.")
    return Message(text, (Note((text,), "done"), Buttons((Button(_("Home"), OpenHome()),))))


def _with_home(text: str) -> Message:
    return _with_button(text, Button(_("Home"), OpenHome()))


def _with_button(text: str, button: Button) -> Message:
    return Message(text, (Para((text,)), Buttons((button,))))
