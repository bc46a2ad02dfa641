"""Forms as dialogs (task modules), and the pages that end them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from adapters.teams import wire
from adapters.teams.markup import RenderError, clean, label, neutral_line, one_line
from adapters.teams.render import (
    Canvas,
    attach,
    check_size,
    finish_card,
    render_block,
    render_card,
)
from bot.actions import encode
from bot.i18n import _, pgettext, use_locale
from bot.ui import (
    Checkboxes,
    DateInput,
    Divider,
    Field,
    Form,
    FormItem,
    Message,
    MultiSelect,
    Option,
    Reader,
    Select,
    TextInput,
)

Json = dict[str, Any]

MOST_OPEN_CHOICES = 4
"""So few choices are all shown; more go into a list."""
TALL_FROM = 4
"""A form with so many fields gets the tall window."""


def render_form(form: Form, reader: Reader, *, errors: Mapping[str, str] | None = None, message: str = "") -> Json:
    """The answer to task/fetch or task/submit that shows a form, a sentence below each field in `errors`.

    `message` is the card it came from, carried along so that it can be replaced. Raises RenderError.
    """
    _check_names(form)
    canvas = Canvas(reader, "dialog")
    with use_locale(reader.locale):
        body = [*_render_stray_errors(form, errors or {}), *_render_items(form.items, canvas, errors or {})]
    card = finish_card(body, canvas, speak=label(form.title))
    several = tuple(item.name for item in form.fields if isinstance(item, MultiSelect | Checkboxes))
    data = wire.make_form(encode(form.action), reader.locale, several, message)
    card["actions"] = [{"type": "Action.Submit", "title": label(form.submit), "style": "positive", "data": data}]
    return _continue(form.title, card, tall=len(form.fields) >= TALL_FROM)


def render_page(message: Message, reader: Reader, *, title: str = "") -> Json:
    """The answer that shows a message in the dialog's window, with a button that closes it. Raises RenderError."""
    card = render_card(message, reader, "dialog")
    with use_locale(reader.locale):
        close = {
            "type": "Action.Submit",
            "title": pgettext("teams", "Close"),
            "data": wire.make_close(),
            "associatedInputs": "none",
        }
    card["actions"] = [close]
    return _continue(title or message.summary, card, tall=False)


def render_popup(sentence: str) -> Json:
    """The answer that closes the dialog and says one sentence."""
    return {"task": {"type": "message", "value": label(sentence)}}


def _continue(title: str, card: Json, *, tall: bool) -> Json:
    check_size(card)
    info = {
        "title": label(title)[:60],
        "height": "large" if tall else "medium",
        "width": "medium",
        "card": attach(card),
    }
    return {"task": {"type": "continue", "value": info}}


def _check_names(form: Form) -> None:
    names = [item.name for item in form.fields]
    if len(set(names)) < len(names) or wire.RESERVED.intersection(names) or not all(names):
        raise RenderError("the names of a form's fields must be unique and not ours")


def _render_stray_errors(form: Form, errors: Mapping[str, str]) -> Iterator[Json]:
    """Errors that belong to no field stand above them all."""
    names = {item.name for item in form.fields}
    for name, sentence in errors.items():
        if name not in names:
            yield _render_error(sentence)


def _render_items(items: Sequence[FormItem], canvas: Canvas, errors: Mapping[str, str]) -> Iterator[Json]:
    line_above = False
    for item in items:
        if isinstance(item, Divider):
            line_above = True
            continue
        elements = list(_render_item(item, canvas, errors))
        if line_above and elements:
            elements[0] = {**elements[0], "separator": True}
            line_above = False
        yield from elements


def _render_item(item: FormItem, canvas: Canvas, errors: Mapping[str, str]) -> Iterator[Json]:
    if not isinstance(item, Field):
        yield from render_block(item, canvas)
        return
    yield render_field(item)
    if item.name in errors:
        yield _render_error(errors[item.name])
    if hint := neutral_line(one_line(item.hint)):
        yield {"type": "TextBlock", "text": hint, "wrap": True, "isSubtle": True, "size": "Small", "spacing": "None"}


def _render_error(sentence: str) -> Json:
    text = neutral_line(one_line(sentence))
    return {"type": "TextBlock", "text": text, "wrap": True, "color": "Attention", "spacing": "Small"}


def render_field(item: Field) -> Json:
    """An input element."""
    match item:
        case TextInput():
            return _render_text(item)
        case Select():
            style = "expanded" if len(item.options) <= MOST_OPEN_CHOICES else "compact"
            return _head(item, "Input.ChoiceSet") | _choices(item.options, style) | _preset(_find_known(item))
        case MultiSelect():
            return _render_several(item, "compact")
        case Checkboxes():
            return _render_several(item, "expanded")
        case DateInput(value=value):
            return _head(item, "Input.Date") | _preset(value.isoformat() if value else "")
        case _:
            assert_never(item)


def _head(item: Field, kind: str) -> Json:
    head: Json = {"type": kind, "id": item.name, "label": label(item.label)}
    if item.required:
        head |= {"isRequired": True, "errorMessage": _("Please fill this in.")}
    return head


def _render_text(item: TextInput) -> Json:
    field = _head(item, "Input.Text") | {"maxLength": item.max_length, "isMultiline": item.multiline}
    if item.example:
        field["placeholder"] = label(item.example)
    return field | _preset(clean(item.value)[: item.max_length])


def _render_several(item: MultiSelect | Checkboxes, style: str) -> Json:
    packed = tuple(Option(wire.pack_option(option.value), option.label) for option in item.options)
    known = {option.value for option in packed}
    chosen = [value for value in map(wire.pack_option, item.values) if value in known]
    return (
        _head(item, "Input.ChoiceSet") | _choices(packed, style) | {"isMultiSelect": True} | _preset(",".join(chosen))
    )


def _choices(options: Sequence[Option], style: str) -> Json:
    choices = [{"title": label(option.label), "value": option.value} for option in options]
    return {"choices": choices, "style": style, "wrap": True}


def _find_known(item: Select) -> str:
    """The preset choice, "" when it is none of the options any more."""
    return item.value if item.value in {option.value for option in item.options} else ""


def _preset(value: str) -> Json:
    return {"value": value} if value else {}
