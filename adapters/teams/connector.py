"""The Bot Connector's REST API on one pooled HTTP session.

The SDK sends with `requests` in a thread pool, six at a time on two cores (measured); this keeps up with the service.
Nothing is retried here but a refused token: the outbox owns retries.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.teams.addresses import Address, is_allowed
from adapters.teams.failures import read_failure
from adapters.teams.pool import Pool
from adapters.teams.tokens import BotToken
from bot.failures import FailureKind, SendFailed
from bot.ports import Clock

Json = dict[str, Any]

PAGE = 500
"""Members a page; the service gives 50 to 500 (Microsoft's "Bot API changes for team and chat members")."""


@dataclass(slots=True)
class ConnectorClient:
    """Calls of the connector. `token` is None in front of a local client without accounts.

    Every method raises SendFailed, as `failures.ConnectorError` where the service answered.
    """

    pool: Pool
    clock: Clock
    app_id: str
    token: BotToken | None
    hosts: frozenset[str]
    request_timeout: float = 10.0

    async def send(self, address: Address, activity: Json) -> str:
        """Leaves a message in a conversation; gives its id."""
        answer = await self._request("POST", address, "/activities", activity, risky=True)
        return str(answer.get("id") or "")

    async def update(self, address: Address, message: str, activity: Json) -> None:
        """Puts another body in a message's place. Doing it twice does no harm."""
        path = f"/activities/{quote(message, safe='')}"
        await self._request("PUT", address, path, activity | {"id": message}, risky=False)

    async def create_chat(self, service_url: str, tenant: str, user: str) -> Address:
        """The 1:1 chat with a person, by Entra object id. The service gives the same one every time."""
        body: Json = {
            "isGroup": False,
            "bot": {"id": f"28:{self.app_id}"},
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        answer = await self._request("POST", Address(service_url), "", body, risky=False)
        if not answer.get("id"):
            raise SendFailed(FailureKind.RETRY, "the new conversation has no id")
        return Address(service_url, str(answer["id"]))

    async def get_member(self, address: Address, user: str) -> Json:
        """A member of a conversation, by Entra object id or `29:` id."""
        return await self._request("GET", address, f"/members/{quote(user, safe='')}", None, risky=False)

    async def iterate_members(self, address: Address) -> AsyncIterator[Json]:
        """Everybody in a conversation, page by page."""
        token = ""
        while True:
            query = f"?pageSize={PAGE}" + (f"&continuationToken={quote(token, safe='')}" if token else "")
            page = await self._request("GET", address, f"/pagedmembers{query}", None, risky=False)
            for member in cast("list[Json]", page.get("members") or []):
                yield member
            token = str(page.get("continuationToken") or "")
            if not token:
                return

    async def _request(self, method: str, address: Address, path: str, body: Json | None, *, risky: bool) -> Json:
        """One call, and a second one with a new token if the first was refused with 401: then nothing was done yet."""
        url = self._make_url(address, path)
        token = await self.token.get() if self.token else ""
        status, answer = await self._call(method, url, body, token, risky=risky)
        if status == 401 and self.token:
            self.token.forget(token)
            _, answer = await self._call(method, url, body, await self.token.get(), risky=risky, last=True)
        return answer

    def _make_url(self, address: Address, path: str) -> URL:
        if not is_allowed(address.service_url, self.hosts):
            raise SendFailed(FailureKind.BUG, "this service host is not allowed")
        conversation = f"/{quote(address.conversation, safe='')}" if address.conversation else ""
        return URL(f"{address.service_url.rstrip('/')}/v3/conversations{conversation}{path}", encoded=True)

    async def _call(
        self, method: str, url: URL, body: Json | None, token: str, *, risky: bool, last: bool = False
    ) -> tuple[int, Json]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        timeout = aiohttp.ClientTimeout(total=self.request_timeout, sock_connect=self.request_timeout / 2)
        try:
            async with self.pool.session.request(
                method, url, json=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return await self._read(response, last=last or not token)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendFailed(FailureKind.RETRY, f"connecting: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendFailed(FailureKind.RETRY, f"no answer: {type(error).__name__}", maybe_sent=risky) from error

    async def _read(self, response: aiohttp.ClientResponse, *, last: bool) -> tuple[int, Json]:
        if response.status == 401 and not last:
            return 401, {}
        if not 200 <= response.status < 300:
            body = await self._read_refusal(response)
            raise read_failure(response.status, response.headers, body, self.clock.now())
        # The service has done it: an unreadable answer loses the id, not the message.
        try:
            raw: object = json.loads(await response.read() or b"{}")
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raw = {}
        return response.status, cast(Json, raw) if isinstance(raw, dict) else {}

    async def _read_refusal(self, response: aiohttp.ClientResponse) -> bytes:
        """The body of a refusal, empty when it breaks off: the status alone says that nothing was done."""
        try:
            return await response.content.read(64 * 1024)
        except (aiohttp.ClientError, TimeoutError):
            return b""
