"""From an incoming to its reply: one transaction, one effect, one answer. The real app on both databases."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.actions import encode
from bot.incoming import (
    ButtonPressed,
    Command,
    FormSubmitted,
    FormValues,
    HomeOpened,
    MemberJoined,
    MessageReceived,
    Origin,
    Scope,
)
from bot.replies import Nothing, OpenForm, Private, ShowHome
from bot.ui import TextInput
from storage.models import Member
from tests.bot.notebook import Note, Unrouted, find_member, make_feature, news, say
from tests.support.rows import list_rows
from tests.support.world import World, list_buttons


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, features=[make_feature()])
    yield world
    world.close()


async def test_a_command_has_its_effect_and_its_answer(world: World) -> None:
    sho = world.person("翔")
    assert await sho.command("/note 電池") == Private(say("noted 電池"))
    assert news(world, sho.user) == "電池;"


async def test_the_same_incoming_four_times_has_one_effect_and_one_answer(world: World) -> None:
    sho = world.person("翔")
    command = Command(sho.origin("K1"), "note", "x")
    replies = [await world.dispatch(command) for _turn in range(4)]
    assert replies == [Private(say("noted x")), Nothing(), Nothing(), Nothing()]
    assert news(world, sho.user) == "x;"


async def test_a_message_four_times_is_answered_once(world: World) -> None:
    sho = world.person("翔")
    for _turn in range(4):
        assert await world.dispatch(MessageReceived(sho.origin("K1"), "note x")) == Nothing()
    assert news(world, sho.user) == "x;"
    assert sho.inbox == [say("noted x")]


async def test_two_presses_are_two_incomings(world: World) -> None:
    sho = world.person("翔")
    for key in ("K1", "K2"):
        await world.dispatch(ButtonPressed(sho.origin(key), encode(Note(3))))
    assert news(world, sho.user) == "pressed 3;pressed 3;"


async def test_the_same_key_of_another_tenant_is_another_incoming(world: World) -> None:
    world.person("翔", user="U1")
    for tenant in ("T1", "T2"):
        await world.dispatch(Command(Origin("chat", tenant, "U1", "K1"), "note", tenant))
    assert sorted(member.latest_news for member in list_rows(world.store, Member)) == ["T1;", "T2;"]


async def test_what_has_no_key_is_always_new_and_always_answered(world: World) -> None:
    sho = world.person("翔")
    for _turn in range(2):
        await world.dispatch(MessageReceived(sho.origin(""), "note x"))
    assert news(world, sho.user) == "x;x;"
    assert sho.inbox == [say("noted x")] * 2


async def test_a_refusal_is_told_and_nothing_is_changed(world: World) -> None:
    sho = world.person("翔")
    await sho.command("/note before")
    assert await sho.command("/refuse") == Private(say("That can't be done today."))
    assert news(world, sho.user) == "before;"


@pytest.mark.parametrize("met", [True, False])
async def test_a_refusal_of_something_typed_is_sent_once(world: World, met: bool) -> None:
    sho = world.person("翔")
    if met:
        await sho.command("/note before")
    for _turn in range(3):
        assert await world.dispatch(MessageReceived(sho.origin("K9"), "refuse")) == Nothing()
    assert sho.inbox == [say("That can't be done today.")]
    assert news(world, sho.user) == ("before;" if met else "")


async def test_a_refused_command_may_be_tried_again_with_a_new_key(world: World) -> None:
    sho = world.person("翔")
    assert [await sho.command("/refuse") for _turn in range(2)] == [Private(say("That can't be done today."))] * 2


@pytest.mark.parametrize("kind", ["command", "button", "form"])
async def test_a_failing_handler_is_told_with_a_number_and_rolled_back(world: World, kind: str) -> None:
    sho = world.person("翔")
    await sho.command("/note before")
    origin = replace(sho.origin("K1"), locale="en-US")
    broken = {
        "command": Command(origin, "break"),
        "button": ButtonPressed(origin, 'core.open["break",""]'),
        "form": FormSubmitted(origin, 'core.open["break",""]', FormValues()),
    }
    reply = await world.dispatch(broken[kind])
    assert isinstance(reply, Private)
    assert re.search(r"number: [0-9a-f]{8}$", reply.message.summary)
    assert news(world, sho.user) == "before;"
    assert await world.dispatch(Command(sho.origin("K1"), "note", "after")) == Private(say("noted after"))


async def test_a_failing_handler_of_an_event_raises_so_that_the_platform_sends_it_again(world: World) -> None:
    sho = world.person("翔")
    await sho.command("/note before")
    with pytest.raises(RuntimeError, match="broken on purpose"):
        await world.app.dispatch(MessageReceived(sho.origin("K1"), "break"))
    assert news(world, sho.user) == "before;"
    await world.dispatch(MessageReceived(sho.origin("K1"), "note again"))
    assert sho.inbox == [say("noted again")]


async def test_a_typed_command_can_not_replace_a_message(world: World) -> None:
    sho = world.person("翔")
    with pytest.raises(TypeError, match="ReplaceMessage can't answer a message"):
        await world.app.dispatch(MessageReceived(sho.origin("K1"), "replace"))


async def test_an_unknown_command_and_an_old_button_are_answered_kindly(world: World) -> None:
    sho = world.person("翔")
    for incoming in (
        Command(sho.origin("K1"), "nothing-like-it"),
        ButtonPressed(sho.origin("K2"), "long.gone[1]"),
        ButtonPressed(sho.origin("K3"), encode(Unrouted())),
        FormSubmitted(sho.origin("K4"), "broken", FormValues()),
        FormSubmitted(sho.origin("K5"), encode(Unrouted()), FormValues()),
    ):
        reply = await world.dispatch(incoming)
        assert isinstance(reply, Private)
        assert [button.action.action_name for button in list_buttons(reply.message)] == ["home.open"]


async def test_a_form_goes_round(world: World) -> None:
    sho = world.person("翔")
    assert isinstance(await sho.command("/form"), OpenForm)
    await sho.submit(text=" ")
    assert sho.errors == {"text": "Please write something."}
    assert await sho.submit(text="電池") == Nothing()
    assert news(world, sho.user) == "7 電池;"


async def test_a_typed_command_with_a_form_is_answered_with_a_button_that_opens_it(world: World) -> None:
    sho = world.person("翔", locale="en-US")
    await sho.write("form 電池")
    assert sho.buttons() == ["Open"]
    reply = await sho.press("Open")
    assert isinstance(reply, OpenForm)
    (field,) = reply.form.fields
    assert isinstance(field, TextInput)
    assert field.value == "電池"


@pytest.mark.parametrize("typed", ["short 電池", "form short 電池", "/form short 電池"])
async def test_the_button_opens_the_form_of_a_command_of_two_words(world: World, typed: str) -> None:
    sho = world.person("翔", locale="en-US")
    await sho.write(typed)
    reply = await sho.press("Open")
    assert isinstance(reply, OpenForm)
    assert reply.form.title == "Short"
    (field,) = reply.form.fields
    assert isinstance(field, TextInput)
    assert field.value == "電池"


@pytest.mark.parametrize("length", [299, 300, 301, 20_000])
async def test_the_button_carries_as_much_of_the_text_as_fits(world: World, length: int) -> None:
    sho = world.person("翔", locale="en-US")
    await sho.write("form " + '"' * length)
    reply = await sho.press("Open")
    assert isinstance(reply, OpenForm)
    (field,) = reply.form.fields
    assert isinstance(field, TextInput)
    assert field.value == '"' * min(length, 300)


async def test_a_message_without_a_known_word_gets_the_menu_in_person_and_silence_elsewhere(world: World) -> None:
    sho = world.person("翔")
    await sho.write("hello")
    group = Origin("chat", "T1", sho.user, "K9", Scope.GROUP)
    assert await world.dispatch(MessageReceived(group, "hello again")) == Nothing()
    assert sho.inbox == [say("menu")]
    assert news(world, sho.user) == "read hello;"


async def test_a_word_works_in_a_group_and_the_answer_stays_private(world: World) -> None:
    sho = world.person("翔")
    await world.dispatch(MessageReceived(Origin("chat", "T1", sho.user, "K9", Scope.GROUP), "メモ 電池"))
    assert sho.inbox == [say("noted 電池")]
    assert world.chat.groups == {}


async def test_a_newcomer_is_welcomed_by_the_outbox(world: World) -> None:
    sho = world.person("翔")
    assert await world.dispatch(MemberJoined(sho.origin("K1"))) == Nothing()
    assert sho.inbox == [say("welcome")]


async def test_the_home_page_is_shown_in_the_same_breath(world: World) -> None:
    sho = world.person("翔")
    assert isinstance(await world.dispatch(HomeOpened(sho.origin("K1"))), ShowHome)
    assert sho.inbox == []


async def test_control_characters_and_half_letters_never_reach_a_handler(world: World) -> None:
    sho = world.person("翔\0\ud83d")
    await world.dispatch(Command(sho.origin("K1"), "note", "a\0b\ud83dc"))
    await world.dispatch(FormSubmitted(sho.origin("K2"), encode(Note(1)), FormValues({"text": "d\x07\0e\nf"})))
    await world.dispatch(MessageReceived(sho.origin("K3"), "note \0g"))
    assert news(world, sho.user) == "abc;1 de\nf;g;"
    assert find_member(world, sho.user).name == "翔"
