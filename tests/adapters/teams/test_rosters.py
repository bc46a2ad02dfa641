"""Where the bot is a member: in memory, and kept over restarts."""

from datetime import UTC, datetime, timedelta

from adapters.teams import TeamsAdapter
from adapters.teams.rosters import KeptRosters, RememberedRosters, Roster
from bot.clock import FrozenClock
from bot.ports import Place
from storage.places import KeptPlaces
from storage.uow import Store
from tests.adapters.teams.rig import Rig
from tests.fake_teams import TENANT


async def test_rosters_in_memory() -> None:
    rosters = RememberedRosters()
    here, there = Roster("t", "https://a/", "19:a"), Roster("u", "https://a/", "19:a")
    await rosters.add(here)
    await rosters.add(here)
    await rosters.add(there)
    assert await rosters.list("t") == [here]
    await rosters.remove(here)
    await rosters.remove(here)
    assert (await rosters.list("t"), await rosters.list("u")) == ([], [there])
    assert await rosters.list_tenants() == ["u"]


class Notebook:
    """What keeps places, in memory, and how often it was written to."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, str, str], Place] = {}
        self.written = 0

    async def add(self, place: Place) -> None:
        self.written += 1
        self.places[place.platform, place.tenant, place.conversation] = place

    async def remove(self, place: Place) -> None:
        self.places.pop((place.platform, place.tenant, place.conversation), None)

    async def list(self, platform: str) -> list[Place]:
        return [place for place in self.places.values() if place.platform == platform]


async def test_kept_rosters_survive_a_restart_and_are_written_once_an_hour() -> None:
    book, clock = Notebook(), FrozenClock(datetime(2026, 11, 20, 1, tzinfo=UTC))
    here, moved = Roster("t", "https://a/", "19:a"), Roster("t", "https://b/", "19:a")
    before = KeptRosters(book, clock)
    for _ in range(100):
        await before.add(here)
    assert book.written == 1, "a team's every message tells of it"
    after = KeptRosters(book, clock)
    assert (await after.list("t"), await after.list("u"), await after.list_tenants()) == ([here], [], ["t"])
    await after.add(moved)
    assert await after.list("t") == [moved], "the service has moved"
    clock.at += timedelta(hours=1)
    await before.add(here)
    assert await after.list("t") == [here]
    await before.remove(here)
    assert await after.list("t") == []
    await before.add(here)
    assert await after.list("t") == [here], "left and come back"


async def test_the_teams_the_bot_is_in_are_known_after_a_restart(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    async with Rig(places=KeptPlaces(store)) as rig:
        sato = rig.teams.add_person("佐藤 美咲")
        channel = await rig.teams.add_team("縁", [sato], by=sato)
        restarted = TeamsAdapter(**rig.make_options())
        assert [origin.user for origin, _ in await restarted.directory.list_people(TENANT)] == [sato.aad_id]
        assert await restarted.directory.list_tenants() == [TENANT]
        assert await restarted.directory.list_people("another tenant") == []
        await rig.teams.remove_bot(channel, by=sato)
        assert await restarted.directory.list_people(TENANT) == []
        await restarted.close()
    store.close()
