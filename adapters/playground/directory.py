"""Who is in the workspace, as the platform tells it."""

from collections.abc import Mapping

from adapters.playground.keeper import Keeper
from adapters.playground.outbound import PLATFORM, TENANTS
from adapters.playground.people import Resident
from adapters.playground.store import Store, direct
from bot.failures import ProfileUnavailable
from bot.incoming import AccountKind, Origin, Profile


class PlaygroundDirectory:
    """The workspace's members; see `bot.ports.Directory`."""

    def __init__(self, keeper: Keeper, people: Mapping[str, Resident]) -> None:
        self._keeper = keeper
        self._people = people

    async def get_profile(self, origin: Origin) -> Profile:
        """Who that is. Raises ProfileUnavailable for somebody who is not in the workspace."""
        person = self._people.get(origin.user)
        if person is None or not await self._keeper(Store.has_joined, origin.user):
            raise ProfileUnavailable(origin.user)
        return make_profile(person, await self._keeper(Store.language, person.id))

    async def list_tenants(self) -> list[str]:
        """None but those in which somebody was met: whoever is here has come in beside Musubi, not before it."""
        return []

    async def list_people(self, tenant: str) -> list[tuple[Origin, Profile]]:
        """Everybody of that tenant who has joined."""
        joined = await self._keeper(Store.list_joined)
        return [
            (make_origin(person, language), make_profile(person, language))
            for person_id, language in joined.items()
            if (person := self._people.get(person_id)) is not None and TENANTS[person.look] == tenant
        ]


def make_profile(person: Resident, language: str = "") -> Profile:
    """What the platform knows: alumni are guests, as in a real workspace. `language` "" means the person's own."""
    works_here = person.role in ("employee", "hr")
    return Profile(
        name=person.name,
        email=person.email,
        email_verified=True,
        locale=language or person.language,
        zone=person.zone,
        title=person.job,
        kind=AccountKind.MEMBER if works_here else AccountKind.GUEST,
    )


def make_origin(person: Resident, language: str = "") -> Origin:
    """A person as the cause of something."""
    locale = language or person.language
    return Origin(PLATFORM, TENANTS[person.look], person.id, address=direct(person.id), locale=locale)
