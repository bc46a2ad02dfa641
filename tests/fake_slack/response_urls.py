"""Answers to an interaction's response_url, or in the answer to a slash command itself."""

from tests.fake_slack import limits
from tests.fake_slack.chat import add_message, refuse_bad_blocks, with_ids
from tests.fake_slack.problems import ApiError, Json
from tests.fake_slack.workspace import Message, Workspace

_KNOWN = {
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
}


def answer(workspace: Workspace, url_id: str, body: Json) -> None:
    """Takes what the app posts to a response_url. Raises ApiError: unknown, used up, expired, or bad content."""
    url = workspace.response_urls.get(url_id)
    if url is None:
        raise ApiError("invalid_url")
    if workspace.time() - url.made_at > limits.RESPONSE_URL_SECONDS:
        raise ApiError("expired_url")
    if url.uses >= limits.RESPONSE_URL_USES:
        raise ApiError("used_url")
    url.uses += 1
    if body.get("delete_original") and url.message:
        url.message.deleted = True
        return
    check_answer(body)
    if body.get("replace_original") and url.message:
        _replace(workspace, url.message, body)
    else:
        say(workspace, url.channel, url.user, body)


def check_answer(body: Json) -> None:
    """Raises ApiError for content that Slack would refuse."""
    unknown = set(body) - _KNOWN
    if unknown:
        raise ApiError("invalid_payload", unknown=sorted(unknown))
    if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise ApiError("invalid_response_type")
    blocks = body.get("blocks")
    if not str(body.get("text") or "").strip() and not blocks:
        raise ApiError("no_text")
    if len(str(body.get("text") or "")) > limits.MESSAGE_TEXT:
        raise ApiError("msg_too_long")
    if blocks:
        refuse_bad_blocks(blocks)


def say(workspace: Workspace, channel_id: str, user: str, body: Json) -> Message:
    """Shows an answer in the conversation: to one person unless it says `in_channel`."""
    channel = workspace.channels[channel_id]
    message = add_message(workspace, channel, workspace.bot.id, str(body.get("text") or ""), body.get("blocks") or [])
    if body.get("response_type", "ephemeral") == "ephemeral":
        message.ephemeral_to = user
    return message


def _replace(workspace: Workspace, message: Message, body: Json) -> None:
    message.versions.append({"text": message.text, "blocks": message.blocks})
    message.text, message.blocks = str(body.get("text") or ""), with_ids(workspace, body.get("blocks") or [])
