"""What Slack sends, in the core's words. Pure: payload in, incoming out; None where there is nothing for us in it."""

import re
from collections.abc import Mapping
from typing import Any, cast

from adapters.slack.forms import read_place, read_values
from adapters.slack.mrkdwn import unescape
from adapters.slack.profiles import read_kind, read_profile
from adapters.slack.workspaces import Workspace
from bot.incoming import (
    AccountKind,
    ButtonPressed,
    Command,
    FormSubmitted,
    HomeOpened,
    Incoming,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
    ProfileChanged,
    Scope,
    SharedFile,
)

Payload = Mapping[str, Any]

_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that a person wrote; the others tell of edits, joins, bots."""
_CHANGES = frozenset({"message_changed", "message_deleted"})
Names = Mapping[str, str]
"""People's names by user id, for those whom a message mentions."""


def read_command(body: Payload, team: str, locale: str = "") -> Command:
    """A slash command by somebody whose language is `locale`."""
    channel, name = str(body["channel_id"]), str(body.get("channel_name", ""))
    origin = Origin(
        "slack",
        team,
        str(body["user_id"]),
        key=str(body["trigger_id"]),
        scope=read_scope(channel, name),
        conversation=channel,
        locale=locale,
    )
    return Command(origin, str(body["command"]).removeprefix("/"), unescape(str(body.get("text") or "")).strip())


def read_scope(channel: str, name: str = "") -> Scope:
    """What a conversation is, by its id and name: DMs begin with D, group conversations are called `mpdm-…`."""
    if channel.startswith("D") or not channel:
        return Scope.PERSONAL
    return Scope.GROUP if name.startswith("mpdm-") else Scope.CHANNEL


def read_press(body: Payload, team: str, locale: str = "") -> ButtonPressed:
    """A button of ours was pressed, in a message, a modal or on the home page."""
    channel: Payload = body.get("channel") or {}
    container: Payload = body.get("container") or {}
    conversation = str(channel.get("id", ""))
    origin = Origin(
        "slack",
        team,
        str(body["user"]["id"]),
        key=str(body["trigger_id"]),
        scope=read_scope(conversation, str(channel.get("name", ""))),
        conversation=conversation,
        message=str(container.get("message_ts", "")),
        address=_direct(body, conversation),
        locale=locale,
    )
    return ButtonPressed(origin, str(body["actions"][0].get("value", "")))


def _direct(body: Payload, conversation: str) -> str:
    """A message of ours in a DM stands in the DM with us; a hidden one may stand in a DM of two people."""
    return conversation if conversation.startswith("D") and body.get("message") else ""


def read_submission(body: Payload, team: str, locale: str = "") -> FormSubmitted:
    """A form was sent off. An unreadable one has no payload, which the core answers as out of date."""
    payload, place = read_place(body["view"])
    origin = Origin(
        "slack",
        team,
        str(body["user"]["id"]),
        key=str(body["trigger_id"]),
        scope=read_scope(place.channel),
        conversation=place.channel,
        message=place.message,
        locale=locale,
    )
    return FormSubmitted(origin, payload, read_values(body["view"]))


def read_event(body: Payload, workspace: Workspace, names: Names | None = None) -> Incoming | None:
    """An event of the Events API, None for those that are not for us: bots, ourselves, previews of links.

    `names` are those of the people whom `list_mentioned` found.
    """
    event: Payload = body["event"]
    key = str(body.get("event_id", ""))
    match event.get("type"):
        case "message" if event.get("subtype") in _CHANGES:
            return _read_change_of_message(event, key, workspace, names or {})
        case "message":
            return _read_message(event, key, workspace, names or {})
        case "team_join":
            return _read_join(event, key, workspace)
        case "member_joined_channel" if event["user"] != workspace.bot_user:
            return MemberJoined(Origin("slack", workspace.team, str(event["user"]), key))
        case "user_change":
            return _read_change(event, key, workspace)
        case "app_home_opened" if event.get("tab") == "home":
            address = str(event.get("channel", ""))
            return HomeOpened(Origin("slack", workspace.team, str(event["user"]), key, address=address))
        case _:
            return None


def _read_message(event: Payload, key: str, workspace: Workspace, names: Names) -> MessageReceived | None:
    if not _is_for_us(event, event, workspace):
        return None
    text, files = read_text(event, workspace.bot_user, names), read_files(event)
    if not text and not files:
        return None
    ts, thread = str(event["ts"]), str(event.get("thread_ts") or "")
    origin = _locate(event, event, key, workspace)
    return MessageReceived(origin, text, thread if thread != ts else "", files)


