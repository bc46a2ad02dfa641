"""The fake connector refuses what the real one refuses."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import aiohttp
import pytest

from bot.clock import FrozenClock
from tests.fake_teams import TENANT, Actor, FakeTeams
from tests.fake_teams.keys import Json
from tests.fake_teams.world import Place


class Api:
    """The bot's side of the connector API."""

    def __init__(self, teams: FakeTeams, session: aiohttp.ClientSession) -> None:
        self.teams, self.session = teams, session

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, Json]:
        async with self.session.request(method, self.teams.service_url + "v3" + path, json=body) as response:
            if response.content_type != "application/json":
                return response.status, {}
            return response.status, await response.json()

    async def send(self, place: Place, activity: Json) -> tuple[int, Json]:
        return await self.call("POST", f"/conversations/{quote(place.id, safe='')}/activities", activity)

    async def create(self, member: str, tenant: str = TENANT, **more: object) -> tuple[int, Json]:
        body = {"isGroup": False, "members": [{"id": member}], "tenantId": tenant, **more}
        return await self.call("POST", "/conversations", body)


@pytest.fixture
def api(teams: FakeTeams, session: aiohttp.ClientSession) -> Api:
    return Api(teams, session)


@pytest.fixture
def sato(teams: FakeTeams) -> Actor:
    person = teams.add_person("佐藤 美咲")
    person.chat.installed = True
    return person


def text(words: str = "hello") -> Json:
    return {"type": "message", "text": words}


def with_card(card: Json) -> Json:
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "summary": "s", "attachments": [attachment]}


async def test_a_message_arrives(api: Api, sato: Actor, card: Json) -> None:
    status, answer = await api.send(sato.chat, with_card(card))
    assert status == 201
    assert [sent.id for sent in sato.messages()] == [answer["id"]]
    assert sato.latest.text == "こんにちは"
    assert sato.latest.buttons_for(sato.account) == ["はい"]


async def test_without_a_token_nothing_happens(teams: FakeTeams, sato: Actor) -> None:
    async with aiohttp.ClientSession() as bare:
        status, _ = await Api(teams, bare).send(sato.chat, text())
    assert status == 401
    assert not teams.sent


async def test_creating_the_chat_by_entra_id_gives_the_same_conversation(api: Api, sato: Actor) -> None:
    first = await api.create(sato.aad_id)
    second = await api.create(sato.account.mri)
    assert first == second == (201, {"id": sato.chat.id})


async def test_creating_refuses_who_has_not_installed_the_app(api: Api, teams: FakeTeams) -> None:
    stranger = teams.add_person("田中 健一")
    status, answer = await api.create(stranger.aad_id)
    assert (status, answer["error"]["code"]) == (403, "ForbiddenOperationException")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"isGroup": True}, 400),
        ({"members": []}, 400),
        ({"members": [{"id": "nobody"}]}, 400),
        ({"tenantId": "another"}, 403),
        ({"surprise": 1}, 400),
    ],
)
async def test_creating_refuses(api: Api, sato: Actor, change: Json, status: int) -> None:
    body = {"isGroup": False, "members": [{"id": sato.aad_id}], "tenantId": TENANT} | change
    assert (await api.call("POST", "/conversations", body))[0] == status


async def test_a_principal_name_is_no_id_for_a_conversation(api: Api, sato: Actor) -> None:
    assert (await api.create(sato.account.upn))[0] == 400


async def test_a_blocked_bot_is_told_so_in_the_services_own_words(api: Api, sato: Actor) -> None:
    sato.block()
    status, answer = await api.send(sato.chat, text())
    assert status == 403
    assert "error" not in answer
    assert '"subCode": "MessageWritesBlocked"' in answer["message"]


async def test_unknown_and_vanished_conversations(api: Api, sato: Actor) -> None:
    nowhere = Place("a:nowhere", "personal", [])
    assert (await api.send(nowhere, text()))[1]["error"]["code"] == "ConversationNotFound"
    sato.chat.missing = True
    assert (await api.send(sato.chat, text()))[0] == 404


async def test_a_group_without_the_bot_refuses(api: Api, teams: FakeTeams, sato: Actor) -> None:
    group = teams.add_group("相談", [sato], installed=False)
    assert (await api.send(group, text()))[1]["error"]["code"] == "BotNotInConversationRoster"


