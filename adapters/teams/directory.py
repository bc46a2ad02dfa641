"""What Teams knows of people: a member's profile, and the rosters of the teams and groups the bot is in."""

from collections import OrderedDict
from dataclasses import dataclass, field

import structlog

from adapters.teams.addresses import Address, parse_address
from adapters.teams.connector import ConnectorClient, Json
from adapters.teams.outbound import Services
from adapters.teams.received import Received
from adapters.teams.rosters import Roster, Rosters
from bot.failures import ProfileUnavailable, SendFailed
from bot.incoming import AccountKind, Origin, Profile, Scope

log = structlog.get_logger(__name__)

REMEMBERED = 10_000
"""How many people's sightings are kept in memory; they are asked for right after they were told."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What activities tell of a person and rosters don't. `account` is the id by which every client can be asked:
    local ones don't know people by Entra object id.
    """

    account: str
    zone: str = ""


@dataclass(slots=True)
class TeamsDirectory:
    """See `bot.ports.Directory`."""

    client: ConnectorClient
    services: Services
    rosters: Rosters
    home_tenant: str
    _seen: OrderedDict[str, Seen] = field(default_factory=OrderedDict[str, Seen])

    def note(self, received: Received) -> None:
        """Keeps who was seen, and in which time zone."""
        for who in received.added:
            self._keep(who.user, Seen(who.id, self._find(who.user).zone))
        zone = received.zone or self._find(received.sender.user).zone
        self._keep(received.sender.user, Seen(received.sender.id, zone))

    def _keep(self, user: str, seen: Seen) -> None:
        self._seen[user] = seen
        self._seen.move_to_end(user)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def _find(self, user: str) -> Seen:
        return self._seen.get(user) or Seen(user)

    async def get_profile(self, origin: Origin) -> Profile:
        """Who caused `origin`, from the roster of the conversation. Raises ProfileUnavailable."""
        address = parse_address(origin.address)
        service_url = address.service_url if address else self.services.find(origin.tenant)
        roster = Address(service_url, origin.conversation.partition(";messageid=")[0])
        try:
            member = await self.client.get_member(roster, self._find(origin.user).account)
        except SendFailed as error:
            log.warning("teams.profile_unavailable", reason=error.reason)
            raise ProfileUnavailable(error.reason) from error
        return self.read_profile(member, locale=origin.locale, zone=self._find(origin.user).zone)

    async def list_tenants(self) -> list[str]:
        """Where the bot is in a team or group; Teams tells of no others."""
        return await self.rosters.list_tenants()

    async def list_people(self, tenant: str) -> list[tuple[Origin, Profile]]:
        """Everybody in the teams and groups the bot is in, each once. A roster that can't be read is left out."""
        found: dict[str, tuple[Origin, Profile]] = {}
        for roster in await self.rosters.list(tenant):
            try:
                await self._collect(roster, found)
            except SendFailed as error:
                log.warning("teams.roster_unavailable", conversation=roster.conversation, reason=error.reason)
        return list(found.values())

    async def _collect(self, roster: Roster, found: dict[str, tuple[Origin, Profile]]) -> None:
        async for member in self.client.iterate_members(Address(roster.service_url, roster.conversation)):
            user = read_object_id(member)
            if user and user not in found:
                origin = Origin("teams", roster.tenant, user, scope=Scope.GROUP, conversation=roster.conversation)
                found[user] = origin, self.read_profile(member, zone=self._find(user).zone)

    def read_profile(self, member: Json, *, locale: str = "", zone: str = "") -> Profile:
        """A member of the roster API as a profile."""
        kind = self._read_kind(member)
        return Profile(
            name=str(member.get("name") or "").strip(),
            email=str(member.get("email") or member.get("userPrincipalName") or ""),
            # The directory's own people have their address from their administrator; a guest brought it along.
            email_verified=kind is AccountKind.MEMBER,
            locale=locale,
            zone=zone,
            title=str(member.get("jobTitle") or ""),
            kind=kind,
        )

    def _read_kind(self, member: Json) -> AccountKind:
        if str(member.get("id", "")).startswith("28:"):
            return AccountKind.BOT
        tenant, role = str(member.get("tenantId") or ""), str(member.get("userRole") or "user")
        if role == "anonymous" or (self.home_tenant and tenant and tenant != self.home_tenant):
            return AccountKind.STRANGER
        return AccountKind.GUEST if role == "guest" else AccountKind.MEMBER


def read_object_id(member: Json) -> str:
    """The Entra object id of a roster entry, which the service writes under either name."""
    return str(member.get("aadObjectId") or member.get("objectId") or "")
