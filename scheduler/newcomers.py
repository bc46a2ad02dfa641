"""The daily look at the platforms' member lists: who was missed is welcomed, who has left is noted."""

from collections.abc import Mapping
from datetime import time

import structlog

from bot.failures import ProfileUnavailable
from bot.incoming import Incoming, MemberJoined, MemberLeft, ProfileChanged
from bot.ports import Clock, Directory, Dispatch
from bot.recurrence import Rule
from scheduler.rounds import Round
from storage.queries.newcomers import Look, list_tenants, look_at
from storage.uow import Store

log = structlog.get_logger(__name__)

AT = time(9)
"""In the morning, not at night: whoever is welcomed should not be woken."""


class Newcomers:
    """Looks at the members of every workspace that has one."""

    def __init__(self, store: Store, directories: Mapping[str, Directory], dispatch: Dispatch, clock: Clock) -> None:
        self._store = store
        self._directories = directories
        self._dispatch = dispatch
        self._clock = clock

    def as_round(self) -> Round:
        """The look, every morning."""
        return Round("people.missed", Rule(AT), self.look)

    async def look(self) -> None:
        """Looks at all workspaces, one after another. One that does not answer keeps no other from being looked at."""
        met = await self._store.run(list_tenants)
        told = [(platform, tenant) for platform in self._directories for tenant in await self._list_told(platform)]
        for platform, tenant in sorted({*met, *told}):
            if platform in self._directories:
                await self._look_at(platform, tenant)

    async def _list_told(self, platform: str) -> list[str]:
        """The workspaces of which the platform tells: in a new one nobody was met yet."""
        try:
            return await self._directories[platform].list_tenants()
        except ProfileUnavailable as error:
            log.warning("newcomers.tenants_unavailable", platform=platform, reason=str(error))
            return []

    async def _look_at(self, platform: str, tenant: str) -> None:
        try:
            people = await self._directories[platform].list_people(tenant)
        except ProfileUnavailable as error:
            log.warning("newcomers.list_unavailable", platform=platform, tenant=tenant, reason=str(error))
            return
        now = self._clock.now()
        look = await self._store.run(lambda db: look_at(db, people, now))
        for incoming in _list_incoming(look):
            await self._dispatch(incoming)
        counts = {"welcomed": len(look.welcome), "met": len(look.meet), "left": len(look.left)}
        log.info("newcomers.looked", platform=platform, tenant=tenant, people=len(people), **counts)


def _list_incoming(look: Look) -> list[Incoming]:
    """What the platform should have told. Without keys: who is met meanwhile is welcomed once all the same."""
    joined = [MemberJoined(origin, profile) for origin, profile in look.welcome]
    met = [ProfileChanged(origin, profile, introduces=True) for origin, profile in look.meet]
    return [*joined, *met, *(MemberLeft(origin) for origin in look.left)]
