"""What Teams posted, read into a value of our own. The SDK's `Activity` does not leave `bridge.py`.

The SDK's reading is not used for the contents: it looks for `tenantID` where Teams writes `tenantId`, and takes numbers
for texts (4.17.1).
"""

import html
import re
from dataclasses import dataclass
from typing import Any, cast

from adapters.teams.shared import find_quoted, read_files, read_page
from bot.incoming import Scope, SharedFile

Json = dict[str, Any]

_SCOPES = {"personal": Scope.PERSONAL, "groupChat": Scope.GROUP, "channel": Scope.CHANNEL}
_WITH_VALUE = frozenset({"adaptiveCard/action", "task/fetch", "task/submit"})
_AT = re.compile(r"</?at[^>]*>")
_NAMED = re.compile(r"<at[^>]*>([^<>]*)</at>")
_QUOTED = re.compile(r"<quoted\b[^<>]{0,200}/?>(</quoted>)?")
"""Where a quote stood in the text; what it quotes is in an entity."""


class BadActivityError(ValueError):
    """The body is no activity of Teams: 400."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person or bot in an activity. `object_id` is the Entra object id, "" where Teams leaves it out."""

    id: str
    object_id: str

    @property
    def is_bot(self) -> bool:
        """Whether it is a bot: its id begins with 28."""
        return self.id.startswith("28:")

    @property
    def user(self) -> str:
        """What the person is known by: the Entra object id, the same for every bot and for Graph."""
        return self.object_id or self.id


@dataclass(frozen=True, slots=True)
class Received:
    """An activity. Texts are "" and lists empty where it has none."""

    kind: str
    id: str
    channel: str
    service_url: str
    conversation: str
    scope: Scope
    tenant: str
    sender: Who
    bot: str
    text: str = ""
    value: object = None
    reply_to: str = ""
    locale: str = ""
    zone: str = ""
    team: str = ""
    added: tuple[Who, ...] = ()
    removed: tuple[Who, ...] = ()
    quoted: str = ""
    files: tuple[SharedFile, ...] = ()
    event: str = ""
    moment: str = ""

    @property
    def key(self) -> str:
        """Names this activity among all: ids are unique in their conversation only."""
        return f"{self.conversation}:{self.id}"

    @property
    def change_key(self) -> str:
        """The same for what happened to a message: its activity has the message's own id."""
        return f"{self.key}:{self.event}:{self.moment}"

    @property
    def thread(self) -> str:
        """The message that this one answers."""
        return self.quoted or (self.reply_to if self.value is None else "")

    @property
    def roster(self) -> str:
        """The conversation whose members are meant: of a channel's thread the team."""
        return self.team or self.conversation.partition(";messageid=")[0]


def read_activity(body: object) -> Received:
    """The activity in a parsed body. Raises BadActivityError."""
    raw = _get_object(body)
    _check_invoke(raw)
    conversation, sender = _get_object(raw.get("conversation")), _get_object(raw.get("from"))
    data, recipient = _find_object(raw, "channelData"), _find_object(raw, "recipient")
    info, tenant = _find_client_info(raw), _find_text(_find_object(data, "tenant"), "id")
    return Received(
        kind=_get_text(raw, "type"),
        id=_find_text(raw, "id"),
        channel=_get_text(raw, "channelId"),
        service_url=_get_text(raw, "serviceUrl"),
        conversation=_get_text(conversation, "id"),
        scope=_SCOPES.get(_find_text(conversation, "conversationType"), Scope.PERSONAL),
        tenant=_find_text(conversation, "tenantId") or tenant,
        sender=Who(_get_text(sender, "id"), _find_text(sender, "aadObjectId")),
        bot=_find_text(recipient, "id"),
        text=read_text(raw),
        value=raw.get("value"),
        reply_to=_find_text(raw, "replyToId"),
        locale=_find_text(raw, "locale") or _find_text(info, "locale"),
        zone=_find_text(raw, "localTimezone") or _find_text(info, "timezone"),
        team=_find_text(_find_object(data, "team"), "id"),
        added=_read_people(raw, "membersAdded"),
        removed=_read_people(raw, "membersRemoved"),
        quoted=find_quoted(_find_objects(raw, "entities"), _find_objects(raw, "attachments")),
        files=read_files(_find_objects(raw, "attachments")),
        event=_find_text(data, "eventType"),
        moment=_find_text(raw, "timestamp"),
    )


def _check_invoke(raw: Json) -> None:
    """The SDK answers 500 to a press or dialog whose value is not an object."""
    if raw.get("type") == "invoke" and raw.get("name") in _WITH_VALUE:
        value = _get_object(raw.get("value"))
        if raw["name"] == "adaptiveCard/action":
            _get_object(value.get("action"))


def read_text(raw: Json) -> str:
    """What a person wrote, the mention of the bot and what is quoted taken out, other mentions left as names.

    The SDK's own removal reads the bot's name as a regular expression; a name with a bracket breaks it.
    """
    if (page := read_page(_find_objects(raw, "attachments"))) is not None:
        return page
    text, bot = _find_text(raw, "text"), _find_text(_find_object(raw, "recipient"), "id")
    for entity in _find_objects(raw, "entities"):
        mentioned = _find_text(_find_object(entity, "mentioned"), "id")
        if entity.get("type") == "mention" and mentioned == bot:
            text = text.replace(_find_text(entity, "text"), " ", 1)
    words = html.unescape(_AT.sub("", _NAMED.sub(r"@\1", _QUOTED.sub("", text)))).replace("\xa0", " ")
    return words.strip()


def _find_client_info(raw: Json) -> Json:
    found = [entity for entity in _find_objects(raw, "entities") if entity.get("type") == "clientInfo"]
    return found[0] if found else {}


def _read_people(raw: Json, key: str) -> tuple[Who, ...]:
    people = _find_objects(raw, key)
    return tuple(Who(_get_text(person, "id"), _find_text(person, "aadObjectId")) for person in people)


def _get_object(value: object) -> Json:
    if not isinstance(value, dict):
        raise BadActivityError("an object is missing")
    return cast(Json, value)


def _find_object(raw: Json, key: str) -> Json:
    return {} if raw.get(key) is None else _get_object(raw[key])


def _find_objects(raw: Json, key: str) -> list[Json]:
    found: object = raw.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise BadActivityError(f"{key} is no list")
    return [_get_object(each) for each in cast("list[object]", found)]


def _find_text(raw: Json, key: str) -> str:
    found: object = raw.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise BadActivityError(f"{key} is no text")
    return found


def _get_text(raw: Json, key: str) -> str:
    if found := _find_text(raw, key):
        return found
    raise BadActivityError(f"{key} is missing")
