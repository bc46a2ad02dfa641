"""What the fake sends has the shape of what Slack sends (tests/payloads/slack): no field that Slack has not."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.problems import Json, as_list, as_object
from tests.fake_slack.samples import actions, button, entry, field, modal
from tests.fake_slack.stub_app import StubApp

FOLDER = Path(__file__).parents[1] / "payloads" / "slack"
FREE = {"values", "metadata", "profile", "blocks", "view", "actions"}
"""Objects whose keys are made up by the app, or of which the fake gives but a part."""

NEEDED = {
    "slash_command": {"command", "text", "user_id", "team_id", "channel_id", "trigger_id", "response_url"},
    "block_actions": {"type", "user", "team", "container", "actions", "trigger_id"},
    "view_submission": {"type", "user", "team", "view", "trigger_id"},
    "event": {"type", "event", "event_id", "team_id", "authorizations"},
}


def load(name: str) -> Json:
    """A payload as Slack sends it."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def foreign_keys(sent: Any, real: Any, at: str = "") -> list[str]:
    """The keys that the fake made up."""
    mine, theirs = as_object(sent), as_object(real)
    if mine is not None and theirs is not None:
        unknown = [f"{at}/{key}" for key in mine if key not in theirs]
        shared = [key for key in mine if key in theirs and key not in FREE]
        return unknown + [found for key in shared for found in foreign_keys(mine[key], theirs[key], f"{at}/{key}")]
    ours, others = as_list(sent), as_list(real)
    if ours and others:
        return foreign_keys(ours[0], others[0], f"{at}/0")
    return []


def check(sent: Json, name: str, needed: str) -> None:
    """Holds a payload against the one on file."""
    assert foreign_keys(sent, load(name)) == []
    assert NEEDED[needed] <= set(sent)


async def test_commands(app: StubApp, misaki: Person) -> None:
    await misaki.command("/mentor", "電池")
    check(app.last, "slash_command", "slash_command")


async def test_presses(slack: FakeSlack, app: StubApp, client: Any, misaki: Person) -> None:
    await client.chat_postMessage(channel=misaki.id, text="x", blocks=[actions(button("引き受ける", style="primary"))])
    await misaki.click("引き受ける")
    check(app.last, "block_actions_message", "block_actions")
    assert set(app.last["actions"][0]) <= set(load("block_actions_message")["actions"][0])
    assert "response_url" in app.last
    lounge = slack.add_channel("lounge", misaki)
    await client.chat_postEphemeral(channel=lounge.id, user=misaki.id, text="x", blocks=[actions(button("はい"))])
    await misaki.click("はい")
    check(app.last, "block_actions_ephemeral", "block_actions")
    await client.views_publish(user_id=misaki.id, view={"type": "home", "blocks": [actions(button("開く"))]})
    await misaki.click_home("開く")
    check(app.last, "block_actions_home", "block_actions")
    assert set(app.last["view"]) <= set(load("block_actions_home")["view"])


async def test_submissions(slack: FakeSlack, app: StubApp, client: Any, misaki: Person) -> None:
    trigger = slack.workspace.new_trigger(misaki.id).id
    await client.views_open(trigger_id=trigger, view=modal(field("名前", entry()), notify_on_close=True))
    await misaki.modal.fill("名前", "佐藤").submit()
    check(app.last, "view_submission", "view_submission")
    assert set(app.last["view"]) <= set(load("view_submission")["view"])
    trigger = slack.workspace.new_trigger(misaki.id).id
    await client.views_open(trigger_id=trigger, view=modal(field("名前", entry()), notify_on_close=True))
    await misaki.modal.close()
    assert foreign_keys(app.last, load("view_closed")) == []


@pytest.mark.parametrize(
    ("act", "name"),
    [
        ("join_team", "event_team_join"),
        ("open_home", "event_app_home_opened"),
        ("change_profile", "event_user_change"),
        ("be_deactivated", "event_user_deactivated"),
    ],
)
async def test_events(app: StubApp, misaki: Person, act: str, name: str) -> None:
    await getattr(misaki, act)()
    check(app.last, name, "event")
    assert app.last["event"]["type"] == load(name)["event"]["type"]


async def test_messages_and_joins(slack: FakeSlack, app: StubApp, misaki: Person, sho: Person) -> None:
    await misaki.write("相談")
    check(app.last, "event_message_im", "event")
    await misaki.join_channel(slack.add_channel("lounge"), invited_by=sho)
    check(app.last, "event_member_joined_channel", "event")


async def test_what_people_write_and_change(app: StubApp, client: Any, misaki: Person) -> None:
    await client.chat_postMessage(channel=misaki.id, text="ここで話せます。")
    await misaki.write("はい", thread=misaki.last)
    check(app.last, "event_message_thread", "event")
    await misaki.write("資料です", files=[misaki.attach("計画.pdf")])
    check(app.last, "event_message_file", "event")
    await misaki.write("七時に")
    await misaki.edit(misaki.written[-1], "八時に")
    check(app.last, "event_message_edited", "event")
    await misaki.write("質問です")
    await client.chat_postMessage(channel=misaki.direct.id, text="はい", thread_ts=misaki.written[-1].ts)
    await misaki.delete(misaki.written[-1])
    check(app.last, "event_message_tombstone", "event")
    await misaki.delete(misaki.written[-2])
    before = load("event_message_deleted")["event"]["previous_message"] | {"edited": {}}
    assert set(app.last["event"]) <= set(load("event_message_deleted")["event"])
    assert set(app.last["event"]["previous_message"]) <= set(before)
