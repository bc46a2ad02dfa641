"""What people write, and what they change and delete of it; and how Slack tells the app of that."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.fake_slack import payloads
from tests.fake_slack.chat import add_message, message_json
from tests.fake_slack.delivery import Delivery
from tests.fake_slack.problems import Json
from tests.fake_slack.workspace import Channel, Message

if TYPE_CHECKING:
    from tests.fake_slack.person import Person, Shown

_KINDS = {"im": "message.im", "mpim": "message.mpim", "channel": "message.channels", "group": "message.groups"}
_DELETED = "This message was deleted."


async def write(
    person: "Person", text: str, channel: Channel | None, thread: "Shown | Message | None", files: Sequence[Json]
) -> Delivery | None:
    """A new message; see `Person.write`."""
    parent = thread if isinstance(thread, Message) or thread is None else thread.message
    workspace = person.slack.workspace
    place = workspace.channels[parent.channel] if parent else channel or person.direct
    _check_may_write(person, place, parent)
    message = add_message(workspace, place, person.id, escape(text), [])
    message.thread_ts, message.files = (parent.thread_ts or parent.ts) if parent else "", list(files)
    inner = payloads.message_event(workspace, message, place) | {"client_msg_id": message.ts}
    return await person.tell(_KINDS[place.kind], inner)


def _check_may_write(person: "Person", place: Channel, parent: Message | None) -> None:
    if place.kind == "im":
        assert person.slack.installed.messages_tab, "the app's messages tab is read-only"
    assert person.id in place.members, f"{person.name} is not in {place.name}"
    assert parent is None or not (parent.deleted or parent.ephemeral_to), "nobody can reply to that"


async def edit(person: "Person", message: Message, text: str) -> Delivery | None:
    """Another text for a message of this person's own."""
    before = _take_own(person, message)
    message.versions.append({"text": message.text, "blocks": message.blocks})
    message.text, message.edited_at = escape(text), person.slack.workspace.new_ts()
    return await _tell_changed(person, message, before)


async def unfurl(person: "Person", message: Message) -> Delivery | None:
    """Slack adds a preview to a link in it: an event like an edit's, without one."""
    before = message_json(person.slack.workspace, message)
    message.attachments = [{"from_url": "https://example.com/", "title": "Example", "id": 1, "fallback": "Example"}]
    return await _tell_changed(person, message, before)


async def delete(person: "Person", message: Message) -> Delivery | None:
    """Deletes a message of this person's own. With replies below it, a tombstone keeps its place."""
    before, workspace = _take_own(person, message), person.slack.workspace
    if workspace.list_replies(message):
        message.text, message.files, message.tombstone = _DELETED, [], True
        return await _tell_changed(person, message, before)
    message.deleted = True
    place = workspace.channels[message.channel]
    return await person.tell(_KINDS[place.kind], payloads.deleted_event(workspace, message, before, place))


def _take_own(person: "Person", message: Message) -> Json:
    """The message as it was until now."""
    assert message.user == person.id, "people change and delete only what they wrote themselves"
    gone = message.deleted or message.tombstone
    assert not gone, "it is deleted"
    return message_json(person.slack.workspace, message)


async def _tell_changed(person: "Person", message: Message, before: Json) -> Delivery | None:
    workspace = person.slack.workspace
    place = workspace.channels[message.channel]
    return await person.tell(_KINDS[place.kind], payloads.changed_event(workspace, message, before, place))


def escape(text: str) -> str:
    """The text with Slack's three entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
