"""Messages and forms are values, and a message survives being stored whatever is in it."""

import json
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ui
from bot.actions import Action, action
from bot.ui import (
    Bold,
    Button,
    Buttons,
    Chips,
    Divider,
    Fact,
    Facts,
    File,
    Form,
    Heading,
    Link,
    Mention,
    Message,
    Note,
    Para,
    Picture,
    Quote,
    TextInput,
    When,
    dump_message,
    list_inlines,
    load_message,
)


@action("test.ui")
class Press(Action):
    """A button's payload."""

    id: int
    word: str


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
moments = st.datetimes(timezones=st.just(UTC))
actions = st.builds(Press, st.integers(0, 2**31), st.text(st.characters(categories=["L", "N", "P"]), max_size=20))
inlines = (
    texts
    | st.builds(Bold, texts)
    | st.builds(Link, texts, texts)
    | st.builds(Mention, st.integers(1, 2**31), texts)
    | st.builds(When, moments, st.sampled_from(["datetime", "date", "time"]))
)
contents = st.lists(inlines, max_size=4).map(tuple)
buttons = st.builds(Button, texts, actions, st.sampled_from(["default", "primary", "danger"]), texts)
blocks = (
    st.builds(Heading, texts)
    | st.builds(Para, contents)
    | st.builds(Quote, texts)
    | st.builds(Facts, st.lists(st.builds(Fact, texts, contents), max_size=3).map(tuple))
    | st.builds(Chips, st.lists(texts, max_size=3).map(tuple))
    | st.builds(Note, contents, st.sampled_from(["quiet", "done"]))
    | st.builds(Picture, texts, texts)
    | st.builds(File, texts, texts, texts, texts)
    | st.builds(Divider)
    | st.builds(Buttons, st.lists(buttons, max_size=3).map(tuple))
)
messages = st.builds(Message, texts, st.lists(blocks, max_size=6).map(tuple))


@given(messages)
def test_a_message_comes_back_as_it_was_stored(message: Message) -> None:
    assert load_message(dump_message(message)) == message


@given(messages)
def test_a_stored_message_is_json_with_actions_as_their_text(message: Message) -> None:
    stored = json.loads(dump_message(message))
    assert stored["summary"] == message.summary
    for block, raw in zip(message.blocks, stored["blocks"], strict=True):
        assert raw["kind"] == block.kind
        if isinstance(block, Buttons):
            assert all(item["action"].startswith("test.ui[") for item in raw["buttons"])


def test_the_strategies_know_every_block() -> None:
    known = {Heading, Para, Quote, Facts, Chips, Note, Picture, File, Divider, Buttons}
    assert set(ui.Block.__args__) == known
    assert set(ui.Inline.__args__) == {str, Bold, Link, Mention, When}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"summary":"a"}',
        '{"summary":"a","blocks":[{"kind":"video"}]}',
        '{"summary":"a","blocks":[{"kind":"buttons","buttons":[{"label":"a","action":"test.gone[1]"}]}]}',
    ],
)
def test_what_an_older_version_wrote_and_nobody_knows_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic's words are not ours
        load_message(text)


@given(messages)
def test_every_inline_is_listed_in_order(message: Message) -> None:
    marked = [piece for piece in list_inlines(message) if isinstance(piece, Mention)]
    text = dump_message(message)
    assert text.count('"kind":"mention"') >= len(marked)
    expected = [
        piece
        for block in message.blocks
        for content in contents_of(block)
        for piece in content
        if isinstance(piece, Mention)
    ]
    assert marked == expected


def contents_of(block: ui.Block) -> list[tuple[ui.Inline, ...]]:
    if isinstance(block, Facts):
        return [row.value for row in block.rows]
    return [block.content] if isinstance(block, Para | Note) else []


def test_values_do_not_change() -> None:
    message = Message("s", ())
    with pytest.raises(FrozenInstanceError):
        message.summary = "t"  # pyright: ignore[reportAttributeAccessIssue]


def test_a_forms_fields_are_what_is_filled_in() -> None:
    field, day = TextInput("name", "Name"), ui.DateInput("day", "Day", date(2026, 11, 20))
    form = Form("Title", "Send", Press(1, ""), (Heading("h"), field, Divider(), day))
    assert form.fields == (field, day)


def test_a_moment_keeps_its_instant() -> None:
    at = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    (block,) = load_message(dump_message(Message("s", (Para((When(at),)),)))).blocks
    assert isinstance(block, Para)
    assert block.content == (When(at),)
