"""What does not fit is refused before it is shown."""

from dataclasses import replace

import pytest

from adapters.playground import limits
from adapters.playground.limits import LimitError, check_form, check_message
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Checkboxes,
    Chips,
    Divider,
    Fact,
    Facts,
    Form,
    FormItem,
    Heading,
    Link,
    Message,
    MultiSelect,
    Note,
    Option,
    Para,
    Picture,
    Quote,
    Select,
    TextInput,
)
from tests.adapters.playground.small_bot import NOW_SHOWN, Accept, Ask, ask_form, everything


def check_block(block: Block) -> None:
    check_message(Message("題", (block,)))


def options(count: int, label: str = "選択肢") -> tuple[Option, ...]:
    return tuple(Option(str(number), label) for number in range(count))


def form_with(*items: FormItem) -> Form:
    return Form("題", "送る", Ask(), items)


FITS: list[Block] = [
    Heading("あ" * limits.HEADING),
    Para(("あ" * limits.TEXT,)),
    Quote("あ" * limits.TEXT),
    Note((Bold("あ" * limits.TEXT),)),
    Facts(tuple(Fact("時間", ("30分",)) for _ in range(limits.FACT_ROWS))),
    Chips(("電池",) * limits.CHIPS),
    Picture("https://example.com/a.png", "工場"),
    Divider(),
    Buttons((Button("あ" * limits.BUTTON_LABEL, Accept(1), confirm="い" * limits.CONFIRM),) * limits.BUTTONS),
    Para((Link("書く", "mailto:hr@example.jp"),)),
]

TOO_MUCH: list[Block] = [
    Heading("あ" * (limits.HEADING + 1)),
    Heading(" "),
    Para(("あ" * limits.TEXT, "あ")),
    Para(()),
    Quote("あ" * (limits.TEXT + 1)),
    Note((Bold("あ" * (limits.TEXT + 1)),)),
    Facts(()),
    Facts((Fact("", ("30分",)),)),
    Facts((Fact("時間", ("あ" * (limits.TEXT + 1),)),)),
    Facts(tuple(Fact("時間", ("30分",)) for _ in range(limits.FACT_ROWS + 1))),
    Chips(()),
    Chips(("電池",) * (limits.CHIPS + 1)),
    Picture("http://example.com/a.png", "工場"),
    Picture("https://example.com/a.png", ""),
    Buttons(()),
    Buttons((Button("はい", Accept(1)),) * (limits.BUTTONS + 1)),
    Buttons((Button("あ" * (limits.BUTTON_LABEL + 1), Accept(1)),)),
    Buttons((Button("", Accept(1)),)),
    Buttons((Button("はい", Accept(1), confirm="い" * (limits.CONFIRM + 1)),)),
    Para((Link("開く", "javascript:alert(1)"),)),
    Para((Link("開く", "http://example.com/"),)),
    Para((Link("開く", "https://example.com/" + "a" * limits.URL),)),
    Para((Link("開く", "https://[broken"),)),
    Para((Link("開く", "/relative"),)),
]


@pytest.mark.parametrize("block", FITS)
def test_what_fits_is_let_through(block: Block) -> None:
    check_block(block)


@pytest.mark.parametrize("block", TOO_MUCH)
def test_what_does_not_fit_is_refused(block: Block) -> None:
    with pytest.raises(LimitError):
        check_block(block)


def test_a_message_needs_words_for_the_screen_reader() -> None:
    with pytest.raises(LimitError, match="summary is empty"):
        check_message(Message("", (Divider(),)))


@pytest.mark.parametrize("count", [0, limits.MESSAGE_BLOCKS + 1])
def test_a_message_has_one_to_fifty_blocks(count: int) -> None:
    with pytest.raises(LimitError, match="blocks"):
        check_message(Message("題", (Divider(),) * count))


def test_the_whole_vocabulary_fits() -> None:
    check_message(everything(NOW_SHOWN))
    check_form(ask_form())


REFUSED_ITEMS: list[tuple[FormItem, ...]] = [
    (),
    (Divider(),) * (limits.FORM_ITEMS + 1),
    (TextInput("a", "名前"), TextInput("a", "もう一つ")),
    (TextInput("", "名前"),),
    (TextInput("a", ""),),
    (TextInput("a", "名前", hint="あ" * (limits.FIELD_HINT + 1)),),
    (TextInput("a", "名前", example="あ" * (limits.EXAMPLE + 1)),),
    (TextInput("a", "名前", max_length=0),),
    (TextInput("a", "名前", max_length=limits.TYPED + 1),),
    (Select("a", "言葉", ()),),
    (Select("a", "言葉", options(limits.OPTIONS + 1)),),
    (Select("a", "言葉", options(1, "あ" * (limits.OPTION_LABEL + 1))),),
    (Select("a", "言葉", (Option("x", "はい"), Option("x", "いいえ"))),),
    (Select("a", "言葉", (Option("", "はい"),)),),
    (MultiSelect("a", "話題", options(limits.OPTIONS + 1)),),
    (Checkboxes("a", "時間", options(limits.CHECKBOXES + 1)),),
    (Heading(""),),
    (Para((Link("開く", "javascript:alert(1)"),)),),
]


@pytest.mark.parametrize("items", REFUSED_ITEMS)
def test_a_form_that_does_not_fit_is_refused(items: tuple[FormItem, ...]) -> None:
    with pytest.raises(LimitError):
        check_form(form_with(*items))


@pytest.mark.parametrize("items", [(Select("a", "言葉", options(100)),), (Checkboxes("a", "時間", options(10)),)])
def test_a_form_at_the_limit_is_let_through(items: tuple[FormItem, ...]) -> None:
    check_form(form_with(*items))


@pytest.mark.parametrize("title", ["", "あ" * 25])
def test_titles_have_one_to_24_characters(title: str) -> None:
    form = form_with(TextInput("a", "名前"))
    check_form(replace(form, title="あ" * 24, submit="あ" * 24))
    with pytest.raises(LimitError):
        check_form(replace(form, title=title))
    with pytest.raises(LimitError):
        check_form(replace(form, submit=title))
