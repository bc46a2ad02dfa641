"""The golden files' helper: every kind of block is drawn, and every difference is seen."""

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from bot.i18n import use_locale
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Checkboxes,
    Chips,
    DateInput,
    Divider,
    Fact,
    Facts,
    File,
    Form,
    FormItem,
    Heading,
    Link,
    Mention,
    Message,
    MultiSelect,
    Note,
    Option,
    Para,
    Picture,
    Quote,
    Select,
    TextInput,
    When,
)
from handlers.actions import OpenHome
from tests.support import golden
from tests.support.golden import as_text, check_views
from tests.support.world import START

PIECES = ("to ", Bold("us"), Link("a", "https://a.example"), Mention(7, "佐藤"), " ", When(START, "date"))
OPTIONS = (Option("a", "A"), Option("b", "B"))
MESSAGE = Message(
    "Summary",
    (
        Heading("Title"),
        Para(PIECES),
        Quote("one\ntwo"),
        Facts((Fact("City", ("仙台",)),)),
        Chips(("x", "y")),
        Note(("quiet",)),
        Note(("settled",), "done"),
        Picture("https://a.example/p.png", "a cat"),
        File("talk.ics", "text/calendar", "BEGIN:VCALENDAR", "For your calendar"),
        Divider(),
        Buttons((Button("Go", OpenHome(), "primary"), Button("No", OpenHome(), "danger", "Sure?"))),
    ),
)
FORM = Form(
    "Title",
    "Send",
    OpenHome(),
    (
        TextInput("t", "Text", hint="a hint", example="abc"),
        TextInput("m", "More", "given", multiline=True, required=False, max_length=300),
        Select("s", "One", OPTIONS, "b"),
        MultiSelect("ms", "Some", OPTIONS, ("a",), at_most=2),
        Checkboxes("c", "Boxes", OPTIONS),
        DateInput("d", "Day", date(2026, 11, 20)),
    ),
)


def test_a_message_as_text() -> None:
    with use_locale("en"):
        assert as_text(MESSAGE).split("\n\n") == [
            "= Summary",
            "# Title",
            "to **us**[a](https://a.example)@佐藤 Fri 20 Nov",
            "> one\n> two",
            "City: 仙台",
            "(x) (y)",
            "~ quiet",
            "✓ settled",
            "![a cat](https://a.example/p.png)",
            "<For your calendar> → talk.ics (text/calendar)",
            "----",
            "[*Go*] → home.open[]\n[!No!] → home.open[] (Sure?)\n",
        ]


def test_a_form_as_text() -> None:
    with use_locale("ja"):
        assert as_text(FORM).split("\n\n") == [
            "= Title",
            "Text <t>\n  [e.g. abc] 150\n  a hint",
            "More (optional) <m>\n  [given] 300 lines",
            "One <s>\n  ( ) A = a\n  (x) B = b",
            "Some (optional) <ms>\n  (x) A = a\n  ( ) B = b\n  at most 2",
            "Boxes (optional) <c>\n  ( ) A = a\n  ( ) B = b",
            "Day <d>\n  [11月20日（金）]",
            "[*Send*] → home.open[]\n",
        ]


def test_the_examples_above_have_every_kind_of_block_and_field() -> None:
    drawn = {type(item) for item in (*MESSAGE.blocks, *FORM.items)}
    assert drawn == set(get_args(Block)) | set(get_args(FormItem))


def test_a_view_is_held_against_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden, "WRITING", True)
    check_views("coffee", "en", {"one": lambda: MESSAGE, "two": lambda: FORM}, tmp_path)
    monkeypatch.setattr(golden, "WRITING", False)
    check_views("coffee", "en", {"one": lambda: MESSAGE, "two": lambda: FORM}, tmp_path)
    with pytest.raises(AssertionError, match=r"two\.en\.txt differs"):
        check_views("coffee", "en", {"one": lambda: MESSAGE, "two": lambda: MESSAGE}, tmp_path)
    with pytest.raises(AssertionError, match=r"three\.en\.txt is missing"):
        check_views("coffee", "en", {"three": lambda: MESSAGE}, tmp_path)
    with pytest.raises(AssertionError, match=r"no view of coffee belongs to \['two\.en\.txt'\]"):
        check_views("coffee", "en", {"one": lambda: MESSAGE}, tmp_path)
    with pytest.raises(AssertionError, match="missing"):
        check_views("coffee", "ja", {"one": lambda: MESSAGE}, tmp_path)
