"""Who answers what: a dict lookup, made from the features' routers when Musubi starts.

Handlers are plain functions that declare what they need by the types of their parameters. They can't await, so that no
network call can stand inside the transaction in which they run. Two routes for one thing, or a parameter nobody
provides, stop the start.
"""

import inspect
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_type_hints

from bot.actions import Action
from bot.i18n import use_words
from bot.incoming import (
    ButtonPressed,
    Command,
    FormSubmitted,
    FormValues,
    HomeOpened,
    Incoming,
    MemberJoined,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Scope,
)
from bot.ports import Caller, UnitOfWork
from bot.replies import Reply

H = TypeVar("H", bound=Callable[..., Reply])
Guard = Callable[..., bool]
"""Whether a message is for the route that it guards. Its parameters are provided by type, as a handler's."""


class RoutingError(Exception):
    """The routes don't fit together; Musubi must not start."""


class Who(StrEnum):
    """Who may use a route."""

    ANYONE = "anyone"
    """Also those who are not verified: only what gets a person in, and what shows nobody else."""
    ACTIVE = "active"
    EMPLOYEE = "employee"
    HR = "hr"


@dataclass(slots=True)
class Request:
    """One incoming on its way through the middleware, with what was found out about it."""

    incoming: Incoming
    uow: UnitOfWork
    caller: Caller
    now: datetime
    action: Action | None = None
    values: FormValues = field(default_factory=FormValues)
    typed: bool = False
    """Whether a command was typed as a message: no form can open in answer to that."""


Provider = Callable[[Request], Any]
Key = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler, what leads to it, and who may use it. `words` lead to a command from a message."""

    key: Key
    handler: Callable[..., Reply]
    who: Who
    words: tuple[str, ...] = ()
    about: Callable[[], str] = str
    """What a command does, in the current language; "" for commands that need no line of their own in lists."""
    when: Guard | None = None
    """For messages without a command's word: whether this one is for the route."""
    menu: bool = True
    """Whether a command stands in a platform's own short menu; the rarer ones stand only in the help."""


class Bundle:
    """What several handlers need in the same way, as one parameter: a dataclass whose fields are provided by type."""

    __slots__ = ()


class Router:
    """A feature's routes."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def command(
        self,
        name: str,
        *,
        words: tuple[str, ...] = (),
        who: Who = Who.ACTIVE,
        about: Callable[[], str] = str,
        menu: bool = True,
    ) -> Callable[[H], H]:
        """Answers `/name`. A name of two words, `alumni profile`, answers the command with that first word as text.

        `about` says in a few words what it does, for lists of commands: `about=lambda: _("Ask for a consultation")`.
        With `menu=False` it stands in the help alone: the menu of Teams has room for twelve commands.
        """
        return self._add(("command", name), who, words, about, menu=menu)

    def button(self, action: type[Action], *, who: Who = Who.ACTIVE) -> Callable[[H], H]:
        """Answers the press of a button that carries `action`."""
        return self._add(("button", action), who)

    def form(self, action: type[Action], *, who: Who = Who.ACTIVE) -> Callable[[H], H]:
        """Answers a form that carries `action`."""
        return self._add(("form", action), who)

    def thread(self, when: Guard, *, who: Who = Who.ANYONE) -> Callable[[H], H]:
        """Answers what a person writes to the bot in a thread, or in reply to one of its messages, if `when` says that
        it is for this route. Asked before the commands' words: what is written there is no command."""
        return self._add(("thread", when), who, when=when)

    def message(self, when: Guard, *, who: Who = Who.ANYONE) -> Callable[[H], H]:
        """Answers what a person writes to the bot, and what begins with no command's word, if `when` says that it is
        for this route. What none of them takes goes to the event `MessageReceived`."""
        return self._add(("message", when), who, when=when)

    def event(
        self,
        kind: type[MemberJoined]
        | type[HomeOpened]
        | type[MessageReceived]
        | type[MessageEdited]
        | type[MessageDeleted],
        *,
        who: Who = Who.ANYONE,
    ) -> Callable[[H], H]:
        """Answers what no button, form or command stands for; a MessageReceived gets here when no word fits it.

        Of those who leave, features hear by `Feature.on_member_changed`.
        """
        return self._add(("event", kind), who)

    def _add(
        self,
        key: Key,
        who: Who,
        words: tuple[str, ...] = (),
        about: Callable[[], str] = str,
        when: Guard | None = None,
        *,
        menu: bool = True,
    ) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self.routes.append(Route(key, handler, who, words, about, when, menu))
            return handler

        return register


