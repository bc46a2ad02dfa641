"""What Slack refuses in modals and home pages."""

import json
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.views import View as ViewModel

from tests.fake_slack import limits, schemas
from tests.fake_slack.blockkit import check_blocks, check_plain
from tests.fake_slack.problems import ApiError, Json, Problems, as_object, invalid_arguments

_SHARED = {"private_metadata", "callback_id", "external_id"}
_MODAL = _SHARED | {"submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}


def check_view(view: Any, wanted: str, at: str = "/view") -> list[str]:
    """Everything that Slack would have against `view` as a modal or home page."""
    made = as_object(view) or {}
    if made.get("type") != wanted:
        return [f"[ERROR] must be a {wanted} [json-pointer:{at}/type]"]
    problems = Problems()
    if wanted == "modal":
        _check_modal(problems, made, at)
    else:
        problems.check_keys(at, made, {"type", "blocks"}, _SHARED)
    _check_ids(problems, made, at)
    problems.lines.extend(
        check_blocks(made.get("blocks"), "modal" if wanted == "modal" else "home", f"{at}/blocks").lines
    )
    return problems.lines or _ask_others(made, wanted, at)


def _check_modal(problems: Problems, view: Json, at: str) -> None:
    problems.check_keys(at, view, {"type", "title", "blocks"}, _MODAL)
    for key in ("title", "submit", "close"):
        if view.get(key) is not None:
            check_plain(problems, f"{at}/{key}", view[key], limits.VIEW_TITLE)
    if not view.get("submit") and any(True for _ in inputs_of(view)):
        problems.add(f"{at}/submit", "a submit button is required when there are input blocks")


def _check_ids(problems: Problems, view: Json, at: str) -> None:
    for key, most in (
        ("callback_id", limits.ID),
        ("external_id", limits.ID),
        ("private_metadata", limits.PRIVATE_METADATA),
    ):
        if key in view:
            problems.check_length(f"{at}/{key}", view[key], most, least=0)


def _ask_others(view: Json, wanted: str, at: str) -> list[str]:
    # The model makes and checks every block again; `check_blocks` has just done that, so here only their number counts.
    counted: Json = view | {"blocks": [{"type": "divider"}] * len(view["blocks"])}
    try:
        ViewModel(**counted).to_dict()  # pyright: ignore[reportUnknownMemberType]
    except SlackObjectFormationError as error:
        return [f"[ERROR] {error} [json-pointer:{at}]"]
    return schemas.check("SlackModal" if wanted == "modal" else "SlackHome", view)


def inputs_of(view: Json) -> Iterator[Json]:
    """The input blocks of a view."""
    blocks: list[Json] = view.get("blocks") or []
    return (block for block in blocks if block.get("type") == "input")


def refuse_bad_view(view: Any, wanted: str) -> Json:
    """The view, parsed where it came as text. Raises ApiError as Slack answers for a bad one."""
    parsed = _parse(view)
    if len(json.dumps(parsed, ensure_ascii=False)) > limits.VIEW_SIZE:
        raise ApiError("view_too_large")
    complaints = check_view(parsed, wanted)
    if complaints:
        raise invalid_arguments(*complaints)
    return parsed


def _parse(view: Any) -> Json:
    try:
        return json.loads(view) if isinstance(view, str) else view
    except ValueError as error:
        raise invalid_arguments("[ERROR] view is not JSON [json-pointer:/view]") from error