@pytest.mark.parametrize(
    "activity",
    [
        {"type": "message"},
        {"type": "invoke", "text": "x"},
        {"type": "message", "text": "x", "surprise": 1},
        {"type": "message", "text": "x", "textFormat": "html"},
        {"type": "message", "text": "<at>佐藤</at>"},
        {"type": "message", "text": "x", "conversation": {"id": "a:another"}},
        {"type": "message", "attachments": [{"contentType": "application/pdf"}]},
        {"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive"}]},
    ],
)
async def test_bad_activities_are_refused(api: Api, teams: FakeTeams, sato: Actor, activity: Json) -> None:
    status, answer = await api.send(sato.chat, activity)
    assert (status, answer["error"]["code"]) == (400, "BadArgument")
    assert not teams.sent


async def test_broken_json_and_other_types_are_refused(teams: FakeTeams, api: Api, sato: Actor) -> None:
    url = f"{teams.service_url}v3/conversations/{quote(sato.chat.id, safe='')}/activities"
    headers = {"Content-Type": "application/json"}
    async with api.session.post(url, data=b"{", headers=headers) as response:
        assert response.status == 400
    async with api.session.post(url, data=b"[]", headers=headers) as response:
        assert response.status == 400
    async with api.session.post(url, data=b"text=1") as response:
        assert response.status == 415


async def test_100_kilobytes_of_utf16_are_too_many(api: Api, sato: Actor, card: Json) -> None:
    card["body"][0]["text"] = "縁" * 40_000
    assert (await api.send(sato.chat, with_card(card)))[0] == 201
    card["body"][0]["text"] = "縁" * 52_000
    status, answer = await api.send(sato.chat, with_card(card))
    assert (status, answer["error"]["code"]) == (413, "MessageSizeTooBig")


async def test_updating_and_deleting(api: Api, sato: Actor, card: Json) -> None:
    _, answer = await api.send(sato.chat, text("first"))
    path = f"/conversations/{quote(sato.chat.id, safe='')}/activities/{answer['id']}"
    assert (await api.call("PUT", path, with_card(card)))[0] == 200
    assert sato.latest.text == "こんにちは"
    assert [body["text"] for body in sato.latest.versions] == ["first"]
    assert (await api.call("DELETE", path))[0] == 200
    assert sato.messages() == []
    assert (await api.call("PUT", path, text()))[1]["error"]["code"] == "ActivityNotFoundInConversation"


async def test_typing_leaves_no_message(api: Api, teams: FakeTeams, sato: Actor) -> None:
    assert (await api.send(sato.chat, {"type": "typing"}))[0] == 201
    assert teams.world.typing == [sato.chat.id]
    assert not teams.sent


async def test_a_channel_takes_new_threads_and_replies(api: Api, teams: FakeTeams, sato: Actor) -> None:
    channel = await teams.add_team("縁", [sato])
    body = {"isGroup": True, "channelData": {"channel": {"id": channel.id}}, "activity": text("news")}
    status, answer = await api.call("POST", "/conversations", body)
    assert status == 201
    thread = Place(answer["id"], "channel", [])
    assert (await api.send(thread, text("more")))[0] == 201
    assert [sent.text for sent in sato.messages(channel)] == ["news", "more"]


async def test_members_one_by_one_and_in_pages(api: Api, teams: FakeTeams, sato: Actor) -> None:
    people = [teams.add_person(f"社員 {number}") for number in range(130)]
    channel = await teams.add_team("大きな輪", [sato, *people])
    path = f"/conversations/{quote(channel.id, safe='')}"
    _, first = await api.call("GET", f"{path}/pagedmembers?pageSize=100")
    _, second = await api.call(
        "GET", f"{path}/pagedmembers?pageSize=100&continuationToken={first['continuationToken']}"
    )
    assert (len(first["members"]), len(second["members"])) == (100, 31)
    assert "continuationToken" not in second
    _, one = await api.call("GET", f"{path}/members/{sato.aad_id}")
    assert (one["name"], one["aadObjectId"], one["tenantId"]) == ("佐藤 美咲", sato.aad_id, TENANT)
    assert (await api.call("GET", f"{path}/members/nobody"))[0] == 404
    assert (await api.call("GET", f"{path}/pagedmembers?pageSize=10"))[0] == 400