@dataclass(frozen=True, slots=True)
class Planned:
    """A route with its parameters resolved: what to call, with what."""

    route: Route
    parameters: tuple[tuple[str, Provider], ...]
    guarded_by: tuple[tuple[str, Provider], ...] = ()
    """The parameters of `route.when`."""

    def is_for(self, request: Request) -> bool:
        """Whether a message is for this route, by its own word."""
        when = self.route.when
        return when is None or when(**{name: provide(request) for name, provide in self.guarded_by})

    def call(self, request: Request) -> Reply:
        """Calls the handler with what it asked for."""
        return self.route.handler(**{name: provide(request) for name, provide in self.parameters})


@dataclass(frozen=True, slots=True)
class Offer:
    """A command that the caller may use: its name, a word for it in the caller's language, and what it does."""

    name: str
    word: str
    about: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What the caller may do; a handler asks for it by type."""

    commands: tuple[Offer, ...]


class RouteTable:
    """All routes of all features. Raises RoutingError when two clash or one can't be served."""

    def __init__(self, routers: Iterable[Router], providers: Mapping[type, Provider]) -> None:
        self._planned: dict[Key, Planned] = {}
        self._words: dict[str, str] = {}
        providers = {**providers, Offers: self.list_offers}
        for router in routers:
            for route in router.routes:
                self._add(route, providers)
        self._check_words()

    def _add(self, route: Route, providers: Mapping[type, Provider]) -> None:
        if route.key in self._planned:
            raise RoutingError(f"two handlers answer {route.key}")
        _check_route(route.handler, *route.key)
        guarded_by = plan(route.when, providers) if route.when else ()
        self._planned[route.key] = Planned(route, plan(route.handler, providers), guarded_by)
        for word in route.words:
            if self._words.setdefault(fold(word), str(route.key[1])) != route.key[1]:
                raise RoutingError(f"the word {word} leads to two commands")

    def _check_words(self) -> None:
        """A word that is another command's name would lead to one thing typed and to another as a slash command."""
        for word, name in self._words.items():
            if word != name and ("command", word) in self._planned:
                raise RoutingError(f"the word {word} leads to {name}, but /{word} is a command of its own")

    def list_offers(self, request: Request) -> Offers:
        """The commands that the caller may use, in the order of the features."""
        routes = (route for route in self.list_commands() if is_allowed(request, route.who))
        return Offers(tuple(_make_offer(route, request.caller.locale) for route in routes if route.words))

    def find(self, kind: str, subject: object) -> Planned | None:
        """The route for ("command", name), ("button" or "form", action type) or ("event", incoming type)."""
        return self._planned.get((kind, subject))

    def find_claim(self, kind: str, request: Request) -> Planned | None:
        """The first route of the kind "thread" or "message" that says that the message is for it."""
        claims = (planned for (its_kind, _when), planned in self._planned.items() if its_kind == kind)
        return next((planned for planned in claims if planned.is_for(request)), None)

    def list_commands(self) -> list[Route]:
        """The routes that answer commands."""
        return [planned.route for planned in self._planned.values() if planned.route.key[0] == "command"]

    def find_command(self, command: Command) -> tuple[Planned, Command] | None:
        """The route of a command, and the command with the words that named the route taken off its text."""
        first, rest = _split(command.text)
        longer = self._planned.get(("command", f"{command.name} {self._subcommand(command.name, first)}"))
        if longer is not None:
            return longer, Command(command.origin, command.name, rest)
        short = self._planned.get(("command", command.name))
        return (short, Command(command.origin, command.name, command.text.strip())) if short else None

    def _subcommand(self, name: str, word: str) -> str:
        """`プロフィール` after /alumni means `profile`."""
        target = self._words.get(fold(word), "")
        return target.removeprefix(f"{name} ") if target.startswith(f"{name} ") else fold(word)

    def read_message(self, message: MessageReceived) -> Command | None:
        """The command that a message stands for: it begins with one of the words, or with `/name`."""
        origin = replace(message.origin, message="")  # there, a command has the message whose button was pressed
        first, rest = _split(message.text)
        word = fold(first)
        name = self._words.get(word.removeprefix("/"))
        if name is not None:
            head, _, tail = name.partition(" ")
            return Command(origin, head, f"{tail} {rest}".strip())
        if word.startswith("/") and self.find("command", word[1:]) is not None:
            return Command(origin, word[1:], rest)
        return None


