"""What the endpoint does with bodies that are no activities, and whom it serves without accounts."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.teams import TeamsAdapter
from bot.failures import SettingsError
from bot.incoming import MemberJoined, MessageReceived
from bot.ports import Person
from tests.adapters.teams.rig import JAPANESE, Desk, Rig, sentence
from tests.fake_teams import TENANT, Actor, FakeTeams
from tests.fake_teams.activities import Scene, make_message


@pytest.fixture
async def emulator() -> AsyncIterator[Rig]:
    """The adapter as a local client without accounts finds it."""
    async with Rig(app_id="", app_password="", tenant_id="", emulator=True) as running:
        yield running


def make_activity(rig: Rig, person: Actor) -> dict[str, Any]:
    return make_message(
        Scene(rig.teams.world, rig.teams.service_url, rig.clock.now()), person.account, person.chat, "x"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"NaN",
        b"{}",
        b"[" * 100_000,
        b'{"type": "message"}',
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
async def test_broken_bodies_are_400(rig: Rig, teams: FakeTeams, body: bytes) -> None:
    assert await teams.courier.post_raw(body) == 400
    assert rig.desk.got == []


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"type": 5},
        {"channelId": ""},
        {"serviceUrl": None},
        {"from": "x"},
        {"from": None},
        {"from": {}},
        {"from": {"id": 7}},
        {"conversation": []},
        {"conversation": {"id": ""}},
        {"recipient": "x"},
        {"entities": "x"},
        {"entities": ["x"]},
        {"membersAdded": {"a": 1}},
        {"membersAdded": [{"aadObjectId": "x"}]},
        {"channelData": 7},
        {"channelData": {"tenant": "x"}},
        {"text": 5},
        {"id": {"a": 1}},
        {"attachments": {"a": 1}},
        {"timestamp": "yesterday"},
    ],
)
async def test_activities_of_a_wrong_shape_are_400(rig: Rig, teams: FakeTeams, change: dict[str, Any]) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲")) | change
    answer = await teams.courier.post({key: value for key, value in activity.items() if value is not None})
    assert answer.status == 400
    assert rig.desk.got == []


@pytest.mark.parametrize("name", ["adaptiveCard/action", "task/fetch", "task/submit"])
@pytest.mark.parametrize(
    "value", [None, [], "x", 7, {}, {"action": "x"}, {"action": {}}, {"data": 5}, {"data": []}, {"data": {"musubi": 3}}]
)
async def test_invokes_of_a_wrong_shape_are_no_failures_of_ours(
    rig: Rig, teams: FakeTeams, sato: Actor, name: str, value: Any
) -> None:
    answer = await sato.invoke(sato.chat.id, name, value)
    assert answer.status in (200, 400)


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 10 * 1024 * 1024])
async def test_large_bodies_are_refused(rig: Rig, teams: FakeTeams, size: int) -> None:
    body = json.dumps({"type": "message", "text": "x" * size}).encode()
    assert await teams.courier.post_raw(body) in (413, 0), "413, or the line was cut while still sending"
    assert rig.desk.got == []


async def test_a_large_body_without_a_length_is_refused(rig: Rig, teams: FakeTeams) -> None:
    async def pour() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b"x" * 65536

    headers = {"Authorization": teams.courier.authorize() or "", "Content-Type": "application/json"}
    status = 0
    try:
        async with teams.courier.session.post(rig.url, data=pour(), headers=headers) as response:
            status = response.status
    except aiohttp.ClientError:
        status = 413
    assert status == 413
    assert rig.desk.got == []


async def test_a_large_body_that_fits_is_read(rig: Rig, teams: FakeTeams) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲")) | {"text": "縁" * 100_000}
    assert (await teams.courier.post(activity)).status == 200
    [received] = rig.desk.got
    assert isinstance(received, MessageReceived)
    assert len(received.text) == 100_000


async def test_every_refusal_is_one_log_line_without_what_was_written(rig: Rig, teams: FakeTeams) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲")) | {"text": "ひみつの相談"}
    with capture_logs() as lines:
        await teams.courier.post(activity, bad_token="expired")
        await teams.courier.post(activity | {"serviceUrl": 7})
        await teams.courier.post_raw(b"{")
    refused = [line for line in lines if line["event"] == "teams.refused"]
    assert [(line["status"], line["log_level"]) for line in refused] == [
        (401, "warning"),
        (400, "warning"),
        (400, "warning"),
    ]
    assert [line["reason"] for line in refused] == ["expired", "serviceUrl is no text", "no JSON"]
    assert not any(secret in str(lines) for secret in ("ひみつ", "佐藤", "Bearer", "eyJ"))


@pytest.mark.parametrize("channel", ["directline", "webchat", "emulator", "agents", "MSTEAMS"])
async def test_other_channels_are_refused(rig: Rig, teams: FakeTeams, channel: str) -> None:
    teams.service.identity.ring.rotate(endorsements=("msteams", channel))
    activity = make_activity(rig, teams.add_person("佐藤 美咲")) | {"channelId": channel}
    assert (await teams.courier.post(activity)).status == 403
    assert rig.desk.got == []


async def test_only_post_is_served(rig: Rig, teams: FakeTeams) -> None:
    async with teams.courier.session.get(rig.url) as response:
        assert response.status == 405


# Without an app id


async def test_a_local_client_needs_no_token(emulator: Rig) -> None:
    person = emulator.teams.add_person("佐藤 美咲")
    activity = make_activity(emulator, person)
    assert (await emulator.teams.courier.post(activity, bad_token="missing")).status == 200
    [received] = emulator.desk.got
    assert received.origin.tenant == TENANT


async def test_a_local_client_is_answered_without_a_token(emulator: Rig) -> None:
    person = emulator.teams.add_person("佐藤 美咲")
    await person.install()
    assert [type(got) for got in emulator.desk.got] == [MemberJoined, MemberJoined]
    origin = emulator.desk.got[0].origin
    with pytest.raises(Exception, match="401"):
        await emulator.adapter.sender.say(Person(TENANT, origin.user, origin.address), sentence("x"), JAPANESE)
    assert emulator.teams.service.identity.tokens_given == 0


@pytest.mark.parametrize(
    "url", ["https://smba.trafficmanager.net/jp/", "http://10.0.0.7:56150/", "https://evil.example"]
)
async def test_a_local_client_must_have_a_loopback_service(emulator: Rig, url: str) -> None:
    activity = make_activity(emulator, emulator.teams.add_person("佐藤 美咲")) | {"serviceUrl": url}
    assert (await emulator.teams.courier.post(activity)).status == 403
    assert emulator.desk.got == []


async def test_a_page_in_a_browser_can_not_speak_to_the_open_bot(emulator: Rig) -> None:
    """Its name resolves to 127.0.0.1 (rebinding), but its Host header is its own."""
    activity = make_activity(emulator, emulator.teams.add_person("佐藤 美咲"))
    headers = {"Host": "evil.example"}
    async with emulator.teams.courier.session.post(emulator.url, json=activity, headers=headers) as response:
        assert response.status == 403
    assert emulator.desk.got == []


@pytest.mark.parametrize(
    "settings",
    [
        {"app_id": "", "app_password": "", "tenant_id": ""},
        {"app_id": "a", "app_password": "", "tenant_id": "t"},
        {"app_id": "a", "app_password": "p", "tenant_id": ""},
        {"app_id": "a", "app_password": "p", "tenant_id": "t", "emulator": True},
    ],
)
def test_settings_that_do_not_go_together(settings: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        TeamsAdapter(dispatch=Desk(), clock=Rig().clock, **settings)
