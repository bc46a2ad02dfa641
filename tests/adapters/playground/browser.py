"""What the page does, without the page: acts and questions over HTTP."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from adapters.playground.store import FIRST_PAGE
from tests.adapters.playground.conftest import Client

_keys = itertools.count(1)

Json = dict[str, Any]


def new_key() -> str:
    """A key as the page makes it."""
    return f"key-{next(_keys):08}"


@dataclass(slots=True)
class Browser:
    """One person's side of the page."""

    client: Client
    person: str
    seen: int = 0
    messages: dict[int, Json] = field(default_factory=dict[int, Json])

    async def act(self, what: Json, key: str = "") -> Json:
        """Does something; gives the answer, which must be 200."""
        status, answer = await self.try_act(what, key)
        assert status == 200, answer
        return answer

    async def try_act(self, what: Json, key: str = "") -> tuple[int, Json]:
        """Does something that may be refused; gives status and answer."""
        body = {"key": key or new_key(), "person": self.person, "what": what}
        async with self.client.post("/playground/api/acts", json=body) as response:
            return response.status, await response.json() if response.status == 200 else {}

    async def say(self, text: str, conversation: str = "", key: str = "") -> Json:
        """Writes into a conversation, the one with the bot by default."""
        return await self.act({"kind": "say", "conversation": conversation or f"dm:{self.person}", "text": text}, key)

    async def press(self, message: int | str, payload: str, conversation: str = "", key: str = "") -> Json:
        """Presses a button."""
        place = conversation or f"dm:{self.person}"
        what = {"kind": "press", "conversation": place, "message": str(message), "payload": payload}
        return await self.act(what, key)

    async def submit(self, payload: str, values: Json, message: int | str = "") -> Json:
        """Sends a form off."""
        what = {"kind": "submit", "conversation": f"dm:{self.person}", "message": str(message)}
        return await self.act({**what, "payload": payload, "values": values})

    async def look(self) -> Json:
        """Asks what is new, and keeps it."""
        query = {"people": self.person, "since": str(self.seen)}
        async with self.client.get("/playground/api/changes", params=query) as response:
            answer: Json = await response.json()
        (view,) = answer["views"]
        self.seen = view["seq"]
        self.messages |= {message["id"]: message for message in view["messages"]}
        assert len(view["messages"]) <= FIRST_PAGE * 4
        return view

    async def read(self, conversation: str = "") -> list[str]:
        """The texts and summaries of a conversation, the one with the bot by default."""
        await self.look()
        place = conversation or f"dm:{self.person}"
        return [_words(message) for _, message in sorted(self.messages.items()) if message["conversation"] == place]


def _words(message: Json) -> str:
    body = message["body"]
    return body.get("text") if message["kind"] == "text" else body.get("summary", body.get("subject"))
