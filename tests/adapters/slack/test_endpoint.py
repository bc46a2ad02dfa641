"""What is not Slack's is turned away with 4xx and a log line, and leaves no row."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from sqlmodel import select
from yarl import URL

from adapters.slack.endpoint import sign
from storage.models import Account, Seen
from tests.adapters.slack.conftest import add_misaki
from tests.adapters.slack.world import SlackWorld

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def rows(world: SlackWorld) -> int:
    """How many rows anything that arrived has left."""
    with world.app.store.begin() as db:
        return len(db.session.exec(select(Account)).all()) + len(db.session.exec(select(Seen)).all())


async def post(world: SlackWorld, body: bytes, content_type: str = JSON, **headers: str) -> tuple[int, list[Any]]:
    """Posts a body, signed unless `headers` say otherwise. Gives the status and the log lines."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    with structlog.testing.capture_logs() as lines:
        answer = await world.http.post(body, content_type, given)
    return answer.status, [line for line in lines if line["event"] == "slack.request_refused"]


def event(world: SlackWorld) -> bytes:
    """A right event."""
    misaki = add_misaki(world)
    inner = {"type": "team_join", "user": {"id": misaki.id, "name": "misaki"}}
    return json.dumps(
        {"type": "event_callback", "team_id": "T0MUSUBI", "event_id": "Ev1", "event_time": 1, "event": inner}
    ).encode()


async def test_a_right_request_is_taken(over_http: SlackWorld) -> None:
    assert await post(over_http, event(over_http)) == (200, [])
    assert over_http.effects == ["join"]
    assert rows(over_http) == 2


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"X_Slack_Signature": "v0=" + "0" * 64}, "bad signature"),
        ({"X_Slack_Signature": "v1=abc"}, "bad signature"),
        ({"X_Slack_Signature": ""}, "bad signature"),
        ({"X_Slack_Signature": "v0=結び"}, "bad signature"),
        ({"X_Slack_Request_Timestamp": ""}, "no timestamp"),
        ({"X_Slack_Request_Timestamp": "yesterday"}, "no timestamp"),
        ({"X_Slack_Request_Timestamp": "-1"}, "no timestamp"),
        ({"X_Slack_Request_Timestamp": "9" * 40}, "no timestamp"),
        ({"X_Slack_Request_Timestamp": "1"}, "old timestamp"),
    ],
)
async def test_bad_signatures(over_http: SlackWorld, headers: dict[str, str], reason: str) -> None:
    status, (line,) = await post(over_http, event(over_http), **headers)
    assert (status, line["reason"]) == (401, reason)
    assert (rows(over_http), over_http.effects) == (0, [])


@pytest.mark.parametrize(("minutes", "status"), [(4, 200), (6, 401), (-4, 200), (-6, 401)])
async def test_old_and_early_timestamps(over_http: SlackWorld, minutes: int, status: int) -> None:
    body = event(over_http)
    timestamp = str(int((over_http.clock.now() - timedelta(minutes=minutes)).timestamp()))
    signature = sign(over_http.slack.signing_secret, timestamp, body)
    answered, _ = await post(over_http, body, X_Slack_Request_Timestamp=timestamp, X_Slack_Signature=signature)
    assert answered == status


