"""`POST /api/messages`: who may speak, what is read of it, and the answer's status.

401 for every bad token, 403 for a service host that is not Teams, 413 and 400 for bodies that are too large or no
activity, 503 when the signing keys can't be read, 500 when we failed. Teams sends messages again after 500 and 503.
"""

import ipaddress
import json
from dataclasses import dataclass
from typing import Any, cast

import structlog
from aiohttp import web

from adapters.teams.addresses import LOOPBACK_HOSTS, is_allowed
from adapters.teams.bridge import Answer, Bridge
from adapters.teams.inbound import Inbound
from adapters.teams.received import BadActivityError, Received, read_activity
from adapters.teams.tokens import BadTokenError, Caller, KeysUnavailableError, TokenVerifier

Json = dict[str, Any]

log = structlog.get_logger(__name__)

CHANNEL = "msteams"
MAX_BODY = 1024 * 1024
"""Bytes of an activity. Real ones stay below 100 KB."""


class Refused(Exception):
    """The request gets this status and nothing else; the reason is for the log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The messaging endpoint. Without a verifier it serves local clients without accounts, on loopback only."""

    inbound: Inbound
    bridge: Bridge
    verifier: TokenVerifier | None
    tenant: str
    hosts: frozenset[str]

    async def handle(self, request: web.Request) -> web.Response:
        """The HTTP handler."""
        try:
            answer = await self._take(request)
        except Refused as refused:
            log.warning("teams.refused", status=refused.status, reason=refused.reason)
            return web.Response(status=refused.status, headers={"Connection": "close"})
        if answer.body is None:
            return web.Response(status=answer.status)
        return web.json_response(answer.body, status=answer.status)

    async def _take(self, request: web.Request) -> Answer:
        caller = await self._identify(request)
        body = await _read_body(request)
        received = self._read(body)
        self._check(received, caller)
        await self.inbound.note(received)
        return await self._run(body, received)

    async def _identify(self, request: web.Request) -> Caller | None:
        if self.verifier is None:
            _check_loopback(request)
            return None
        try:
            return await self.verifier.verify(request.headers.get("Authorization"))
        except BadTokenError as error:
            raise Refused(401, str(error)) from error
        except KeysUnavailableError as error:
            raise Refused(503, "the signing keys can't be read") from error

    def _read(self, body: Json) -> Received:
        try:
            return read_activity(body)
        except BadActivityError as error:
            raise Refused(400, str(error)) from error

    def _check(self, received: Received, caller: Caller | None) -> None:
        """Other channels of the Bot Framework are refused: on Direct Line a client chooses who it says it is."""
        if received.channel != CHANNEL:
            raise Refused(403, "another channel than Teams")
        if caller is not None:
            if received.tenant != self.tenant:
                raise Refused(401, "another tenant")
            try:
                caller.check(service_url=received.service_url, channel=received.channel, tenant=received.tenant)
            except BadTokenError as error:
                raise Refused(401, str(error)) from error
        if not is_allowed(received.service_url, self.hosts):
            raise Refused(403, "this service host is not allowed")

    async def _run(self, body: Json, received: Received) -> Answer:
        try:
            return await self.bridge.run(body, received)
        except BadActivityError as error:
            raise Refused(400, str(error)) from error
        except Exception as error:
            log.exception("teams.failed", kind=received.kind, activity=received.id)
            raise Refused(500, type(error).__name__) from error


def _check_loopback(request: web.Request) -> None:
    """A page in somebody's browser must not speak to the bot either, so the Host header counts as well."""
    try:
        local = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        local = False
    if not local or request.url.host not in LOOPBACK_HOSTS:
        raise Refused(403, "without an app id only loopback is served")


async def _read_body(request: web.Request) -> Json:
    if (request.content_length or 0) > MAX_BODY:
        raise Refused(413, "the body is too large")
    try:
        raw = await request.content.read(MAX_BODY + 1)
        while len(raw) <= MAX_BODY and (more := await request.content.read(MAX_BODY)):
            raw += more
        if len(raw) > MAX_BODY:
            raise Refused(413, "the body is too large")
        body: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "no JSON") from error
    if not isinstance(body, dict):
        raise Refused(400, "no JSON object")
    return cast(Json, body)
