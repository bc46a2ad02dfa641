"""A minimal app for the fake's own tests: answers as told, and checks signatures with Slack's own verifier."""

import json
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.signature import Clock, SignatureVerifier

from tests.fake_slack.problems import Json
from tests.fake_slack.server import FakeSlack


class _FakeTime(Clock):
    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def now(self) -> float:
        return self._slack.workspace.time()


@dataclass
class StubApp:
    """Takes what the fake sends. `answers` are given one after another, `(status, body)`; then 200 with nothing."""

    slack: FakeSlack
    answers: list[tuple[int, Any]] = field(default_factory=list[tuple[int, Any]])
    bodies: list[Json] = field(default_factory=list[Json])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    url: str = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/slack/events", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        bound: Any = self._runner.addresses[0]
        self.url = f"http://127.0.0.1:{bound[1]}/slack/events"
        self.slack.connect_http(self.url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        verifier = SignatureVerifier(self.slack.signing_secret, clock=_FakeTime(self.slack))
        if not verifier.is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        self.bodies.append(_parse(body, request.content_type))
        self.headers.append(dict(request.headers))
        status, answer = self.answers.pop(0) if self.answers else (200, None)
        if answer is None:
            return web.Response(status=status)
        return web.json_response(answer, status=status) if isinstance(answer, dict) else web.Response(text=str(answer))

    @property
    def last(self) -> Json:
        """What came last: the form of a command, the payload of an interaction, the envelope of an event."""
        return self.bodies[-1]


def _parse(body: bytes, content_type: str) -> Json:
    if content_type == "application/json":
        return json.loads(body)
    form = {key: values[0] for key, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    return json.loads(form["payload"]) if "payload" in form else form
