"""files.getUploadURLExternal, the upload itself, and files.completeUploadExternal (docs.slack.dev, Working with files).

A file that was completed without a conversation is seen by nobody but the bot; one that was never uploaded, or with
other bytes than announced, can't be completed.
"""

from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from aiohttp import web

from tests.fake_slack.calls import Call
from tests.fake_slack.chat import add_message
from tests.fake_slack.problems import ApiError, Json, as_list, as_object
from tests.fake_slack.workspace import Workspace

_NAME = 255
"""Characters of a file's name."""


@dataclass
class Upload:
    """A file on its way: announced, uploaded (`data`), shared."""

    id: str
    name: str
    length: int
    data: bytes | None = None
    shared: bool = False


_UPLOADS: WeakKeyDictionary[Workspace, dict[str, Upload]] = WeakKeyDictionary()


def uploads_of(workspace: Workspace) -> dict[str, Upload]:
    """The workspace's files by id, those on their way too."""
    return _UPLOADS.setdefault(workspace, {})


def get_upload_url(call: Call) -> Json:
    """Announces a file: its name, and how many bytes it has."""
    call.need("files:write")
    name, length = call.text("filename"), call.number("length", 0)
    if not length or not name.strip() or len(name) > _NAME:
        raise ApiError("invalid_arguments")
    made = Upload(call.workspace.new_id("F"), name, length)
    uploads_of(call.workspace)[made.id] = made
    return {"upload_url": f"{call.slack.url}/upload/{made.id}", "file_id": made.id}


async def take_upload(workspace: Workspace, request: web.Request) -> web.Response:
    """The bytes, as the body of a POST."""
    upload = uploads_of(workspace).get(request.match_info["id"])
    data = await request.read()
    if upload is None or upload.data is not None:
        return web.Response(status=404)
    if len(data) != upload.length:
        return web.Response(status=400, text="the length is another one than announced")
    upload.data = data
    return web.Response(text=f"OK - {len(data)}")


def complete_upload(call: Call) -> Json:
    """Shares uploaded files as a message of the bot in a conversation, or leaves them to the bot alone."""
    call.need("files:write")
    uploads = [_take(call, entry) for entry in as_list(call.parsed("files", "invalid_json")) or []]
    if not uploads:
        raise ApiError("invalid_arguments")
    if call.text("channel_id"):
        _share(call, uploads)
    return {"files": [_as_json(upload, title) for upload, title in uploads]}


def _take(call: Call, entry: Any) -> tuple[Upload, str]:
    given = as_object(entry) or {}
    upload = uploads_of(call.workspace).get(str(given.get("id")))
    if set(given) - {"id", "title", "highlight_type"}:
        raise ApiError("invalid_arguments")
    if upload is None or upload.data is None or upload.shared:
        raise ApiError("file_not_found")
    return upload, str(given.get("title") or upload.name)


def _share(call: Call, uploads: list[tuple[Upload, str]]) -> None:
    workspace = call.workspace
    channel = workspace.channels.get(call.text("channel_id"))
    if channel is None or workspace.bot.id not in channel.members:
        raise ApiError("channel_not_found" if channel is None else "not_in_channel")
    message = add_message(workspace, channel, workspace.bot.id, call.text("initial_comment"), [])
    message.thread_ts = call.text("thread_ts")
    message.files = [_as_json(upload, title) for upload, title in uploads]
    for upload, _title in uploads:
        upload.shared = True


def _as_json(upload: Upload, title: str) -> Json:
    kind = upload.name.rpartition(".")[2]
    return {"id": upload.id, "name": upload.name, "title": title, "filetype": kind, "size": upload.length}


def read_text(workspace: Workspace, name: str) -> list[str]:
    """The texts of the files of that name that stand in a conversation, the oldest first."""
    shared = [one for one in uploads_of(workspace).values() if one.shared and one.name == name]
    return [cast(bytes, one.data).decode() for one in shared]