def _split(text: str) -> tuple[str, str]:
    """The first word and the rest. Any white space parts them, the full-width one too: 「相談　電池」."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, "".join(rest).strip()


def _make_offer(route: Route, locale: str) -> Offer:
    """With the word that the reader would type: a Japanese one for Japanese readers, where there is one."""
    fitting = [word for word in route.words if word.isascii() == (locale != "ja")]
    return Offer(str(route.key[1]), use_words((*fitting, *route.words)[0]), route.about())


def fold(word: str) -> str:
    """A word for comparing: NFKC, lower case, so that ＭＥＮＴＯＲ and mentor are one."""
    if word.isascii():
        return word.strip().lower()
    folded = unicodedata.normalize("NFKC", word).casefold()
    return unicodedata.normalize("NFKC", folded).strip()  # lower case may come apart again: İ


_COMMAND_NAME = re.compile(r"[a-z][a-z0-9_-]*( [a-z0-9_-]+)?")

_INCOMING: dict[str, type[Incoming]] = {
    "command": Command,
    "button": ButtonPressed,
    "form": FormSubmitted,
    "thread": MessageReceived,
    "message": MessageReceived,
}


@cache
def _check_route(handler: Callable[..., Any], kind: str, subject: object) -> None:
    """Raises RoutingError for a route that nothing leads to, or a handler that asks for what its route never has.

    Looks at each route once, for tests make thousands of tables; what is refused is refused every time.
    """
    if kind == "command" and not _COMMAND_NAME.fullmatch(str(subject)):
        raise RoutingError(f"/{subject} can't be a command: one or two plain words")
    for name, hint in get_type_hints(handler).items():
        if name != "return" and isinstance(hint, type) and not _has(kind, subject, hint):
            raise RoutingError(f"{_name(handler)}: {name}: a {kind} route has no {hint.__name__}")


def _has(kind: str, subject: Any, wanted: type) -> bool:
    if issubclass(wanted, Bundle):
        return all(_has(kind, subject, part) for part in get_type_hints(wanted).values() if isinstance(part, type))
    if issubclass(wanted, Action):
        return kind in ("button", "form") and wanted is subject
    if wanted is FormValues:
        return kind == "form"
    if issubclass(wanted, Incoming):
        return wanted is _INCOMING.get(kind, subject)
    return True


def plan(handler: Callable[..., Any], providers: Mapping[type, Provider]) -> tuple[tuple[str, Provider], ...]:
    """A handler's parameters with who provides them, by their types. Raises RoutingError for an unmet one, and
    for a coroutine function: what runs inside a transaction can't wait."""
    return tuple((name, _find_provider(handler, name, hint, providers)) for name, hint in _read_parameters(handler))


@cache
def _read_parameters(handler: Callable[..., Any]) -> tuple[tuple[str, Any], ...]:
    """Names and types. Kept, for reading them is most of what a table of routes costs, and tests make thousands."""
    if inspect.iscoroutinefunction(handler):
        raise RoutingError(f"{_name(handler)} must be a plain function: it runs inside a transaction")
    hints = get_type_hints(handler)
    return tuple((name, hints.get(name)) for name in inspect.signature(handler).parameters)


def _find_provider(handler: Callable[..., Any], name: str, hint: Any, providers: Mapping[type, Provider]) -> Provider:
    if hint in providers:
        return providers[hint]
    if isinstance(hint, type) and issubclass(hint, Action):
        return lambda request: request.action
    if isinstance(hint, type) and issubclass(hint, Bundle):
        parts = plan(hint, providers)
        return lambda request: hint(**{part: provide(request) for part, provide in parts})
    raise RoutingError(f"{_name(handler)}: nobody provides {name}: {hint}")


def _name(handler: Callable[..., Any]) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def is_addressed(message: MessageReceived) -> bool:
    """Whether a message without a known word wants an answer: in groups and channels Musubi only reacts to its
    words.
    """
    return message.origin.scope is Scope.PERSONAL


def is_allowed(request: Request, who: Who) -> bool:
    """Whether the caller may use a route for `who`."""
    caller = request.caller
    match who:
        case Who.ANYONE:
            return True
        case Who.ACTIVE:
            return caller.is_active
        case Who.EMPLOYEE:
            return caller.is_active and caller.is_employee
        case Who.HR:
            return caller.is_active and caller.is_hr
