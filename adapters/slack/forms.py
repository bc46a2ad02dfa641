"""Forms as modals, and what comes back of them. Pure.

Slack keeps what was typed when a modal is replaced by another page that has a field with the same ids. So each page has
a number, and it is part of the ids: `2.city` is the field `city` on the third page of one window.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, assert_never

from adapters.slack import limits
from adapters.slack.limits import RenderError, check_count, check_length
from adapters.slack.mrkdwn import clean, one_line
from adapters.slack.render import Json, check_view_blocks, plain, render_block
from bot.actions import encode
from bot.i18n import use_locale
from bot.incoming import FormValue, FormValues
from bot.ui import Checkboxes, DateInput, Field, Form, FormItem, MultiSelect, Option, Reader, Select, TextInput


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Where a form was opened: the message whose button led to it, so that this can be replaced afterwards; and the
    page's number in its window.
    """

    channel: str = ""
    message: str = ""
    response_url: str = ""
    page: int = 0

    def next(self) -> "FormPlace":
        """The next page in the same window."""
        return FormPlace(self.channel, self.message, self.response_url, self.page + 1)


def render_form(form: Form, reader: Reader, place: FormPlace) -> Json:
    """The form as a modal. Raises RenderError where something does not fit."""
    with use_locale(reader.locale):
        blocks = [block for item in form.items for block in _render_item(item, reader, place.page)]
    return {
        "type": "modal",
        "callback_id": form.action.action_name,
        "title": plain(check_length("a form's title", one_line(form.title), limits.VIEW_TITLE)),
        "submit": plain(check_length("a form's button", one_line(form.submit), limits.VIEW_TITLE)),
        "blocks": check_view_blocks(blocks),
        "private_metadata": write_place(encode(form.action), place),
    }


def write_place(payload: str, place: FormPlace) -> str:
    """What a modal carries with it. Raises RenderError when it is too long."""
    carried = [payload, place.channel, place.message, place.response_url, place.page]
    text = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    return check_length("what a form carries", text, limits.PRIVATE_METADATA)


def read_place(view: Mapping[str, Any]) -> tuple[str, FormPlace]:
    """The payload and place that `write_place` wrote; an empty payload for a modal of another making."""
    try:
        payload, channel, message, response_url, page = json.loads(view["private_metadata"])
        return str(payload), FormPlace(str(channel), str(message), str(response_url), int(page))
    except (KeyError, TypeError, ValueError):
        return "", FormPlace()


def _render_item(item: FormItem, reader: Reader, page: int) -> list[Json]:
    if isinstance(item, TextInput | Select | MultiSelect | Checkboxes | DateInput):
        return [_render_field(item, page)]
    return list(render_block(item, reader, count()))


def _render_field(field: Field, page: int) -> Json:
    made: Json = {
        "type": "input",
        "block_id": f"{page}.{field.name}",
        "label": plain(check_length("a field's label", one_line(field.label), limits.FIELD_LABEL)),
        "element": _render_element(field) | {"action_id": field.name},
        "optional": not field.required,
    }
    if field.hint:
        made["hint"] = plain(check_length("a hint", clean(field.hint), limits.FIELD_HINT))
    return made


def _render_element(field: Field) -> Json:
    match field:
        case TextInput():
            return _render_text(field)
        case Select(options=options, value=value):
            known = _render_options(options, limits.OPTIONS)
            return _with("initial_option", known.get(value), {"type": "static_select", "options": list(known.values())})
        case MultiSelect(options=options, values=values, at_most=at_most):
            known = _render_options(options, limits.OPTIONS)
            picked = [known[value] for value in values if value in known][:at_most]
            made: Json = {"type": "multi_static_select", "options": list(known.values()), "max_selected_items": at_most}
            return _with("initial_options", picked, made)
        case Checkboxes(options=options, values=values):
            known = _render_options(options, limits.CHECKBOXES)
            ticked = [known[value] for value in values if value in known]
            return _with("initial_options", ticked, {"type": "checkboxes", "options": list(known.values())})
        case DateInput(value=day):
            return _with("initial_date", day.isoformat() if day else None, {"type": "datepicker"})
        case _:
            assert_never(field)


def _with(key: str, value: Any, element: Json) -> Json:
    return element | ({key: value} if value else {})


def _render_text(field: TextInput) -> Json:
    if not 1 <= field.max_length <= limits.INPUT_LENGTH:
        raise RenderError(f"{field.name} wants {field.max_length} characters; 1 to {limits.INPUT_LENGTH} fit")
    value = clean(field.value)
    if len(value) > field.max_length:
        raise RenderError(f"{field.name} holds {len(value)} characters; {field.max_length} fit")
    made: Json = {"type": "plain_text_input", "multiline": field.multiline, "max_length": field.max_length}
    if field.example:
        made["placeholder"] = plain(check_length("an example", one_line(field.example), limits.PLACEHOLDER))
    return _with("initial_value", value, made)


def _render_options(options: Sequence[Option], most: int) -> dict[str, Json]:
    check_count("options", len(options), most)
    made = {option.value: _render_option(option) for option in options}
    if len(made) < len(options):
        raise RenderError("two options have the same value")
    return made


def _render_option(option: Option) -> Json:
    label = check_length("an option's label", one_line(option.label), limits.OPTION_LABEL)
    return {"text": plain(label), "value": check_length("an option's value", option.value, limits.OPTION_VALUE)}


def read_values(view: Mapping[str, Any]) -> FormValues:
    """What was entered, by field name."""
    entered: dict[str, FormValue] = {}
    for fields in view["state"]["values"].values():
        for name, state in fields.items():
            entered[name] = _read_value(state)
    return FormValues(entered)


def _read_value(state: Mapping[str, Any]) -> FormValue:
    if "selected_options" in state:
        return tuple(str(option["value"]) for option in state["selected_options"] or ())
    if "selected_option" in state:
        option: Json = state["selected_option"] or {}
        return str(option.get("value", ""))
    return str(state.get("selected_date") or state.get("value") or "")


def render_errors(errors: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
    """Sentences by block id for the fields of an open modal. One for a field that is not there goes to the first."""
    inputs: list[Json] = [block for block in view["blocks"] if "element" in block]
    blocks = {str(block["element"]["action_id"]): str(block["block_id"]) for block in inputs}
    if not blocks:
        return {}
    first = next(iter(blocks.values()))
    placed: dict[str, str] = {}
    for name, sentence in errors.items():
        block_id = blocks.get(name, first)
        placed[block_id] = f"{placed[block_id]} {sentence}" if block_id in placed else sentence
    return placed
