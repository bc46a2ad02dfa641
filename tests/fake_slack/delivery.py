"""Sending to the app: over HTTP, signed, or through a Socket Mode connection; and sending events again."""

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlencode

import aiohttp

from tests.fake_slack import limits
from tests.fake_slack.problems import Json, as_object
from tests.fake_slack.signing import sign

Kind = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the app said. `status` is 0 when it said nothing in time, or could not be reached."""

    status: int
    text: str = ""
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether Slack counts it as an answer."""
        return 200 <= self.status < 300

    def json(self) -> Json | None:
        """The body as a JSON object, or None."""
        try:
            return as_object(json.loads(self.text))
        except ValueError:
            return None


@dataclass
class Delivery:
    """Something sent to the app, with every answer so far. Only events are sent again."""

    kind: Kind
    payload: Json
    answers: list[Answer] = field(default_factory=list[Answer])
    due: float | None = None
    retries: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the app took it in the end."""
        return any(answer.ok for answer in self.answers)


class Transport(Protocol):
    """A way to the app."""

    async def send(self, kind: Kind, payload: Json, retry: int, reason: str) -> Answer:
        """Sends once and waits for the answer, as long as Slack does."""
        ...


class HttpTransport:
    """Posts to the app's request URL."""

    def __init__(self, url: str, secret: str, now: "Timer", patience: Callable[[], float | None]) -> None:
        self.url, self._secret, self._now, self._patience = url, secret, now, patience

    async def send(self, kind: Kind, payload: Json, retry: int, reason: str) -> Answer:
        """Sends the payload as Slack encodes it: events as JSON, commands as a form, interactions as JSON in a form."""
        headers: dict[str, str] = {}
        if retry:
            headers = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        if kind == "events_api":
            return await self.post(json.dumps(payload, ensure_ascii=False).encode(), "application/json", headers)
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload, ensure_ascii=False)}
        return await self.post(urlencode(form).encode(), "application/x-www-form-urlencoded", headers)

    async def post(self, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> Answer:
        """Sends any body, signed; `headers` may replace what Slack would have set."""
        timestamp = int(self._now())
        all_headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        } | (headers or {})
        timeout = aiohttp.ClientTimeout(total=self._patience())
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.url, data=io.BytesIO(body), headers=all_headers) as response,
            ):
                return Answer(response.status, await response.text(), "http_error")
        except TimeoutError:
            return Answer(0, reason="http_timeout")
        except aiohttp.ClientError:
            return Answer(0, reason="connection_failed")


class Timer(Protocol):
    """Gives the seconds since 1970."""

    def __call__(self) -> float:
        """The present moment."""
        ...


class Deliveries:
    """Everything sent so far, and what waits to be sent again."""

    def __init__(self, now: Timer) -> None:
        self._now = now
        self.all: list[Delivery] = []

    async def send(self, transport: Transport, kind: Kind, payload: Json) -> Delivery:
        """Sends something for the first time."""
        delivery = Delivery(kind, payload)
        self.all.append(delivery)
        await self._try(transport, delivery, 0)
        return delivery

    async def _try(self, transport: Transport, delivery: Delivery, retry: int) -> None:
        reason = delivery.answers[-1].reason if delivery.answers else ""
        answer = await transport.send(delivery.kind, delivery.payload, retry, reason or "http_error")
        delivery.answers.append(answer)
        waits = limits.EVENT_RETRY_AFTER
        again = delivery.kind == "events_api" and not answer.ok and delivery.retries < len(waits)
        delivery.due = self._now() + waits[delivery.retries] if again else None

    async def send_due(self, transport: Transport, *, hurry: bool = False) -> int:
        """Sends again what is due (with `hurry`: all that waits), as Slack does: at once, after 1 and after 5 minutes.

        Returns how many were sent.
        """
        now = self._now()
        waiting = [one for one in self.all if one.due is not None and (hurry or one.due <= now)]
        for delivery in waiting:
            delivery.retries += 1
            await self._try(transport, delivery, delivery.retries)
        return len(waiting)

    async def send_again(self, transport: Transport, delivery: Delivery, times: int = 1) -> list[Answer]:
        """Sends something once more although it may have been answered: Slack promises at least once, not once."""
        answers = [
            await transport.send(delivery.kind, delivery.payload, retry, "http_timeout")
            for retry in range(1, times + 1)
        ]
        delivery.answers.extend(answers)
        return answers

    async def send_at_once(self, transport: Transport, delivery: Delivery, times: int) -> list[Answer]:
        """The same, `times` copies at the same moment."""
        sends = [transport.send(delivery.kind, delivery.payload, 1, "http_timeout") for _ in range(times)]
        return list(await asyncio.gather(*sends))
