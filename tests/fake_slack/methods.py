"""The Web API: which methods exist, what arguments they know, and how a call is answered."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.fake_slack import chat, conversations, files, socket_mode, users, view_methods
from tests.fake_slack.calls import Call
from tests.fake_slack.problems import ApiError, Json, invalid_arguments

_MESSAGE = "channel text blocks metadata thread_ts unfurl_links unfurl_media parse link_names mrkdwn"
_PAGING = "cursor limit"


@dataclass(frozen=True, slots=True)
class Method:
    """What carries a method out, and the arguments it knows."""

    run: Callable[[Call], Json]
    required: frozenset[str]
    optional: frozenset[str]
    token: str = "bot"


def _method(run: Callable[[Call], Json], required: str = "", optional: str = "", token: str = "bot") -> Method:
    return Method(run, frozenset(required.split()), frozenset(optional.split()), token)


METHODS = {
    "auth.test": _method(users.auth_test, optional="team_id"),  # Bolt sends it along; Slack does not mind
    "chat.postMessage": _method(chat.post_message, "channel", f"{_MESSAGE} reply_broadcast"),
    "chat.postEphemeral": _method(chat.post_ephemeral, "channel user", _MESSAGE),
    "chat.update": _method(chat.update, "channel ts", "text blocks metadata parse link_names reply_broadcast"),
    "chat.delete": _method(chat.delete, "channel ts"),
    "conversations.open": _method(conversations.open_conversation, "", "users return_im prevent_creation"),
    "conversations.history": _method(
        conversations.history, "channel", f"{_PAGING} include_all_metadata inclusive latest oldest"
    ),
    "conversations.replies": _method(
        conversations.replies, "channel ts", f"{_PAGING} include_all_metadata inclusive latest oldest"
    ),
    "conversations.info": _method(conversations.info, "channel", "include_locale include_num_members"),
    "conversations.members": _method(conversations.members, "channel", _PAGING),
    "files.getUploadURLExternal": _method(files.get_upload_url, "filename length", "alt_txt snippet_type"),
    "files.completeUploadExternal": _method(
        files.complete_upload, "files", "channel_id channels thread_ts initial_comment blocks"
    ),
    "users.info": _method(users.info, "user", "include_locale"),
    "users.list": _method(users.list_users, "", f"{_PAGING} include_locale team_id"),
    "users.lookupByEmail": _method(users.lookup_by_email, "email"),
    "views.open": _method(view_methods.open_view, "view", "trigger_id interactivity_pointer"),
    "views.push": _method(view_methods.push_view, "view", "trigger_id interactivity_pointer"),
    "views.update": _method(view_methods.update_view, "view", "view_id external_id hash"),
    "views.publish": _method(view_methods.publish_view, "user_id view", "hash"),
    "apps.connections.open": _method(socket_mode.open_connection, token="app"),
}


FORM_ONLY = frozenset(
    {
        "conversations.info",
        "conversations.members",
        "files.getUploadURLExternal",
        "users.info",
        "users.list",
        "users.lookupByEmail",
    }
)
"""These read a form and nothing else: arguments in a JSON body are as good as not there (docs.slack.dev)."""


def carry_out(method_name: str, call: Call) -> Json:
    """The method's answer without `ok`. Raises ApiError."""
    method = METHODS.get(method_name)
    if method is None:
        raise ApiError("unknown_method", req_method=method_name)
    if method.token != call.token.kind:
        raise ApiError("not_allowed_token_type")
    unknown = set(call.args) - method.required - method.optional - {"token"}
    if unknown:
        raise invalid_arguments(*[f"[ERROR] unknown argument: {name}" for name in sorted(unknown)])
    missing = [name for name in sorted(method.required) if call.args.get(name) in (None, "")]
    if missing:
        raise invalid_arguments(*[f"[ERROR] missing required field: {name}" for name in missing])
    return method.run(call)
