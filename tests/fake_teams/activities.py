"""The activities that the real Teams posts to a bot, built from who does what where.

Their shapes are those in tests/payloads/teams.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .keys import Json
from .world import Account, Place, Sent, World, Written, make_guid


@dataclass(frozen=True)
class Scene:
    """What all activities have in common: the world, where the service lives, and when it is."""

    world: World
    service_url: str
    now: datetime


def _head(scene: Scene, person: Account, place: Place, kind: str, activity_id: str) -> Json:
    world = scene.world
    return {
        "type": kind,
        "id": activity_id,
        "timestamp": scene.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "localTimestamp": scene.now.astimezone(ZoneInfo(person.zone)).isoformat(),
        "localTimezone": person.zone,
        "channelId": "msteams",
        "serviceUrl": scene.service_url,
        "from": {"id": person.mri, "name": person.name, "aadObjectId": person.aad_id},
        "conversation": _conversation(world, place),
        "recipient": {"id": world.bot_id, "name": world.bot_name},
        "channelData": _channel_data(world, place),
        "entities": [_client_info(person)],
        "locale": person.locale,
    }


def _conversation(world: World, place: Place) -> Json:
    conversation: Json = {"conversationType": place.kind, "tenantId": world.tenant, "id": place.id}
    if place.kind != "personal":
        conversation["isGroup"] = True
    return conversation


def _channel_data(world: World, place: Place) -> Json:
    data: Json = {"tenant": {"id": world.tenant}}
    if place.kind == "channel":
        data |= {"teamsChannelId": place.id, "teamsTeamId": place.team}
        data |= {"channel": {"id": place.id}, "team": {"id": place.team, "name": place.name}}
    return data


def _client_info(person: Account) -> Json:
    return {
        "type": "clientInfo",
        "locale": person.locale,
        "country": person.locale.rpartition("-")[2],
        "platform": "Android" if person.mobile else "Windows",
        "timezone": person.zone,
    }


def make_message(scene: Scene, person: Account, place: Place, text: str, *, thread: str = "") -> Json:
    """What a person wrote; outside the 1:1 chat it names the bot first."""
    activity = _head(scene, person, place, "message", scene.world.next_id())
    if place.kind != "personal":
        at = f"<at>{scene.world.bot_name}</at>"
        bot = {"id": scene.world.bot_id, "name": scene.world.bot_name}
        activity["entities"].append({"type": "mention", "mentioned": bot, "text": at})
        text = f"{at} {text}"
    if place.kind == "channel":
        activity["conversation"]["id"] = f"{place.id};messageid={thread or activity['id']}"
    attachments = [{"contentType": "text/html", "content": f"<p>{text}</p>"}]
    return activity | {"text": text, "textFormat": "plain", "attachments": attachments}


def quote(activity: Json, sent: Sent, *, entity: bool = True) -> Json:
    """The same message as a reply that quotes another: as an entity, and (older clients: only) as HTML.

    The text then begins with a placeholder for the quote, or with the quoted words themselves.
    """
    content, text = activity["attachments"][0]["content"], activity["text"]
    bot, preview = activity["recipient"], sent.text[:100] or sent.summary
    head = (
        f'<strong itemprop="mri" itemid="{bot["id"]}">{bot["name"]}</strong><span itemprop="time" itemid="{sent.id}">'
    )
    block = (
        f'<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="{sent.id}">\r\n{head}</span>\r\n'
        f'<p itemprop="preview">{html.escape(preview)}</p>\r\n</blockquote>\r\n'
    )
    activity["attachments"][0]["content"] = block + content
    if not entity:
        return activity | {"text": f"{bot['name']}\n{preview}\n\n{text}"}
    reply: Json = {"messageId": sent.id, "senderId": bot["id"], "senderName": bot["name"], "preview": preview}
    reply |= {"time": sent.id, "isReplyDeleted": False, "validatedMessageReference": True}
    activity["entities"].append({"type": "quotedReply", "quotedReply": reply})
    return activity | {"text": f'<quoted messageId="{sent.id}"/>{text}'}


def attach(activity: Json, files: Sequence[Json]) -> Json:
    """The same message with files; see `make_file` and `make_picture`."""
    return activity | {"attachments": [*activity["attachments"], *files]}


def make_file(person: Account, name: str) -> Json:
    """A file of a person's own OneDrive, whose address names them."""
    site = f"https://sample-my.sharepoint.com/personal/{person.upn.replace('@', '_').replace('.', '_')}"
    content = {"downloadUrl": f"{site}/_layouts/15/download.aspx?UniqueId=1&tempauth=eyJ0", "uniqueId": make_guid(name)}
    return {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "contentUrl": f"{site}/Documents/Microsoft Teams Chat Files/{name}",
        "name": name,
        "content": content | {"fileType": name.rpartition(".")[2]},
    }


