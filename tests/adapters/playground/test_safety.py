"""Nobody but this machine's browser on the playground's own page gets in, and nothing strange gets through."""

import asyncio
import json
from typing import Any

import pytest

from adapters.playground.safety import LONGEST_BODY, find_objection
from adapters.playground.web import ROOT
from tests.adapters.playground.browser import new_key
from tests.adapters.playground.conftest import Client
from tests.adapters.playground.small_bot import SmallBot

GETS = ["", "/", "/assets/app.js", "/api/start", "/api/changes?people=sho-takahashi&since=0", "/mails/1?person=x"]
POSTS = ["/api/acts", "/api/reads", "/api/clock"]


def act(**what: Any) -> dict[str, Any]:
    return {"key": new_key(), "person": "sho-takahashi", "what": what}


async def status_of(client: Client, method: str, path: str, headers: dict[str, str], body: Any = None) -> int:
    async with client.request(method, ROOT + path, headers=headers, json=body) as response:
        return response.status


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "127.0.0.1.evil.example:3978"},
        {"Host": ""},
        {"Host": "192.168.0.7:3978"},
        {"Host": "[::1"},
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_foreign_name_or_page_sees_nothing(client: Client, path: str, headers: dict[str, str]) -> None:
    assert await status_of(client, "GET", path, headers) == 403


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:1"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_foreign_page_does_nothing(client: Client, bot: SmallBot, path: str, headers: dict[str, str]) -> None:
    body = act(kind="say", conversation="dm:sho-takahashi", text="はい")
    assert await status_of(client, "POST", path, headers, body) == 403
    assert bot.heard == []


async def test_a_program_without_an_origin_does_nothing(client: Client, bot: SmallBot) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    body = json.dumps(act(kind="home")).encode()
    head = f"POST {ROOT}/api/acts HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nContent-Type: application/json\r\n"
    writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    assert b"403" in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert bot.heard == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_this_machines_own_names_are_served(client: Client, host: str) -> None:
    name = f"{host}:{client.port}"
    headers = {"Host": name, "Origin": f"http://{name}"}
    assert await status_of(client, "GET", "/api/start", headers) == 200
    body = act(kind="say", conversation="dm:sho-takahashi", text="はい")
    assert await status_of(client, "POST", "/api/acts", headers, body) == 200


class Elsewhere:
    """A request as it looks when it comes over the network."""

    def __init__(self, peer: object) -> None:
        self.headers = {"Host": "localhost:3978"}
        self.method = "GET"
        self.transport = self
        self.peer = peer

    def get_extra_info(self, name: str) -> object:
        return self.peer if name == "peername" else None


@pytest.mark.parametrize("peer", [("192.168.0.7", 1), ("10.0.0.1", 1), ("2001:db8::1", 1, 0, 0), None, "", ("?", 1)])
def test_another_machine_is_not_served(peer: object) -> None:
    assert find_objection(Elsewhere(peer)) == "not from this machine"  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("peer", [("127.0.0.1", 1), ("127.8.9.1", 1), ("::1", 1, 0, 0)])
def test_this_machine_is_served(peer: object) -> None:
    assert find_objection(Elsewhere(peer)) is None  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("path", GETS[:5])
async def test_every_answer_is_kept_to_itself(client: Client, path: str) -> None:
    async with client.get(ROOT + path) as response:
        assert response.status == 200
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self'; frame-ancestors 'none'")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in response.headers


class TestBodies:
    @pytest.mark.parametrize("path", POSTS)
    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"a"', b"\xff\xfe", b"{}", b"[" * 5000])
    async def test_what_is_no_act_is_refused(self, client: Client, bot: SmallBot, path: str, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        async with client.post(ROOT + path, data=body, headers=headers) as response:
            assert response.status == 400
        assert bot.heard == []

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    async def test_only_json_is_read(self, client: Client, kind: str) -> None:
        body = json.dumps(act(kind="home"))
        async with client.post(f"{ROOT}/api/acts", data=body, headers={"Content-Type": kind}) as response:
            assert response.status == 415

    async def test_a_body_of_ten_megabytes_is_not_read_to_its_end(self, client: Client) -> None:
        headers = {"Content-Type": "application/json"}
        async with client.post(f"{ROOT}/api/acts", data=b"x" * (LONGEST_BODY + 1), headers=headers) as response:
            assert response.status == 413

    @pytest.mark.parametrize(
        "change",
        [
            {"key": "short"},
            {"key": "k" * 65},
            {"key": "key with space"},
            {"key": 12345678},
            {"person": ""},
            {"person": "x" * 81},
            {"extra": 1},
            {"what": {"kind": "unknown"}},
            {"what": {"kind": "say", "conversation": "dm:sho-takahashi"}},
            {"what": {"kind": "say", "conversation": "dm:sho-takahashi", "text": ""}},
            {"what": {"kind": "say", "conversation": "dm:sho-takahashi", "text": "あ" * 4001}},
            {"what": {"kind": "say", "conversation": "dm:sho-takahashi", "text": ["はい"]}},
            {"what": {"kind": "press", "conversation": "dm:sho-takahashi", "message": "1; drop", "payload": "x"}},
            {"what": {"kind": "press", "conversation": "dm:sho-takahashi", "message": "1", "payload": "x" * 1001}},
            {"what": {"kind": "press", "conversation": "dm:sho-takahashi", "message": "-1", "payload": "x"}},
            {"what": {"kind": "submit", "conversation": "d", "message": "", "payload": "x", "values": {"a": 1}}},
            {
                "what": {
                    "kind": "submit",
                    "conversation": "d",
                    "message": "",
                    "payload": "x",
                    "values": {"a": {"b": "c"}},
                }
            },
            {"what": {"kind": "language", "language": "fr"}},
        ],
    )
    async def test_what_does_not_fit_is_refused(self, client: Client, bot: SmallBot, change: dict[str, Any]) -> None:
        body = act(kind="home") | change
        assert await status_of(client, "POST", "/api/acts", {}, body) == 400
        assert bot.heard == []


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../web.py",
        "/assets/..%2Fweb.py",
        "/assets/%2e%2e/web.py",
        "/assets/index.html",
        "/assets/none.js",
        "/assets/.",
        "/assets/..%2f..%2fdata%2fpeople.json",
    ],
)
async def test_only_the_pages_own_files_are_served(client: Client, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(f"GET {ROOT}{path} HTTP/1.1\r\nHost: localhost:{client.port}\r\nConnection: close\r\n\r\n".encode())
    assert b" 404 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
