"""What fits on the playground's page. Stricter than a browser needs: a message that fits here fits everywhere.

The numbers are the narrowest of the real platforms (Slack's, as measured against its API in 2026), so that a feature
tried out in the browser meets no surprise later. Counted in characters.
"""

from urllib.parse import urlsplit

from bot.ui import (
    Block,
    Button,
    Buttons,
    Checkboxes,
    Chips,
    Facts,
    Field,
    File,
    Form,
    FormItem,
    Heading,
    Inline,
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

MESSAGE_BLOCKS = 50
FORM_ITEMS = 100
SUMMARY = 3000
HEADING = 150
TEXT = 3000
FACT_ROWS = 50
FACT_LABEL = 2000
CHIPS = 50
BUTTONS = 25
BUTTON_LABEL = 75
CONFIRM = 300
ALT = 2000
TITLE = 24
FIELD_LABEL = 2000
FIELD_HINT = 2000
EXAMPLE = 150
OPTIONS = 100
CHECKBOXES = 10
OPTION_LABEL = 75
OPTION_VALUE = 75
TYPED = 3000
URL = 3000
FILE_NAME = 80
FILE = 500_000
LINK_SCHEMES = frozenset({"https", "mailto"})


class LimitError(ValueError):
    """A message or form that does not fit; it is our mistake, never the reader's."""


def check_message(message: Message) -> None:
    """Raises LimitError when the message does not fit."""
    _fits("summary", message.summary, SUMMARY)
    _count("blocks", message.blocks, MESSAGE_BLOCKS)
    for block in message.blocks:
        _check_block(block)


def check_form(form: Form) -> None:
    """Raises LimitError when the form does not fit, or two fields share a name."""
    _fits("title", form.title, TITLE)
    _fits("submit", form.submit, TITLE)
    _count("items", form.items, FORM_ITEMS)
    names = [field.name for field in form.fields]
    if len(set(names)) != len(names):
        raise LimitError("two fields have one name")
    for item in form.items:
        _check_item(item)


def _fits(what: str, text: str, longest: int, *, empty: bool = False) -> None:
    if len(text) > longest:
        raise LimitError(f"{what} has {len(text)} characters; {longest} fit")
    if not empty and not text.strip():
        raise LimitError(f"{what} is empty")


def _count(what: str, things: tuple[object, ...], most: int) -> None:
    if not 1 <= len(things) <= most:
        raise LimitError(f"{len(things)} {what}; 1 to {most} fit")


def _check_block(block: Block) -> None:
    match block:
        case Heading(text=text):
            _fits("heading", text, HEADING)
        case Quote(text=text):
            _fits("quote", text, TEXT)
        case Para(content=content) | Note(content=content):
            _check_inline(content)
        case Facts(rows=rows):
            _check_facts(block)
            _count("facts", rows, FACT_ROWS)
        case Chips(labels=labels):
            _count("chips", labels, CHIPS)
        case Picture(url=url, alt=alt):
            _check_url(url, frozenset({"https"}))
            _fits("alt", alt, ALT)
        case File(name=name, text=text, label=label):
            _fits("file name", name, FILE_NAME)
            _fits("file", text, FILE)
            _fits("file label", label, BUTTON_LABEL)
        case Buttons(buttons=buttons):
            _count("buttons", buttons, BUTTONS)
            for button in buttons:
                _check_button(button)
        case _:
            pass  # a divider has nothing that could be too long


def _check_inline(content: tuple[Inline, ...]) -> None:
    _fits("paragraph", "".join(_text_of(piece) for piece in content), TEXT)
    for piece in content:
        if isinstance(piece, Link):
            _check_url(piece.url, LINK_SCHEMES)


def _text_of(piece: Inline) -> str:
    if isinstance(piece, str):
        return piece
    return str(getattr(piece, "text", "") or getattr(piece, "label", "") or getattr(piece, "name", "") or "date")


def _check_facts(facts: Facts) -> None:
    for row in facts.rows:
        _fits("fact label", row.label, FACT_LABEL)
        _check_inline(row.value)


def _check_url(url: str, schemes: frozenset[str]) -> None:
    _fits("address", url, URL)
    try:
        scheme = urlsplit(url).scheme
    except ValueError as error:
        raise LimitError("the address can't be read") from error
    if scheme not in schemes:
        raise LimitError(f"a link may not lead to {scheme or 'nowhere'}:")


def _check_button(button: Button) -> None:
    _fits("button label", button.label, BUTTON_LABEL)
    _fits("confirm", button.confirm, CONFIRM, empty=True)


def _check_item(item: FormItem) -> None:
    if isinstance(item, Field):
        _check_field(item)
    else:
        _check_block(item)


def _check_field(field: Field) -> None:
    _fits("field name", field.name, OPTION_VALUE)
    _fits("field label", field.label, FIELD_LABEL)
    _fits("hint", field.hint, FIELD_HINT, empty=True)
    if isinstance(field, TextInput):
        _fits("example", field.example, EXAMPLE, empty=True)
        if not 1 <= field.max_length <= TYPED:
            raise LimitError(f"max_length is {field.max_length}; 1 to {TYPED} fit")
    if isinstance(field, Select | MultiSelect | Checkboxes):
        _check_options(field.options, CHECKBOXES if isinstance(field, Checkboxes) else OPTIONS)


def _check_options(options: tuple[Option, ...], most: int) -> None:
    _count("options", options, most)
    if len({option.value for option in options}) != len(options):
        raise LimitError("two options have one value")
    for option in options:
        _fits("option label", option.label, OPTION_LABEL)
        _fits("option value", option.value, OPTION_VALUE)
