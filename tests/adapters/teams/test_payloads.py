"""Activities of the shapes that Teams sends (tests/payloads/teams): read by us, taken by the SDK, and like the fake's.

The shapes are those of Microsoft's documents and of what Agents Playground sends; ids and people are invented.
"""

import json
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.teams.bridge import Bridge
from adapters.teams.received import BadActivityError, Received, Who, read_activity
from bot.incoming import Scope
from tests.fake_teams import FakeTeams
from tests.fake_teams.activities import (
    Scene,
    attach,
    make_change,
    make_file,
    make_installation,
    make_invoke,
    make_membership,
    make_message,
    make_picture,
    make_reaction,
    quote,
)
from tests.fake_teams.world import Account, Place, Sent, Written

FOLDER = Path(__file__).parents[2] / "payloads" / "teams"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
CHANGES = {
    "message_edited": "editMessage",
    "message_deleted": "softDeleteMessage",
    "message_restored": "undeleteMessage",
}
SATO = "c33aafc4-646d-4543-9d4c-abd28e4d2110"
NEW = "8c9b0000-1111-4222-8333-444455556666"


def load(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_every_payload_is_read(name: str) -> None:
    received = read_activity(load(name))
    assert received.tenant == "72f988bf-0000-41af-91ab-2d7cd011db47"
    assert received.sender.user == SATO
    assert received.service_url.startswith("https://smba.trafficmanager.net/jp/")
    assert received.channel == "msteams"
    assert received.key == f"{received.conversation}:{received.id}"


@pytest.mark.parametrize(
    ("name", "text", "scope"),
    [
        ("message_personal", "相談 電池の量産", Scope.PERSONAL),
        ("message_group", "メニュー", Scope.GROUP),
        ("message_channel", "mentor batteries", Scope.CHANNEL),
    ],
)
def test_messages(name: str, text: str, scope: Scope) -> None:
    received = read_activity(load(name))
    assert (received.kind, received.text, received.scope) == ("message", text, scope)
    assert (received.locale, received.zone) == ("ja-JP", "Asia/Tokyo")


def test_a_channels_thread_belongs_to_its_team() -> None:
    received = read_activity(load("message_channel"))
    assert received.conversation.endswith(";messageid=1763600523458")
    assert received.roster == received.team == "19:3629591d4b774aa08cb0887902eee7c1@thread.tacv2"


def test_members() -> None:
    personal = read_activity(load("members_added_personal"))
    assert [who.user for who in personal.added if not who.is_bot] == [SATO]
    assert [who.is_bot for who in personal.added] == [False, True]
    assert [who.user for who in read_activity(load("members_added_team")).added] == [NEW]
    assert [who.user for who in read_activity(load("members_removed_team")).removed] == [NEW]


def test_presses() -> None:
    assert read_activity(load("execute")).reply_to == read_activity(load("task_fetch")).reply_to == "1763600000001"
    assert read_activity(load("task_submit")).reply_to == ""


def test_who_without_an_object_id_goes_by_their_own_id() -> None:
    assert Who("29:abc", "").user == "29:abc"
    assert Who("29:abc", "object").user == "object"


def test_a_mention_that_is_not_the_bots_stays_as_a_name() -> None:
    activity = load("message_group")
    other = {"mentioned": {"id": "29:other", "name": "高橋 翔"}, "text": "<at>高橋 翔</at>", "type": "mention"}
    activity["entities"].append(other)
    activity["text"] = "<at>Musubi</at> <at>高橋 翔</at> に相談 <at>Musubi</at>"
    assert read_activity(activity).text == "@高橋 翔 に相談 @Musubi"


class Heard:
    """Writes down which turn an activity became."""

    def __init__(self) -> None:
        self.turns: list[str] = []

    def __getattr__(self, name: str) -> Any:
        async def turn(received: Received) -> dict[str, Any]:
            self.turns.append(name)
            return {"heard": received.kind}

        return turn


@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("message_personal", "on_message"),
        ("message_group", "on_message"),
        ("message_channel", "on_message"),
        ("installation_add", "on_installed"),
        ("installation_remove", "on_removed"),
        ("members_added_personal", "on_members"),
        ("members_added_team", "on_members"),
        ("bot_added_team", "on_members"),
        ("members_removed_team", "on_members"),
        ("execute", "on_execute"),
        ("task_fetch", "on_fetch"),
        ("task_submit", "on_submit"),
        ("message_edited", "on_edited"),
        ("message_restored", "on_edited"),
        ("message_deleted", "on_deleted"),
    ],
)
async def test_the_sdk_sorts_them(name: str, turn: str) -> None:
    heard, body = Heard(), load(name)
    answer = await Bridge(cast(Any, heard)).run(body, read_activity(body))
    assert heard.turns == [turn]
    assert answer.status == 200
    assert answer.body == ({"heard": "invoke"} if body["type"] == "invoke" else None)


