"""Payloads in the shapes in which Slack sends them become the right incoming, or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.inbound import team_of
from adapters.slack.incoming import read_command, read_event, read_press, read_scope, read_submission, read_text
from adapters.slack.workspaces import Workspace
from bot.incoming import (
    AccountKind,
    ButtonPressed,
    Command,
    FormSubmitted,
    FormValues,
    HomeOpened,
    Incoming,
    MemberJoined,
    MemberLeft,
    MessageReceived,
    Origin,
    Profile,
    ProfileChanged,
    Scope,
)

FOLDER = Path(__file__).parents[2] / "payloads" / "slack"
HERE = Workspace("T0MUSUBI", "Sample", "xoxb-1", "U0MUSUBI", "B0MUSUBI", frozenset())
MISAKI = Origin("slack", "T0MUSUBI", "U0MISAKI", "Ev0ABCDEF12")
MESSAGE = "1795136400.000100"


def load(name: str) -> dict[str, Any]:
    """A payload."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def test_a_slash_command() -> None:
    origin = Origin("slack", "T0MUSUBI", "U0MISAKI", "123.456.abc", conversation="D0MISAKI", locale="ja-JP")
    assert read_command(load("slash_command"), "T0MUSUBI", "ja-JP") == Command(origin, "mentor", "電池の量産立ち上げ")


@pytest.mark.parametrize(
    ("channel", "name", "scope"),
    [
        ("D0", "directmessage", Scope.PERSONAL),
        ("G0", "mpdm-a--b-1", Scope.GROUP),
        ("C0", "mpdm-a--b-1", Scope.GROUP),
        ("G0", "privategroup", Scope.CHANNEL),
        ("C0", "lounge", Scope.CHANNEL),
        ("", "", Scope.PERSONAL),
    ],
)
def test_where_something_happens(channel: str, name: str, scope: Scope) -> None:
    assert read_scope(channel, name) is scope


@pytest.mark.parametrize(("text", "read"), [("  電池 \n", "電池"), ("", ""), ("a &amp; &lt;b&gt;", "a & <b>")])
def test_a_commands_text(text: str, read: str) -> None:
    assert read_command(load("slash_command") | {"text": text}, "T0MUSUBI").text == read


def test_a_press_in_a_message_tells_where_to_write_to_the_person() -> None:
    origin = Origin(
        "slack", "T0MUSUBI", "U0MISAKI", "123.456.abd", conversation="D0MISAKI", message=MESSAGE, address="D0MISAKI"
    )
    assert read_press(load("block_actions_message"), "T0MUSUBI") == ButtonPressed(origin, "slacktest.accept[12]")


def test_a_press_in_something_hidden_does_not() -> None:
    pressed = read_press(load("block_actions_ephemeral"), "T0MUSUBI")
    assert (pressed.origin.scope, pressed.origin.address, pressed.origin.message) == (Scope.CHANNEL, "", MESSAGE)


def test_a_press_on_the_home_page() -> None:
    pressed = read_press(load("block_actions_home"), "T0MUSUBI")
    assert pressed == ButtonPressed(Origin("slack", "T0MUSUBI", "U0MISAKI", "123.456.abf"), "slacktest.accept[12]")


def test_a_submission() -> None:
    origin = Origin("slack", "T0MUSUBI", "U0MISAKI", "123.456.abg", conversation="D0MISAKI", message=MESSAGE)
    values = {"employer": "サンプル電池 <株>", "language": "ja", "topics": ("1",), "consents": (), "day": "", "aim": ""}
    expected = FormSubmitted(origin, 'slacktest.note["x"]', FormValues(values))
    assert read_submission(load("view_submission"), "T0MUSUBI") == expected


PROFILE = Profile(
    "佐藤 美咲", "misaki@example.com", True, "ja-JP", "Asia/Tokyo", "EV", kind=AccountKind.MEMBER, deactivated=False
)
EVENTS: dict[str, Incoming | None] = {
    "event_message_im": MessageReceived(
        Origin("slack", "T0MUSUBI", "U0MISAKI", "Ev0ABCDEF12", conversation="D0MISAKI", address="D0MISAKI"),
        "相談 <電池> & https://example.com/a?b=1&c=2 @U0SHO",
    ),
    "event_message_file": MessageReceived(
        Origin("slack", "T0MUSUBI", "U0MISAKI", "Ev0ABCDEF12", conversation="D0MISAKI", address="D0MISAKI"),
        "近況の写真です",
    ),
    "event_message_changed": None,
    "event_message_bot": None,
    "event_team_join": MemberJoined(MISAKI),
    "event_member_joined_channel": MemberJoined(MISAKI),
    "event_user_change": ProfileChanged(
        Origin("slack", "T0MUSUBI", "U0MISAKI", "Ev0ABCDEF12", locale="ja-JP"), PROFILE
    ),
    "event_user_deactivated": MemberLeft(MISAKI),
    "event_app_home_opened": HomeOpened(Origin("slack", "T0MUSUBI", "U0MISAKI", "Ev0ABCDEF12", address="D0MISAKI")),
    "event_app_messages_opened": None,
    "event_shared_channel": MemberJoined(Origin("slack", "T0MUSUBI", "U0PARTNER", "Ev0ABCDEF12")),
}


@pytest.mark.parametrize("name", EVENTS)
def test_events(name: str) -> None:
    assert read_event(load(name), HERE) == EVENTS[name]


def test_every_event_on_file_is_expected_here() -> None:
    assert {path.stem for path in FOLDER.glob("event_*.json")} == set(EVENTS)


@pytest.mark.parametrize("event", ["app_mention", "channel_archive", "message.weird", ""])
def test_other_events_are_nothing(event: str) -> None:
    body = load("event_message_im")
    body["event"]["type"] = event
    assert read_event(body, HERE) is None


def test_ourselves_joining_a_channel_is_nothing() -> None:
    body = load("event_member_joined_channel")
    body["event"]["user"] = "U0MUSUBI"
    assert read_event(body, HERE) is None


@pytest.mark.parametrize(
    "flags", [{"is_bot": True}, {"id": "USLACKBOT"}, {"is_stranger": True}, {"team_id": "T0OTHER"}]
)
def test_bots_and_strangers_who_join_are_nothing(flags: dict[str, Any]) -> None:
    body = load("event_team_join")
    body["event"]["user"] |= flags
    assert read_event(body, HERE) is None


@pytest.mark.parametrize("flags", [{"is_bot": True}, {"is_stranger": True}, {"team_id": "T0OTHER"}])
def test_changed_bots_and_strangers_are_nothing(flags: dict[str, Any]) -> None:
    body = load("event_user_change")
    body["event"]["user"] |= flags
    assert read_event(body, HERE) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<@U0MUSUBI> 相談 電池", "相談 電池"),
        ("<@U0SHO> さん", "@U0SHO さん"),
        ("<https://example.com>", "https://example.com"),
        ("<https://example.com|ここ>", "https://example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<#C0LOUNGE|lounge> と <#C1>", "#lounge と #C1"),
        ("<!here> <!subteam^S1|@hr>", "@here @hr"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
        (" \n ", ""),
    ],
)
def test_what_was_typed(text: str, read: str) -> None:
    assert read_text(text, "U0MUSUBI") == read


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "url_verification"))
def test_every_payload_is_for_the_workspace_in_which_we_are_installed(name: str) -> None:
    assert team_of(load(name)) == "T0MUSUBI"
