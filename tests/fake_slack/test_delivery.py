"""What the app gets: signed requests, events again and again until they are taken, envelopes over Socket Mode."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.fake_slack import FakeSlack, Person, SlackTrouble
from tests.fake_slack.clients import web_client
from tests.fake_slack.problems import Json
from tests.fake_slack.signing import sign
from tests.fake_slack.stub_app import StubApp


def test_the_signature_of_slacks_own_example() -> None:
    """The example of docs.slack.dev/authentication/verifying-requests-from-slack."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&"
        b"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert sign("8f742231b10e8888abcd99yyyzzz85a5", 1531420618, body) == expected


async def test_events_come_again_at_once_after_one_and_after_five_minutes(
    slack: FakeSlack, app: StubApp, misaki: Person
) -> None:
    app.answers = [(500, None)] * 9
    delivery = await misaki.join_team()
    assert delivery is not None
    seen = [len(app.bodies)]
    for seconds in (0, 0, 59, 1, 299, 1, 9999):
        await slack.advance(seconds)
        seen.append(len(app.bodies))
    assert seen == [1, 2, 2, 2, 3, 3, 4, 4]
    assert [headers.get("X-Slack-Retry-Num") for headers in app.headers] == [None, "1", "2", "3"]
    assert {headers["X-Slack-Retry-Reason"] for headers in app.headers[1:]} == {"http_error"}
    assert len({body["event_id"] for body in app.bodies}) == 1
    assert not delivery.accepted


async def test_an_event_that_was_taken_does_not_come_again(slack: FakeSlack, app: StubApp, misaki: Person) -> None:
    app.answers = [(500, None)]
    delivery = await misaki.join_team()
    await slack.redeliver_due(hurry=True)
    assert delivery is not None
    assert delivery.accepted
    assert await slack.redeliver_due(hurry=True) == 0
    await slack.send_again(delivery, times=3)
    assert len(app.bodies) == 5


async def test_an_app_that_is_not_there(slack: FakeSlack, misaki: Person) -> None:
    slack.connect_http("http://127.0.0.1:9/slack/events")
    delivery = await misaki.join_team()
    assert delivery is not None
    assert [answer.reason for answer in delivery.answers] == ["connection_failed"]
    with pytest.raises(SlackTrouble, match="dispatch_failed"):
        await misaki.command("/mentor")


async def test_without_an_app_nothing_can_be_sent(misaki: Person) -> None:
    with pytest.raises(AssertionError, match="where the app is"):
        await misaki.join_team()


async def test_a_wrong_secret_is_noticed(slack: FakeSlack, app: StubApp, misaki: Person) -> None:
    transport = slack.connect_http(app.url)
    slack.signing_secret = "another"
    answer = await transport.post(b"{}", "application/json")
    assert answer.status == 401


class SocketApp:
    """An app that acknowledges every envelope with what `reply` gives, or not at all where it gives None."""

    def __init__(self, slack: FakeSlack) -> None:
        self.requests: list[Any] = []
        self.reply: Json | None = {}
        web = web_client(slack)
        self.client = SocketModeClient(slack.app_token, web_client=web, ping_interval=0.2)
        self.client.socket_mode_request_listeners.append(self._take)

    async def _take(self, client: Any, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if self.reply is not None:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.reply or None))


@pytest.fixture
async def socket_app(slack: FakeSlack) -> Any:
    """The app, connected."""
    app = SocketApp(slack)
    await app.client.connect()
    await slack.connect_socket()
    yield app
    await app.client.close()
    await asyncio.sleep(0)


async def test_a_command_over_socket_mode(slack: FakeSlack, socket_app: SocketApp, misaki: Person) -> None:
    socket_app.reply = {"text": "はい"}
    await misaki.command("/mentor", "電池")
    (request,) = socket_app.requests
    assert (request.type, request.payload["command"], request.payload["text"]) == ("slash_commands", "/mentor", "電池")
    assert request.accepts_response_payload
    assert misaki.last.text == "はい"


async def test_an_envelope_without_acknowledgement(slack: FakeSlack, socket_app: SocketApp, misaki: Person) -> None:
    socket_app.reply, slack.patience = None, 0.05
    with pytest.raises(SlackTrouble, match="operation_timeout"):
        await misaki.command("/mentor")
    delivery = await misaki.join_team()
    assert delivery is not None
    assert delivery.answers[0].status == 0
    socket_app.reply, slack.patience = {}, None
    await slack.redeliver_due()
    assert delivery.accepted
    assert [request.retry_attempt for request in socket_app.requests if request.type == "events_api"] == [0, 1]


async def test_a_refreshed_connection(slack: FakeSlack, socket_app: SocketApp, misaki: Person) -> None:
    await slack.socket.refresh()
    assert slack.socket.opened == 2
    await misaki.command("/mentor")
    assert len(socket_app.requests) == 1


async def test_a_broken_connection(slack: FakeSlack, socket_app: SocketApp, misaki: Person) -> None:
    await slack.socket.break_off()
    await slack.socket.wait_connected()
    await misaki.command("/mentor")
    assert slack.socket.opened == 2


async def test_the_address_works_once_and_needs_an_app_token(slack: FakeSlack) -> None:
    web = web_client(slack)
    opened = await web.apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(opened["url"]) as connection:
            assert json.loads((await connection.receive()).data)["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await web.apps_connections_open(app_token=slack.bot_token)
