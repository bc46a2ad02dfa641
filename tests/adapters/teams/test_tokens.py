"""Who may speak to the bot, and who the bot is when it speaks."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from adapters.teams.pool import Pool
from adapters.teams.tokens import BotToken
from bot.failures import FailureKind, SendFailed
from bot.ports import Person
from tests.adapters.teams.rig import JAPANESE, Rig, sentence
from tests.fake_teams import APP_ID, BAD_TOKENS, PASSWORD, TENANT, Actor, FakeTeams
from tests.fake_teams.activities import Scene, make_message
from tests.fake_teams.keys import sign


def make_activity(rig: Rig, person: Actor) -> dict[str, Any]:
    scene = Scene(rig.teams.world, rig.teams.service_url, rig.clock.now())
    return make_message(scene, person.account, person.chat, "hello")


@pytest.mark.parametrize("name", sorted(BAD_TOKENS))
async def test_every_bad_token_is_401_and_nothing_happens(rig: Rig, teams: FakeTeams, name: str) -> None:
    person = teams.add_person("佐藤 美咲")
    answer = await teams.courier.post(make_activity(rig, person), bad_token=name)
    assert (answer.status, answer.body) == (401, None)
    assert rig.desk.got == []


@pytest.mark.parametrize("name", ["missing", "malformed", "expired"])
async def test_bad_tokens_are_refused_before_the_body_is_read(rig: Rig, teams: FakeTeams, name: str) -> None:
    assert await teams.courier.post_raw(b"{not json", bad_token=name) == 401


async def test_a_good_token_after_all_the_bad_ones(rig: Rig, teams: FakeTeams) -> None:
    person = teams.add_person("佐藤 美咲")
    for name in BAD_TOKENS:
        await teams.courier.post(make_activity(rig, person), bad_token=name)
    assert (await teams.courier.post(make_activity(rig, person))).status == 200


async def test_an_activity_of_another_tenant_is_refused(rig: Rig, teams: FakeTeams) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    activity["conversation"]["tenantId"] = "another"
    assert (await teams.courier.post(activity)).status == 401
    del activity["conversation"]["tenantId"]
    assert (await teams.courier.post(activity)).status == 200, "then the channel data tell the tenant"
    activity["channelData"] = {}
    assert (await teams.courier.post(activity)).status == 401


@pytest.mark.parametrize(
    "service_url",
    [
        "https://evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://smba.trafficmanager.net@evil.example/",
        "http://smba.trafficmanager.net/jp/",
        "file:///etc/passwd",
        "//127.0.0.1/",
    ],
)
async def test_a_signed_activity_from_a_foreign_service_is_refused(
    rig: Rig, teams: FakeTeams, service_url: str
) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    teams.service.service_url = service_url
    assert (await teams.courier.post(activity | {"serviceUrl": service_url})).status == 403
    assert rig.desk.got == []


async def test_a_key_that_is_not_meant_for_teams_is_refused(rig: Rig, teams: FakeTeams) -> None:
    teams.service.identity.ring.rotate(endorsements=("directline",))
    assert (await teams.courier.post(make_activity(rig, teams.add_person("佐藤 美咲")))).status == 401


async def test_keys_are_read_once_for_many(rig: Rig, teams: FakeTeams) -> None:
    activities = [make_activity(rig, teams.add_person(f"社員 {number}")) for number in range(20)]
    answers = await asyncio.gather(*(teams.courier.post(activity) for activity in activities))
    assert {answer.status for answer in answers} == {200}
    assert teams.service.identity.key_reads == 1


async def test_a_new_key_is_looked_up_but_not_all_the_time(rig: Rig, teams: FakeTeams) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    await teams.courier.post(activity)
    teams.rotate_keys()
    assert (await teams.courier.post(activity)).status == 401, "just looked"
    rig.clock.move(timedelta(minutes=3, seconds=1))
    assert (await teams.courier.post(activity)).status == 200
    for _ in range(20):
        await teams.courier.post(activity, bad_token="an unknown key")
    assert teams.service.identity.key_reads == 2


async def test_withdrawn_keys_are_forgotten_after_a_day(rig: Rig, teams: FakeTeams) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    await teams.courier.post(activity)
    old = teams.service.identity.ring.current
    teams.rotate_keys(forget=True)
    rig.clock.move(timedelta(hours=25))
    assert (await teams.courier.post(activity)).status == 200
    teams.service.identity.ring.keys.append(old)
    assert (await teams.courier.post(activity)).status == 401


async def test_without_any_keys_the_service_is_asked_to_come_again(rig: Rig, teams: FakeTeams) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    teams.fail("openidconfiguration", status=503)
    assert (await teams.courier.post(activity)).status == 503
    assert (await teams.courier.post(activity)).status == 503, "not asked again at once"
    assert teams.service.identity.metadata_reads == 1
    rig.clock.move(timedelta(seconds=11))
    assert (await teams.courier.post(activity)).status == 200


async def test_old_keys_serve_while_new_ones_cannot_be_read(rig: Rig, teams: FakeTeams) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    await teams.courier.post(activity)
    rig.clock.move(timedelta(hours=25))
    teams.fail("keys", status=500)
    assert (await teams.courier.post(activity)).status == 200


@pytest.mark.parametrize(("minutes", "status"), [(64, 200), (66, 401)])
async def test_clocks_may_differ_by_five_minutes(rig: Rig, teams: FakeTeams, minutes: int, status: int) -> None:
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    identity, claims = teams.service.identity, teams.courier.claims()
    token = sign(identity.ring.current, claims.as_json())
    rig.clock.move(timedelta(minutes=minutes))
    async with teams.courier.session.post(
        rig.url, json=activity, headers={"Authorization": f"Bearer {token}"}
    ) as response:
        assert response.status == status


async def test_the_scheme_is_read_in_any_case(rig: Rig, teams: FakeTeams) -> None:
    header = (teams.courier.authorize() or "").replace("Bearer", "bearer")
    activity = make_activity(rig, teams.add_person("佐藤 美咲"))
    async with teams.courier.session.post(rig.url, json=activity, headers={"Authorization": header}) as response:
        assert response.status == 200


# Our own token


async def test_one_token_for_all_who_wait(rig: Rig, teams: FakeTeams) -> None:
    people = [teams.add_person(f"社員 {number}") for number in range(10)]
    for person in people:
        person.chat.installed = True
    say = rig.adapter.sender.say
    await asyncio.gather(*(say(Person(TENANT, each.aad_id), sentence("hello"), JAPANESE) for each in people))
    assert teams.service.identity.tokens_given == 1
    assert len(teams.sent) == 10


async def test_the_token_is_renewed_shortly_before_it_ends(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    person = Person(TENANT, sato.aad_id)
    await rig.adapter.sender.say(person, sentence("1"), JAPANESE)
    rig.clock.move(timedelta(minutes=50))
    await rig.adapter.sender.say(person, sentence("2"), JAPANESE)
    assert teams.service.identity.tokens_given == 1
    rig.clock.move(timedelta(minutes=6))
    await rig.adapter.sender.say(person, sentence("3"), JAPANESE)
    assert teams.service.identity.tokens_given == 2
    assert teams.refusals == []


async def test_a_refused_token_is_renewed_once_and_the_message_still_goes(
    rig: Rig, teams: FakeTeams, sato: Actor
) -> None:
    person = Person(TENANT, sato.aad_id)
    await rig.adapter.sender.say(person, sentence("1"), JAPANESE)
    teams.revoke_tokens()
    await rig.adapter.sender.say(person, sentence("2"), JAPANESE)
    assert [sent.text for sent in sato.messages()] == ["1", "2"]
    assert [status for _, _, status in teams.refusals] == [401]


async def test_a_wrong_secret_is_a_matter_for_a_human(teams: FakeTeams) -> None:
    async with Rig(app_password="wrong") as rig:
        person = rig.teams.add_person("佐藤 美咲")
        with pytest.raises(SendFailed) as caught:
            await rig.adapter.sender.say(Person(TENANT, person.aad_id), sentence("1"), JAPANESE)
    assert caught.value.kind is FailureKind.BUG
    assert caught.value.reason == "token: 400 AADSTS7000215"


async def test_a_failing_login_is_tried_later(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    teams.fail("/oauth2/", status=503)
    with pytest.raises(SendFailed) as caught:
        await rig.adapter.sender.say(Person(TENANT, sato.aad_id), sentence("1"), JAPANESE)
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), sentence("2"), JAPANESE)


async def test_an_unreachable_login_is_tried_later(rig: Rig) -> None:
    pool = Pool()
    token = BotToken(pool, rig.clock, TENANT, APP_ID, PASSWORD, "http://127.0.0.1:9")
    with pytest.raises(SendFailed) as caught:
        await token.get()
    await pool.close()
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)
