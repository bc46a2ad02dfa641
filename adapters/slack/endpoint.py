"""POST /slack/events: size, signature and shape are checked here, before Bolt sees anything."""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack import limits
from bot.ports import Clock

log = structlog.get_logger(__name__)

PATH = "/slack/events"


class RequestRefused(Exception):
    """The request is not Slack's, or can't be read; answered with `status`."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Endpoint:
    """Takes Slack's requests over HTTP."""

    def __init__(self, signing_secret: str, clock: Clock, app: Callable[[], AsyncApp]) -> None:
        self._secret = signing_secret
        self._clock = clock
        self._app = app

    async def take(self, request: web.Request) -> web.Response:
        """Answers one request: 4xx and a log line for what is not Slack's, otherwise what Bolt says."""
        try:
            body = await _read_body(request)
            self._check_signature(request, body)
            bolt_request = _make_request(request, body)
        except RequestRefused as refusal:
            log.warning("slack.request_refused", reason=refusal.reason, status=refusal.status)
            return web.Response(status=refusal.status, text=refusal.reason)
        return await to_aiohttp_response(await self._app().async_dispatch(bolt_request))

    def _check_signature(self, request: web.Request, body: bytes) -> None:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise RequestRefused(401, "no timestamp")
        if abs(self._clock.now().timestamp() - int(timestamp)) > limits.SIGNATURE_AGE:
            raise RequestRefused(401, "old timestamp")
        given = signature.encode(errors="surrogateescape")  # a header may hold any bytes
        if not hmac.compare_digest(sign(self._secret, timestamp, body).encode(), given):
            raise RequestRefused(401, "bad signature")


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's signature of a body, version v0."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


async def _read_body(request: web.Request) -> bytes:
    if (request.content_length or 0) > limits.BODY:
        raise RequestRefused(413, "too large")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limits.BODY:
            raise RequestRefused(413, "too large")
    return bytes(body)


def _make_request(request: web.Request, body: bytes) -> AsyncBoltRequest:
    try:
        text = body.decode()
        _check_shape(text, request.content_type)
    except (ValueError, KeyError, RecursionError) as error:
        raise RequestRefused(400, "unreadable body") from error
    headers: dict[str, str | Sequence[str]] = dict(request.headers)
    return AsyncBoltRequest(body=text, query=request.query_string, headers=headers)


def _check_shape(text: str, content_type: str) -> None:
    """Raises ValueError unless the body is a JSON object, a form with one in it, or some other form (a command)."""
    if content_type == "application/json":
        payload: object = json.loads(text)
    elif "payload=" in text:
        payload = json.loads(parse_qs(text, strict_parsing=True)["payload"][0])
    else:
        payload = {} if "=" in text else None
    if not isinstance(payload, dict):
        raise ValueError("no object")