async def test_what_the_sdk_can_not_read_is_no_activity() -> None:
    body = load("message_personal") | {"timestamp": "yesterday"}
    with pytest.raises(BadActivityError):
        await Bridge(cast(Any, Heard())).run(body, read_activity(body))


async def test_a_failing_turn_is_not_hidden() -> None:
    """The SDK's on_turn_error would answer 201."""

    class Failing:
        async def on_message(self, received: Received) -> None:
            raise RuntimeError("away")

    body = load("message_personal")
    with pytest.raises(RuntimeError):
        await Bridge(cast(Any, Failing())).run(body, read_activity(body))


def shape(value: Any) -> Any:
    """Keys and kinds of a JSON value."""
    if isinstance(value, dict):
        return {key: shape(child) for key, child in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [shape(child) for child in cast("list[Any]", value)]
    return type(value).__name__


def sort(shapes: list[Any]) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True) for each in shapes)


def make_like(name: str) -> dict[str, Any]:
    """The fake's activity for the same occasion."""
    teams = FakeTeams()
    person, other = teams.add_person("佐藤 美咲"), teams.add_person("高橋 翔")
    scene = Scene(teams.world, "https://smba.trafficmanager.net/jp/t/", teams.service.now())
    group = teams.add_group("相談", [person])
    team = teams.place_team("縁", [person])
    who, chat = person.account, person.chat
    if name in CHANGES or name in ("message_files", "message_quoting", "message_quoting_in_html"):
        return make_like_written(name, scene, who, chat)
    if name.startswith("message_"):
        place = {"personal": chat, "group": group, "channel": team}[name.removeprefix("message_")]
        return make_message(scene, who, place, "x")
    if name.startswith("installation_"):
        return make_installation(scene, who, chat, name.removeprefix("installation_"))
    if name == "reaction":
        return make_reaction(scene, who, chat, "1")
    if name in ("execute", "task_fetch", "task_submit"):
        invoke = {"execute": "adaptiveCard/action", "task_fetch": "task/fetch", "task_submit": "task/submit"}[name]
        return make_invoke(scene, who, chat, invoke, load(name)["value"], message_id="" if "submit" in name else "1")
    place = chat if name.endswith("personal") else team
    people = {"members_added_personal": [who], "bot_added_team": []}.get(name, [other.account])
    bot, added = name in ("members_added_personal", "bot_added_team"), "added" in name
    return make_membership(scene, who, place, people, bot=bot, added=added)


def make_like_written(name: str, scene: Scene, who: Account, chat: Place) -> dict[str, Any]:
    """The same for what comes with a message, or becomes of it."""
    message = make_message(scene, who, chat, "x")
    if name in CHANGES:
        return make_change(scene, Written("1", chat, who, message), CHANGES[name], "y")
    if name == "message_files":
        return attach(message, [make_file(who, "a.pdf"), make_picture(scene)])
    return quote(message, Sent("1", chat, {"text": "z"}, 0), entity=name == "message_quoting")


@pytest.mark.parametrize("name", NAMES)
def test_the_fake_sends_the_same_shape(name: str) -> None:
    real, fake = shape(load(name)), shape(make_like(name))
    for key in ("entities", "attachments"):
        assert sort(real.pop(key, [])) == sort(fake.pop(key, []))
    assert fake == real
