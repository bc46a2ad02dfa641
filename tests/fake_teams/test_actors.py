"""People in the fake do only what people can do, and notice every answer that Teams would not take."""

import asyncio

import pytest

from tests.fake_teams import Actor, Closed, Dialog, FakeTeams, Misbehaved, NotSent
from tests.fake_teams.keys import Json
from tests.fake_teams.stub_bot import StubBot

CARD = "application/vnd.microsoft.card.adaptive"


def make_message(card: Json) -> Json:
    return {"type": "message", "summary": "s", "attachments": [{"contentType": CARD, "content": card}]}


def make_replacement(card: Json) -> Json:
    return {"statusCode": 200, "type": CARD, "value": card}


def make_task(card: Json) -> Json:
    value = {"title": "登録", "height": "large", "width": "medium", "card": {"contentType": CARD, "content": card}}
    return {"task": {"type": "continue", "value": value}}


@pytest.fixture
def form() -> Json:
    """A dialog's card with one field of each kind."""
    options = [{"title": "電池", "value": "t1"}, {"title": "海外", "value": "t2"}]
    required = {"isRequired": True, "errorMessage": "入力してください"}
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "Input.Text", "id": "code", "label": "コード", "maxLength": 9, **required},
            {"type": "TextBlock", "text": "確認できませんでした。", "color": "Attention"},
            {"type": "Input.ChoiceSet", "id": "topics", "label": "話題", "choices": options, "isMultiSelect": True},
            {"type": "Input.Date", "id": "day", "label": "日", "value": "2026-11-20"},
            {"type": "Input.Toggle", "id": "agree", "title": "同意します"},
        ],
        "actions": [{"type": "Action.Submit", "title": "次へ", "data": {"step": 1}}],
    }


@pytest.fixture
async def sato(teams: FakeTeams, bot: StubBot) -> Actor:
    person = teams.add_person("佐藤 美咲")
    await person.install()
    bot.got.clear()
    return person


async def test_installing_tells_the_bot_twice(teams: FakeTeams, bot: StubBot) -> None:
    person = teams.add_person("佐藤 美咲")
    await person.install()
    assert [(got["type"], got.get("action")) for got in bot.got] == [
        ("installationUpdate", "add"),
        ("conversationUpdate", None),
    ]
    assert bot.got[1]["membersAdded"][0]["aadObjectId"] == person.aad_id
    await person.uninstall()
    assert bot.got[-1]["action"] == "remove"
    assert not person.chat.reachable


