"""Messages and forms become plain data: nothing a person wrote is lost, cut or read as markup."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground import limits
from adapters.playground.limits import LimitError
from adapters.playground.render import localise, render_errors, render_form, render_message
from bot.actions import encode
from bot.replies import FormErrors
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Chips,
    DateInput,
    Divider,
    Fact,
    Facts,
    Form,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    Note,
    Para,
    Picture,
    Quote,
    Reader,
    TextInput,
    When,
)
from tests.adapters.playground.small_bot import HOSTILE, NOW_SHOWN, Accept, Ask, More, ask_form, everything

TOKYO = Reader("ja", "Asia/Tokyo", {7: "sho-takahashi"})
DETROIT = Reader("en", "America/Detroit")

texts = st.text(min_size=1, max_size=60).filter(str.strip)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by the strategy
inlines: st.SearchStrategy[Inline] = st.one_of(
    texts,
    st.builds(Bold, texts),
    st.builds(Link, texts, st.just("https://example.com/?q=1")),
    st.builds(Mention, st.integers(1, 9), texts),
    st.builds(When, moments, st.sampled_from(["datetime", "date", "time"])),
)
lines = st.lists(inlines, min_size=1, max_size=4).map(tuple)
buttons = st.builds(
    Button, texts, st.builds(Accept, st.integers(0, 2**40)), st.sampled_from(["primary", "danger"]), texts
)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, texts),
    st.builds(Para, lines),
    st.builds(Quote, texts),
    st.builds(Facts, st.lists(st.builds(Fact, texts, lines), min_size=1, max_size=4).map(tuple)),
    st.builds(Chips, st.lists(texts, min_size=1, max_size=4).map(tuple)),
    st.builds(Note, lines, st.sampled_from(["quiet", "done"])),
    st.builds(Picture, st.just("https://example.com/a.png"), texts),
    st.just(Divider()),
    st.builds(Buttons, st.lists(buttons, min_size=1, max_size=4).map(tuple)),
)
messages = st.builds(Message, texts, st.lists(blocks, min_size=1, max_size=6).map(tuple))


def strings_in(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in cast("dict[str, object]", node).values():
            yield from strings_in(value)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            yield from strings_in(value)


def words_of(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Quote(text=text):
            yield text
        case Para(content=content) | Note(content=content):
            yield from inline_words(content)
        case Facts(rows=rows):
            for row in rows:
                yield row.label
                yield from inline_words(row.value)
        case Chips(labels=labels):
            yield from labels
        case Picture(alt=alt):
            yield alt
        case Buttons(buttons=pressed):
            for button in pressed:
                yield from (button.label, button.confirm, encode(button.action))
        case _:
            pass  # a divider has no words


def inline_words(content: tuple[Inline, ...]) -> Iterator[str]:
    for piece in content:
        match piece:
            case str():
                yield piece
            case Bold(text=text):
                yield text
            case Link(label=label, url=url):
                yield from (label, url)
            case Mention(name=name):
                yield name
            case When(at=at):
                yield at.astimezone(UTC).isoformat()


@given(messages)
def test_every_word_arrives_exactly_as_it_was(message: Message) -> None:
    rendered = render_message(message, TOKYO)
    found = list(strings_in(json.loads(json.dumps(rendered, ensure_ascii=False))))
    assert rendered["summary"] == message.summary
    for block in message.blocks:
        for word in words_of(block):
            assert word in found


@given(messages, st.sampled_from(["Asia/Tokyo", "America/Detroit", "Asia/Kolkata", "Europe/London"]))
def test_another_zone_changes_moments_and_nothing_else(message: Message, zone: str) -> None:
    rendered = render_message(message, TOKYO)
    moved = localise(rendered, zone)
    assert moved == render_message(message, Reader("ja", zone, TOKYO.mentions))
    assert rendered == render_message(message, TOKYO)


@given(texts)
def test_texts_typed_into_forms_come_back_as_they_were(text: str) -> None:
    form = Form("題", "送る", Ask(), (TextInput("a", "話題", value=text), TextInput("b", "目的", multiline=True)))
    assert render_form(form, TOKYO)["items"][0]["value"] == text


def test_each_kind_is_drawn_by_its_own_name() -> None:
    kinds = [block["kind"] for block in render_message(everything(NOW_SHOWN), TOKYO)["blocks"]]
    assert kinds == ["heading", "para", "quote", "facts", "chips", "picture", "divider", "note", "note", "buttons"]


def test_hostile_text_stays_text() -> None:
    rendered = render_message(everything(NOW_SHOWN), TOKYO)
    assert rendered["blocks"][0]["text"] == f"見出し {HOSTILE}"


def test_a_mention_names_whom_the_reader_can_reach() -> None:
    message = Message("題", (Para((Mention(7, "高橋 翔"), Mention(8, "李 佳怡"))),))
    known, unknown = render_message(message, TOKYO)["blocks"][0]["content"]
    assert (known["person"], unknown["person"]) == ("sho-takahashi", "")


@pytest.mark.parametrize(
    ("reader", "style", "shown"),
    [
        (TOKYO, "datetime", "11月20日（金）10:00"),
        (TOKYO, "date", "11月20日（金）"),
        (TOKYO, "time", "10:00"),
        (DETROIT, "datetime", "Thu 19 Nov, 20:00"),
    ],
)
def test_a_moment_is_told_in_the_readers_words(reader: Reader, style: Any, shown: str) -> None:
    message = Message("題", (Para((When(NOW_SHOWN, style),)),))
    assert render_message(message, reader)["blocks"][0]["content"][0]["text"] == shown


def test_a_button_carries_its_payload_its_question_and_whether_it_opens_a_form() -> None:
    row = Buttons((Button("終える", Accept(3), "danger", "終えますか。"), Button("相談する", Ask())))
    first, second = render_message(Message("題", (row,)), TOKYO)["blocks"][0]["buttons"]
    assert first == {
        "label": "終える",
        "payload": "small.accept[3]",
        "style": "danger",
        "confirm": "終えますか。",
        "opens": False,
    }
    assert second["opens"] is True


def test_a_form_has_everything_the_page_needs() -> None:
    rendered = render_form(ask_form("電池"), TOKYO)
    by_name = {item["name"]: item for item in rendered["items"] if "name" in item}
    assert rendered["payload"] == "small.ask[]"
    assert rendered["items"][0]["kind"] == "para"
    assert by_name["topic"]["value"] == "電池"
    assert by_name["topic"]["required"] is True
    assert by_name["aim"]["multiline"] is True
    assert by_name["aim"]["max_length"] == 300
    assert by_name["language"]["options"][0] == {"value": "ja", "label": "日本語"}
    assert by_name["fields"]["at_most"] == 2
    assert by_name["when"]["values"] == []
    assert by_name["day"]["value"] == ""


def test_a_day_is_kept_as_iso_text() -> None:
    form = Form("題", "送る", More(), (DateInput("day", "希望日", value=date(2026, 11, 20)),))
    assert render_form(form, TOKYO)["items"][0]["value"] == "2026-11-20"


def test_errors_stand_beside_what_was_entered() -> None:
    rendered = render_errors(FormErrors(ask_form("だめ"), {"topic": "ほかの話題を"}), TOKYO)
    assert rendered["errors"] == {"topic": "ほかの話題を"}
    assert rendered["items"][1]["value"] == "だめ"


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(LimitError):
        render_message(Message("題", (Heading("あ" * (limits.HEADING + 1)),)), TOKYO)
    with pytest.raises(LimitError):
        render_form(Form("あ" * 25, "送る", Ask(), (TextInput("a", "名前"),)), TOKYO)
