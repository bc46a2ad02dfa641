"""Posts activities to the bot as the real service does: signed, with a deadline, and again when nothing came back."""

import asyncio
import copy
from dataclasses import dataclass, field
from io import BytesIO
from typing import cast

import aiohttp

from .bad_tokens import BAD_TOKENS
from .keys import Claims, Json, sign
from .state import Service

RESEND_AFTER = 15.0
"""Seconds after which Teams sends again what was not answered."""
MOST_TRIES = 4


@dataclass(frozen=True)
class Answer:
    """What the bot said. Status 0: nothing came back in time."""

    status: int
    body: object
    activity: Json

    @property
    def ok(self) -> bool:
        """Whether the bot took the activity."""
        return 200 <= self.status < 300

    @property
    def json(self) -> Json:
        """The body where it is an object, else {}."""
        body = self.body
        return cast(Json, body) if isinstance(body, dict) else {}


@dataclass
class Unanswered:
    """An activity that waits to be sent again. `due` is on the clock that only `Courier.pass_time` moves."""

    activity: Json
    due: float
    tries: int = 1


@dataclass
class Courier:
    """Delivers to one bot. `answer_within` (real seconds) is how long it waits for an answer: some fifteen in life,
    here without end unless a test is about being late, so that a slow machine changes nothing."""

    service: Service
    bot_url: str = ""
    answer_within: float | None = None
    unanswered: list[Unanswered] = field(default_factory=list[Unanswered])
    answers: list[Answer] = field(default_factory=list[Answer])
    _session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP session, made at first use."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    async def close(self) -> None:
        """Ends all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def claims(self) -> Claims:
        """What a good token says now."""
        return Claims(self.service.identity.app_id, self.service.service_url, self.service.now())

    def authorize(self, bad: str = "") -> str | None:
        """The Authorization header: a good one, or one with the fault of that name from BAD_TOKENS."""
        ring, claims = self.service.identity.ring, self.claims()
        return BAD_TOKENS[bad](ring, claims) if bad else f"Bearer {sign(ring.current, claims.as_json())}"

    async def post(self, activity: Json, *, bad_token: str = "") -> Answer:
        """Posts an activity once."""
        headers = {"Authorization": value} if (value := self.authorize(bad_token)) is not None else {}
        timeout = aiohttp.ClientTimeout(total=self.answer_within)
        try:
            async with self.session.post(self.bot_url, json=activity, headers=headers, timeout=timeout) as response:
                answer = Answer(response.status, await _read(response), copy.deepcopy(activity))
                self.answers.append(answer)
                return answer
        except (aiohttp.ClientError, TimeoutError):
            return Answer(0, None, copy.deepcopy(activity))

    async def post_raw(self, body: bytes, *, content_type: str = "application/json", bad_token: str = "") -> int:
        """Posts any bytes; gives the status, 0 when the bot hung up."""
        headers = {"Content-Type": content_type}
        if (value := self.authorize(bad_token)) is not None:
            headers["Authorization"] = value
        try:
            async with self.session.post(self.bot_url, data=BytesIO(body), headers=headers) as response:
                return response.status
        except aiohttp.ClientError:
            return 0

    async def deliver(self, activity: Json) -> Answer:
        """Posts an activity; unless a person waits for it, it comes again later when the bot failed."""
        answer = await self.post(activity)
        if _failed(answer) and activity["type"] != "invoke":
            self.unanswered.append(Unanswered(copy.deepcopy(activity), self.service.skipped + RESEND_AFTER))
        return answer

    async def pass_time(self, seconds: float) -> list[Answer]:
        """Pushes the clock forward and sends again what is due."""
        self.service.skipped += seconds
        due = [waiting for waiting in self.unanswered if waiting.due <= self.service.skipped]
        return [await self._send_again(waiting) for waiting in due]

    async def _send_again(self, waiting: Unanswered) -> Answer:
        answer = await self.post(waiting.activity)
        waiting.tries += 1
        waiting.due = self.service.skipped + RESEND_AFTER
        if not _failed(answer) or waiting.tries >= MOST_TRIES:
            self.unanswered.remove(waiting)
        await asyncio.sleep(0)
        return answer


def _failed(answer: Answer) -> bool:
    return answer.status == 0 or answer.status >= 500


async def _read(response: aiohttp.ClientResponse) -> object:
    if response.content_type != "application/json":
        return None
    return cast(object, await response.json()) if await response.read() else None
