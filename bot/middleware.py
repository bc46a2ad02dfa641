"""What every incoming passes on its way to its handler, inside the transaction, in this one order.

1. `drop_duplicates` first, so that nothing else is done twice; its row stands in the transaction it guards.
2. `drop_ignored`: bots, strangers and erased people get no answer and leave no trace but the account.
3. `speak_their_language` before anything that may answer.
4. `check_permission` last, when it is known who asks and what they ask for.

Failures are turned into answers outside the transaction, by the dispatcher, because they roll it back.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.i18n import use_locale
from bot.replies import Nothing, Private, Reply
from bot.routing import Planned, Request, Who, is_allowed
from bot.ui import Message


class StandingAnswers(Protocol):
    """What Musubi says when no feature speaks."""

    def refused(self, request: Request, who: Who) -> Message:
        """Why the caller may not do this, and what gets them there."""
        ...

    def out_of_date(self) -> Message:
        """An old button: where to look instead."""
        ...

    def unknown_command(self) -> Message:
        """A command nobody answers."""
        ...

    def failed(self, error_id: str) -> Message:
        """We failed: nothing was changed; what to do."""
        ...

    def not_introduced(self) -> Message:
        """The platform did not tell who that is; try again."""
        ...

    def sentence(self, text: str) -> Message:
        """A plain sentence as a message."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What a middleware knows: the request, the route that was found, and the standing answers."""

    request: Request
    planned: Planned
    answers: StandingAnswers


Next = Callable[[], Reply]
Middleware = Callable[[Step, Next], Reply]


def drop_duplicates(step: Step, proceed: Next) -> Reply:
    """One effect, however often it is delivered."""
    request = step.request
    return proceed() if request.uow.is_new(request.incoming.origin, request.now) else Nothing()


def drop_ignored(step: Step, proceed: Next) -> Reply:
    """Silence for those who must not be answered."""
    return Nothing() if step.request.caller.is_ignored else proceed()


def speak_their_language(step: Step, proceed: Next) -> Reply:
    """Everything said from here on is in the caller's language, and the answer says so."""
    locale = step.request.caller.locale
    with use_locale(locale):
        reply = proceed()
    return replace(reply, locale=reply.locale or locale)


def check_permission(step: Step, proceed: Next) -> Reply:
    """Nobody does what isn't theirs: checked every time, whatever the button said when it was shown."""
    request, who = step.request, step.planned.route.who
    if is_allowed(request, who):
        return proceed()
    return Private(step.answers.refused(request, who))


ORDER: tuple[Middleware, ...] = (drop_duplicates, drop_ignored, speak_their_language, check_permission)


def run_through(step: Step, handler: Next) -> Reply:
    """Runs the middlewares in `ORDER` around `handler`."""
    return _run(step, 0, handler)


def _run(step: Step, index: int, handler: Next) -> Reply:
    if index == len(ORDER):
        return handler()
    return ORDER[index](step, lambda: _run(step, index + 1, handler))
