"""Slack's Web API: one call, one answer, never tried twice."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

CONNECT_TIMEOUT = 5.0
CALL_TIMEOUT = 10.0
"""Seconds for a call that nobody waits for."""

sdk_log = logging.getLogger("musubi.slack")
sdk_log.setLevel(logging.ERROR)  # the SDK's lower levels write payloads, and so what people wrote


class CallFailed(Exception):
    """A call of the Web API did not succeed.

    `code` is Slack's error code, or `http_<status>`, `timeout`, `unreachable`, `connection_lost`. `retry_after`
    (seconds) comes with `ratelimited`. `maybe_done` says that the answer was lost on the way, so that it may have
    worked.
    """

    def __init__(self, code: str, *, retry_after: float = 0.0, maybe_done: bool = False, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.retry_after = retry_after
        self.maybe_done = maybe_done
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack answered. `scopes` are those of the token."""

    data: Json
    scopes: frozenset[str]


class Web:
    """The way to the Web API at `base_url`, with one pool of connections for all tokens. `limit` (seconds) is for a
    call that nobody waits for."""

    def __init__(self, base_url: str, limit: float = CALL_TIMEOUT) -> None:
        self.limit = limit
        self.base_url = base_url if base_url.endswith("/") else f"{base_url}/"
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, AsyncWebClient] = {}

    def client(self, token: str) -> AsyncWebClient:
        """The SDK's client for a token. It retries nothing: the outbox does, and a lost answer is no refusal."""
        if token not in self._clients:
            self._clients[token] = AsyncWebClient(
                token=token, base_url=self.base_url, session=self._open_session(), retry_handlers=[], logger=sdk_log
            )
        return self._clients[token]

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self.limit, connect=self.limit * CONNECT_TIMEOUT / CALL_TIMEOUT)
            connector = aiohttp.TCPConnector(limit=50)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=connector, trust_env=True)
        return self._session

    async def call(self, token: str, method: str, budget: float | None = None, **arguments: Any) -> Json:
        """Calls a method and gives its answer, within `budget` seconds (`limit` without it). Raises CallFailed."""
        return (await self.ask(token, method, budget, **arguments)).data

    async def ask(self, token: str, method: str, budget: float | None = None, **arguments: Any) -> Answer:
        """As `call`, with what the answer's headers say. Raises CallFailed."""
        client: Any = self.client(token)
        try:
            async with asyncio.timeout(self.limit if budget is None else budget):
                response = await client.api_call(method, data=_encode(arguments))
        except SlackApiError as error:
            raise read_refusal(cast(Any, error).response) from error
        except TimeoutError as error:
            raise CallFailed("timeout", maybe_done=True) from error
        except aiohttp.ClientConnectorError as error:
            raise CallFailed("unreachable") from error
        except aiohttp.ClientError as error:
            raise CallFailed("connection_lost", maybe_done=True, detail=type(error).__name__) from error
        scopes = str(_header(response.headers, "x-oauth-scopes") or "")
        return Answer(response.data, frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()))

    async def post(self, url: str, body: Json, budget: float) -> None:
        """Answers through an interaction's response_url, within `budget` seconds. Raises CallFailed."""
        try:
            async with asyncio.timeout(budget), self._open_session().post(url, json=body) as response:
                text = await response.text()
        except TimeoutError as error:
            raise CallFailed("timeout", maybe_done=True) from error
        except aiohttp.ClientError as error:
            raise CallFailed("connection_lost", maybe_done=True, detail=type(error).__name__) from error
        if response.status != 200 or '"ok":false' in text.replace(" ", ""):
            raise CallFailed(f"http_{response.status}", detail=text[:100])

    async def upload(self, url: str, data: bytes) -> None:
        """Hands a file's bytes to the address that files.getUploadURLExternal gave. Raises CallFailed."""
        try:
            async with asyncio.timeout(self.limit), self._open_session().post(url, data=data) as response:
                await response.read()
        except TimeoutError as error:
            raise CallFailed("timeout", maybe_done=True) from error
        except aiohttp.ClientError as error:
            raise CallFailed("connection_lost", maybe_done=True, detail=type(error).__name__) from error
        if response.status != 200:
            raise CallFailed(f"http_{response.status}")

    async def close(self) -> None:
        """Closes the connections."""
        self._clients.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None


def _encode(arguments: Json) -> dict[str, str]:
    """A form, because every method reads one and the reading ones nothing else; what is not text or number as JSON."""
    given = {key: value for key, value in arguments.items() if value is not None}
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for key, value in given.items()
    }


def next_cursor(page: Json) -> str:
    """The cursor of the next page, "" on the last."""
    metadata: Json = page.get("response_metadata") or {}
    return str(metadata.get("next_cursor") or "")


def read_refusal(response: Any) -> CallFailed:
    """What an answer that is no success means."""
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    if status == 429:
        return CallFailed("ratelimited", retry_after=_read_seconds(_header(response.headers, "Retry-After")))
    data = getattr(response, "data", None)
    code = str(cast(Json, data).get("error", "")) if isinstance(data, dict) else ""
    if status >= 500 or not code:
        return CallFailed(f"http_{status}", maybe_done=True)
    return CallFailed(code, maybe_done=code in ("internal_error", "fatal_error"), detail=_read_detail(cast(Json, data)))


def _read_detail(data: Json) -> str:
    """Where Slack points to in a payload that it refuses: pointers and rules, never the text itself."""
    metadata: Json = data.get("response_metadata") or {}
    messages: list[Any] = metadata.get("messages") or []
    needed = [f"needs {data['needed']}"] if data.get("needed") else []
    return "; ".join([str(message)[:200] for message in messages[:3]] + needed)


def _read_seconds(value: Any) -> float:
    return float(value) if value is not None and str(value).replace(".", "", 1).isdigit() else 30.0


def _header(headers: Mapping[str, Any] | None, name: str) -> Any:
    for key, value in (headers or {}).items():
        if key.lower() == name.lower():
            return value
    return None
