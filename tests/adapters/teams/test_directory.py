"""Profiles and rosters."""

import pytest

from bot.failures import ProfileUnavailable
from bot.incoming import AccountKind, Origin
from tests.adapters.teams.rig import Rig
from tests.fake_teams import TENANT, Actor, FakeTeams


async def get_origin(rig: Rig, person: Actor) -> Origin:
    await person.write("hello")
    return rig.desk.got[-1].origin


async def test_a_profile(rig: Rig, teams: FakeTeams) -> None:
    person = teams.add_person("Emily Carter", locale="en-GB", zone="Europe/London", email="emily@sample-seiki.example")
    await person.install()
    profile = await rig.adapter.directory.get_profile(await get_origin(rig, person))
    assert (profile.name, profile.email, profile.email_verified) == ("Emily Carter", "emily@sample-seiki.example", True)
    assert (profile.locale, profile.zone, profile.kind) == ("en-GB", "Europe/London", AccountKind.MEMBER)


async def test_a_guests_address_is_not_vouched_for(rig: Rig, teams: FakeTeams) -> None:
    guest = teams.add_person("佐藤 美咲", role="guest", email="misaki@sample-seiki.example")
    await guest.install()
    profile = await rig.adapter.directory.get_profile(await get_origin(rig, guest))
    assert (profile.kind, profile.email_verified) == (AccountKind.GUEST, False)


async def test_people_of_another_tenant_are_strangers(rig: Rig, teams: FakeTeams) -> None:
    stranger = teams.add_person("よその人")
    stranger.account.tenant = "another-tenant"
    await stranger.install()
    profile = await rig.adapter.directory.get_profile(await get_origin(rig, stranger))
    assert profile.kind is AccountKind.STRANGER


async def test_anonymous_meeting_guests_are_strangers(rig: Rig, teams: FakeTeams) -> None:
    somebody = teams.add_person("ゲスト", role="anonymous")
    await somebody.install()
    profile = await rig.adapter.directory.get_profile(await get_origin(rig, somebody))
    assert profile.kind is AccountKind.STRANGER


async def test_a_profile_from_a_channels_thread(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    channel = await teams.add_team("縁", [sato])
    await sato.write("mentor", to=channel)
    profile = await rig.adapter.directory.get_profile(rig.desk.got[-1].origin)
    assert profile.name == "佐藤 美咲"
    assert teams.service.calls[-1].path.endswith(f"/conversations/{channel.id}/members/{sato.account.mri}")


@pytest.mark.parametrize("status", [429, 502, 403])
async def test_a_profile_that_can_not_be_had(rig: Rig, teams: FakeTeams, sato: Actor, status: int) -> None:
    origin = await get_origin(rig, sato)
    teams.fail("/members/", status=status)
    with pytest.raises(ProfileUnavailable):
        await rig.adapter.directory.get_profile(origin)


async def test_somebody_who_is_not_in_the_conversation(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    other = teams.add_person("高橋 翔")
    origin = await get_origin(rig, sato)
    with pytest.raises(ProfileUnavailable):
        await rig.adapter.directory.get_profile(Origin("teams", TENANT, other.aad_id, conversation=origin.conversation))


async def test_everybody_in_the_teams_once(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    people = [teams.add_person(f"社員 {number}") for number in range(600)]
    await teams.add_team("縁", [sato, *people], by=sato)
    await teams.add_team("近況", [sato, people[0]], by=sato)
    found = await rig.adapter.directory.list_people(TENANT)
    assert len(found) == 601
    assert {origin.user for origin, _ in found} == {person.aad_id for person in (sato, *people)}
    assert {profile.name for _, profile in found} >= {"佐藤 美咲", "社員 599"}
    pages = [call for call in teams.service.calls if call.path.endswith("/pagedmembers")]
    assert len(pages) == 3
    assert await rig.adapter.directory.list_people("another tenant") == []


async def test_teams_the_bot_left_are_not_listed(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    channel = await teams.add_team("縁", [sato], by=sato)
    assert len(await rig.adapter.directory.list_people(TENANT)) == 1
    await teams.remove_bot(channel, by=sato)
    assert await rig.adapter.directory.list_people(TENANT) == []


async def test_one_roster_that_fails_does_not_hide_the_others(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    other = teams.add_person("高橋 翔")
    broken = await teams.add_team("縁", [other], by=sato)
    await teams.add_team("近況", [sato], by=sato)
    teams.fail(f"{broken.id}/pagedmembers", status=502)
    assert [origin.user for origin, _ in await rig.adapter.directory.list_people(TENANT)] == [sato.aad_id]


async def test_any_message_tells_of_its_team(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    """So a restart forgets rosters only until somebody there speaks."""
    channel = await teams.add_team("縁", [sato])
    assert await rig.adapter.directory.list_people(TENANT) == []
    await sato.write("mentor", to=channel)
    assert len(await rig.adapter.directory.list_people(TENANT)) == 1


async def test_sightings_are_kept_of_the_latest_ten_thousand(rig: Rig, sato: Actor) -> None:
    import dataclasses

    from adapters.teams.received import Who, read_activity

    received = read_activity((await sato.write("x")).activity)
    for number in range(10_050):
        rig.adapter.directory.note(dataclasses.replace(received, sender=Who(f"29:{number}", f"user-{number}")))
    known = rig.adapter.directory._seen  # pyright: ignore[reportPrivateUsage]
    assert len(known) == 10_000
    assert "user-10049" in known
    assert "user-0" not in known
