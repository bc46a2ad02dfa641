"""manifest.yml installs what the code needs, and nothing it does not need."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from adapters.slack.doctor import SCOPES
from adapters.slack.endpoint import PATH
from adapters.slack.incoming import read_event
from adapters.slack.workspaces import Workspace
from bot.ports import Group
from handlers import FEATURES
from tests.adapters.slack.conftest import add_misaki
from tests.adapters.slack.test_outbound import parcel
from tests.adapters.slack.world import SlackWorld
from tests.fake_slack import schemas
from tests.fake_slack.manifest import EVENT_SCOPES

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "manifest.yml").read_text()
MANIFEST: dict[str, Any] = yaml.safe_load(TEXT)
SCHEMA = schemas.FOLDER / "slack-manifest.schema.json"
CODE = "\n".join(path.read_text() for path in sorted((ROOT / "adapters" / "slack").glob("*.py")))

TYPED_ONLY = {"help"}
"""Commands that people type to the bot: Slack keeps these slash commands for itself."""

# docs.slack.dev/reference/methods: what each method that we call asks of a bot token
METHOD_SCOPES = {
    "apps.connections.open": set[str](),
    "auth.test": set[str](),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"im:history", "mpim:history"},
    "conversations.replies": {"im:history", "mpim:history"},
    "conversations.open": {"im:write", "mpim:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "users.info": {"users:read", "users:read.email"},
    "users.list": {"users:read", "users:read.email"},
    "views.open": set[str](),
    "views.publish": set[str](),
    "views.update": set[str](),
}


def bot_scopes() -> set[str]:
    """The scopes that the manifest asks for."""
    return set(MANIFEST["oauth_config"]["scopes"]["bot"])


def bot_events() -> set[str]:
    """The events that the manifest subscribes to."""
    return set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])


def methods_called() -> set[str]:
    """The Web API methods in the adapter's code."""
    return set(re.findall(r'"((?:apps|auth|chat|conversations|files|users|views)\.[A-Za-z.]+)"', CODE))


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the public schemas are not beside this repository")
def test_the_manifest_is_one() -> None:
    validator: Any = Draft7Validator(json.loads(SCHEMA.read_text()))
    assert [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(MANIFEST)] == []


def test_names_and_descriptions_fit() -> None:
    """The lengths of docs.slack.dev/reference/app-manifest."""
    shown, features = MANIFEST["display_information"], MANIFEST["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z][a-z0-9_-]{0,30}", command["command"])
        assert len(command["description"]) <= 100


def test_the_slash_commands_are_those_that_features_answer() -> None:
    routes = [route for feature in FEATURES for route in feature.router.routes if route.key[0] == "command"]
    answered = {str(route.key[1]).split()[0] for route in routes} - TYPED_ONLY
    installed = {command["command"].removeprefix("/") for command in MANIFEST["features"]["slash_commands"]}
    assert installed == answered


def test_everything_comes_to_one_address() -> None:
    settings, commands = MANIFEST["settings"], MANIFEST["features"]["slash_commands"]
    addresses = {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    addresses |= {command["url"] for command in commands}
    assert len(addresses) == 1
    assert addresses.pop().endswith(PATH)


def test_http_is_the_default_and_people_can_write_to_the_bot() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is False
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    home = MANIFEST["features"]["app_home"]
    assert (home["home_tab_enabled"], home["messages_tab_enabled"]) == (True, True)
    assert home["messages_tab_read_only_enabled"] is False


def test_the_events_are_those_that_are_read() -> None:
    here = Workspace("T0MUSUBI", "", "", "U0MUSUBI", "B0MUSUBI", frozenset())
    folder = ROOT / "tests" / "payloads" / "slack"
    read: set[str] = set()
    for path in folder.glob("event_*.json"):
        body = json.loads(path.read_text())
        if read_event(body, here) is not None:
            kind = str(body["event"]["type"])
            read.add("message.im" if kind == "message" else kind)
    assert bot_events() == read


def test_the_scopes_are_those_that_methods_and_events_need() -> None:
    assert methods_called() == set(METHOD_SCOPES)
    needed = {scope for method in methods_called() for scope in METHOD_SCOPES[method]}
    needed |= {EVENT_SCOPES[event] for event in bot_events()} - {""}
    assert bot_scopes() == needed | {"commands"}


def test_the_doctor_asks_for_the_same_scopes() -> None:
    assert set(SCOPES) == bot_scopes()


async def test_with_nothing_but_the_manifest_everything_works(sqlite_url: str) -> None:
    async with SlackWorld(sqlite_url, manifest=TEXT) as world:
        misaki = add_misaki(world)
        sho = world.slack.add_person("高橋 翔", email="sho@example.com")
        lounge = world.slack.add_channel("lounge", sho)
        await world.welcome(misaki)
        await misaki.click("replace")
        await misaki.open_home()
        await misaki.write("やあ")
        await misaki.join_channel(lounge)
        await misaki.change_profile(tz="UTC")
        await misaki.command("/mentor", "form")
        await misaki.modal.fill("お名前", "佐藤").submit()
        group = Group(world.slack.workspace.team, (misaki.id, sho.id))
        receipt = await world.adapter.sender.send(parcel(group))
        assert await world.adapter.sender.find_sent(parcel(group)) == receipt
        assert len(await world.adapter.directory.list_people(world.slack.workspace.team)) == 3
        assert [finding.level for finding in await world.adapter.check()] == ["ok"]
        account = world.account(misaki)
        assert account is not None
        assert account.address == misaki.direct.id
        assert [call for call in world.slack.calls if call.answer != "ok"] == []
        assert len(world.slack.deliveries.all) == 8, "every event was subscribed to, so it was sent"
