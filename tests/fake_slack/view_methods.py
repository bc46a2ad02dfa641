"""views.open, views.push, views.update, views.publish, and what a submission may answer."""

import copy
from typing import Any

from tests.fake_slack.calls import Call
from tests.fake_slack.chat import with_ids
from tests.fake_slack.problems import ApiError, Json, invalid_arguments
from tests.fake_slack.views import inputs_of, refuse_bad_view
from tests.fake_slack.workspace import View, Workspace

_STATE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
}


def open_view(call: Call) -> Json:
    """Opens a modal for the person whose click gave the trigger."""
    payload = refuse_bad_view(call.args.get("view"), "modal")
    trigger = call.workspace.use_trigger(call.text("trigger_id"))
    close_all(call.workspace, trigger.user)
    view = add_view(call.workspace, trigger.user, payload)
    return {"view": view_json(call.workspace, view)}


def push_view(call: Call) -> Json:
    """Puts a modal on top of the one in which the trigger was given; three at most."""
    payload = refuse_bad_view(call.args.get("view"), "modal")
    trigger = call.workspace.use_trigger(call.text("trigger_id"))
    below = call.workspace.views.get(trigger.view)
    if below is None or not below.open:
        raise ApiError("not_found")
    return {"view": view_json(call.workspace, stack_view(call.workspace, below, payload))}


def update_view(call: Call) -> Json:
    """Changes an open modal."""
    payload = refuse_bad_view(call.args.get("view"), "modal")
    view = call.workspace.views.get(call.text("view_id"))
    if view is None or not view.open:
        raise ApiError("not_found")
    if call.text("hash") not in ("", view.hash):
        raise ApiError("hash_conflict")
    return {"view": view_json(call.workspace, replace_view(call.workspace, view, payload))}


def publish_view(call: Call) -> Json:
    """Shows a home page to one person."""
    payload = refuse_bad_view(call.args.get("view"), "home")
    user = call.workspace.users.get(call.text("user_id"))
    if user is None or user.is_bot or user.deleted:
        raise invalid_arguments("invalid `user_id`")
    view = View(call.workspace.new_id("V"), user.id, _with_block_ids(call.workspace, payload), call.workspace.new_ts())
    call.workspace.homes[user.id] = view
    return {"view": view_json(call.workspace, view)}


def add_view(workspace: Workspace, user: str, payload: Json) -> View:
    """A modal that is open for somebody."""
    view = View(workspace.new_id("V"), user, _with_block_ids(workspace, payload), workspace.new_ts())
    view.root, view.state = view.id, entered_at_first(view.payload)
    workspace.views[view.id] = view
    return view


def stack_view(workspace: Workspace, below: View, payload: Json) -> View:
    """A modal on top of another. Raises ApiError above three."""
    depth, walk = 1, below
    while walk.previous:
        depth, walk = depth + 1, workspace.views[walk.previous]
    if depth >= 3:
        raise ApiError("push_limit_reached")
    view = add_view(workspace, below.user, payload)
    view.root, view.previous = below.root, below.id
    return view


def replace_view(workspace: Workspace, view: View, payload: Json) -> View:
    """Another page in the same window. As in Slack, a field with the same ids keeps what was entered."""
    before = view.state
    view.payload, view.hash = _with_block_ids(workspace, payload), workspace.new_ts()
    view.state = entered_at_first(view.payload)
    for block_id, fields in view.state.items():
        for action_id, value in fields.items():
            known = before.get(block_id, {}).get(action_id)
            if known and known["type"] == value["type"]:
                fields[action_id] = known
    return view


def close_all(workspace: Workspace, user: str) -> None:
    """Closes whatever is open for somebody."""
    for view in workspace.views.values():
        if view.user == user:
            view.open = False


def entered_at_first(payload: Json) -> dict[str, dict[str, Json]]:
    """What a view's fields hold before anybody touches them."""
    state: dict[str, dict[str, Json]] = {}
    for block in inputs_of(payload):
        element = block["element"]
        key, initial = _STATE_KEYS[element["type"]]
        empty: Any = [] if key == "selected_options" else None
        entry: Json = {"type": element["type"], key: copy.deepcopy(element.get(initial, empty))}
        state[block["block_id"]] = {element.get("action_id", "?"): entry}
    return state


def _with_block_ids(workspace: Workspace, payload: Json) -> Json:
    return payload | {"blocks": with_ids(workspace, payload["blocks"])}


def view_json(workspace: Workspace, view: View) -> Json:
    """The view as Slack writes it."""
    defaults: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
    flags: Json = {"clear_on_close": False, "notify_on_close": False}
    facts: Json = {
        "id": view.id,
        "team_id": workspace.team,
        "hash": view.hash,
        "state": {"values": copy.deepcopy(view.state)},
        "root_view_id": view.root or view.id,
        "previous_view_id": view.previous or None,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team,
        "bot_id": workspace.bot_id,
    }
    return defaults | flags | copy.deepcopy(view.payload) | facts