async def test_a_signature_of_another_body(over_http: SlackWorld) -> None:
    body = event(over_http)
    timestamp = str(int(over_http.clock.now().timestamp()))
    signature = sign(over_http.slack.signing_secret, timestamp, body.replace(b"Ev1", b"Ev2"))
    status, _ = await post(over_http, body, X_Slack_Request_Timestamp=timestamp, X_Slack_Signature=signature)
    assert status == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", JSON),
        (b"", JSON),
        (b"[1, 2]", JSON),
        (b"null", JSON),
        (b"\xff\xfe", JSON),
        (b"[" * 100_000, JSON),
        (b"payload=%7B", FORM),
        (b"payload=%5B%5D", FORM),
        (b"\x00;;;", FORM),
        (b"", FORM),
        (b"xpayload=%7B%7D", FORM),
        (b"payload=", FORM),
        (b"hello", "text/plain"),
    ],
)
async def test_unreadable_bodies(over_http: SlackWorld, body: bytes, content_type: str) -> None:
    status, (line,) = await post(over_http, body, content_type)
    assert (status, line["reason"]) == (400, "unreadable body")
    assert rows(over_http) == 0


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{}", JSON),
        (json.dumps({"type": "event_callback", "team_id": "T0OTHER", "event": {"type": "team_join"}}).encode(), JSON),
        (urlencode({"command": "/mentor", "team_id": "T0OTHER", "user_id": "U1"}).encode(), FORM),
        (urlencode({"payload": json.dumps({"type": "block_actions", "team": {"id": "T0OTHER"}})}).encode(), FORM),
    ],
)
async def test_another_workspace_is_turned_away(over_http: SlackWorld, body: bytes, content_type: str) -> None:
    status, (line,) = await post(over_http, body, content_type)
    assert (status, line["reason"]) == (403, "unknown_team")
    assert rows(over_http) == 0


@pytest.mark.parametrize("size", [1_000_001, 10_000_000])
async def test_bodies_that_are_too_large(over_http: SlackWorld, size: int) -> None:
    status, lines = await post(over_http, b"x" * size)
    assert status in (413, 0), "0: the connection is closed before all of it is sent"
    assert [line["reason"] for line in lines] == ["too large"]
    assert rows(over_http) == 0


async def test_a_large_body_in_pieces_is_stopped_on_the_way(over_http: SlackWorld) -> None:
    sent = 0

    async def pieces() -> Any:
        nonlocal sent
        for _ in range(200):
            sent += 100_000
            yield b"x" * 100_000
            await asyncio.sleep(0)

    with structlog.testing.capture_logs() as lines:
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.post(over_http.http.url, data=pieces(), headers={"Content-Type": JSON}) as response,
            ):
                status = response.status
        except aiohttp.ClientError:
            status = 0
    assert status in (413, 0)
    assert any(line.get("reason") == "too large" for line in lines)
    assert sent < 20_000_000


async def test_headers_of_any_bytes(over_http: SlackWorld) -> None:
    url = URL(over_http.http.url)
    timestamp = int(over_http.clock.now().timestamp())
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nX-Slack-Request-Timestamp: {timestamp}\r\n"
    writer.write(head.encode() + b"X-Slack-Signature: v0=\xff\xfe\r\nConnection: close\r\n\r\n{}")
    assert b" 401 " in (await reader.readline())
    writer.close()
    await writer.wait_closed()


async def test_only_post(over_http: SlackWorld) -> None:
    async with aiohttp.ClientSession() as session, session.get(over_http.http.url) as response:
        assert response.status == 405


async def test_slack_proves_the_address(over_http: SlackWorld) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    answer = await over_http.http.post(body, JSON)
    assert (answer.status, answer.json()) == (200, {"challenge": "3eZbrw1a"})


async def test_a_refusal_logs_nothing_that_was_sent(over_http: SlackWorld) -> None:
    _, (line,) = await post(over_http, b'{"text": "himitsu"}', X_Slack_Signature="v0=himitsu")
    assert "himitsu" not in json.dumps(line)


async def test_repeated_events_are_logged_with_their_number(over_http: SlackWorld) -> None:
    headers = {"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_timeout"}
    with structlog.testing.capture_logs() as lines:
        await over_http.http.post(event(over_http), JSON, headers)
    (line,) = [line for line in lines if line["event"] == "slack.event_again"]
    assert (line["event_id"], line["retry"], line["reason"]) == ("Ev1", "2", "http_timeout")


async def test_without_a_signing_secret_there_is_no_address(sqlite_url: str) -> None:
    async with SlackWorld(sqlite_url, "socket") as world:
        world.slack.signing_secret = ""
        misaki = add_misaki(world)
        await misaki.command("/mentor", "nothing")
        assert world.effects == ["mentor nothing"]
