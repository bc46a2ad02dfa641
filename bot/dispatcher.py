"""From an incoming to its reply: one transaction, one answer."""

import secrets
from collections.abc import Callable, Mapping
from typing import cast

import structlog

from bot.actions import Action, StaleActionError, action, decode
from bot.failures import ProfileUnavailable, UserError
from bot.i18n import _, find_language, use_locale
from bot.incoming import (
    ButtonPressed,
    Command,
    FormSubmitted,
    HomeOpened,
    Incoming,
    MemberJoined,
    MemberLeft,
    MessageReceived,
    Origin,
    Profile,
    ProfileChanged,
)
from bot.middleware import StandingAnswers, Step, run_through
from bot.ports import Clock, Directory, Store, UnitOfWork
from bot.replies import Nothing, OpenForm, Private, Reply, ShowHome
from bot.routing import Planned, Request, Route, RouteTable, Who, is_addressed
from bot.text import clean_incoming, clean_profile
from bot.ui import Button, Buttons, Message, Para

log = structlog.get_logger(__name__)

Spoken = Command | ButtonPressed | FormSubmitted | HomeOpened
"""What is answered in the same breath. Everything else nobody holds a line open for: its answer goes to the outbox."""

_LONGEST_TEXT = 300
"""Characters of a command's text that an [Open] button carries on; more fit in the form itself."""


@action("core.open", opens_form=True)
class OpenCommand(Action):
    """[Open]: a typed message can't open a form on any platform, so it is answered with a button that does."""

    name: str
    text: str


