"""The fake's HTTP server: the Web API, response URLs and Socket Mode, with troubles on demand."""

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from aiohttp import web

from tests.fake_slack import files, response_urls
from tests.fake_slack.calls import Call, Token, read_args
from tests.fake_slack.delivery import Answer, Deliveries, Delivery, HttpTransport, Kind, Transport
from tests.fake_slack.faults import Fault, Faults, Pace
from tests.fake_slack.manifest import install
from tests.fake_slack.methods import FORM_ONLY, carry_out
from tests.fake_slack.person import Person
from tests.fake_slack.problems import ApiError, Json
from tests.fake_slack.socket_mode import SocketServer
from tests.fake_slack.workspace import Channel, Message, User, Workspace

SCOPES_HEADER = "X-OAuth-Scopes"


@dataclass
class Clockwork:
    """A clock that stands still until a test moves it."""

    at: datetime = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The present moment."""
        return self.at


@dataclass(frozen=True, slots=True)
class Seen:
    """A call of the Web API, for tests to look at."""

    method: str
    args: Json
    answer: str = field(default="")


class FakeSlack:
    """One workspace behind a real HTTP server on the loopback interface. Use as an async context manager.

    `now` gives the present moment (aware); without it the workspace has a clock of its own, moved with `advance`.
    `manifest` (YAML) is what is installed: only its commands, events and scopes exist. `patience` is how long Slack
    waits for an answer (real seconds): three in life (`limits.ANSWER_SECONDS`), here without end unless a test is about
    being late, so that a slow machine changes nothing. It may be changed at any time.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] | None = None,
        manifest: str | None = None,
        patience: float | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.clock = Clockwork()
        self.workspace = Workspace(now or self.clock.now)
        self.installed = install(manifest)
        self.bot_token, self.app_token = "xoxb-fake-bot-token", "xapp-1-fake-app-token"
        self.signing_secret = "8f742231b10e8888abcd99yyyzzz85a5"
        self.patience = patience
        self.faults = Faults()
        self.calls: list[Seen] = []
        self.troubles: list[str] = []
        self.url = ""
        self.socket = SocketServer(self)
        self.deliveries = Deliveries(self.workspace.time)
        self.tokens = {
            self.bot_token: Token(self.workspace, self.installed.scopes),
            self.app_token: Token(self.workspace, frozenset({"connections:write"}), "app"),
        }
        self._pace = pace
        self._transport: Transport | None = None
        self._runner: web.AppRunner | None = None

    # Life

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_away()

    async def listen(self, port: int = 0) -> None:
        """Starts the server, on any free port or the one given."""
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/api/{method}", self._answer_api)
        app.router.add_post("/response/{id}", self._answer_response_url)
        app.router.add_post("/upload/{id}", self._take_upload)
        app.router.add_get("/link/", self.socket.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        bound: Any = self._runner.addresses[0]
        self.url = f"http://127.0.0.1:{bound[1]}"

    async def go_away(self) -> None:
        """Stops the server: connections are refused. `listen(port)` brings it back."""
        await self.socket.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    @property
    def api_url(self) -> str:
        """The Web API's address, with a slash at the end, as `SLACK_API_URL` wants it."""
        return f"{self.url}/api/"

    def connect_http(self, events_url: str) -> HttpTransport:
        """The app listens here: commands, clicks and events are posted to this address, signed."""
        transport = HttpTransport(events_url, self.signing_secret, self.workspace.time, lambda: self.patience)
        self._transport = transport
        return transport

    async def connect_socket(self) -> None:
        """The app uses Socket Mode; returns once it has called in."""
        await self.socket.wait_connected()
        self._transport = self.socket

    @property
    def transport(self) -> Transport:
        """The way to the app."""
        if self._transport is None:
            raise AssertionError("tell the fake where the app is first: connect_http or connect_socket")
        return self._transport

    # Time

    async def advance(self, seconds: float) -> None:
        """Moves the fake's own clock forward and sends again what is due by then."""
        self.clock.at += timedelta(seconds=seconds)
        await self.redeliver_due()

    async def redeliver_due(self, *, hurry: bool = False) -> int:
        """Sends again the events that were not answered 200 and are due (with `hurry`: all). Returns how many."""
        return await self.deliveries.send_due(self.transport, hurry=hurry)

    async def send(self, kind: Kind, payload: Json) -> Delivery:
        """Sends something to the app for the first time."""
        return await self.deliveries.send(self.transport, kind, payload)

    async def send_again(self, delivery: Delivery, times: int = 1) -> list[Answer]:
        """Sends something once more, although it may have been answered."""
        return await self.deliveries.send_again(self.transport, delivery, times)

    # People and conversations

    def add_person(self, real_name: str, **more: Any) -> Person:
        """Somebody with an account: `email`, `locale`, `tz`, `title`, `is_restricted` ... as in `workspace.User`."""
        return Person(self, self.workspace.add_user(real_name, **more))

    def add_channel(self, name: str, *people: Person, with_bot: bool = True) -> Channel:
        """A public channel with these people in it."""
        bot = [self.workspace.bot.id] if with_bot else []
        return self.workspace.add_channel(name, *[person.id for person in people], *bot)

    def deactivate(self, person: Person) -> User:
        """The account is deactivated: it can't be written to any more. Sends no event; see `Person.be_deactivated`."""
        person.user.deleted = True
        return person.user

    # What happened

    @property
    def messages(self) -> list[Message]:
        """Every message that the bot posted for all in a conversation to see, oldest first."""
        bot = self.workspace.bot.id
        return [one for one in self.workspace.messages if one.user == bot and not one.ephemeral_to and not one.deleted]

    def count_by_key(self, name: str = "key") -> Counter[str]:
        """How often each delivery key (`name` in the metadata's payload) was posted: exactly once means all are 1."""
        payloads = [message.metadata["event_payload"] for message in self.messages if message.metadata]
        return Counter(str(payload[name]) for payload in payloads if name in payload)

    def calls_of(self, method: str) -> list[Seen]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    # Answering

    def keep_pace(self, channel: str) -> None:
        """Raises ApiError when the app posts faster than Slack lets it."""
        wait = self._pace.wait_for(channel, self.workspace.time()) if self._pace else 0.0
        if wait:
            raise ApiError("ratelimited", retry_after=wait)

    async def _answer_api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            args = await read_args(request, form_only=name in FORM_ONLY)
            token = self._find_token(request, args)
        except ApiError as error:
            return self._refuse(name, {}, error, "")
        fault = self.faults.take(name, str(args.get("channel") or ""))
        if fault:
            return await self._misbehave(request, fault, name, args, token)
        return self._carry_out(name, args, token)

    async def _take_upload(self, request: web.Request) -> web.StreamResponse:
        return await files.take_upload(self.workspace, request)

    def _find_token(self, request: web.Request, args: Json) -> Token:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if "token" in args:
            raise ApiError("invalid_auth")  # secrets do not belong into the address or the body
        if not secret:
            raise ApiError("not_authed")
        token = self.tokens.get(secret)
        if token is None or scheme != "Bearer":
            raise ApiError("invalid_auth")
        if token.workspace.bot.deleted:
            raise ApiError("account_inactive")
        return token

    def _carry_out(self, name: str, args: Json, token: Token) -> web.Response:
        scopes = ",".join(sorted(token.scopes))
        try:
            answer = carry_out(name, Call(self, token.workspace, token, args))
        except ApiError as error:
            return self._refuse(name, args, error, scopes)
        self.calls.append(Seen(name, args, "ok"))
        return web.json_response({"ok": True} | answer, headers={SCOPES_HEADER: scopes})

    def _refuse(self, name: str, args: Json, error: ApiError, scopes: str) -> web.Response:
        self.calls.append(Seen(name, args, error.code))
        body: Json = {"ok": False, "error": error.code} | error.extra
        if error.code == "ratelimited":
            wait = str(max(1, math.ceil(error.extra.get("retry_after", 1))))
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": wait})
        return web.json_response(body, headers={SCOPES_HEADER: scopes} if scopes else {})

    async def _misbehave(
        self, request: web.Request, fault: Fault, name: str, args: Json, token: Token
    ) -> web.StreamResponse:
        answer = self._carry_out(name, args, token) if fault.accepts else None
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            return answer or self._carry_out(name, args, token)
        if fault.kind == "throttle":
            return self._refuse(name, args, ApiError("ratelimited", retry_after=fault.seconds), "")
        if fault.kind == "refuse":
            return self._refuse(name, args, ApiError(fault.code), "")
        if fault.kind == "fail":
            self.calls.append(Seen(name, args, str(fault.status)))
            return web.Response(status=fault.status, text="<html>Server Error</html>", content_type="text/html")
        return _break(request)

    async def _answer_response_url(self, request: web.Request) -> web.StreamResponse:
        body: Json = await request.json()
        fault = self.faults.take("response_url", "")
        if fault:
            return _break(request) if fault.kind in ("drop", "cut") else web.Response(status=fault.status or 500)
        try:
            response_urls.answer(self.workspace, request.match_info["id"], body)
        except ApiError as error:
            self.calls.append(Seen("response_url", body, error.code))
            return web.json_response({"ok": False, "error": error.code}, status=404 if "url" in error.code else 200)
        self.calls.append(Seen("response_url", body, "ok"))
        return web.Response(text="ok")


def _break(request: web.Request) -> web.Response:
    """The connection breaks: the caller never gets to read an answer."""
    with contextlib.suppress(AttributeError):  # the client may have gone first, and its transport with it
        request.transport.abort()  # pyright: ignore[reportOptionalMemberAccess]
    return web.Response()