async def test_seven_messages_in_a_second_then_429_with_retry_after(teams: FakeTeams, api: Api, sato: Actor) -> None:
    statuses = [(await api.send(sato.chat, text(str(n))))[0] for n in range(8)]
    assert statuses == [201] * 7 + [429]
    await teams.pass_time(1.1)
    assert (await api.send(sato.chat, text("8")))[0] == 201
    assert (await api.send(sato.chat, text("9")))[0] == 429, "eight in two seconds"
    assert len(teams.sent) == 8


async def test_the_limits_follow_the_tests_own_clock(card: Json) -> None:
    clock = FrozenClock(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    async with FakeTeams(now=clock.now) as teams:
        teams.service.runs = False
        place = teams.add_person("佐藤 美咲").chat
        for _again in range(3):
            assert [teams.service.limits.take("send", place.id, teams.service.elapsed()) for _ in range(7)] == [0] * 7
            assert teams.service.limits.take("send", place.id, teams.service.elapsed()) > 0
            clock.move(timedelta(hours=1))


async def test_sixty_messages_in_thirty_seconds(teams: FakeTeams, api: Api, sato: Actor) -> None:
    statuses: list[int] = []
    for number in range(62):
        await teams.pass_time(0.3)
        statuses.append((await api.send(sato.chat, text(str(number))))[0])
    assert statuses[:60] == [201] * 60
    assert statuses[60:] == [429, 429]


async def test_fifty_requests_a_second_for_the_whole_app(teams: FakeTeams, api: Api) -> None:
    people = [teams.add_person(f"社員 {number}") for number in range(55)]
    for person in people:
        person.chat.installed = True
    statuses = [(await api.send(person.chat, text()))[0] for person in people]
    assert statuses.count(429) >= 1
    assert len(teams.sent) == statuses.count(201) <= 52


async def test_retry_after_is_enough(teams: FakeTeams, api: Api, sato: Actor) -> None:
    for number in range(7):
        await api.send(sato.chat, text(str(number)))
    url = f"{teams.service_url}v3/conversations/{quote(sato.chat.id, safe='')}/activities"
    async with api.session.post(url, json=text()) as response:
        wait = int(response.headers["Retry-After"])
    await teams.pass_time(wait)
    assert (await api.send(sato.chat, text("again")))[0] == 201


@pytest.mark.parametrize("status", [412, 500, 502, 504])
async def test_scripted_failures_take_no_effect(teams: FakeTeams, api: Api, sato: Actor, status: int) -> None:
    teams.fail(status=status, times=2)
    assert [(await api.send(sato.chat, text()))[0] for _ in range(3)] == [status, status, 201]
    assert len(teams.sent) == 1


async def test_scripted_throttling_says_how_long(teams: FakeTeams, api: Api, sato: Actor) -> None:
    teams.throttle(17)
    url = f"{teams.service_url}v3/conversations/{quote(sato.chat.id, safe='')}/activities"
    async with api.session.post(url, json=text()) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "17")


async def test_a_dropped_answer_was_accepted(teams: FakeTeams, api: Api, sato: Actor) -> None:
    teams.drop_answer()
    with pytest.raises(aiohttp.ClientError):
        await api.send(sato.chat, text())
    assert [sent.text for sent in sato.messages()] == ["hello"]


@pytest.mark.parametrize("accepted", [False, True])
async def test_hanging(teams: FakeTeams, api: Api, sato: Actor, accepted: bool) -> None:
    teams.hang(accepted=accepted)
    sending = asyncio.create_task(api.send(sato.chat, text()))
    while not teams.service.faults.hit:  # noqa: ASYNC110 - the fake tells nobody
        await asyncio.sleep(0.01)
    await asyncio.wait({sending}, timeout=0.2)
    assert not sending.done()
    assert len(teams.sent) == int(accepted)
    sending.cancel()


async def test_every_request_is_on_record(teams: FakeTeams, api: Api, sato: Actor) -> None:
    await api.send(sato.chat, text("one"))
    sato.block()
    await api.send(sato.chat, text("two"))
    assert [body["text"] for body in teams.bodies("POST", "/activities")] == ["one", "two"]
    assert [status for _, _, status in teams.refusals] == [403]
