"""The teams and group chats the bot is in, whose members can be listed. Teams doesn't tell of them when asked: only
activities do, so they are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.ports import Clock, Place, Places

_TOLD_AGAIN = timedelta(hours=1)
"""Every activity from a team tells of it; so often at most it is written down. Another replica may have noted meanwhile
that the bot left and came back."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A team or group chat whose members can be listed."""

    tenant: str
    service_url: str
    conversation: str


class Rosters(Protocol):
    """Where the bot is a member, kept for the morning's look."""

    async def add(self, roster: Roster) -> None:
        """The bot is in there."""
        ...

    async def remove(self, roster: Roster) -> None:
        """The bot is there no more."""
        ...

    async def list_tenants(self) -> list[str]:
        """The tenants in which there is any."""
        ...

    async def list(self, tenant: str) -> list[Roster]:
        """Everything the bot is in."""
        ...


class RememberedRosters:
    """Rosters in memory: every activity from a team tells of it again, so that they are known soon after a start."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Roster] = {}

    async def add(self, roster: Roster) -> None:
        """See `Rosters`."""
        self._known[roster.tenant, roster.conversation] = roster

    async def remove(self, roster: Roster) -> None:
        """See `Rosters`."""
        self._known.pop((roster.tenant, roster.conversation), None)

    async def list_tenants(self) -> list[str]:
        """See `Rosters`."""
        return sorted({roster.tenant for roster in self._known.values()})

    async def list(self, tenant: str) -> list[Roster]:
        """See `Rosters`."""
        return [roster for roster in self._known.values() if roster.tenant == tenant]


class KeptRosters:
    """Rosters that survive a restart, in what the core keeps for adapters."""

    def __init__(self, places: Places, clock: Clock) -> None:
        self._places, self._clock = places, clock
        self._told: dict[Roster, datetime] = {}

    async def add(self, roster: Roster) -> None:
        """See `Rosters`."""
        now, told = self._clock.now(), self._told.get(roster)
        if told is None or now - told >= _TOLD_AGAIN:
            await self._places.add(_as_place(roster))
            self._told[roster] = now

    async def remove(self, roster: Roster) -> None:
        """See `Rosters`."""
        self._told = {known: at for known, at in self._told.items() if known.conversation != roster.conversation}
        await self._places.remove(_as_place(roster))

    async def list_tenants(self) -> list[str]:
        """See `Rosters`."""
        return sorted({place.tenant for place in await self._places.list("teams")})

    async def list(self, tenant: str) -> list[Roster]:
        """See `Rosters`."""
        places = await self._places.list("teams")
        return [Roster(place.tenant, place.address, place.conversation) for place in places if place.tenant == tenant]


def _as_place(roster: Roster) -> Place:
    return Place("teams", roster.tenant, roster.conversation, roster.service_url)
