"""chat.postMessage, chat.update, chat.postEphemeral, chat.delete."""

import copy
import json
from typing import Any

from tests.fake_slack import limits
from tests.fake_slack.blockkit import check_blocks, size_of
from tests.fake_slack.calls import Call
from tests.fake_slack.problems import ApiError, Json, as_object
from tests.fake_slack.workspace import Channel, Message, Workspace


def post_message(call: Call) -> Json:
    """Posts to a conversation of which the bot is a member, or to a person by user id."""
    call.need("chat:write")
    channel = _writable(call)
    call.slack.keep_pace(channel.id)
    blocks = read_blocks(call)
    text = _read_text(call, blocks, limits.MESSAGE_TEXT)
    thread = _read_thread(call, channel)
    message = add_message(call.workspace, channel, call.workspace.bot.id, text, blocks or [])
    message.thread_ts, message.metadata = thread, _read_metadata(call)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(call.workspace, message, metadata=True)}


def update(call: Call) -> Json:
    """Changes a message of the bot. What is not given stays as it was."""
    call.need("chat:write")
    message = _own_message(call, "cant_update_message")
    blocks = read_blocks(call)
    text = _read_text(call, blocks if blocks is not None else message.blocks, limits.UPDATE_TEXT)
    metadata = _read_metadata(call)
    message.versions.append({"text": message.text, "blocks": message.blocks})
    message.text = text
    message.blocks = message.blocks if blocks is None else with_ids(call.workspace, blocks)
    message.metadata = message.metadata if metadata is None else metadata
    shown = message_json(call.workspace, message, metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def post_ephemeral(call: Call) -> Json:
    """Shows something to one member of a conversation."""
    call.need("chat:write")
    channel = _writable(call)
    user = call.workspace.get_user(call.text("user"), "user_not_in_channel")
    if user.id not in channel.members:
        raise ApiError("user_not_in_channel")
    blocks = read_blocks(call)
    text = _read_text(call, blocks, limits.MESSAGE_TEXT)
    message = add_message(call.workspace, channel, call.workspace.bot.id, text, blocks or [])
    message.ephemeral_to = user.id
    return {"message_ts": message.ts}


def delete(call: Call) -> Json:
    """Takes a message of the bot back."""
    call.need("chat:write")
    message = _own_message(call, "cant_delete_message")
    message.deleted = True
    return {"channel": message.channel, "ts": message.ts}


def add_message(workspace: Workspace, channel: Channel, user: str, text: str, blocks: list[Json]) -> Message:
    """A message in the conversation."""
    message = Message(channel.id, workspace.new_ts(), user, text, with_ids(workspace, blocks))
    workspace.messages.append(message)
    return message


def with_ids(workspace: Workspace, blocks: list[Json]) -> list[Json]:
    """The blocks, each with an id: what has none gets one, as from Slack."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", workspace.new_id("b"))
    return kept


def _writable(call: Call) -> Channel:
    workspace, wanted = call.workspace, call.text("channel")
    if wanted in workspace.users:
        return workspace.open_direct(workspace.users[wanted])[0]
    channel = workspace.channels.get(wanted)
    if channel is None:
        raise ApiError("channel_not_found")
    if channel.archived:
        raise ApiError("is_archived")
    if workspace.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _own_message(call: Call, code: str) -> Message:
    if call.text("channel") not in call.workspace.channels:
        raise ApiError("channel_not_found")
    message = call.workspace.find_message(call.text("channel"), call.text("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.user != call.workspace.bot.id:
        raise ApiError(code)
    return message


def read_blocks(call: Call) -> list[Json] | None:
    """The blocks that came, None if none did. Raises ApiError for blocks that Slack would refuse."""
    blocks: Any = call.parsed("blocks", "invalid_blocks_format")
    if blocks is None or blocks == []:
        return blocks
    refuse_bad_blocks(blocks)
    return blocks


def refuse_bad_blocks(blocks: Any) -> None:
    """Raises ApiError as Slack answers for bad blocks of a message."""
    complaints = check_blocks(blocks, "message").lines
    if complaints:
        raise ApiError("invalid_blocks", errors=complaints, response_metadata={"messages": complaints})
    if size_of(blocks) > limits.BLOCKS_SIZE:
        raise ApiError("msg_blocks_too_long")


def _read_thread(call: Call, channel: Channel) -> str:
    """The message whose thread is meant: one of this conversation that is no reply itself."""
    thread = call.text("thread_ts")
    if not thread:
        return ""
    parent = call.workspace.find_message(channel.id, thread)
    if parent is None:
        raise ApiError("thread_not_found")
    if parent.thread_ts:
        raise ApiError("cannot_reply_to_message")
    return thread


def _read_text(call: Call, blocks: list[Json] | None, most: int) -> str:
    text = call.text("text")
    if not text.strip() and not blocks:
        raise ApiError("no_text")
    if len(text) > most:
        raise ApiError("msg_too_long")
    return text


def _read_metadata(call: Call) -> Json | None:
    if call.args.get("metadata") is None:
        return None
    metadata = as_object(call.parsed("metadata", "invalid_metadata_format")) or {}
    if as_object(metadata.get("event_payload")) is None or set(metadata) != {"event_type", "event_payload"}:
        raise ApiError("invalid_metadata_format")
    if len(json.dumps(metadata)) > limits.METADATA_SIZE:
        raise ApiError("metadata_too_large")
    return metadata


def message_json(workspace: Workspace, message: Message, *, metadata: bool = False) -> Json:
    """The message as Slack writes it."""
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team,
        "blocks": copy.deepcopy(message.blocks),
    }
    if message.user == workspace.bot.id:
        shown |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    shown |= _thread_json(workspace, message)
    if message.files:
        shown |= {"files": copy.deepcopy(message.files), "upload": False}
    if message.edited_at:
        shown["edited"] = {"user": message.user, "ts": message.edited_at}
    if message.attachments:
        shown["attachments"] = copy.deepcopy(message.attachments)
    if metadata and message.metadata:
        shown["metadata"] = copy.deepcopy(message.metadata)
    return shown


def _thread_json(workspace: Workspace, message: Message) -> Json:
    """What a reply says of its thread, and a message with replies of its own."""
    if message.thread_ts:
        parent = workspace.find_message(message.channel, message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else ""}
    if message is workspace.messages[-1]:
        return {}  # nobody can have answered what was posted just now; all messages need not be looked through
    replies = workspace.list_replies(message)
    if not replies:
        return {}
    counts: Json = {"reply_count": len(replies), "latest_reply": replies[-1].ts, "is_locked": False}
    return {"thread_ts": message.ts, "reply_users": sorted({reply.user for reply in replies})} | counts
