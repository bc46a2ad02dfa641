"""Files on Slack, where Musubi has no public address for a link: each is uploaded into the conversation, right after
the message that it belongs to.

A file is shared by a call of its own, so that Musubi may die between the message and its file. Then the outbox asks
(`find_sent`), and what is missing is uploaded: a file's name is unique for its reader, and stands in the history.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog

from adapters.slack.web import CallFailed, Web
from bot.ports import Parcel
from bot.ui import File, list_files

log = structlog.get_logger(__name__)

Json = dict[str, Any]

REFUSED = frozenset(
    {
        "file_type_not_allowed",
        "file_upload_size_restricted",
        "file_uploads_disabled",
        "missing_scope",
        "not_allowed_token_type",
        "restricted_action",
        "storage_limit_reached",
    }
)
"""What no other attempt mends: the app has an older scope, or the workspace takes no files. The message stands without
its file (docs.slack.dev, files.getUploadURLExternal and files.completeUploadExternal)."""


def list_uploads(parcel: Parcel) -> tuple[File, ...]:
    """The files for which there is no link. A message that is changed has had its files."""
    if parcel.replaces is not None:
        return ()
    return tuple(file for file in list_files(parcel.message) if not parcel.reader.files.get(file.name))


async def upload(web: Web, token: str, channel: str, files: Iterable[File]) -> None:
    """Uploads files into a conversation, one after the other. Raises CallFailed for what may go better later."""
    for file in files:
        try:
            await _upload(web, token, channel, file)
        except CallFailed as failure:
            if failure.code not in REFUSED:
                raise
            log.warning("slack.file_refused", code=failure.code)


async def _upload(web: Web, token: str, channel: str, file: File) -> None:
    data = file.data
    place = await web.call(token, "files.getUploadURLExternal", filename=file.name, length=len(data))
    await web.upload(str(place["upload_url"]), data)
    shared: list[Json] = [{"id": str(place["file_id"]), "title": file.label}]
    await web.call(token, "files.completeUploadExternal", files=shared, channel_id=channel)


def find_missing(files: Sequence[File], messages: Iterable[Json]) -> tuple[File, ...]:
    """The files that none of these messages carries."""
    there = {str(shared.get("name")) for message in messages for shared in message.get("files") or ()}
    return tuple(file for file in files if file.name not in there)
