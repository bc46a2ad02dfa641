"""Routes: what leads where, and what stops the start."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Action, action
from bot.incoming import ButtonPressed, Command, FormSubmitted, FormValues, MemberJoined, MessageReceived, Origin, Scope
from bot.replies import Nothing, Reply
from bot.routing import (
    Bundle,
    Planned,
    Provider,
    Request,
    Router,
    RouteTable,
    RoutingError,
    Who,
    fold,
    is_addressed,
    plan,
)

ORIGIN = Origin("chat", "T1", "U1")
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@action("test.routing.one")
class One(Action):
    """A button and a form."""

    id: int


@action("test.routing.other")
class Other(Action):
    """Another one."""


PROVIDERS: dict[type, Provider] = {
    Command: lambda request: request.incoming,
    ButtonPressed: lambda request: request.incoming,
    FormSubmitted: lambda request: request.incoming,
    MemberJoined: lambda request: request.incoming,
    MessageReceived: lambda request: request.incoming,
    FormValues: lambda request: request.values,
    Origin: lambda request: request.incoming.origin,
    datetime: lambda request: request.now,
}


def answer() -> Reply:
    return Nothing()


def table(*routers: Router) -> RouteTable:
    return RouteTable(routers, PROVIDERS)


def commands(**words: tuple[str, ...]) -> Router:
    """A router with a command for each name; `alumni__profile` is of two words."""
    router = Router()
    for name, aliases in words.items():
        router.command(name.replace("__", " "), words=aliases)(lambda: Nothing())
    return router


COMMUNITY = commands(
    mentor=("mentor", "相談"),
    alumni=("alumni", "menu", "メニュー"),
    alumni__profile=("profile", "プロフィール"),
    alumni__find=("find", "探す"),
)


def find(text: str, name: str = "alumni") -> tuple[object, str]:
    found = table(COMMUNITY).find_command(Command(ORIGIN, name, text))
    assert found is not None
    planned, command = found
    assert command.origin is ORIGIN
    return planned.route.key[1], command.text


@pytest.mark.parametrize(
    ("text", "route", "rest"),
    [
        ("", "alumni", ""),
        ("  ", "alumni", ""),
        ("profile", "alumni profile", ""),
        (" Profile  now ", "alumni profile", "now"),
        ("ＰＲＯＦＩＬＥ", "alumni profile", ""),
        ("プロフィール", "alumni profile", ""),
        ("プロフィール　見せて", "alumni profile", "見せて"),
        ("ﾌﾟﾛﾌｨｰﾙ", "alumni profile", ""),
        ("find 電池　開発", "alumni find", "電池　開発"),
        ("find\n電池", "alumni find", "電池"),
        ("profiles", "alumni", "profiles"),
        ("相談", "alumni", "相談"),
        ("something else", "alumni", "something else"),
    ],
)
def test_the_first_word_of_a_command_may_name_a_longer_one(text: str, route: str, rest: str) -> None:
    assert find(text) == (route, rest)


def test_a_command_nobody_answers_is_not_found() -> None:
    assert table(COMMUNITY).find_command(Command(ORIGIN, "coffee", "")) is None
    assert table(commands(alumni__profile=())).find_command(Command(ORIGIN, "alumni", "")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mentor 電池", ("mentor", "電池")),
        ("相談", ("mentor", "")),
        ("相談　電池の話", ("mentor", "電池の話")),
        ("相談\n電池", ("mentor", "電池")),
        ("ＭＥＮＴＯＲ　battery", ("mentor", "battery")),
        ("/mentor x", ("mentor", "x")),
        ("／mentor　x", ("mentor", "x")),
        ("/MENTOR x", ("mentor", "x")),
        ("/相談 x", ("mentor", "x")),
        ("メニュー", ("alumni", "")),
        ("menu profile", ("alumni", "profile")),
        ("プロフィール", ("alumni", "profile")),
        ("profile  x y ", ("alumni", "profile x y")),
        ("  find  x", ("alumni", "find x")),
    ],
)
def test_a_message_that_begins_with_a_word_is_a_command(text: str, expected: tuple[str, str]) -> None:
    command = table(COMMUNITY).read_message(MessageReceived(ORIGIN, text))
    assert command is not None
    assert (command.name, command.text) == expected


@pytest.mark.parametrize(
    "text", ["", "   ", "hello mentor", "mentoring", "相談したい", "/unknown", "//mentor", "/ mentor", "/"]
)
def test_other_messages_are_no_commands(text: str) -> None:
    assert table(COMMUNITY).read_message(MessageReceived(ORIGIN, text)) is None


def test_a_command_without_words_can_be_typed_with_its_slash_only() -> None:
    routes = table(commands(hr=()))
    assert routes.read_message(MessageReceived(ORIGIN, "/hr x")) == Command(ORIGIN, "hr", "x")
    assert routes.read_message(MessageReceived(ORIGIN, "hr x")) is None


@given(st.text(max_size=40))
def test_any_message_is_a_known_command_or_none(text: str) -> None:
    command = table(COMMUNITY).read_message(MessageReceived(ORIGIN, text))
    assert command is None or command.name in ("mentor", "alumni")


@given(st.text(max_size=40))
def test_any_text_after_a_command_finds_it(text: str) -> None:
    route, rest = find(text)
    assert str(route).startswith("alumni")
    assert rest == rest.strip()


def test_the_list_of_commands_is_complete() -> None:
    router = commands(coffee=())
    router.button(One)(answer)
    names = [route.key[1] for route in table(COMMUNITY, router).list_commands()]
    assert names == ["mentor", "alumni", "alumni profile", "alumni find", "coffee"]


def test_a_button_and_a_form_of_one_action_are_two_routes() -> None:
    router = Router()
    router.button(One, who=Who.HR)(answer)
    router.form(One)(answer)
    button, form = table(router).find("button", One), table(router).find("form", One)
    assert button is not None
    assert form is not None
    assert (button.route.who, form.route.who) == (Who.HR, Who.ACTIVE)
    assert table(router).find("button", Other) is None


def test_handlers_get_what_they_ask_for() -> None:
    got: list[object] = []

    def note(payload: One, values: FormValues, submitted: FormSubmitted, now: datetime) -> Reply:
        got.extend((payload, values, submitted, now))
        return Nothing()

    router = Router()
    router.form(One)(note)
    submitted, values = FormSubmitted(ORIGIN, "", FormValues()), FormValues({"a": "b"})
    planned: Planned | None = table(router).find("form", One)
    nobody: Any = None
    assert planned is not None
    assert planned.call(Request(submitted, nobody, nobody, NOW, One(3), values)) == Nothing()
    assert got == [One(3), values, submitted, NOW]


@dataclass(frozen=True, slots=True)
class Visit(Bundle):
    """What two handlers below need."""

    origin: Origin
    now: datetime


@dataclass(frozen=True, slots=True)
class Submission(Bundle):
    """What only a form has."""

    visit: Visit
    values: FormValues


def test_a_bundle_is_filled_as_if_its_fields_were_parameters() -> None:
    got: list[Submission] = []

    def note(payload: One, submission: Submission) -> Reply:
        got.append(submission)
        return Nothing()

    router = Router()
    router.form(One)(note)
    planned = table(router).find("form", One)
    nobody: Any = None
    assert planned is not None
    values = FormValues({"a": "b"})
    planned.call(Request(FormSubmitted(ORIGIN, "", values), nobody, nobody, NOW, One(3), values))
    assert got == [Submission(Visit(ORIGIN, NOW), values)]


def test_a_bundle_must_fit_its_route_too() -> None:
    def note(submission: Submission) -> Reply:
        return Nothing()

    router = Router()
    router.button(One)(note)
    with pytest.raises(RoutingError, match="a button route has no Submission"):
        table(router)


def asks_for_other(payload: Other) -> Reply:
    return Nothing()


def asks_for_values(values: FormValues) -> Reply:
    return Nothing()


def asks_for_a_press(pressed: ButtonPressed) -> Reply:
    return Nothing()


def asks_for_a_join(joined: MemberJoined) -> Reply:
    return Nothing()


@pytest.mark.parametrize("handler", [asks_for_other, asks_for_values, asks_for_a_press, asks_for_a_join])
def test_a_command_handler_can_not_ask_for_what_a_command_has_not(handler: Any) -> None:
    router = Router()
    router.command("x")(handler)
    with pytest.raises(RoutingError, match="a command route has no"):
        table(router)


def test_a_button_handler_can_not_ask_for_another_buttons_payload() -> None:
    router = Router()
    router.button(One)(asks_for_other)
    with pytest.raises(RoutingError, match=r"asks_for_other: payload: a button route has no Other"):
        table(router)


def test_an_event_handler_can_ask_for_its_event_only() -> None:
    router = Router()
    router.event(MemberJoined)(asks_for_a_join)
    assert table(router).find("event", MemberJoined) is not None
    router.event(MessageReceived)(asks_for_a_join)
    with pytest.raises(RoutingError, match="event route has no MemberJoined"):
        table(router)


def no_types(something: float) -> Reply:
    return Nothing()


no_types.__annotations__.clear()


def unmet(number: float) -> Reply:
    return Nothing()


async def waits() -> Reply:
    return Nothing()


@pytest.mark.parametrize(
    ("handler", "problem"),
    [
        (no_types, "nobody provides something: None"),
        (unmet, "unmet: nobody provides number: <class 'float'>"),
        (waits, "waits must be a plain function"),
    ],
)
def test_what_can_not_be_called_stops_the_start(handler: Any, problem: str) -> None:
    router = Router()
    router.command("x")(handler)
    with pytest.raises(RoutingError, match=problem):
        table(router)
    with pytest.raises(RoutingError, match=problem):
        plan(handler, PROVIDERS)


def test_two_handlers_of_one_thing_stop_the_start() -> None:
    with pytest.raises(RoutingError, match="two handlers answer"):
        table(commands(mentor=()), commands(mentor=()))
    one, other = Router(), Router()
    one.button(One)(answer)
    other.button(One)(answer)
    with pytest.raises(RoutingError, match="two handlers answer"):
        table(one, other)


@pytest.mark.parametrize("word", ["相談", "ＭＥＮＴＯＲ", "Mentor"])
def test_a_word_that_leads_to_two_commands_stops_the_start(word: str) -> None:
    with pytest.raises(RoutingError, match=f"the word {word} leads to two commands"):
        table(commands(mentor=("mentor", "相談")), commands(coffee=(word,)))


def test_a_word_that_is_another_commands_name_stops_the_start() -> None:
    with pytest.raises(RoutingError, match="the word coffee leads to mentor, but /coffee is a command of its own"):
        table(commands(mentor=("coffee",)), commands(coffee=()))


@pytest.mark.parametrize("name", ["", "Mentor", "相談", "/mentor", "a b c", "alumni  profile", "1st"])
def test_a_name_that_no_platform_takes_stops_the_start(name: str) -> None:
    router = Router()
    router.command(name)(answer)
    with pytest.raises(RoutingError, match="can't be a command"):
        table(router)


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@pytest.mark.parametrize("word", ["mentor", "MENTOR", "ＭＥＮＴＯＲ", " Mentor\n", "ｍeＮtor"])
def test_widths_and_cases_are_one(word: str) -> None:
    assert fold(word) == "mentor"


@pytest.mark.parametrize(("scope", "addressed"), [(Scope.PERSONAL, True), (Scope.GROUP, False), (Scope.CHANNEL, False)])
def test_only_in_its_own_conversation_musubi_answers_everything(scope: Scope, addressed: bool) -> None:
    origin = Origin("chat", "T1", "U1", scope=scope)
    assert is_addressed(MessageReceived(origin, "hello")) is addressed
