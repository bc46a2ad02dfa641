"""How Slack's side stands: what `doctor` shows, each with what to do."""

from adapters.slack.socket import SocketMode
from adapters.slack.web import CallFailed
from adapters.slack.workspaces import Workspace, Workspaces
from bot.i18n import _
from bot.ports import Finding

SCOPES = {
    "channels:read": "member_joined_channel",
    "chat:write": "chat.postMessage",
    "commands": "/mentor",
    "files:write": "files.getUploadURLExternal, files.completeUploadExternal",
    "im:history": "message.im, conversations.history, conversations.replies",
    "im:write": "conversations.open",
    "mpim:history": "conversations.history",
    "mpim:write": "conversations.open",
    "users:read": "users.info, team_join, user_change",
    "users:read.email": "users.info",
}
"""The bot token's scopes and what each is for. manifest.yml asks for the same; a test holds one against the other."""

_BAD_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})


async def check_slack(workspaces: Workspaces, socket: SocketMode | None) -> list[Finding]:
    """Tokens, scopes and the Socket Mode connection."""
    try:
        found = await workspaces.learn()
    except CallFailed as failure:
        return [_explain(failure, "SLACK_BOT_TOKEN")]
    return [*map(_check_scopes, found), *(await _check_socket(socket) if socket else [])]


def _check_scopes(workspace: Workspace) -> Finding:
    missing = sorted(set(SCOPES) - workspace.scopes)
    if not missing:
        return Finding("ok", _("Slack: {workspace} is connected").format(workspace=workspace.name))
    title = _("Slack: the app lacks {scopes}").format(scopes=", ".join(missing))
    return Finding("error", title, _("Paste the app manifest into the app's settings and install it again."))


async def _check_socket(socket: SocketMode) -> list[Finding]:
    try:
        await socket.check()
    except CallFailed as failure:
        return [_explain(failure, "SLACK_APP_TOKEN")]
    return [Finding("ok", _("Slack: Socket Mode can connect"))]


def _explain(failure: CallFailed, setting: str) -> Finding:
    if failure.code in _BAD_TOKEN:
        title = _("Slack refuses {setting} ({code})").format(setting=setting, code=failure.code)
        return Finding("error", title, _("Copy the token again from the app's settings at api.slack.com/apps."))
    title = _("Slack could not be asked ({code})").format(code=failure.code)
    return Finding("error", title, _("See whether this machine reaches slack.com, and SLACK_API_URL if it is set."))