class Dispatcher:
    """Answers everything that arrives. Safe for concurrent use; see `bot.ports.Dispatch` for what callers can rely
    on.
    """

    def __init__(
        self,
        table: RouteTable,
        store: Store,
        clock: Clock,
        answers: StandingAnswers,
        directories: Mapping[str, Directory],
        default_locale: str = "ja",
    ) -> None:
        self._table = table
        self._store = store
        self._clock = clock
        self._answers = answers
        self._directories = directories
        self._default_locale = default_locale

    async def __call__(self, incoming: Incoming) -> Reply:
        """See `bot.ports.Dispatch`."""
        incoming, profile = clean_incoming(incoming), None
        try:
            profile = await self._find_profile(incoming)
            return await self._store.run(lambda uow: self._handle(uow, incoming, profile))
        except UserError as error:
            message = self._answers.sentence(str(error))
            if isinstance(incoming, Spoken):
                return Private(message)
            return await self._store.run(lambda uow: self._post_alone(uow, incoming, profile, message))
        except Exception as error:  # noqa: BLE001 - the border: logged with an id and answered, or raised again
            return self._answer_failure(incoming, error)

    def _answer_failure(self, incoming: Incoming, error: Exception) -> Reply:
        error_id = secrets.token_hex(4)
        waits = isinstance(incoming, Command | ButtonPressed | FormSubmitted)
        log.error("incoming.failed", error_id=error_id, kind=type(incoming).__name__, exc_info=error)
        if not waits:
            raise error
        with use_locale(find_language(incoming.origin.locale) or self._default_locale):
            if isinstance(error, ProfileUnavailable):
                return Private(self._answers.not_introduced())
            return Private(self._answers.failed(error_id))

    async def _find_profile(self, incoming: Incoming) -> Profile | None:
        """What the platform knows of somebody we meet for the first time. Asked before the transaction, never
        inside.
        """
        origin = incoming.origin
        if isinstance(incoming, ProfileChanged | MemberJoined) and incoming.profile is not None:
            return incoming.profile
        if isinstance(incoming, MemberLeft) or self._store.knows(origin) or origin.platform not in self._directories:
            return None
        return clean_profile(await self._directories[origin.platform].get_profile(origin))

    def _handle(self, uow: UnitOfWork, incoming: Incoming, profile: Profile | None) -> Reply:
        now = self._clock.now()
        if isinstance(incoming, MemberLeft):
            uow.mark_unreachable(incoming.origin, "left", now)
            return Nothing()
        if isinstance(incoming, ProfileChanged) and not incoming.introduces and not uow.has_met(incoming.origin):
            return Nothing()
        caller = uow.find_caller(incoming.origin, profile, now)
        if caller is None:
            return Nothing()
        request = Request(incoming, uow, caller, now)
        planned = self._find_route(request)
        if planned is None:
            return Nothing()
        reply = run_through(Step(request, planned, self._answers), lambda: planned.call(request))
        return self._speak(request, reply)

    def _find_route(self, request: Request) -> Planned | None:
        match request.incoming:
            case Command() as command:
                return self._find_command(request, command)
            case ButtonPressed(payload=payload):
                return self._find_action(request, "button", payload)
            case FormSubmitted(payload=payload, values=values):
                request.values = values
                return self._find_action(request, "form", payload)
            case MessageReceived() as message:
                return self._find_message(request, message)
            case ProfileChanged():
                return None
            case _:
                return self._table.find("event", type(request.incoming))

    def _find_command(self, request: Request, command: Command) -> Planned:
        found = self._table.find_command(command)
        if found is None:
            return self._standing(self._answers.unknown_command)
        planned, command = found
        # By its whole name, `alumni profile`: a button that opens it later must find the same route.
        request.incoming = Command(command.origin, str(planned.route.key[1]), command.text)
        return planned

    def _find_action(self, request: Request, kind: str, payload: str) -> Planned:
        try:
            request.action = decode(payload)
        except StaleActionError:
            return self._standing(self._answers.out_of_date)
        if isinstance(request.action, OpenCommand):
            opened = Command(request.incoming.origin, request.action.name, request.action.text)
            return self._find_command(request, opened)
        return self._table.find(kind, type(request.action)) or self._standing(self._answers.out_of_date)

    def _find_message(self, request: Request, message: MessageReceived) -> Planned | None:
        claimed = self._table.find_claim("thread", request) if message.thread and is_addressed(message) else None
        if claimed is not None:
            return claimed
        command = self._table.read_message(message)
        if command is not None:
            request.typed = True
            return self._find_command(request, command)
        if not is_addressed(message):
            return None
        return self._table.find_claim("message", request) or self._table.find("event", MessageReceived)

    def _standing(self, answer: Callable[[], Message]) -> Planned:
        route = Route(("standing", answer), lambda: Private(answer()), Who.ANYONE)
        return Planned(route, ())

    def _speak(self, request: Request, reply: Reply) -> Reply:
        """Answers to messages and joins go through the outbox: nobody holds a line open for them, so nothing may be
        lost.
        """
        origin = request.incoming.origin
        if not self._is_posted(request):
            return reply
        match reply:
            case Private(message=message) | ShowHome(message=message):
                self._post(request, origin, message)
            case OpenForm():
                with use_locale(request.caller.locale):
                    self._post(request, origin, _open_card(cast(Command, request.incoming)))
            case Nothing():
                pass
            case _:
                raise TypeError(f"{type(reply).__name__} can't answer a message")
        return Nothing()

    def _is_posted(self, request: Request) -> bool:
        return request.typed or not isinstance(request.incoming, Spoken)

    def _post(self, request: Request, origin: Origin, message: Message) -> None:
        request.uow.post_reply(origin, message, request.caller.locale, request.now)

    def _post_alone(self, uow: UnitOfWork, incoming: Incoming, profile: Profile | None, message: Message) -> Reply:
        """In a transaction of its own, because the one that was refused is rolled back."""
        now = self._clock.now()
        caller = uow.find_caller(incoming.origin, profile, now)
        if caller is not None and not caller.is_ignored and uow.is_new(incoming.origin, now):
            uow.post_reply(incoming.origin, message, caller.locale, now)
        return Nothing()


def _open_card(command: Command) -> Message:
    text = _("Please continue in the form.")
    opened = OpenCommand(command.name, command.text[:_LONGEST_TEXT])
    return Message(text, (Para((text,)), Buttons((Button(_("Open"), opened, style="primary"),))))