def make_picture(scene: Scene) -> Json:
    """A picture pasted into a message: only the bot's own token opens its address."""
    return {"contentType": "image/*", "contentUrl": f"{scene.service_url}v3/attachments/0-eus-d1-abc/views/original"}


def make_change(scene: Scene, written: Written, event: str, text: str) -> Json:
    """A person's message was edited (`editMessage`), deleted (`softDeleteMessage`) or restored (`undeleteMessage`).

    The activity's id is the message's; a deletion brings no text.
    """
    kind = "messageDelete" if event == "softDeleteMessage" else "messageUpdate"
    activity = _head(scene, written.author, written.place, kind, written.id)
    activity["conversation"] = written.activity["conversation"]
    activity["channelData"]["eventType"] = event
    moment = scene.now + timedelta(microseconds=int(scene.world.next_id()) % 1_000_000)  # two changes, two moments
    activity["timestamp"] = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if kind == "messageDelete":
        return activity
    content = [{"contentType": "text/html", "content": f"<p>{text}</p>"}]
    kept = [one for one in written.activity["attachments"] if one["contentType"] != "text/html"]
    return activity | {"text": text, "textFormat": "plain", "attachments": [*content, *kept]}


def make_installation(scene: Scene, person: Account, place: Place, action: str) -> Json:
    """The app was installed (`add`) or removed (`remove`) in a conversation."""
    activity = _head(scene, person, place, "installationUpdate", f"f:{scene.world.next_id()}")
    activity["channelData"] |= {"settings": {"selectedChannel": {"id": place.id}}, "source": {"name": "message"}}
    del activity["from"]["name"]
    return activity | {"action": action}


def make_membership(scene: Scene, by: Account, place: Place, members: list[Account], *, bot: bool, added: bool) -> Json:
    """People, or the bot itself, came into a conversation or left it."""
    activity = _head(scene, by, place, "conversationUpdate", f"f:{scene.world.next_id()}")
    for key in ("localTimestamp", "localTimezone", "entities", "locale"):
        del activity[key]
    del activity["from"]["name"]
    people: list[Json] = [{"id": person.mri, "aadObjectId": person.aad_id} for person in members]
    people += [{"id": scene.world.bot_id}] if bot else []
    if place.kind == "channel":
        team = {"id": place.team, "name": place.name, "aadGroupId": make_guid(place.team)}
        event = "teamMemberAdded" if added else "teamMemberRemoved"
        activity["channelData"] = {"team": team, "eventType": event, "tenant": {"id": scene.world.tenant}}
    return activity | {"membersAdded" if added else "membersRemoved": people}


def make_reaction(scene: Scene, person: Account, place: Place, message_id: str) -> Json:
    """Somebody liked a message of the bot."""
    activity = _head(scene, person, place, "messageReaction", f"f:{scene.world.next_id()}")
    return activity | {"reactionsAdded": [{"type": "like"}], "replyToId": message_id}


def make_invoke(scene: Scene, person: Account, place: Place, name: str, value: Any, *, message_id: str = "") -> Json:
    """Something a person waits for: a pressed button or a dialog."""
    activity = _head(scene, person, place, "invoke", f"f:{scene.world.next_id()}")
    activity["channelData"]["source"] = {"name": "message"}
    if message_id:
        activity["channelData"]["legacy"] = {"replyToId": f"1:{message_id}"}
        activity["replyToId"] = message_id
    return activity | {"name": name, "value": value}
