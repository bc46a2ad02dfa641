"""conversations.open, .history, .replies, .info, .members."""

from typing import Any

from tests.fake_slack import limits
from tests.fake_slack.calls import Call
from tests.fake_slack.chat import message_json
from tests.fake_slack.problems import ApiError, Json
from tests.fake_slack.workspace import Channel, User

_READ_SCOPE = {"im": "im", "mpim": "mpim", "channel": "channels", "group": "groups"}


def open_conversation(call: Call) -> Json:
    """Opens the DM with one person or the group conversation with up to eight."""
    users = [user for user in call.text("users").split(",") if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > limits.CONVERSATION_USERS:
        raise ApiError("too_many_users")
    call.need("im:write" if len(users) == 1 else "mpim:write")
    people = [_reachable(call, user) for user in dict.fromkeys(users)]
    channel, known = call.workspace.open_direct(people[0]) if len(people) == 1 else call.workspace.open_several(people)
    shown: Json = {"id": channel.id} if not call.flag("return_im") else channel_json(call, channel)
    return {"channel": shown} | ({"no_op": True, "already_open": True} if known else {})


def _reachable(call: Call, user_id: str) -> User:
    user = call.workspace.get_user(user_id)
    if user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_stranger and not _shares_a_channel(call, user):
        raise ApiError("user_not_visible")
    return user


def _shares_a_channel(call: Call, user: User) -> bool:
    bot = call.workspace.bot.id
    return any(user.id in channel.members and bot in channel.members for channel in call.workspace.channels.values())


def _known(call: Call, right: str) -> Channel:
    channel = call.workspace.channels.get(call.text("channel"))
    if channel is None:
        raise ApiError("channel_not_found")
    call.need(f"{_READ_SCOPE[channel.kind]}:{right}")
    if call.workspace.bot.id not in channel.members and channel.kind != "channel":
        raise ApiError("channel_not_found")
    return channel


def history(call: Call) -> Json:
    """The messages of a conversation, newest first, in pages."""
    channel = _known(call, "history")
    if call.workspace.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    oldest, latest = call.text("oldest") or "0", call.text("latest") or "9999999999"
    inclusive = call.flag("inclusive")
    found = [
        message_json(call.workspace, message, metadata=call.flag("include_all_metadata"))
        for message in reversed(call.workspace.messages)
        if message.channel == channel.id
        and not (message.deleted or message.ephemeral_to or message.thread_ts)
        and (float(oldest) < float(message.ts) < float(latest) or (inclusive and message.ts in (oldest, latest)))
    ]
    page, more = take_page(call, found)
    return {"messages": page, "has_more": bool(more), "pin_count": 0, "response_metadata": {"next_cursor": more}}


def replies(call: Call) -> Json:
    """A message and the replies in its thread, oldest first, in pages. A reply's own `ts` finds that reply alone."""
    channel = _known(call, "history")
    if call.workspace.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    parent = call.workspace.find_message(channel.id, call.text("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    oldest, latest = call.text("oldest") or "0", call.text("latest") or "9999999999"
    found = [
        message_json(call.workspace, message, metadata=call.flag("include_all_metadata"))
        for message in (parent, *call.workspace.list_replies(parent))
        if message is parent or float(oldest) < float(message.ts) < float(latest)  # the parent always comes along
    ]
    page, more = take_page(call, found)
    return {"messages": page, "has_more": bool(more), "response_metadata": {"next_cursor": more}}


def info(call: Call) -> Json:
    """What a conversation is."""
    return {"channel": channel_json(call, _known(call, "read"))}


def members(call: Call) -> Json:
    """The user ids of a conversation, in pages. Deactivated people are not among them."""
    channel = _known(call, "read")
    present = [user for user in channel.members if not call.workspace.users[user].deleted]
    page, more = take_page(call, present)
    return {"members": page, "response_metadata": {"next_cursor": more}}


def take_page(call: Call, rows: list[Any]) -> tuple[list[Any], str]:
    """One page of `rows` as `limit` and `cursor` ask for it, and the cursor of the next one. Raises ApiError."""
    limit = call.number("limit", 100)
    if not 1 <= limit <= limits.PAGE:
        raise ApiError("invalid_limit")
    cursor = call.text("cursor")
    if cursor and not cursor.startswith("next:"):
        raise ApiError("invalid_cursor")
    start = int(cursor.removeprefix("next:")) if cursor else 0
    return rows[start : start + limit], f"next:{start + limit}" if start + limit < len(rows) else ""


def channel_json(call: Call, channel: Channel) -> Json:
    """The conversation as Slack writes it."""
    shown: Json = {
        "id": channel.id,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_member": call.workspace.bot.id in channel.members,
    }
    if channel.kind == "im":
        return shown | {"user": channel.members[0]}
    return shown | {"name": channel.name, "num_members": len(channel.members)}
