"""What comes with a message's words: the message it answers, links with labels, files. Pure.

Teams tells of a quoted message in up to three ways, by age of the client: as an entity, as an attachment, or in the
HTML alone, where the quoted words also stand at the beginning of the plain text.
"""

import json
import mimetypes
import re
from collections.abc import Sequence
from typing import Any, cast

from bot.hypertext import Tag, read_html
from bot.incoming import SharedFile

Json = dict[str, Any]

FILE = "application/vnd.microsoft.teams.file.download.info"
_REPLY = "http://schema.skype.com/Reply"
_REPLY_TAG = re.compile(r"<blockquote\b[^<>]{0,500}schema\.skype\.com/Reply[^<>]{0,500}>")
_LABELLED = re.compile(r"<a\b[^<>]{0,2000}href=\"(?P<url>[^\"<>]{1,2000})\"[^<>]{0,2000}>(?P<label>[^<>]{1,500})</a>")
_PERSONAL = re.compile(r"/personal/|-my\.sharepoint", re.IGNORECASE)
"""Somebody's own OneDrive: the address spells their name for signing in."""


def find_quoted(entities: Sequence[Json], attachments: Sequence[Json]) -> str:
    """The id of the message that is quoted, "" if none is."""
    for entity in entities:
        quoted = entity.get("quotedReply")
        if entity.get("type") == "quotedReply" and isinstance(quoted, dict):
            return _text(cast(Json, quoted).get("messageId"))
    for attachment in attachments:
        if attachment.get("contentType") == "messageReference":
            return _text(_read_object(attachment.get("content")).get("messageId")) or _text(attachment.get("id"))
    tag = _REPLY_TAG.search(_find_page(attachments))
    found = re.search(r"itemid=\"([^\"]+)\"", tag.group()) if tag else None
    return found.group(1) if found else ""


def read_page(attachments: Sequence[Json]) -> str | None:
    """The words of the message's HTML, without what is quoted. None where the plain text says as much."""
    page = _find_page(attachments)
    if not _REPLY_TAG.search(page) and not any(_says_more(link) for link in _LABELLED.finditer(page)):
        return None
    return read_html(page, without=_is_reply).strip()


def _says_more(link: re.Match[str]) -> bool:
    return link["label"].strip() not in link["url"]


def _is_reply(tag: Tag) -> bool:
    return tag.name == "blockquote" and tag.attributes.get("itemtype") == _REPLY


def _find_page(attachments: Sequence[Json]) -> str:
    pages = (one.get("content") for one in attachments if one.get("contentType") == "text/html")
    return next((page for page in pages if isinstance(page, str)), "")


def read_files(attachments: Sequence[Json]) -> tuple[SharedFile, ...]:
    """Files and pictures. An address only where it does not name the person; a picture's opens for the bot alone."""
    return tuple(file for attachment in attachments if (file := _read_file(attachment)) is not None)


def _read_file(attachment: Json) -> SharedFile | None:
    kind, name = _text(attachment.get("contentType")), _text(attachment.get("name"))
    if kind.startswith(("image/", "video/", "audio/")):
        return SharedFile(name, kind)
    if kind not in (FILE, "reference"):
        return None
    url = _text(attachment.get("contentUrl"))
    media_type = mimetypes.guess_type(name)[0] or ""
    return SharedFile(name, media_type, "" if _PERSONAL.search(url) else url)


def _read_object(value: object) -> Json:
    try:
        found: object = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return {}
    return cast(Json, found) if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
