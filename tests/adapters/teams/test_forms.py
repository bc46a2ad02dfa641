"""Forms as dialogs: every kind of field, errors, and last pages."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.forms import render_form, render_page, render_popup
from adapters.teams.markup import JOINER, RenderError, TooLargeError
from bot.actions import encode
from bot.ui import (
    Checkboxes,
    DateInput,
    Divider,
    Form,
    FormItem,
    Heading,
    Message,
    MultiSelect,
    Option,
    Select,
    TextInput,
)
from tests.adapters.teams.rig import Entry
from tests.adapters.teams.samples import READER, knows, labels, messages, words
from tests.fake_teams import cards, cardtree

option = st.builds(Option, st.text(min_size=1, max_size=12), labels)
options = st.lists(option, min_size=1, max_size=8, unique_by=lambda made: made.value)
KINDS = ("text", "select", "multi", "boxes", "day")


def make_fields(name: str, label: str, hint: str, choices: list[Option], required: bool) -> list[FormItem]:
    some = tuple(choices)
    return [
        TextInput(f"{name}-text", label, value=hint[:20], hint=hint, example=hint[:30], required=required),
        Select(f"{name}-select", label, some, some[0].value, hint, required),
        MultiSelect(f"{name}-multi", label, some, tuple(o.value for o in some[:2]), hint, required),
        Checkboxes(f"{name}-boxes", label, some, (), hint, required),
        DateInput(f"{name}-day", label, date(2026, 11, 20), hint, required),
    ]


@given(labels, words, options, st.booleans())
def test_teams_takes_every_form(label: str, hint: str, choices: list[Option], required: bool) -> None:
    items = (Heading(hint), *make_fields("f", label, hint, choices, required), Divider())
    try:
        task = render_form(Form("登録", "送る", Entry(1), items), READER, errors={"f-day": label})
    except TooLargeError:
        return
    card = task["task"]["value"]["card"]["content"]
    assert cards.check_card(card, "dialog", knows) == []
    assert [field["id"] for field in cardtree.list_inputs(card)] == [f"f-{kind}" for kind in KINDS]


def draw_form(*items: FormItem, errors: dict[str, str] | None = None) -> dict[str, Any]:
    task = render_form(Form("登録", "送る", Entry(1), items), READER, errors=errors, message="17")
    card = task["task"]["value"]["card"]["content"]
    assert cards.check_card(card, "dialog", knows) == []
    return card


def test_a_text_field() -> None:
    [field] = cardtree.list_inputs(draw_form(TextInput("code", "ご招待コード", "AB", "", "ABCD-2345", max_length=20)))
    assert field == {
        "type": "Input.Text",
        "id": "code",
        "label": "ご招待コード",
        "isRequired": True,
        "errorMessage": "ご記入ください。",
        "maxLength": 20,
        "isMultiline": False,
        "placeholder": "ABCD-2345",
        "value": "AB",
    }


def test_few_choices_are_in_view_and_many_in_a_list() -> None:
    def style(count: int) -> str:
        options = tuple(Option(str(number), str(number)) for number in range(count))
        [field] = cardtree.list_inputs(draw_form(Select("s", "選択", options)))
        return field["style"]

    assert [style(count) for count in (2, 4, 5, 100)] == ["expanded", "expanded", "compact", "compact"]


def test_several_choices_survive_commas() -> None:
    options = (Option("a,b", "A,B"), Option("50%", "50%"), Option("gone", "x"))
    [field] = cardtree.list_inputs(draw_form(MultiSelect("m", "話題", options, ("a,b", "no longer there"))))
    assert [choice["value"] for choice in field["choices"]] == ["a%2Cb", "50%25", "gone"]
    assert (field["value"], field["isMultiSelect"], field["style"]) == ("a%2Cb", True, "compact")


def test_hints_and_errors_stand_below_their_field() -> None:
    card = draw_form(
        TextInput("a", "A", hint="半角で"), TextInput("b", "B"), errors={"b": "[ご確認](ください)", "": "あと3回"}
    )
    kinds = [(element["type"], element.get("color")) for element in card["body"]]
    assert kinds == [
        ("TextBlock", "Attention"),
        ("Input.Text", None),
        ("TextBlock", None),
        ("Input.Text", None),
        ("TextBlock", "Attention"),
    ]
    assert card["body"][4]["text"] == f"[ご確認]{JOINER}(ください)"


def test_the_submit_button_carries_the_action_and_the_card_it_came_from() -> None:
    card = draw_form(TextInput("a", "A"), MultiSelect("m", "M", (Option("x", "X"),)))
    [submit] = card["actions"]
    carried = {"form": encode(Entry(1)), "locale": "ja", "several": ["m"], "message": "17"}
    assert (submit["title"], submit["data"]) == ("送る", {"musubi": carried})


@pytest.mark.parametrize("names", [("a", "a"), ("musubi",), ("msteams",), ("",)])
def test_field_names_that_clash_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(RenderError):
        draw_form(*(TextInput(name, "A") for name in names))


def test_tall_forms_get_a_tall_window() -> None:
    def height(count: int) -> object:
        items = tuple(TextInput(f"f{number}", "A") for number in range(count))
        return render_form(Form("登録", "送る", Entry(1), items), READER)["task"]["value"]["height"]

    assert [height(count) for count in (1, 3, 4)] == ["medium", "medium", "large"]


@given(messages)
def test_teams_takes_every_last_page(message: Message) -> None:
    try:
        task = render_page(message, READER)
    except TooLargeError:
        return
    info = task["task"]["value"]
    assert cards.check_card(info["card"]["content"], "dialog", knows) == []
    assert 0 < len(info["title"]) <= 60


def test_a_popup_is_one_line() -> None:
    assert render_popup("済み\nました") == {"task": {"type": "message", "value": "済み ました"}}
