"""What Slack refuses in blocks: unknown fields, wrong places, lengths, counts and doubled ids."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, cast

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fake_slack import limits, schemas
from tests.fake_slack.problems import Json, Problems, as_object

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True, slots=True)
class Spec:
    """The documented fields of a block or element, besides `type`."""

    required: frozenset[str]
    optional: frozenset[str]


def _spec(required: str, optional: str = "") -> Spec:
    return Spec(frozenset(required.split()), frozenset(optional.split()))


BLOCKS = {
    "section": _spec("", "text fields accessory expand"),
    "divider": _spec(""),
    "image": _spec("alt_text image_url", "title"),
    "actions": _spec("elements"),
    "context": _spec("elements"),
    "header": _spec("text"),
    "input": _spec("label element", "hint optional dispatch_action"),
}

_CHOICE = "action_id confirm focus_on_load"
ELEMENTS = {
    "button": _spec("text", "action_id url value style confirm accessibility_label"),
    "image": _spec("image_url alt_text"),
    "static_select": _spec("options", f"{_CHOICE} initial_option placeholder"),
    "multi_static_select": _spec("options", f"{_CHOICE} initial_options placeholder max_selected_items"),
    "checkboxes": _spec("options", f"{_CHOICE} initial_options"),
    "radio_buttons": _spec("options", f"{_CHOICE} initial_option"),
    "datepicker": _spec("", f"{_CHOICE} initial_date placeholder"),
    "timepicker": _spec("", f"{_CHOICE} initial_time placeholder timezone"),
    "plain_text_input": _spec(
        "",
        "action_id initial_value placeholder multiline min_length max_length focus_on_load dispatch_action_config",
    ),
    "number_input": _spec(
        "is_decimal_allowed",
        "action_id initial_value min_value max_value placeholder focus_on_load dispatch_action_config",
    ),
    "email_text_input": _spec("", "action_id initial_value placeholder focus_on_load dispatch_action_config"),
    "url_text_input": _spec("", "action_id initial_value placeholder focus_on_load dispatch_action_config"),
}

TEXT_ENTRIES = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
IN_INPUT = set(ELEMENTS) - {"button", "image"}
IN_ACTIONS = set(ELEMENTS) - TEXT_ENTRIES - {"image", "multi_static_select"}
IN_SECTION = set(ELEMENTS) - TEXT_ENTRIES
WITHOUT_PLACEHOLDER = {"checkboxes", "radio_buttons"}


def check_blocks(blocks: Any, surface: Surface, at: str = "/blocks") -> Problems:
    """Everything that Slack would have against `blocks`; no lines, no complaint."""
    problems = Problems()
    most = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    for index, block in enumerate(problems.check_count(at, blocks, most)):
        _check_block(problems, f"{at}/{index}", block)
    if not problems.lines:
        _ask_the_models(problems, blocks, at)
        problems.lines.extend(schemas.check("Blocks", blocks))
    return problems


def kind_of(value: Any) -> str:
    """The `type` of a block, element or text object; "" of what is none."""
    found = as_object(value)
    return str(found.get("type")) if found else ""


def size_of(blocks: list[Json]) -> int:
    """Characters of the blocks as JSON."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


_right: set[str] = set()
"""Blocks that the models took: a message, a home page and a modal often show the same."""


def _ask_the_models(problems: Problems, blocks: list[Json], at: str) -> None:
    parse = cast("Callable[[list[Json]], list[Any]]", Block.parse_all)  # pyright: ignore[reportUnknownMemberType]
    new = {text: block for block in blocks if (text := json.dumps(block)) not in _right}
    try:
        for block in parse(list(new.values())):
            block.to_dict()
    except SlackObjectFormationError as error:
        problems.add(at, str(error))
    else:
        _right.update(new)


def _check_block(problems: Problems, at: str, block: Any) -> None:
    kind = kind_of(block)
    spec = BLOCKS.get(kind)
    if spec is None:
        problems.add(f"{at}/type", f"unsupported type: {kind}")
        return
    problems.check_keys(at, block, spec.required | {"type"}, spec.optional | {"block_id"})
    problems.check_id(at, block, "block_id", limits.ID)
    check = _BLOCK_CHECKS.get(kind)
    if check:
        check(problems, at, block)


