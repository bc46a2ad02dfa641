"""Sending: direct messages, group conversations, changed messages. Every message carries its delivery's key."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from adapters.slack.failures import TOKEN, explain
from adapters.slack.limits import RenderError
from adapters.slack.render import Json, render_message
from adapters.slack.uploads import find_missing, list_uploads, upload
from adapters.slack.web import CallFailed, Web, next_cursor
from adapters.slack.workspaces import Workspaces
from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.ports import Group, Parcel, Person, Receipt, Target

log = structlog.get_logger(__name__)

EVENT_TYPE = "musubi_delivery"
"""The metadata's name; docs.slack.dev/messaging/message-metadata."""

_CLOCKS_APART = timedelta(minutes=5)
"""How far Slack's clock and ours may differ when we look for what was sent since."""
_PAGE = 200
_NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message", "message_not_found"})
"""The message that began a thread is gone (docs.slack.dev, chat.postMessage and conversations.replies)."""
_BURST_SECONDS = 3.0
_REMEMBERED_CHANNELS = 2000


class SlackSender:
    """The way out to Slack. See `bot.ports.Sender`."""

    platform = "slack"
    opens_groups = True

    def __init__(self, web: Web, workspaces: Workspaces, timeout: float = 15.0) -> None:
        self.timeout = timeout
        self._web = web
        self._workspaces = workspaces
        self._recent: OrderedDict[str, float] = OrderedDict()

    async def send(self, parcel: Parcel) -> Receipt:
        """Posts or changes one message. Never tries twice. Raises SendFailed."""
        content = _render(parcel)
        progress = _Progress()
        try:
            async with asyncio.timeout(self.timeout):
                return await self._send(parcel, content, progress)
        except TimeoutError as error:
            raise SendFailed(FailureKind.RETRY, "timeout", maybe_sent=progress.posting) from error
        except CallFailed as failure:
            raise self._explain(failure, parcel, progress) from failure

    async def _send(self, parcel: Parcel, content: Json, progress: "_Progress") -> Receipt:
        token = await self._token(parcel.target)
        if parcel.replaces is not None:
            place = parcel.replaces
            await self._web.call(token, "chat.update", channel=place.conversation, ts=place.message, **content)
            return place
        progress.channel = await self._find_channel(token, parcel.target)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": parcel.key}}
        progress.begin()
        answer = await self._post_in_thread(token, parcel, progress.channel, content | {"metadata": metadata})
        progress.posted = True
        await upload(self._web, token, progress.channel, list_uploads(parcel))
        return Receipt(progress.channel, str(answer["ts"]), progress.channel)

    async def _post_in_thread(self, token: str, parcel: Parcel, channel: str, content: Json) -> Json:
        """Into the thread, if there is one. Where an admin has deleted its beginning, the message stands by itself."""
        if thread := _find_thread(parcel, channel):
            try:
                return await self._post(token, channel, content | {"thread_ts": thread})
            except CallFailed as failure:
                if failure.code not in _NO_THREAD:
                    raise
        return await self._post(token, channel, content)

    async def _post(self, token: str, channel: str, content: Json) -> Json:
        # no link previews: a list of jobs or events would drown in them
        still: Json = {"unfurl_links": False, "unfurl_media": False}
        answer = await self._web.call(token, "chat.postMessage", channel=channel, **content, **still)
        self._recent[channel] = asyncio.get_running_loop().time()
        self._recent.move_to_end(channel)
        if len(self._recent) > _REMEMBERED_CHANNELS:
            self._recent.popitem(last=False)
        return answer

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Looks through the conversation for the parcel's key. A change is never found: making it again does no harm.
        Of a message that is there, files that are not are uploaded.

        Raises SendFailed when Slack can't be asked now, CannotAsk when the conversation can't be looked into any more.
        """
        if parcel.replaces is not None:
            return None
        try:
            token = await self._token(parcel.target)
            channel = await self._find_channel(token, parcel.target)
            return await self._look_through(token, channel, parcel)
        except CallFailed as failure:
            failed = explain(failure, posting=False)
            raise CannotAsk(failed.reason) if failed.kind is FailureKind.GONE else failed from failure

    async def _look_through(self, token: str, channel: str, parcel: Parcel) -> Receipt | None:
        """The history has no replies and the thread no files, so both are looked through where there is a thread."""
        uploads, seen, found = list_uploads(parcel), list[Json](), ""
        async for message in self._iterate_since(token, channel, parcel):
            seen.append(message)
            found = str(message["ts"]) if _key_of(message) == parcel.key else found
            if found and not (uploads and _find_thread(parcel, channel)):
                break
        if not found:
            return None
        await upload(self._web, token, channel, find_missing(uploads, seen))
        return Receipt(channel, found, channel)

    async def _iterate_since(self, token: str, channel: str, parcel: Parcel) -> AsyncIterator[Json]:
        """What stands in the parcel's thread and in its conversation since it was made."""
        oldest = str((parcel.created_at - _CLOCKS_APART).timestamp())
        about: Json = {"channel": channel, "oldest": oldest, "limit": _PAGE, "include_all_metadata": True}
        if thread := _find_thread(parcel, channel):
            try:
                async for message in self._iterate(token, "conversations.replies", about | {"ts": thread}):
                    yield message
            except CallFailed as failure:
                if failure.code not in _NO_THREAD:
                    raise
        async for message in self._iterate(token, "conversations.history", about):
            yield message

    async def _iterate(self, token: str, method: str, about: Json) -> AsyncIterator[Json]:
        cursor = ""
        while True:
            page = await self._web.call(token, method, **about, cursor=cursor or None)
            for message in page["messages"]:
                yield message
            cursor = next_cursor(page)
            if not cursor:
                return

    async def _token(self, target: Target) -> str:
        return (await self._workspaces.get(target.tenant)).token

    async def _find_channel(self, token: str, target: Target) -> str:
        match target:
            case Person(address=address) if address:
                return address
            case Group(conversation=conversation) if conversation:
                return conversation
            case Person(user=user):
                return await self._open(token, user)
            case Group(users=users):
                return await self._open(token, ",".join(users))

    async def _open(self, token: str, users: str) -> str:
        answer = await self._web.call(token, "conversations.open", users=users)
        return str(answer["channel"]["id"])

    def _explain(self, failure: CallFailed, parcel: Parcel, progress: "_Progress") -> SendFailed:
        if failure.code in TOKEN:
            log.error("slack.token_refused", tenant=parcel.target.tenant, code=failure.code)
        if progress.posted:  # only a file is missing: the message is there, and asking will bring the file
            return SendFailed(FailureKind.RETRY, str(failure), maybe_sent=True)
        return explain(
            failure,
            posting=progress.posting,
            channel_only=self._is_busy(progress.channel),
            replaces=parcel.replaces is not None,
        )

    def _is_busy(self, channel: str) -> bool:
        """Whether we posted into this conversation a moment ago: a throttle is then its own (Slack lets through about
        one message a second in each), otherwise the workspace's.
        """
        last = self._recent.get(channel)
        return last is not None and asyncio.get_running_loop().time() - last < _BURST_SECONDS


class _Progress:
    """How far a send has got: what may have happened when it breaks off depends on it."""

    def __init__(self) -> None:
        self.channel = ""
        self.posting = False
        self.posted = False

    def begin(self) -> None:
        self.posting = True


def _find_thread(parcel: Parcel, channel: str) -> str:
    """The message whose thread it belongs to, "" for none. A thread stays in the conversation in which it began."""
    receipt = parcel.thread.receipt if parcel.thread is not None else None
    return receipt.message if receipt is not None and receipt.conversation == channel else ""


def _render(parcel: Parcel) -> Json:
    try:
        return render_message(parcel.message, parcel.reader)
    except RenderError as error:
        raise SendFailed(FailureKind.BUG, f"can't be shown on Slack: {error}") from error


def _key_of(message: Json) -> str:
    metadata: Json = message.get("metadata") or {}
    payload: Json = metadata.get("event_payload") or {}
    return str(payload.get("key", "")) if metadata.get("event_type") == EVENT_TYPE else ""
