"""The fake refuses what Slack refuses in blocks and views, and nothing else."""

import copy
from typing import Any

import pytest

from tests.fake_slack import schemas
from tests.fake_slack.blockkit import check_blocks
from tests.fake_slack.problems import Json
from tests.fake_slack.samples import actions, button, entry, field, modal, mrkdwn, option, plain, section, select
from tests.fake_slack.views import check_view

CONFIRM: Json = {
    "title": plain("本当に？"),
    "text": plain("やめますか。"),
    "confirm": plain("はい"),
    "deny": plain("いいえ"),
}
PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "集合写真"}

RIGHT: dict[str, Json] = {
    "section": section("こんにちは"),
    "section with fields": {"type": "section", "fields": [mrkdwn("a"), plain("b")]},
    "section with accessory": section("x", accessory=button("押す")),
    "header": {"type": "header", "text": plain("お知らせ")},
    "divider": {"type": "divider"},
    "picture": PICTURE,
    "context": {"type": "context", "elements": [mrkdwn("静かに"), PICTURE]},
    "buttons": actions(button("はい", style="primary"), button("いいえ", confirm=CONFIRM)),
    "link button": actions(button("開く", url="https://example.com")),
    "text field": field("名前", entry(max_length=50, initial_value="佐藤", placeholder=plain("例"))),
    "choice": field("言葉", select("日本語", "English", initial_option=option("English"))),
    "several": field("話題", select("a", "b", kind="multi_static_select", max_selected_items=2)),
    "boxes": field("同意", select("a", "b", kind="checkboxes", initial_options=[option("a")]), optional=True),
    "day": field("日", {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-20"}, hint=plain("任意")),
}

WRONG: dict[str, tuple[Json, str]] = {
    "no such type": ({"type": "marquee"}, "unsupported type: marquee"),
    "no type": ({"text": plain("x")}, "unsupported type"),
    "unknown field": (section("x", colour="red"), "colour"),
    "unknown field in text": ({"type": "section", "text": mrkdwn("x") | {"emoji": True}}, "emoji"),
    "empty section": ({"type": "section"}, "text or fields"),
    "empty text": (section(""), "more than 0 characters"),
    "blank text": (section(" \n "), "must not be blank"),
    "long section": (section("あ" * 3001), "less than 3001"),
    "eleven fields": ({"type": "section", "fields": [mrkdwn("x")] * 11}, "no more than 10 items"),
    "no fields": ({"type": "section", "text": mrkdwn("x"), "fields": []}, "no less than 1"),
    "long field": ({"type": "section", "fields": [mrkdwn("x" * 2001)]}, "less than 2001"),
    "long header": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "markup in a header": ({"type": "header", "text": mrkdwn("*x*")}, "must be plain_text"),
    "eleven in a context": ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10"),
    "button in a context": ({"type": "context", "elements": [button("x")]}, "must be plain_text or mrkdwn"),
    "no buttons": (actions(), "no less than 1"),
    "26 buttons": (actions(*[button(str(n)) for n in range(26)]), "no more than 25"),
    "long button": (actions(button("x" * 76)), "less than 76"),
    "long value": (actions(button("x", value="v" * 2001)), "less than 2001"),
    "empty value": (actions(button("x", value="")), "more than 0"),
    "loud style": (actions(button("x", style="loud")), "primary, danger"),
    "long action id": (actions(button("x", action_id="i" * 256)), "less than 256"),
    "twice the same action id": (actions(button("x"), button("x")), "already exists"),
    "half a question": (actions(button("x", confirm={"text": plain("?")})), "missing required field"),
    "long question": (actions(button("x", confirm=CONFIRM | {"text": plain("x" * 301)})), "less than 301"),
    "text field among buttons": (actions(entry()), "unsupported type: plain_text_input"),
    "several choices among buttons": (actions(select("a", kind="multi_static_select")), "multi_static_select"),
    "picture without words": ({"type": "image", "image_url": "https://example.com/a.png"}, "alt_text"),
    "picture from nowhere": (PICTURE | {"image_url": "file:///etc/passwd"}, "valid URL"),
    "long label": (field("x" * 2001, entry()), "less than 2001"),
    "markup in a label": ({"type": "input", "label": mrkdwn("x"), "element": entry()}, "must be plain_text"),
    "button as a field": (field("x", button("x")), "unsupported type: button"),
    "101 options": (field("x", select(*[str(n) for n in range(101)])), "no more than 100"),
    "eleven boxes": (field("x", select(*[str(n) for n in range(11)], kind="checkboxes")), "no more than 10"),
    "no options": (field("x", select()), "no less than 1"),
    "long option": (field("x", select("x" * 76)), "less than 76"),
    "long option value": (field("x", select("x") | {"options": [option("a", "v" * 151)]}), "less than 151"),
    "two options of one value": (field("x", select("a") | {"options": [option("a", "1"), option("b", "1")]}), "unique"),
    "chosen but not offered": (field("x", select("a", initial_option=option("b"))), "one of the options"),
    "placeholder on boxes": (field("x", select("a", kind="checkboxes", placeholder=plain("x"))), "placeholder"),
    "nothing may be picked": (field("x", select("a", kind="multi_static_select", max_selected_items=0)), "greater"),
    "very long answers": (field("x", entry(max_length=3001)), "between 1 and 3000"),
    "more than fits": (field("x", entry(max_length=3, initial_value="abcd")), "less than 4"),
    "no such day": (field("x", {"type": "datepicker", "action_id": "d", "initial_date": "2026-13-40"}), "valid date"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_blocks_are_taken(name: str) -> None:
    assert check_blocks([RIGHT[name]], "message").lines == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong_blocks_are_refused_with_place_and_reason(name: str) -> None:
    block, reason = WRONG[name]
    lines = check_blocks([section("before"), block], "message").lines
    assert any(reason in line for line in lines), lines
    assert all("[json-pointer:/blocks/1" in line for line in lines)


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_each_surface_has_its_own_number_of_blocks(surface: Any, most: int) -> None:
    assert check_blocks([section("x")] * most, surface).lines == []
    assert "no more than" in check_blocks([section("x")] * (most + 1), surface).lines[0]


def test_block_ids_are_unique_in_a_surface() -> None:
    twice = [section("a", block_id="same"), section("b", block_id="same")]
    assert "`block_id` `same` already exists" in check_blocks(twice, "message").lines[0]


def test_blocks_must_be_a_list() -> None:
    assert "must be an array" in check_blocks({"type": "section"}, "message").lines[0]


def test_a_right_modal_is_taken() -> None:
    view = modal(field("名前", entry()), callback_id="form", private_metadata="x" * 3000, close=plain("やめる"))
    assert check_view(view, "modal") == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": plain("x" * 25)}, "less than 25"),
        ({"title": None}, "missing required field: title"),
        ({"title": mrkdwn("x")}, "must be plain_text"),
        ({"submit": plain("x" * 25)}, "less than 25"),
        ({"submit": None}, "submit button is required"),
        ({"close": plain("x" * 25)}, "less than 25"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"callback_id": "x" * 256}, "less than 256"),
        ({"colour": "red"}, "colour"),
        ({"blocks": []}, "no less than 1"),
        ({"type": "home"}, "must be a modal"),
    ],
)
def test_wrong_modals_are_refused(changes: Json, reason: str) -> None:
    view = modal(field("名前", entry())) | changes
    lines = check_view({key: value for key, value in view.items() if value is not None}, "modal")
    assert any(reason in line for line in lines), lines


def test_home_pages_have_no_title_and_no_submit() -> None:
    home: Json = {"type": "home", "blocks": [section("ようこそ")]}
    assert check_view(home, "home") == []
    assert "title" in check_view(home | {"title": plain("x")}, "home")[0]


@pytest.mark.skipif(not schemas.present(), reason="the public schemas are not beside this repository")
def test_the_public_schema_is_asked_too() -> None:
    view = modal(field("名前", entry()))
    assert schemas.check("SlackModal", view) == []
    broken = copy.deepcopy(view)
    broken["blocks"][0]["element"]["type"] = "no_such_input"
    assert schemas.check("SlackModal", broken) != []
    assert schemas.check("Blocks", [section("x", accessory={"type": "spinner"})]) != []
