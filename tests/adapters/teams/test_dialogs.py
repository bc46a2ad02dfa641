"""Dialogs: forms with steps, errors beside the field, and what is left when they close."""

import pytest

from bot.actions import encode
from bot.incoming import ButtonPressed, FormSubmitted, Incoming
from bot.ports import Group, Parcel, Person
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.ui import (
    Button,
    Buttons,
    Checkboxes,
    DateInput,
    Form,
    Heading,
    Message,
    MultiSelect,
    Option,
    Para,
    Reader,
    TextInput,
)
from tests.adapters.teams.rig import JAPANESE, Accept, Entry, Register, Rig, make_form, sentence, welcome
from tests.fake_teams import TENANT, Actor, Closed, Dialog, FakeTeams, NotSent


@pytest.fixture
async def greeted(rig: Rig, sato: Actor) -> Actor:
    """A person with a card of two buttons in the chat."""
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), welcome(), JAPANESE)
    return sato


async def open_form(rig: Rig, person: Actor, form: Form | None = None) -> Dialog:
    rig.desk.replies.append(OpenForm(form or make_form()))
    dialog = await person.open("登録する")
    rig.desk.got.clear()
    return dialog


def get_submitted(rig: Rig) -> FormSubmitted:
    submitted = rig.desk.got[-1]
    assert isinstance(submitted, FormSubmitted)
    return submitted


async def test_a_button_opens_a_dialog(rig: Rig, greeted: Actor) -> None:
    rig.desk.replies.append(OpenForm(make_form()))
    dialog = await greeted.open("登録する")
    assert (dialog.title, dialog.buttons) == ("登録 1/3", ["次へ"])
    assert dialog.values == {"code": "", "language": "ja"}
    [pressed] = rig.desk.got
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.payload, pressed.origin.message) == (encode(Register(7)), greeted.latest.id)


async def test_what_was_entered_arrives(rig: Rig, greeted: Actor) -> None:
    dialog = await open_form(rig, greeted)
    assert await dialog.submit({"ご招待コード": " ABCD-2345 ", "言語": "English"}) == Closed()
    submitted = get_submitted(rig)
    assert submitted.payload == encode(Entry(1))
    assert (submitted.values.text("code"), submitted.values.text("language")) == ("ABCD-2345", "en")
    assert (submitted.origin.user, submitted.origin.message) == (greeted.aad_id, greeted.latest.id)


@pytest.mark.parametrize("mobile", [False, True])
async def test_every_kind_of_field_comes_back(rig: Rig, greeted: Actor, mobile: bool) -> None:
    greeted.account.mobile = mobile
    options = tuple(Option(value, value) for value in ("電池", "a,b", "50%", "海外"))
    fields = (
        TextInput("aim", "相談したいこと", multiline=True, max_length=300, required=False),
        MultiSelect("topics", "話題", options),
        Checkboxes("consents", "同意", options),
        DateInput("day", "日付", required=False),
    )
    dialog = await open_form(rig, greeted, Form("相談", "送る", Entry(1), fields))
    await dialog.submit({"aim": "一行目\n二行目", "topics": ["a,b", "50%"], "day": "2026-12-04"})
    values = get_submitted(rig).values
    assert values.text("aim") == "一行目\n二行目"
    assert values.several("topics") == ("a,b", "50%")
    assert values.several("consents") == ()
    assert values.text("day") == "2026-12-04"


async def test_a_field_may_be_called_anything(rig: Rig, greeted: Actor) -> None:
    names = ("payload", "form", "press", "message", "locale", "action", "data", "text")
    form = Form("名前", "送る", Entry(1), tuple(TextInput(name, name, required=False) for name in names))
    dialog = await open_form(rig, greeted, form)
    await dialog.submit({name: f"<{name}>" for name in names})
    submitted = get_submitted(rig)
    assert submitted.payload == encode(Entry(1))
    assert [submitted.values.text(name) for name in names] == [f"<{name}>" for name in names]


async def test_required_fields_are_asked_for_before_anything_is_sent(rig: Rig, greeted: Actor) -> None:
    dialog = await open_form(rig, greeted)
    with pytest.raises(NotSent, match="ご記入ください"):
        await dialog.submit({})
    assert rig.desk.got == []


async def test_errors_stand_beside_the_field_and_what_was_entered_stays(rig: Rig, greeted: Actor) -> None:
    def check(incoming: Incoming) -> Reply:
        if isinstance(incoming, FormSubmitted) and incoming.values.text("code") == "WRONG":
            errors = {"code": "このコードでは確認できませんでした。", "": "あと3回試せます。"}
            return FormErrors(make_form(code=incoming.values.text("code")), errors)
        return OpenForm(make_form(step=2))

    dialog = await open_form(rig, greeted)
    rig.desk.answer = check
    again = await dialog.next({"code": "WRONG"})
    assert again.errors == {"code": "このコードでは確認できませんでした。", "": "あと3回試せます。"}
    assert again.values["code"] == "WRONG"
    second = await again.next({"code": "RIGHT"})
    assert (second.title, second.errors) == ("登録 2/3", {})


