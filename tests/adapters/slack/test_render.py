"""Messages as Block Kit: what every block becomes, and that nothing hostile or long breaks Slack's rules."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.limits import RenderError
from adapters.slack.render import render_blocks, render_home, render_message, render_page
from bot.ui import Block, Bold, Button, Buttons, Chips, Fact, Facts, Heading, Link, Message, Note, Para, Picture, Quote
from tests.adapters.slack.samples import EN, EVERYTHING, HOSTILE, JA, Accept, blocks
from tests.fake_slack import FakeSlack
from tests.fake_slack.blockkit import check_blocks
from tests.fake_slack.mrkdwn import pings_in, texts_in
from tests.fake_slack.views import check_view

WORKSPACE = FakeSlack().workspace


def draw(*given: Block) -> list[dict[str, Any]]:
    """Blocks for a Japanese reader, accepted by the fake Slack."""
    made = render_blocks(given, JA)
    assert not made or check_blocks(made, "message").lines == []
    return made


def read(*given: Block) -> str:
    """What a reader sees of blocks."""
    return "\n".join(texts_in(draw(*given), WORKSPACE))


def test_a_message_with_everything() -> None:
    made = render_message(EVERYTHING, JA)
    assert check_blocks(made["blocks"], "message").lines == []
    assert made["text"] == "佐藤 美咲さんからのお願い"
    kinds = [block["type"] for block in made["blocks"]]
    assert kinds == [
        "header",
        "section",
        "section",
        "section",
        "context",
        "image",
        "divider",
        "section",
        "actions",
        "context",
    ]


def test_what_a_reader_sees_of_it() -> None:
    WORKSPACE.add_user("佐藤 美咲")
    shown = read(*EVERYTHING.blocks).split("\n")
    assert "設計2課の高橋 翔さんが「電池の量産立ち上げ」について相談したいそうです。" in shown
    assert "時間  30分ほど・日本語" in shown
    assert "場所  –" in shown
    assert "電池開発 ・ 量産立ち上げ" in shown
    assert "✓ 引き受けました" in shown
    assert any("田中 健一、ご案内" in line for line in shown)


def test_text_alone_is_shown_literally() -> None:
    (made,) = draw(Para(("*これ* は <!channel> のまま :tada:",)))
    assert made["text"] == {"type": "plain_text", "text": "*これ* は <!channel> のまま :tada:", "emoji": False}


def test_a_sentence_with_more_than_text_is_markup_without_guessing() -> None:
    (made,) = draw(Para(("https://example.com と ", Bold("強く"))))
    assert made["text"]["type"] == "mrkdwn"
    assert made["text"]["verbatim"] is True


def test_buttons_carry_their_payload_under_ids_of_their_own() -> None:
    (first, second) = draw(
        Buttons((Button("はい", Accept(1), style="primary"), Button("いいえ", Accept(1)))),
        Buttons((Button("はい", Accept(2)),)),
    )
    elements = [*first["elements"], *second["elements"]]
    assert [element["value"] for element in elements] == ["slacktest.accept[1]"] * 2 + ["slacktest.accept[2]"]
    assert [element["action_id"] for element in elements] == [f"slacktest.accept#{n}" for n in range(3)]
    assert [element.get("style") for element in elements] == ["primary", None, None]


@pytest.mark.parametrize(("reader", "yes", "no"), [(JA, "はい", "いいえ"), (EN, "Yes", "No")])
def test_a_button_that_asks_back_does_so_in_the_readers_language(reader: Any, yes: str, no: str) -> None:
    button = Button("取りやめる", Accept(3), style="danger", confirm="取りやめますか。")
    asked = render_blocks((Buttons((button,)),), reader)[0]["elements"][0]["confirm"]
    assert (asked["confirm"]["text"], asked["deny"]["text"]) == (yes, no)
    assert (asked["title"]["text"], asked["text"]["text"], asked["style"]) == (
        "取りやめる",
        "取りやめますか。",
        "danger",
    )


def test_many_buttons_stand_in_several_rows() -> None:
    made = draw(Buttons(tuple(Button(str(n), Accept(n)) for n in range(60))))
    assert [len(row["elements"]) for row in made] == [25, 25, 10]


def test_long_text_goes_on_in_the_next_section() -> None:
    text = "長い文です。" * 1500
    made = draw(Para((text,)))
    assert len(made) == 3
    assert "".join(block["text"]["text"] for block in made) == text
    marked = draw(Para((text, Bold("終わり"))))
    assert all(len(block["text"]["text"]) <= 3000 for block in marked)


def test_a_heading_that_is_too_long_becomes_bold_text() -> None:
    (made,) = draw(Heading("見出し" * 60))
    assert (made["type"], made["text"]["type"]) == ("section", "mrkdwn")


@pytest.mark.parametrize(
    "block", [Para(("  \n ",)), Para(()), Quote(" "), Heading(" \n"), Note(("",)), Chips(("", " "))]
)
def test_what_has_nothing_to_show_is_left_out(block: Block) -> None:
    assert draw(block) == []


def test_a_message_of_blank_blocks_is_its_summary() -> None:
    assert render_message(Message("お知らせ", (Para(("",)),)), JA) == {"text": "お知らせ"}


@pytest.mark.parametrize(
    "message",
    [
        Message(" ", (Para(("x",)),)),
        Message("x", tuple(Para((str(n),)) for n in range(51))),
        Message("x", (Para(("あ" * 13_001,)),)),
        Message("x", (Buttons((Button("あ" * 76, Accept(1)),)),)),
        Message("x", (Buttons((Button(" ", Accept(1)),)),)),
        Message("x", (Buttons((Button("やめる", Accept(1), confirm="x" * 301),)),)),
        Message("x", (Para((Link("x", "ftp://example.com"),)),)),
        Message("x", (Picture("http://example.com/a.png", "写真"),)),
        Message("x", (Picture("https://example.com/a.png", " "),)),
    ],
)
def test_what_does_not_fit_is_refused(message: Message) -> None:
    with pytest.raises(RenderError):
        render_message(message, JA)


def test_a_refusal_does_not_repeat_what_was_written() -> None:
    with pytest.raises(RenderError) as caught:
        render_message(Message("x", (Buttons((Button("ひみつ" * 30, Accept(1)),)),)), JA)
    assert "ひみつ" not in str(caught.value)


def test_the_summary_is_escaped_and_short() -> None:
    made = render_message(Message("<!channel> & " + "長い" * 900, ()), JA)
    assert made["text"].startswith("&lt;!channel&gt; &amp; 長い")
    assert len(made["text"]) < 1050


@settings(max_examples=150)
@given(st.lists(blocks, max_size=4), st.sampled_from([JA, EN]))
def test_nothing_hostile_breaks_a_rule_or_pings_anybody(given: list[Block], reader: Any) -> None:
    made = render_blocks(given, reader)
    if made:
        assert [line for line in check_blocks(made, "home").lines if "no more than" not in line] == []
    assert set(pings_in(made)) <= {"@U0MISAKI"}
    assert "\x00" not in json.dumps(made, ensure_ascii=False)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_in_every_place(text: str) -> None:
    shown = (
        Heading(text),
        Para((text, Bold(text), Link(text, "https://example.com"))),
        Quote(text),
        Facts((Fact(text, (text,)),)),
        Chips((text, "話題")),
        Note((text,)),
    )
    for block in shown:
        assert pings_in(draw(block)) == []


def test_a_home_page() -> None:
    made = render_home(EVERYTHING, JA)
    assert check_view(made, "home") == []


def test_a_page_to_read_takes_a_short_heading_as_its_title() -> None:
    made = render_page(EVERYTHING, JA)
    assert check_view(made, "modal") == []
    assert made["title"]["text"] == "相談のお願いが届きました"
    assert made["blocks"][0]["type"] == "section"


def test_a_page_without_a_short_heading_has_our_name() -> None:
    long = replace(
        EVERYTHING, blocks=(Heading("長い見出しなので窓の題名には入りきりません、きっと"), *EVERYTHING.blocks[1:])
    )
    made = render_page(long, JA)
    assert made["title"]["text"] == "Musubi"
    assert made["blocks"][0]["type"] == "header"


def test_a_page_of_nothing_but_a_summary() -> None:
    made = render_page(Message("ありがとうございます。", (Heading("完了"),)), JA)
    assert check_view(made, "modal") == []
    assert texts_in(made["blocks"], WORKSPACE) == ["ありがとうございます。"]