def _check_section(problems: Problems, at: str, block: Json) -> None:
    if not block.get("text") and not block.get("fields"):
        problems.add(at, "missing required field: text or fields")
    if "text" in block:
        check_text(problems, f"{at}/text", block["text"], limits.SECTION_TEXT)
    if "fields" in block:
        fields = problems.check_count(f"{at}/fields", block["fields"], limits.SECTION_FIELDS)
        for index, field in enumerate(fields):
            check_text(problems, f"{at}/fields/{index}", field, limits.FIELD_TEXT)
    if "accessory" in block:
        _check_element(problems, f"{at}/accessory", block["accessory"], IN_SECTION)


def _check_image(problems: Problems, at: str, block: Json) -> None:
    _check_picture(problems, at, block)
    if "title" in block:
        check_plain(problems, f"{at}/title", block["title"], limits.ALT_TEXT)


def _check_picture(problems: Problems, at: str, value: Json) -> None:
    problems.check_length(f"{at}/image_url", value.get("image_url"), limits.URL)
    problems.check_length(f"{at}/alt_text", value.get("alt_text"), limits.ALT_TEXT)
    if not re.match(r"https?://", str(value.get("image_url"))):
        problems.add(f"{at}/image_url", "must be a valid URL")


def _check_actions(problems: Problems, at: str, block: Json) -> None:
    elements = problems.check_count(f"{at}/elements", block.get("elements"), limits.ACTIONS_ELEMENTS)
    for index, element in enumerate(elements):
        _check_element(problems, f"{at}/elements/{index}", element, IN_ACTIONS)


def _check_context(problems: Problems, at: str, block: Json) -> None:
    elements = problems.check_count(f"{at}/elements", block.get("elements"), limits.CONTEXT_ELEMENTS)
    for index, element in enumerate(elements):
        place = f"{at}/elements/{index}"
        if kind_of(element) == "image":
            _check_element(problems, place, element, {"image"})
        else:
            check_text(problems, place, element, limits.CONTEXT_TEXT)


def _check_header(problems: Problems, at: str, block: Json) -> None:
    check_plain(problems, f"{at}/text", block.get("text"), limits.HEADER_TEXT)


def _check_input(problems: Problems, at: str, block: Json) -> None:
    check_plain(problems, f"{at}/label", block.get("label"), limits.LABEL_TEXT)
    if "hint" in block:
        check_plain(problems, f"{at}/hint", block["hint"], limits.HINT_TEXT)
    _check_element(problems, f"{at}/element", block.get("element"), IN_INPUT)


_BLOCK_CHECKS: dict[str, Callable[[Problems, str, Json], None]] = {
    "section": _check_section,
    "image": _check_image,
    "actions": _check_actions,
    "context": _check_context,
    "header": _check_header,
    "input": _check_input,
}


def _check_element(problems: Problems, at: str, element: Any, allowed: set[str]) -> None:
    kind = kind_of(element)
    if kind not in allowed:
        problems.add(f"{at}/type", f"unsupported type: {kind}")
        return
    spec = ELEMENTS[kind]
    problems.check_keys(at, element, spec.required | {"type"}, spec.optional)
    problems.check_id(at, element, "action_id", limits.ID)
    _check_common(problems, at, element)
    if kind == "button":
        _check_button(problems, at, element)
    elif kind == "image":
        _check_picture(problems, at, element)
    elif "options" in spec.required:
        _check_choice(problems, at, element, limits.FEW_OPTIONS if kind in WITHOUT_PLACEHOLDER else limits.OPTIONS)
    elif kind == "plain_text_input":
        _check_entry(problems, at, element)
    elif kind == "datepicker" and not _is_date(element.get("initial_date", "2026-01-01")):
        problems.add(f"{at}/initial_date", "must be a valid date: YYYY-MM-DD")


def _is_date(value: Any) -> bool:
    return bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", str(value)))


