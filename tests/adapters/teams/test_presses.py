"""Buttons: what the core hears, and every reply as the person sees it."""

import pytest

from bot.actions import encode
from bot.incoming import ButtonPressed, Scope
from bot.ports import Group, Parcel, Person
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.ui import Button, Buttons, Heading, Message, Para, Reader
from tests.adapters.teams.rig import JAPANESE, Accept, Register, Rig, make_form, sentence, welcome
from tests.fake_teams import TENANT, Actor, FakeTeams, Misbehaved, Sent


@pytest.fixture
async def greeted(rig: Rig, sato: Actor) -> Actor:
    """A person with a card of two buttons in the chat."""
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), welcome(), JAPANESE)
    return sato


async def test_the_core_hears_who_pressed_what_where(rig: Rig, greeted: Actor) -> None:
    await greeted.press("引き受ける")
    [pressed] = rig.desk.got
    assert isinstance(pressed, ButtonPressed)
    assert pressed.payload == encode(Accept(7))
    origin = pressed.origin
    assert (origin.user, origin.scope, origin.message) == (greeted.aad_id, Scope.PERSONAL, greeted.latest.id)
    assert origin.key.startswith(f"{greeted.chat.id}:f:")


async def test_two_presses_are_two_keys(rig: Rig, greeted: Actor) -> None:
    await greeted.press("引き受ける")
    await greeted.press("引き受ける")
    assert len({got.origin.key for got in rig.desk.got}) == 2


async def test_nothing_says_done_below_the_card(rig: Rig, greeted: Actor) -> None:
    rig.desk.replies.append(Nothing())
    assert (await greeted.press("引き受ける")).toast == "完了しました。"


async def test_a_sentence_stands_below_the_card(rig: Rig, greeted: Actor) -> None:
    rig.desk.replies.append(Private(sentence("このボタンは使えなくなりました。")))
    pressed = await greeted.press("引き受ける")
    assert pressed.toast == "このボタンは使えなくなりました。"
    assert len(greeted.messages()) == 1


async def test_our_own_words_are_in_the_language_of_the_answer_and_not_of_the_card(rig: Rig, greeted: Actor) -> None:
    rig.desk.replies.append(Nothing(locale="en"))
    assert (await greeted.press("引き受ける")).toast == "Done."


@pytest.mark.parametrize("reply", [Private, ShowHome])
async def test_more_than_a_sentence_goes_to_the_chat(rig: Rig, greeted: Actor, reply: type[Private | ShowHome]) -> None:
    home = Message("ホーム", (Heading("ホーム"), Buttons((Button("相談", Accept(1)),))))
    rig.desk.replies.append(reply(home))
    pressed = await greeted.press("引き受ける")
    assert pressed.toast == "ホーム"
    assert greeted.latest.buttons_for(greeted.account) == ["相談"]
    assert len(greeted.messages()) == 2


async def test_a_private_answer_in_a_group_goes_to_the_1_to_1_chat(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    group = teams.add_group("相談", [sato])
    card = (await say_in(rig, teams, group.id)).id
    rig.desk.replies.append(Private(Message("ホーム", (Heading("あなたのホーム"),))))
    await sato.press("引き受ける", place=group)
    assert sato.latest.text == "あなたのホーム"
    assert [sent.id for sent in sato.messages(group)] == [card]


async def test_where_the_chat_is_closed_the_answer_stands_in_the_card(
    rig: Rig, teams: FakeTeams, greeted: Actor
) -> None:
    rig.desk.replies.append(Private(Message("ホーム", (Heading("あなたのホーム"),))))
    teams.fail(status=502)
    pressed = await greeted.press("引き受ける")
    assert pressed.text == "あなたのホーム"


async def test_a_replaced_message_changes_at_once_and_for_good(rig: Rig, teams: FakeTeams, greeted: Actor) -> None:
    rig.desk.replies.append(ReplaceMessage(sentence("ありがとうございます。")))
    pressed = await greeted.press("引き受ける")
    assert pressed.text == "ありがとうございます。"
    [sent] = greeted.messages()
    await teams.world.wait_until(lambda: sent.versions, None, "the update")
    assert sent.text == "ありがとうございます。"
    assert sent.buttons_for(greeted.account) == []


async def test_a_replacement_that_fails_is_seen_by_who_pressed(rig: Rig, teams: FakeTeams, greeted: Actor) -> None:
    teams.fail("PUT", status=500)
    rig.desk.replies.append(ReplaceMessage(sentence("ありがとうございます。")))
    assert (await greeted.press("引き受ける")).text == "ありがとうございます。"
    await rig.adapter.close()
    [sent] = greeted.messages()
    assert sent.versions == []


@pytest.mark.parametrize("reply", [OpenForm(make_form()), FormErrors(make_form(), {"code": "?"})])
async def test_a_form_that_a_plain_button_leads_to_gets_a_button_that_can_open_it(
    rig: Rig, greeted: Actor, reply: Reply
) -> None:
    rig.desk.replies.append(reply)
    await greeted.press("引き受ける")
    rig.desk.replies.append(OpenForm(make_form()))
    dialog = await greeted.open("開く")
    assert dialog.title == "登録 1/3"
    assert [got.payload for got in rig.desk.got if isinstance(got, ButtonPressed)] == [encode(Accept(7))] * 2


async def test_answers_come_in_the_language_of_the_card(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    english = Reader("en", "Europe/London")
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), welcome("Welcome"), english)
    assert (await sato.press("引き受ける")).toast == "Done."


async def test_a_button_that_asks_first_does_nothing_until_confirmed(rig: Rig, sato: Actor) -> None:
    button = Button("退会する", Accept(1), "danger", confirm="すべてのご登録を取りやめますか？")
    message = Message("退会", (Para(("いつでも戻れます。",)), Buttons((button, Button("ホーム", Accept(2))))))
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), message, JAPANESE)
    assert sato.latest.buttons_for(sato.account) == ["ホーム", "退会する"]
    await sato.press("退会する")
    assert rig.desk.got == []
    assert sato.latest.buttons_for(sato.account) == ["ホーム", "退会する", "退会する", "戻る"]
    await sato.press("戻る")
    assert sato.latest.buttons_for(sato.account) == ["ホーム", "退会する"]
    await sato.press("退会する")
    await sato.press("退会する")
    [pressed] = rig.desk.got
    assert isinstance(pressed, ButtonPressed)
    assert pressed.payload == encode(Accept(1))


async def test_a_button_that_opens_a_form_and_asks_first(rig: Rig, sato: Actor) -> None:
    message = Message("登録", (Buttons((Button("登録する", Register(1), confirm="始めますか？"),)),))
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), message, JAPANESE)
    await sato.press("登録する")
    rig.desk.replies.append(OpenForm(make_form()))
    assert (await sato.open("登録する")).title == "登録 1/3"


async def test_a_message_that_can_not_be_shown_is_a_failure(rig: Rig, greeted: Actor) -> None:
    rig.desk.replies.append(ReplaceMessage(Message("長い", (Para(("縁" * 60_000,)),))))
    with pytest.raises(Misbehaved, match="500"):
        await greeted.press("引き受ける")
    assert greeted.latest.versions == []


async def say_in(rig: Rig, teams: FakeTeams, conversation: str) -> Sent:
    """Leaves the card of two buttons in a group."""
    parcel = Parcel("k", Group(TENANT, (), conversation), welcome(), JAPANESE, rig.clock.now())
    receipt = await rig.adapter.sender.send(parcel)
    sent = teams.world.find_sent(receipt.message)
    assert sent is not None
    return sent