def _read_change_of_message(
    event: Payload, key: str, workspace: Workspace, names: Names
) -> MessageEdited | MessageDeleted | None:
    """An edit, which is more than a preview that Slack added to a link; or a deletion, which may leave a tombstone."""
    before: Payload = event.get("previous_message") or {}
    now: Payload = event.get("message") or {}
    if not _is_for_us(event, before, workspace):
        return None
    origin = _locate(event, before, key, workspace)
    if event["subtype"] == "message_deleted" or now.get("subtype") == "tombstone":
        return MessageDeleted(origin)
    if now.get("text") == before.get("text"):
        return None
    return MessageEdited(origin, read_text(now, workspace.bot_user, names))


def _is_for_us(event: Payload, message: Payload, workspace: Workspace) -> bool:
    """Whether a person wrote the message, to us alone."""
    by_person = message.get("subtype") in _WRITTEN and not message.get("bot_id") and message.get("user")
    return bool(by_person) and message["user"] != workspace.bot_user and event.get("channel_type") == "im"


def _locate(event: Payload, message: Payload, key: str, workspace: Workspace) -> Origin:
    channel, ts = str(event["channel"]), str(message["ts"])
    user = str(message["user"])
    return Origin("slack", workspace.team, user, key, conversation=channel, message=ts, address=channel)


def read_files(message: Payload) -> tuple[SharedFile, ...]:
    """The files of a message. An address only of those that others can open, and that does not name who shared them:
    Slack's own `permalink` does."""
    files: list[Payload] = message.get("files") or []
    return tuple(_read_file(file) for file in files if file.get("mode") != "tombstone")


def _read_file(file: Payload) -> SharedFile:
    url = ""
    if file.get("is_external"):
        url = str(file.get("external_url") or file.get("url_private") or "")
    elif file.get("public_url_shared"):
        url = str(file.get("permalink_public") or "")
    size = file.get("size")
    name = str(file.get("name") or file.get("title") or "")
    return SharedFile(name, str(file.get("mimetype") or ""), url, size if isinstance(size, int) else 0)


def _read_join(event: Payload, key: str, workspace: Workspace) -> MemberJoined | None:
    user: Payload = event["user"]
    if read_kind(user, workspace.team) in (AccountKind.BOT, AccountKind.STRANGER):
        return None
    return MemberJoined(Origin("slack", workspace.team, str(user["id"]), key, locale=str(user.get("locale") or "")))


def _read_change(event: Payload, key: str, workspace: Workspace) -> ProfileChanged | MemberLeft | None:
    user: Payload = event["user"]
    profile = read_profile(user, workspace.team)
    if profile.kind in (AccountKind.BOT, AccountKind.STRANGER):
        return None
    origin = Origin("slack", workspace.team, str(user["id"]), key, locale=profile.locale)
    return MemberLeft(origin) if profile.deactivated else ProfileChanged(origin, profile)


_CONTROL = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_EMOJI = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:")
_SOMEBODY = "…"


def list_mentioned(body: Payload, workspace: Workspace) -> tuple[str, ...]:
    """The user ids of the people whom a message to us mentions, each once, ourselves left out."""
    event: Payload = body["event"]
    if event.get("type") != "message" or event.get("channel_type") != "im":
        return ()
    message: Payload = event.get("message") or event
    found = re.findall(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>", str(message.get("text") or ""))
    return tuple(user for user in dict.fromkeys(found) if user != workspace.bot_user)


def read_text(message: Payload, bot_user: str, names: Names) -> str:
    """A message's text as its writer sees it: without naming us, people by name, emoji as signs, without Slack's
    entities."""
    text = _CONTROL.sub(lambda found: _read_control(found, bot_user, names), str(message.get("text") or ""))
    emoji = _find_emoji(message.get("blocks"))
    return unescape(_EMOJI.sub(lambda found: emoji.get(found.group(1), found.group()), text)).strip()


def _read_control(found: re.Match[str], bot_user: str, names: Names) -> str:
    target, label = str(found.group(1)), str(found.group(2) or "")
    if target == f"@{bot_user}":
        return ""
    match target[:1]:
        case "@":
            return f"@{names.get(target[1:]) or label or _SOMEBODY}"
        case "#":
            return f"#{label or _SOMEBODY}"
        case "!":
            return label or f"@{target[1:]}"
        case _:
            return _read_link(target, label)


def _read_link(target: str, label: str) -> str:
    """The address; with the label before it where that says something else."""
    address = target.removeprefix("mailto:")
    return address if not label or label in address else f"{label} ({address})"


def _find_emoji(blocks: Any) -> dict[str, str]:
    """The emoji in what was typed, by name; Slack tells their code points in the blocks only."""
    found: dict[str, str] = {}
    waiting: list[Any] = [blocks]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, list):
            waiting += cast("list[Any]", piece)
        elif isinstance(piece, dict):
            element = cast("Payload", piece)
            waiting.append(element.get("elements"))
            if element.get("type") == "emoji" and element.get("unicode"):
                found[str(element.get("name"))] = _read_points(str(element["unicode"]))
    return found


def _read_points(points: str) -> str:
    try:
        return "".join(chr(int(point, 16)) for point in points.split("-"))
    except (ValueError, OverflowError):
        return ""
