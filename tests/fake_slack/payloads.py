"""What Slack sends, in the shapes of docs.slack.dev/reference (tests/payloads/slack holds one of each, written out)."""

from typing import Any

from tests.fake_slack.chat import message_json
from tests.fake_slack.problems import Json
from tests.fake_slack.view_methods import view_json
from tests.fake_slack.workspace import Channel, Message, User, View, Workspace

TOKEN = "verification-token-nobody-should-use"


def command(workspace: Workspace, user: User, channel: Channel, name: str, text: str, links: dict[str, str]) -> Json:
    """A slash command: a flat form. `links` are trigger_id and response_url."""
    return {
        "token": TOKEN,
        "team_id": user.team if user.is_stranger else workspace.team,
        "team_domain": workspace.team.lower(),
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.id.lower(),
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
    } | links


def _interaction(workspace: Workspace, kind: str, user: User) -> Json:
    return {
        "type": kind,
        "team": {"id": workspace.team, "domain": workspace.team.lower()},
        "user": {"id": user.id, "username": user.id.lower(), "name": user.id.lower(), "team_id": user.team},
        "api_app_id": workspace.app_id,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_click(workspace: Workspace, user: User, message: Message, shown: Json, action: Json, links: Json) -> Json:
    """A click in a message. `shown` has the blocks and text as the person sees them."""
    channel = workspace.channels[message.channel]
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    facts: Json = {
        "container": container | {"is_ephemeral": bool(message.ephemeral_to)},
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": {}},
        "actions": [action],
    }
    base = _interaction(workspace, "block_actions", user) | facts
    if not message.ephemeral_to:
        base["message"] = message_json(workspace, message) | shown
    return base | links


def view_click(workspace: Workspace, user: User, view: View, action: Json, links: Json) -> Json:
    """A click in a modal or home page: no channel, no message, no response_url."""
    return (
        _interaction(workspace, "block_actions", user)
        | {
            "container": {"type": "view", "view_id": view.id},
            "view": view_json(workspace, view),
            "actions": [action],
        }
        | links
    )


def submission(workspace: Workspace, user: User, view: View, trigger_id: str) -> Json:
    """A modal was sent off."""
    facts: Json = {"trigger_id": trigger_id, "view": view_json(workspace, view), "response_urls": []}
    return _interaction(workspace, "view_submission", user) | facts


def closing(workspace: Workspace, user: User, view: View) -> Json:
    """A modal was closed; sent only where the app asked for it."""
    facts: Json = {"view": view_json(workspace, view), "is_cleared": False}
    return _interaction(workspace, "view_closed", user) | facts


def event(workspace: Workspace, inner: Json) -> Json:
    """The envelope of the Events API."""
    bot: Any = {"team_id": workspace.team, "user_id": workspace.bot.id, "is_bot": True, "is_enterprise_install": False}
    return {
        "token": TOKEN,
        "team_id": workspace.team,
        "context_team_id": workspace.team,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.time()),
        "authorizations": [bot | {"enterprise_id": None}],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
    }


def message_event(workspace: Workspace, message: Message, channel: Channel) -> Json:
    """Somebody wrote something."""
    inner = message_json(workspace, message)
    if message.files:
        inner["subtype"] = "file_share"
    return inner | {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts, "blocks": []}


def changed_event(workspace: Workspace, message: Message, before: Json, channel: Channel) -> Json:
    """A message changed: a person edited it, links in it got a preview, or a tombstone took its place."""
    now = message_json(workspace, message)
    if message.tombstone:
        now |= {"subtype": "tombstone", "hidden": True, "user": "USLACKBOT"}
    return _told(workspace, channel, "message_changed") | {"message": now, "previous_message": before}


def deleted_event(workspace: Workspace, message: Message, before: Json, channel: Channel) -> Json:
    """A message without replies was deleted."""
    return _told(workspace, channel, "message_deleted") | {"deleted_ts": message.ts, "previous_message": before}


def _told(workspace: Workspace, channel: Channel, subtype: str) -> Json:
    ts = workspace.new_ts()
    inner: Json = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id}
    return inner | {"channel_type": channel.kind, "ts": ts, "event_ts": ts}


def file_json(workspace: Workspace, user: User, name: str, mimetype: str, **more: Any) -> Json:
    """A file that somebody uploaded (or, with `is_external`, a link to one elsewhere that Slack shows as a file)."""
    number = workspace.new_id("F")
    site = f"https://{workspace.team.lower()}.slack.com/files/{user.id}/{number}/{name}"
    made: Json = {
        "id": number,
        "created": int(workspace.time()),
        "name": name,
        "title": name,
        "mimetype": mimetype,
        "filetype": name.rpartition(".")[2],
        "user": user.id,
        "user_team": user.team,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "public_url_shared": False,
        "size": 12_345,
        "url_private": f"https://files.slack.com/files-pri/{workspace.team}-{number}/{name}",
        "permalink": site,
        "permalink_public": f"https://slack-files.com/{workspace.team}-{number}-0a1b2c3d4e",
        "file_access": "visible",
    }
    return made | more
