"""Events on their way to the bot: kept until it has taken them, brought again when it failed.

A real platform sends again what was not answered with success; so does this one. What people wait for (commands,
buttons, forms) is not brought again: they press again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from adapters.playground.directory import make_origin, make_profile
from adapters.playground.keeper import Keeper
from adapters.playground.people import Resident
from adapters.playground.store import Store, root_of
from bot.incoming import (
    Incoming,
    MemberJoined,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
    ProfileChanged,
    Scope,
)
from bot.ports import Dispatch
from bot.replies import Reply

log = structlog.get_logger(__name__)

Json = dict[str, Any]

PAUSES = (1.0, 5.0, 30.0, 60.0)
"""Seconds before events are brought again; the last one counts from then on."""


def joined(person: str) -> Json:
    """The event of a person who joins."""
    return {"kind": "joined", "person": person}


def said(person: str, conversation: str, scope: Scope, text: str) -> Json:
    """The event of a person who writes to the bot."""
    return {"kind": "said", "person": person, "conversation": conversation, "scope": scope, "text": text}


def edited(person: str, conversation: str, scope: Scope, message: str, text: str) -> Json:
    """The event of a person who changes what they wrote."""
    place = {"person": person, "conversation": conversation, "scope": scope, "message": message}
    return {"kind": "edited", **place, "text": text}


def deleted(person: str, conversation: str, scope: Scope, message: str) -> Json:
    """The event of a person who deletes what they wrote."""
    return {"kind": "deleted", "person": person, "conversation": conversation, "scope": scope, "message": message}


def language_changed(person: str, language: str) -> Json:
    """The event of a person who chooses a language."""
    return {"kind": "language", "person": person, "language": language}


class Courier:
    """Brings queued events to the bot."""

    def __init__(
        self, keeper: Keeper, people: Mapping[str, Resident], dispatch: Dispatch, pauses: tuple[float, ...] = PAUSES
    ) -> None:
        self._keeper = keeper
        self._people = people
        self._dispatch = dispatch
        self._pauses = pauses
        self._under_way: set[str] = set()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to bring what is waiting, and goes on until `close`."""
        self._loop = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stops; what is still queued stays queued."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def bring(self, key: str, event: Json) -> Reply | None:
        """Brings one event now. None when the bot did not take it: it stays queued."""
        self._under_way.add(key)
        try:
            reply = await self._dispatch(await self._read(key, event))
        except Exception as error:  # noqa: BLE001 - the bot's failure is logged there; the event waits for another try
            log.warning("playground.event_waits", key=key, kind=event["kind"], error=type(error).__name__)
            return None
        finally:
            self._under_way.discard(key)
        await self._keeper(Store.unqueue, key)
        return reply

    async def bring_all(self) -> bool:
        """Brings everything that waits; whether nothing is left."""
        waiting = [(key, event) for key, event in await self._keeper(Store.list_queued) if key not in self._under_way]
        taken = [await self.bring(key, event) is not None for key, event in waiting]
        return all(taken)

    async def _run(self) -> None:
        failures = 0
        while True:
            failures = 0 if await self.bring_all() else failures + 1
            await asyncio.sleep(self._pauses[min(failures, len(self._pauses) - 1)])

    async def _read(self, key: str, event: Json) -> Incoming:
        person = self._people[event["person"]]
        language = await self._keeper(Store.language, person.id)
        base = make_origin(person, language)
        match event["kind"]:
            case "joined":
                return MemberJoined(_place(base, key))
            case "language":
                return ProfileChanged(_place(base, key), make_profile(person, event["language"]))
            case kind:
                origin = _find_message(base, key, event)
                if kind == "edited":
                    return MessageEdited(origin, event["text"])
                if kind == "deleted":
                    return MessageDeleted(origin)
                return MessageReceived(origin, event["text"], root_of(event["conversation"]))


def _find_message(base: Origin, key: str, event: Json) -> Origin:
    """Where somebody wrote. To the bot a thread is a part of its direct conversation with the person."""
    conversation = "" if root_of(event["conversation"]) else event["conversation"]
    origin = _place(base, key, conversation, Scope(event["scope"]))
    return replace(origin, message=event.get("message", ""))


def _place(base: Origin, key: str, conversation: str = "", scope: Scope = Scope.PERSONAL) -> Origin:
    return Origin(
        base.platform,
        base.tenant,
        base.user,
        key=key,
        scope=scope,
        conversation=conversation or base.address,
        address=base.address,
        locale=base.locale,
    )
