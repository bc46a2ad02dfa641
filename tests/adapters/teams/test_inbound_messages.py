"""What people write, and who comes and goes, as the core hears of it."""

import json

import pytest

from bot.actions import encode
from bot.incoming import ButtonPressed, Incoming, MemberJoined, MemberLeft, MessageReceived, Scope
from bot.ports import Person
from bot.replies import Private, Reply
from tests.adapters.teams.rig import JAPANESE, Accept, Rig, sentence, welcome
from tests.fake_teams import TENANT, Actor, FakeTeams


def get_message(rig: Rig) -> MessageReceived:
    received = rig.desk.got[-1]
    assert isinstance(received, MessageReceived)
    return received


async def test_a_message_in_the_chat(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    answer = await sato.write("相談 電池")
    assert answer.status == 200
    received = get_message(rig)
    assert received.text == "相談 電池"
    origin = received.origin
    assert (origin.platform, origin.tenant, origin.user) == ("teams", TENANT, sato.aad_id)
    assert (origin.scope, origin.locale, origin.conversation) == (Scope.PERSONAL, "ja-JP", sato.chat.id)
    assert origin.key == f"{sato.chat.id}:{answer.activity['id']}"
    assert json.loads(origin.address) == {"s": teams.service_url, "c": sato.chat.id}


async def test_a_mention_in_a_group_is_taken_out(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    group = teams.add_group("相談", [sato])
    await sato.write("mentor 電池", to=group)
    received = get_message(rig)
    assert (received.text, received.origin.scope) == ("mentor 電池", Scope.GROUP)
    assert received.origin.address == "", "a group is not where to write to a person"


async def test_a_mention_in_a_channel_is_taken_out(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    channel = await teams.add_team("縁", [sato])
    await sato.write("相談", to=channel)
    received = get_message(rig)
    assert (received.text, received.origin.scope) == ("相談", Scope.CHANNEL)
    assert received.origin.conversation.startswith(f"{channel.id};messageid=")


async def test_a_bots_name_with_signs_is_taken_out_all_the_same(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    teams.world.bot_name = "結び (Musubi) [+*"
    await sato.write("help me (please)", to=teams.add_group("相談", [sato]))
    assert get_message(rig).text == "help me (please)"


async def test_written_signs_arrive_as_written(rig: Rig, sato: Actor) -> None:
    await sato.write("a &lt;b&gt; &amp; c\xa0d")
    assert get_message(rig).text == "a <b> & c d"


async def test_the_same_activity_keeps_its_key(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    answer = await sato.write("hello")
    await teams.send_again(answer)
    keys = {received.origin.key for received in rig.desk.got}
    assert len(rig.desk.got) == 2
    assert len(keys) == 1


async def test_a_failing_core_is_asked_again(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    def fail(incoming: Incoming) -> Reply:
        raise RuntimeError("database is away")

    teams.strict, rig.desk.answer = False, fail
    assert (await sato.write("hello")).status == 500
    rig.desk.answer = None
    assert [answer.status for answer in await teams.pass_time(15.1)] == [200]
    assert get_message(rig).text == "hello"


async def test_an_answer_to_a_message_goes_to_the_1_to_1_chat(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    channel = await teams.add_team("縁", [sato])
    rig.desk.replies.append(Private(sentence("ホームはこちらです。")))
    await sato.write("メニュー", to=channel)
    assert sato.latest.text == "ホームはこちらです。"
    assert sato.messages(channel) == []


async def test_old_clients_send_a_buttons_data_as_a_message(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), welcome(), JAPANESE)
    data = {"musubi": {"press": encode(Accept(7)), "locale": "ja"}}
    await sato.submit_as_message(sato.latest, data)
    assert rig.desk.got[-1] == ButtonPressed(rig.desk.got[-1].origin, encode(Accept(7)))


async def test_installing_joins_under_two_keys(rig: Rig, teams: FakeTeams) -> None:
    person = teams.add_person("田中 健一", locale="en-GB")
    await person.install()
    assert all(isinstance(received, MemberJoined) for received in rig.desk.got)
    origins = [received.origin for received in rig.desk.got]
    assert [origin.user for origin in origins] == [person.aad_id] * 2
    assert origins[0].locale == "en-GB"
    assert origins[0].key != origins[1].key
    assert all(json.loads(origin.address)["c"] == person.chat.id for origin in origins)


async def test_removing_the_app_leaves(rig: Rig, sato: Actor) -> None:
    await sato.uninstall()
    [left] = rig.desk.got
    assert isinstance(left, MemberLeft)
    assert left.origin.user == sato.aad_id


async def test_people_added_to_a_team_join_the_bot_does_not(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    takahashi, tanaka = teams.add_person("高橋 翔"), teams.add_person("田中 健一")
    channel = await teams.add_team("縁", [sato], by=sato)
    assert rig.desk.got == []
    await teams.join_team(channel, takahashi, tanaka, by=sato)
    assert [(type(got), got.origin.user) for got in rig.desk.got] == [
        (MemberJoined, takahashi.aad_id),
        (MemberJoined, tanaka.aad_id),
    ]
    assert len({got.origin.key for got in rig.desk.got}) == 2
    assert {got.origin.address for got in rig.desk.got} == {""}


async def test_joining_is_not_asked_for_one_by_one(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    """The SDK calls the roster once for each added person, which Teams throttles."""
    channel = await teams.add_team("縁", [sato], by=sato)
    people = [teams.add_person(f"社員 {number}") for number in range(30)]
    await teams.join_team(channel, *people, by=sato)
    assert len(rig.desk.got) == 30
    assert teams.service.calls == []


async def test_who_leaves_a_team_may_still_have_the_app(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    takahashi = teams.add_person("高橋 翔")
    channel = await teams.add_team("縁", [sato, takahashi], by=sato)
    await teams.leave_team(channel, takahashi, by=sato)
    assert rig.desk.got == []


async def test_reactions_and_unknown_kinds_are_taken_and_ignored(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), sentence("hello"), JAPANESE)
    assert (await sato.like(sato.latest)).status == 200
    activity = (await sato.write("x")).activity
    for kind in ("typing", "messageUpdate", "messageDelete", "endOfConversation", "somethingNew"):
        assert (await teams.courier.post(activity | {"type": kind})).status == 200
    assert len(rig.desk.got) == 1


async def test_unknown_invokes_are_not_implemented(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    answer = await sato.invoke(sato.chat.id, "composeExtension/query", {})
    assert answer.status == 501


async def test_other_bots_get_no_answer(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    activity = (await sato.write("x")).activity
    rig.desk.got.clear()
    bot = {"id": "28:another", "name": "Bot", "aadObjectId": ""}
    assert (await teams.courier.post(activity | {"from": bot})).status == 200
    assert rig.desk.got == []


@pytest.mark.parametrize("key", ["aadObjectId", "name"])
async def test_sparse_senders_are_known_by_what_there_is(rig: Rig, teams: FakeTeams, sato: Actor, key: str) -> None:
    activity = (await sato.write("x")).activity
    del activity["from"][key]
    assert (await teams.courier.post(activity)).status == 200
    expected = sato.account.mri if key == "aadObjectId" else sato.aad_id
    assert rig.desk.got[-1].origin.user == expected