async def test_the_last_page_shows_a_message_and_closes(rig: Rig, greeted: Actor) -> None:
    dialog = await open_form(rig, greeted)
    rig.desk.replies.append(Private(Message("登録しました", (Heading("登録しました"), Para(("ようこそ。",))))))
    page = await dialog.next({"code": "x"})
    assert page.text == "登録しました\nようこそ。"
    assert page.buttons == ["閉じる"]
    count = len(rig.desk.got)
    assert await page.submit(button="閉じる") == Closed()
    assert len(rig.desk.got) == count, "closing is nobody's business"


async def test_buttons_on_the_last_page_go_on_in_the_same_window(rig: Rig, greeted: Actor) -> None:
    dialog = await open_form(rig, greeted)
    buttons = Buttons((Button("もう一度", Register(8)), Button("依頼する", Accept(9))))
    rig.desk.replies += [ShowHome(Message("候補", (buttons,))), OpenForm(make_form()), Nothing()]
    page = await dialog.next({"code": "x"})
    assert page.buttons == ["もう一度", "依頼する", "閉じる"]
    assert (await page.next(button="もう一度")).title == "登録 1/3"
    assert isinstance(rig.desk.got[-1], ButtonPressed)
    assert rig.desk.got[-1].payload == encode(Register(8))
    assert await page.submit(button="依頼する") == Closed()


async def test_a_form_replaces_the_card_it_came_from(rig: Rig, greeted: Actor) -> None:
    dialog = await open_form(rig, greeted)
    rig.desk.replies.append(ReplaceMessage(sentence("登録が済みました。")))
    assert await dialog.submit({"code": "x"}) == Closed()
    [sent] = greeted.messages()
    assert sent.text == "登録が済みました。"
    assert len(sent.versions) == 1


async def test_the_card_is_remembered_over_steps_and_errors(rig: Rig, greeted: Actor) -> None:
    dialog = await open_form(rig, greeted)
    rig.desk.replies += [OpenForm(make_form(step=2)), FormErrors(make_form(step=2), {"code": "?"})]
    dialog = await (await dialog.next({"code": "x"})).next({"code": "y"})
    rig.desk.replies.append(ReplaceMessage(sentence("登録が済みました。")))
    await dialog.finish({"code": "z"})
    assert greeted.latest.text == "登録が済みました。"


async def test_a_card_that_can_not_be_replaced_is_shown_in_the_window(
    rig: Rig, teams: FakeTeams, greeted: Actor
) -> None:
    dialog = await open_form(rig, greeted)
    teams.fail("PUT", status=502)
    rig.desk.replies.append(ReplaceMessage(sentence("登録が済みました。")))
    page = await dialog.next({"code": "x"})
    assert page.text == "登録が済みました。"


async def test_a_button_that_opens_forms_may_answer_otherwise(rig: Rig, greeted: Actor) -> None:
    rig.desk.replies += [Private(sentence("もう登録済みです。")), Nothing()]
    assert (await greeted.open("登録する")).text == "もう登録済みです。"
    assert (await greeted.press("登録する")).note == "完了しました。"
    rig.desk.replies.append(ReplaceMessage(sentence("期限を過ぎました。")))
    pressed = await greeted.press("登録する")
    assert (pressed.dialog, pressed.note) == (None, "")
    assert greeted.latest.text == "期限を過ぎました。"


async def test_in_a_group_a_client_can_not_name_another_message_to_replace(
    rig: Rig, teams: FakeTeams, sato: Actor
) -> None:
    group = teams.add_group("相談", [sato])
    victim = await teams.world.add(group, {"type": "message", "text": "人事からのお知らせ"})
    parcel = Parcel("k", Group(TENANT, (), group.id), welcome(), JAPANESE, rig.clock.now())
    await rig.adapter.sender.send(parcel)
    rig.desk.replies.append(OpenForm(make_form()))
    dialog = await sato.open("登録する", place=group)
    rig.desk.replies.append(ReplaceMessage(sentence("偽のお知らせ")))
    data = dict(dialog.card["actions"][0]["data"])
    data["musubi"] = data["musubi"] | {"message": victim.id}
    shown = await dialog.submit_raw(data | {"code": "x"})
    assert isinstance(shown, Dialog)
    assert shown.text == "偽のお知らせ"
    assert victim.text == "人事からのお知らせ"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"musubi": None},
        {"musubi": {"form": 5}},
        {"musubi": {"form": "x[", "several": 7}},
        {"musubi": {"press": {}}},
    ],
)
async def test_forged_submissions_reach_the_core_as_old_cards(
    rig: Rig, greeted: Actor, data: dict[str, object]
) -> None:
    dialog = await open_form(rig, greeted)
    rig.desk.replies.append(Private(sentence("このボタンは使えなくなりました。")))
    shown = await dialog.submit_raw(data)
    assert isinstance(shown, Dialog)
    [got] = rig.desk.got
    assert isinstance(got, ButtonPressed | FormSubmitted)
    assert got.payload in ("", "x[")


async def test_the_dialog_speaks_the_language_of_its_card(rig: Rig, sato: Actor) -> None:
    await rig.adapter.sender.say(Person(TENANT, sato.aad_id), welcome(), Reader("en", "Europe/London"))
    dialog = await open_form(rig, sato)
    with pytest.raises(NotSent, match="Please fill this in"):
        await dialog.submit({})
    rig.desk.replies.append(Private(sentence("Welcome.")))
    assert (await dialog.next({"code": "x"})).buttons == ["Close"]
