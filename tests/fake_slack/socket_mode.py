"""Socket Mode: the app calls in, is greeted, gets envelopes and acknowledges them."""

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.fake_slack.calls import Call
from tests.fake_slack.delivery import Answer, Kind
from tests.fake_slack.problems import Json

if TYPE_CHECKING:
    from tests.fake_slack.server import FakeSlack


def open_connection(call: Call) -> Json:
    """apps.connections.open: a web socket address that works once."""
    call.need("connections:write")
    return {"url": call.slack.socket.new_address()}


class SocketServer:
    """Takes the app's connections and sends envelopes through the newest."""

    def __init__(self, slack: "FakeSlack") -> None:
        self._slack = slack
        self._tickets: set[str] = set()
        self._connections: list[web.WebSocketResponse] = []
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self._connected = asyncio.Event()
        self.opened = 0
        self.acks: list[Json] = []

    def new_address(self) -> str:
        """An address for one connection."""
        ticket = self._slack.workspace.new_id("ticket")
        self._tickets.add(ticket)
        return f"{self._slack.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._slack.workspace.app_id}"

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.remove(ticket)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        self._connections.append(connection)
        await self._greet(connection)
        try:
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    self._take(json.loads(message.data))
        finally:
            self._connections.remove(connection)
            if not self._connections:
                self._connected.clear()
        return connection

    async def _greet(self, connection: web.WebSocketResponse) -> None:
        self.opened += 1
        hello = {
            "type": "hello",
            "num_connections": len(self._connections),
            "connection_info": {"app_id": self._slack.workspace.app_id},
            "debug_info": {"host": "applink-1", "approximate_connection_time": 18060},
        }
        await connection.send_str(json.dumps(hello))
        self._connected.set()

    def _take(self, ack: Json) -> None:
        self.acks.append(ack)
        waiting = self._answers.pop(str(ack.get("envelope_id")), None)
        if waiting and not waiting.done():
            payload = ack.get("payload")
            waiting.set_result(Answer(200, json.dumps(payload, ensure_ascii=False) if payload else ""))

    async def wait_connected(self, seconds: float | None = None) -> None:
        """Returns once the app is connected. Raises TimeoutError after `seconds`, if given."""
        await asyncio.wait_for(self._connected.wait(), seconds)

    async def send(self, kind: Kind, payload: Json, retry: int, reason: str) -> Answer:
        """Sends one envelope and waits for its acknowledgement, as long as Slack does."""
        if not self._connections:
            return Answer(0, reason="connection_failed")
        envelope: Json = {
            "envelope_id": self._slack.workspace.new_id("envelope"),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason if retry else ""}
        return await self._await_ack(envelope)

    async def _await_ack(self, envelope: Json) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._answers[envelope["envelope_id"]] = answer
        await self._connections[-1].send_str(json.dumps(envelope, ensure_ascii=False))
        try:
            return await asyncio.wait_for(answer, self._slack.patience)
        except TimeoutError:
            return Answer(0, reason="timeout")
        finally:
            self._answers.pop(envelope["envelope_id"], None)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Asks the app to connect anew, as Slack does every few hours; then closes the old connection."""
        old = list(self._connections)
        self._connected.clear()
        for connection in old:
            await connection.send_str(
                json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})
            )
        with contextlib.suppress(TimeoutError):  # an app that does not come back is what a test may want to see
            await self.wait_connected()
        for connection in old:
            await connection.close()

    async def break_off(self) -> None:
        """The connections end without a word."""
        self._connected.clear()
        for connection in list(self._connections):
            await connection.close(code=1011)

    async def close(self) -> None:
        """Ends all connections."""
        for connection in list(self._connections):
            await connection.close()