def _check_common(problems: Problems, at: str, element: Json) -> None:
    if "placeholder" in element:
        check_plain(problems, f"{at}/placeholder", element["placeholder"], limits.PLACEHOLDER_TEXT)
    if "confirm" in element:
        _check_confirm(problems, f"{at}/confirm", element["confirm"])


def _check_button(problems: Problems, at: str, element: Json) -> None:
    check_plain(problems, f"{at}/text", element.get("text"), limits.BUTTON_LABEL)
    if "value" in element:
        problems.check_length(f"{at}/value", element["value"], limits.BUTTON_VALUE)
    if "url" in element:
        problems.check_length(f"{at}/url", element["url"], limits.URL)
    if element.get("style", "primary") not in ("primary", "danger"):
        problems.add(f"{at}/style", "must be one of: primary, danger")


def _check_choice(problems: Problems, at: str, element: Json, most: int) -> None:
    options = problems.check_count(f"{at}/options", element.get("options"), most)
    for index, option in enumerate(options):
        _check_option(problems, f"{at}/options/{index}", option)
    if len({json.dumps(option.get("value")) for option in options}) < len(options):
        problems.add(f"{at}/options", "values must be unique")
    chosen = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else None)
    if chosen is not None:
        for option in problems.check_count(f"{at}/initial_options", chosen, most):
            if option not in options:
                problems.add(f"{at}/initial_options", "must be one of the options")
    if "max_selected_items" in element and not 1 <= element["max_selected_items"] <= most:
        problems.add(f"{at}/max_selected_items", "must be greater than 0")


def _check_option(problems: Problems, at: str, option: Json) -> None:
    problems.check_keys(at, option, {"text", "value"}, {"description"})
    check_text(problems, f"{at}/text", option.get("text"), limits.OPTION_LABEL)
    problems.check_length(f"{at}/value", option.get("value"), limits.OPTION_VALUE)
    if "description" in option:
        check_plain(problems, f"{at}/description", option["description"], limits.OPTION_LABEL)


def _check_entry(problems: Problems, at: str, element: Json) -> None:
    most = element.get("max_length", limits.INPUT_LENGTH)
    if not 1 <= most <= limits.INPUT_LENGTH:
        problems.add(f"{at}/max_length", f"must be between 1 and {limits.INPUT_LENGTH}")
    if "initial_value" in element:
        problems.check_length(f"{at}/initial_value", element["initial_value"], most, least=0)


def _check_confirm(problems: Problems, at: str, confirm: Json) -> None:
    problems.check_keys(at, confirm, {"title", "text", "confirm", "deny"}, {"style"})
    check_plain(problems, f"{at}/title", confirm.get("title"), limits.CONFIRM_TITLE)
    check_text(problems, f"{at}/text", confirm.get("text"), limits.CONFIRM_TEXT)
    check_plain(problems, f"{at}/confirm", confirm.get("confirm"), limits.CONFIRM_BUTTON)
    check_plain(problems, f"{at}/deny", confirm.get("deny"), limits.CONFIRM_BUTTON)


def check_plain(problems: Problems, at: str, value: Any, most: int) -> None:
    """Complains about anything but a plain_text object of 1 to `most` characters."""
    if kind_of(value) == "mrkdwn":
        problems.add(f"{at}/type", "must be plain_text")
    check_text(problems, at, value, most)


def check_text(problems: Problems, at: str, value: Any, most: int) -> None:
    """Complains about anything but a text object of 1 to `most` characters, of which one is no white space."""
    kind = kind_of(value)
    if kind not in ("plain_text", "mrkdwn"):
        problems.add(f"{at}/type", f"must be plain_text or mrkdwn, not {kind}")
        return
    problems.check_keys(at, value, {"type"}, {"text", "emoji"} if kind == "plain_text" else {"text", "verbatim"})
    problems.check_length(f"{at}/text", value.get("text"), most)
    if isinstance(value.get("text"), str) and value["text"] and not value["text"].strip():
        problems.add(f"{at}/text", "must not be blank")
