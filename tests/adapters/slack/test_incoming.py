"""Payloads in the shapes in which Slack sends them become the right incoming, or nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.inbound import team_of
from adapters.slack.incoming import (
    list_mentioned,
    read_command,
    read_event,
    read_press,
    read_scope,
    read_submission,
    read_text,
)
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
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
    Profile,
    ProfileChanged,
    Scope,
    SharedFile,
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


WRITING = Origin(
    "slack",
    "T0MUSUBI",
    "U0MISAKI",
    "Ev0ABCDEF12",
    conversation="D0MISAKI",
    message="1795136400.000200",
    address="D0MISAKI",
)
PROFILE = Profile(
    "佐藤 美咲", "misaki@example.com", True, "ja-JP", "Asia/Tokyo", "EV", kind=AccountKind.MEMBER, deactivated=False
)
EVENTS: dict[str, Incoming | None] = {
    "event_message_im": MessageReceived(WRITING, "相談 <電池> & https://example.com/a?b=1&c=2 @…"),
    "event_message_file": MessageReceived(
        WRITING, "近況の写真です", files=(SharedFile("a.png", "image/png", "", 12345),)
    ),
    "event_message_thread": MessageReceived(WRITING, "ありがとうございます 🎉 :custom:", "1795136300.000100"),
    "event_message_edited": MessageEdited(WRITING, "八時に @…"),
    "event_message_deleted": MessageDeleted(WRITING),
    "event_message_tombstone": MessageDeleted(WRITING),
    "event_message_changed": None,  # a preview of a link
    "event_message_bot": None,
    "event_message_bot_changed": None,
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
        ("<@U0SHO> さん、<@U0KEN|田中> さん、<@U0YUKA>", "@高橋 翔 さん、@田中 さん、@…"),
        ("<https://example.com>", "https://example.com"),
        ("<https://example.com|ここ>", "ここ (https://example.com)"),
        ("<http://example.com|example.com>", "http://example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<mailto:a@example.com|美咲>", "美咲 (a@example.com)"),
        ("<#C0LOUNGE|lounge> と <#C1>", "#lounge と #…"),
        ("<!here> <!subteam^S1|@hr>", "@here @hr"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
        (" \n ", ""),
    ],
)
def test_what_was_typed(text: str, read: str) -> None:
    assert read_text({"text": text}, "U0MUSUBI", {"U0SHO": "高橋 翔"}) == read


@pytest.mark.parametrize(
    ("points", "text", "read"),
    [
        ("1f389", ":tada:", "🎉"),
        ("1f44d-1f3fd", ":+1::skin-tone-4:", "👍🏽"),
        ("nonsense", "a:+1:b", "ab"),
        ("", "10:30:45", "10:30:45"),
    ],
)
def test_emoji_are_signs(points: str, text: str, read: str) -> None:
    name = "tada" if "tada" in text else "+1"
    section = {"type": "rich_text_section", "elements": [{"type": "emoji", "name": name, "unicode": points}]}
    blocks = [{"type": "rich_text", "elements": [section]}]
    assert read_text({"text": text, "blocks": blocks}, "U0MUSUBI", {}) == read


def test_whose_names_are_to_be_found_out() -> None:
    body = load("event_message_im")
    assert list_mentioned(body, HERE) == ("U0SHO",)
    body["event"]["text"] = "<@U0MUSUBI> <@U0SHO> <@U0KEN|ken> <@U0SHO> <#C0LOUNGE>"
    assert list_mentioned(body, HERE) == ("U0SHO", "U0KEN")
    assert list_mentioned(load("event_message_edited"), HERE) == ("U0SHO",)
    body["event"]["channel_type"] = "channel"
    assert list_mentioned(body, HERE) == list_mentioned(load("event_team_join"), HERE) == ()


def file_of(**changes: Any) -> SharedFile:
    """The file on file, changed."""
    body = load("event_message_file")
    body["event"]["files"][0] |= changes
    received = read_event(body, HERE)
    assert isinstance(received, MessageReceived)
    return received.files[0]


def test_a_files_address_never_names_who_shared_it() -> None:
    assert file_of().url == ""
    assert file_of(public_url_shared=True).url == "https://slack-files.com/T0MUSUBI-F0ABC-0a1b2c3d4e"
    elsewhere = {"is_external": True, "url_private": "https://docs.google.com/document/d/1"}
    assert file_of(**elsewhere).url == "https://docs.google.com/document/d/1"
    assert file_of(**elsewhere, external_url="https://drive.example/1").url == "https://drive.example/1"


def test_a_file_of_which_slack_tells_little() -> None:
    assert file_of(name=None, title="図", mimetype=None, size=None) == SharedFile("図", "", "", 0)


def test_a_file_that_was_deleted_is_none() -> None:
    body = load("event_message_file")
    body["event"]["files"][0] = {"id": "F0ABC", "mode": "tombstone"}
    received = read_event(body, HERE)
    assert isinstance(received, MessageReceived)
    assert received.files == ()


def test_a_file_without_a_word_is_a_message() -> None:
    body = load("event_message_file")
    body["event"]["text"] = ""
    received = read_event(body, HERE)
    assert isinstance(received, MessageReceived)
    assert (received.text, len(received.files)) == ("", 1)
    del body["event"]["files"]
    assert read_event(body, HERE) is None


def test_the_message_that_begins_a_thread_stands_in_none() -> None:
    body = load("event_message_thread")
    body["event"]["thread_ts"] = body["event"]["ts"]
    received = read_event(body, HERE)
    assert isinstance(received, MessageReceived)
    assert received.thread == ""


@pytest.mark.parametrize("name", ["event_message_edited", "event_message_deleted", "event_message_tombstone"])
@pytest.mark.parametrize(
    "change", [{"bot_id": "B0OTHER"}, {"user": "U0MUSUBI"}, {"user": None}, {"subtype": "bot_message"}]
)
def test_what_no_person_wrote_is_neither_edited_nor_deleted(name: str, change: dict[str, Any]) -> None:
    body = load(name)
    body["event"]["previous_message"] |= change
    assert read_event(body, HERE) is None


@pytest.mark.parametrize("name", ["event_message_edited", "event_message_deleted"])
def test_what_is_changed_in_channels_is_nothing(name: str) -> None:
    body = load(name)
    body["event"]["channel_type"] = "channel"
    assert read_event(body, HERE) is None
    body["event"] |= {"channel_type": "im", "previous_message": None}
    assert read_event(body, HERE) is None


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "url_verification"))
def test_every_payload_is_for_the_workspace_in_which_we_are_installed(name: str) -> None:
    assert team_of(load(name)) == "T0MUSUBI"
