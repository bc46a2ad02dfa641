"""What Slack sends, in the core's words. Pure: payload in, incoming out; None where there is nothing for us in it."""

import re
from collections.abc import Mapping
from typing import Any

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
    MessageReceived,
    Origin,
    ProfileChanged,
    Scope,
)

Payload = Mapping[str, Any]

_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that a person wrote; the others tell of edits, joins, bots."""


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


def read_event(body: Payload, workspace: Workspace) -> Incoming | None:
    """An event of the Events API, None for those that are not for us: edits, bots, ourselves."""
    event: Payload = body["event"]
    key = str(body.get("event_id", ""))
    match event.get("type"):
        case "message":
            return _read_message(event, key, workspace)
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


def _read_message(event: Payload, key: str, workspace: Workspace) -> MessageReceived | None:
    by_person = event.get("subtype") in _WRITTEN and not event.get("bot_id") and event.get("user")
    if not by_person or event["user"] == workspace.bot_user or event.get("channel_type") != "im":
        return None
    text = read_text(str(event.get("text") or ""), workspace.bot_user)
    if not text:
        return None
    channel = str(event["channel"])
    origin = Origin("slack", workspace.team, str(event["user"]), key, conversation=channel, address=channel)
    return MessageReceived(origin, text)


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


def read_text(text: str, bot_user: str) -> str:
    """A message's text as it was typed: without naming us, links as addresses, without Slack's entities."""
    return unescape(_CONTROL.sub(lambda found: _read_control(found, bot_user), text)).strip()


def _read_control(found: re.Match[str], bot_user: str) -> str:
    target, label = str(found.group(1)), str(found.group(2) or "")
    if target == f"@{bot_user}":
        return ""
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return label if target.startswith("mailto:") and label else target