async def test_writing_in_three_scopes(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    group = teams.add_group("相談", [sato])
    channel = await teams.add_team("縁", [sato])
    for place in (None, group, channel):
        await sato.write("相談 電池", to=place)
    assert [got["text"] for got in bot.got] == ["相談 電池", "<at>Musubi</at> 相談 電池", "<at>Musubi</at> 相談 電池"]
    assert [got["conversation"]["conversationType"] for got in bot.got] == ["personal", "groupChat", "channel"]
    assert ";messageid=" in bot.got[2]["conversation"]["id"]
    assert {got["serviceUrl"] for got in bot.got} == {teams.service_url}


async def test_activities_are_signed_for_the_bot(bot: StubBot, sato: Actor) -> None:
    await sato.write("hello")
    assert bot.headers[-1]["Authorization"].startswith("Bearer ey")


async def test_a_failing_bot_fails_the_test_unless_told(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    bot.answers.append((500, None))
    with pytest.raises(Misbehaved):
        await sato.write("hello")
    teams.strict = False
    bot.answers.append((500, None))
    assert (await sato.write("hello")).status == 500


async def test_what_was_not_answered_comes_again_after_15_seconds(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    teams.strict = False
    bot.answers.extend([(500, None), (503, None), (200, None)])
    await sato.write("hello")
    assert await teams.pass_time(14) == []
    assert [answer.status for answer in await teams.pass_time(1.1)] == [503]
    assert [answer.status for answer in await teams.pass_time(15.1)] == [200]
    assert await teams.pass_time(60) == []
    assert len({got["id"] for got in bot.got}) == 1
    assert len(bot.got) == 3


async def test_a_silent_bot_is_asked_again(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    teams.strict, teams.courier.answer_within, bot.delay = False, 0.1, 3600
    assert (await sato.write("hello")).status == 0
    teams.courier.answer_within, bot.delay = None, 0
    assert [answer.status for answer in await teams.pass_time(15)] == [200]


async def test_it_gives_up_after_four_tries(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    teams.strict = False
    bot.answers.extend([(500, None)] * 9)
    await sato.write("hello")
    for _ in range(8):
        await teams.pass_time(15.1)
    assert len(bot.got) == 4


async def test_a_refused_activity_does_not_come_again(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    teams.strict = False
    bot.answers.append((401, None))
    await sato.write("hello")
    assert await teams.pass_time(100) == []


async def test_pressing_needs_a_button_that_is_there(teams: FakeTeams, sato: Actor, card: Json) -> None:
    with pytest.raises(AssertionError, match="sees no button"):
        await sato.press("はい")
    sent = await teams.world.add(sato.chat, make_message(card))
    sent.deleted = True
    with pytest.raises(AssertionError, match="sees no button"):
        await sato.press("はい")


async def test_a_replaced_card_is_what_the_presser_sees(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json
) -> None:
    sent = await teams.world.add(sato.chat, make_message(card))
    after = card | {"body": [{"type": "TextBlock", "text": "ありがとうございます"}], "actions": []}
    bot.answers.append((200, make_replacement(after)))
    pressed = await sato.press("はい")
    assert pressed.text == "ありがとうございます"
    assert sent.buttons_for(sato.account) == []
    other = teams.add_person("高橋 翔")
    assert sent.buttons_for(other.account) == ["はい"]
    action = bot.got[-1]["value"]["action"]
    assert (action["verb"], action["data"]) == ("yes", {"n": 1})
    assert bot.got[-1]["replyToId"] == sent.id


async def test_a_notice_below_the_card(teams: FakeTeams, bot: StubBot, sato: Actor, card: Json) -> None:
    await teams.world.add(sato.chat, make_message(card))
    bot.answers.append(
        (200, {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "はい"})
    )
    assert (await sato.press("はい")).toast == "はい"


@pytest.mark.parametrize(
    "answer",
    [
        (200, None),
        (201, {"statusCode": 200, "type": CARD, "value": {}}),
        (200, {"status": 200, "body": {}}),
        (200, {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"code": "x", "message": "y"}}),
        (200, {"statusCode": 200, "type": CARD, "value": {"type": "AdaptiveCard", "version": "1.5", "body": []}}),
        (200, {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": ""}),
        (200, {"statusCode": 200, "type": "text/plain", "value": "x"}),
        (500, None),
    ],
)
async def test_answers_that_teams_would_not_take(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, answer: tuple[int, object]
) -> None:
    await teams.world.add(sato.chat, make_message(card))
    bot.answers.append(answer)
    with pytest.raises(Misbehaved):
        await sato.press("はい")


async def open_dialog(teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json) -> Dialog:
    data = {"msteams": {"type": "task/fetch"}, "n": 1}
    card["actions"] = [{"type": "Action.Submit", "title": "登録する", "data": data}]
    await teams.world.add(sato.chat, make_message(card))
    bot.answers.append((200, make_task(form)))
    return await sato.open("登録する")


async def test_a_dialog_shows_fields_values_and_warnings(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json
) -> None:
    dialog = await open_dialog(teams, bot, sato, card, form)
    assert bot.got[-1]["name"] == "task/fetch"
    assert bot.got[-1]["value"]["data"]["n"] == 1
    assert (dialog.title, dialog.buttons) == ("登録", ["次へ"])
    assert dialog.values == {"code": "", "topics": "", "day": "2026-11-20", "agree": ""}
    assert dialog.errors == {"code": "確認できませんでした。"}


async def test_submitting_sends_what_a_client_sends(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json
) -> None:
    dialog = await open_dialog(teams, bot, sato, card, form)
    assert await dialog.submit({"コード": "AB12", "topics": ["電池", "t2"], "agree": True}) == Closed()
    sent = bot.got[-1]["value"]["data"]
    assert sent == {"step": 1, "code": "AB12", "topics": "t1,t2", "day": "2026-11-20", "agree": "true"}


async def test_empty_fields_are_left_out_on_the_desktop_and_empty_on_phones(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json
) -> None:
    dialog = await open_dialog(teams, bot, sato, card, form)
    await dialog.submit({"code": "x", "day": ""})
    assert bot.got[-1]["value"]["data"] == {"step": 1, "code": "x"}
    sato.account.mobile = True
    await dialog.submit({"code": "x", "day": ""})
    assert bot.got[-1]["value"]["data"] == {"step": 1, "code": "x", "topics": "", "day": "", "agree": ""}


async def test_the_client_refuses_by_itself(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json
) -> None:
    dialog = await open_dialog(teams, bot, sato, card, form)
    with pytest.raises(NotSent, match="入力してください"):
        await dialog.submit({})
    with pytest.raises(NotSent, match="9 characters"):
        await dialog.submit({"code": "0123456789"})
    with pytest.raises(AssertionError, match="no choice"):
        await dialog.submit({"code": "x", "topics": ["宇宙"]})
    with pytest.raises(AssertionError, match="no field"):
        await dialog.submit({"nickname": "x"})
    assert [got["name"] for got in bot.got if got["type"] == "invoke"] == ["task/fetch"]


async def test_steps_and_endings_of_a_dialog(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json
) -> None:
    dialog = await open_dialog(teams, bot, sato, card, form)
    bot.answers.append((200, make_task(form | {"body": [{"type": "TextBlock", "text": "次です"}]})))
    second = await dialog.next({"code": "x"})
    assert second.text == "次です"
    bot.answers.append((200, {"task": {"type": "message", "value": "登録しました。"}}))
    assert await second.finish() == "登録しました。"


@pytest.mark.parametrize(
    "answer",
    [
        (500, None),
        (200, {"task": {"type": "continue"}}),
        (200, {"value": 1}),
        (200, {"task": {"type": "message", "value": ""}}),
        (200, {"task": {"type": "elsewhere", "value": 1}}),
    ],
)
async def test_dialog_answers_that_teams_would_not_take(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json, answer: tuple[int, object]
) -> None:
    dialog = await open_dialog(teams, bot, sato, card, form)
    bot.answers.append(answer)
    with pytest.raises(Misbehaved):
        await dialog.submit({"code": "x"})


async def test_execute_in_a_dialog_is_noticed(
    teams: FakeTeams, bot: StubBot, sato: Actor, card: Json, form: Json
) -> None:
    form["actions"] = [{"type": "Action.Execute", "title": "次へ", "verb": "v"}]
    with pytest.raises(Misbehaved, match="in a dialog"):
        await open_dialog(teams, bot, sato, card, form)


async def test_hidden_buttons_must_be_shown_first(teams: FakeTeams, bot: StubBot, sato: Actor, card: Json) -> None:
    toggle = {"type": "Action.ToggleVisibility", "title": "退会する", "targetElements": ["sure"]}
    yes = {"type": "Action.Execute", "title": "退会する", "verb": "leave"}
    sure = {"type": "Container", "id": "sure", "isVisible": False, "items": [{"type": "ActionSet", "actions": [yes]}]}
    card["body"] += [{"type": "ActionSet", "actions": [toggle]}, sure]
    card["actions"] = []
    sent = await teams.world.add(sato.chat, make_message(card))
    await sato.press("退会する")
    assert bot.got == []
    assert sent.buttons_for(sato.account) == ["退会する", "退会する"]
    bot.answers.append((200, {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "済"}))
    assert (await sato.press("退会する")).toast == "済"
    assert bot.got[-1]["value"]["action"]["verb"] == "leave"


async def test_waiting_for_a_message(teams: FakeTeams, sato: Actor) -> None:
    async def later() -> None:
        await asyncio.sleep(0.05)
        await teams.world.add(sato.chat, {"type": "message", "text": "ようこそ"})

    async with asyncio.TaskGroup() as group:
        group.create_task(later())
        assert (await sato.receives("ようこそ")).text == "ようこそ"
    with pytest.raises(AssertionError, match="not within"):
        await sato.receives("さようなら", within=0.05)


async def test_teams_tell_of_their_members(teams: FakeTeams, bot: StubBot, sato: Actor) -> None:
    takahashi = teams.add_person("高橋 翔")
    channel = await teams.add_team("縁", [sato], by=sato)
    await teams.join_team(channel, takahashi, by=sato)
    await teams.leave_team(channel, takahashi, by=sato)
    await teams.remove_bot(channel, by=sato)
    added, joined, left, removed = bot.got
    assert added["membersAdded"] == [{"id": teams.world.bot_id}]
    assert joined["membersAdded"] == [{"id": takahashi.account.mri, "aadObjectId": takahashi.aad_id}]
    assert left["membersRemoved"][0]["aadObjectId"] == takahashi.aad_id
    assert removed["membersRemoved"] == [{"id": teams.world.bot_id}]
    assert joined["channelData"]["eventType"] == "teamMemberAdded"
    assert not channel.installed
