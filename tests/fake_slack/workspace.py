"""The state of one Slack workspace: people, conversations, messages, views, triggers."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from tests.fake_slack import limits
from tests.fake_slack.problems import ApiError, Json

ChannelKind = Literal["im", "mpim", "channel", "group"]


def _no_json() -> list[Json]:
    return []


@dataclass
class User:
    """An account, with the flags by which members, guests, strangers and bots are told apart."""

    id: str
    real_name: str
    team: str
    email: str = ""
    email_confirmed: bool = True
    locale: str = "ja-JP"
    tz: str = "Asia/Tokyo"
    title: str = ""
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False


@dataclass
class Channel:
    """A conversation. `im` is a DM with the bot, `mpim` one with several people, `group` a private channel."""

    id: str
    kind: ChannelKind
    name: str
    members: list[str]
    archived: bool = False


@dataclass
class Message:
    """A message as it stands now; `versions` are its earlier texts and blocks.

    A `tombstone` stands where a message with replies was deleted; `edited_at` is when a person changed it, "" if never.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=_no_json)
    metadata: Json | None = None
    thread_ts: str = ""
    ephemeral_to: str = ""
    deleted: bool = False
    versions: list[Json] = field(default_factory=_no_json)
    files: list[Json] = field(default_factory=_no_json)
    attachments: list[Json] = field(default_factory=_no_json)
    edited_at: str = ""
    tombstone: bool = False


@dataclass
class View:
    """A modal or home page that somebody sees. `state` is what is entered, by block id and action id."""

    id: str
    user: str
    payload: Json
    hash: str
    root: str = ""
    previous: str = ""
    open: bool = True
    state: dict[str, dict[str, Json]] = field(default_factory=dict[str, dict[str, Json]])


@dataclass
class Trigger:
    """What a click or command gives the app: the right to open one view, for three seconds."""

    id: str
    user: str
    made_at: float
    used: bool = False
    view: str = ""


@dataclass
class ResponseUrl:
    """Where an interaction may be answered: five times within 30 minutes."""

    id: str
    user: str
    channel: str
    message: Message | None
    made_at: float
    uses: int = 0


class Workspace:
    """Everything that Slack's servers know. `now` gives the present moment, aware."""

    def __init__(self, now: Callable[[], datetime], team: str = "T0MUSUBI") -> None:
        self._now = now
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self.team = team
        self.app_id = "A0MUSUBI"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.bot = self.add_user("Musubi", is_bot=True, locale="en-US")
        self.bot_id = self.new_id("B")

    def time(self) -> float:
        """The present moment in seconds since 1970."""
        return self._now().astimezone(UTC).timestamp()

    def new_id(self, prefix: str) -> str:
        """An id as Slack writes them."""
        return f"{prefix}0{next(self._numbers):08d}"

    def new_ts(self) -> str:
        """A message's timestamp: later than every one before, also when the clock stands still."""
        self._last_ts = max(self._last_ts + 1, int(self.time() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_user(self, real_name: str, **more: Any) -> User:
        """A new account."""
        user = User(self.new_id("U"), real_name, more.pop("team", self.team), **more)
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, *members: str, kind: ChannelKind = "channel") -> Channel:
        """A new channel or private channel with these members."""
        channel = Channel(self.new_id("G" if kind == "group" else "C"), kind, name, list(members))
        self.channels[channel.id] = channel
        return channel

    def get_user(self, user_id: str, code: str = "user_not_found") -> User:
        """The account. Raises ApiError with `code`."""
        if user_id not in self.users:
            raise ApiError(code)
        return self.users[user_id]

    def open_direct(self, user: User) -> tuple[Channel, bool]:
        """The DM between the bot and a person, and whether it was there before. Raises ApiError for other bots."""
        if user.is_bot:
            raise ApiError("cannot_dm_bot")
        return self._open("im", [user.id], "D")

    def open_several(self, users: list[User]) -> tuple[Channel, bool]:
        """The group conversation of the bot with these people, and whether it was there before."""
        return self._open("mpim", sorted(user.id for user in users), "G")

    def _open(self, kind: ChannelKind, people: list[str], prefix: str) -> tuple[Channel, bool]:
        members = [*people, self.bot.id]
        for channel in self.channels.values():
            if channel.kind == kind and sorted(channel.members) == sorted(members):
                return channel, True
        name = "directmessage" if kind == "im" else f"mpdm-{'--'.join(people)}-1".lower()
        channel = Channel(self.new_id(prefix), kind, name, members)
        self.channels[channel.id] = channel
        return channel, False

    def find_message(self, channel: str, ts: str) -> Message | None:
        """The message everybody sees under this timestamp, or None."""
        for message in reversed(self.messages):
            if message.channel == channel and message.ts == ts and not message.deleted and not message.ephemeral_to:
                return message
        return None

    def list_replies(self, parent: Message) -> list[Message]:
        """The replies in a message's thread, oldest first."""
        return [
            message
            for message in self.messages
            if message.thread_ts == parent.ts and message.channel == parent.channel and not message.deleted
        ]

    def list_seen_by(self, user_id: str) -> Iterator[Message]:
        """What a person can see now, newest first: their conversations, and what is for their eyes only."""
        for message in reversed(self.messages):
            mine = message.ephemeral_to in ("", user_id)
            if mine and not message.deleted and user_id in self.channels[message.channel].members:
                yield message

    def new_trigger(self, user_id: str, view: str = "") -> Trigger:
        """A trigger for one person's click; `view` is the modal in which it happened."""
        trigger = Trigger(f"{next(self._numbers)}.{self.team}.{user_id}", user_id, self.time(), view=view)
        self.triggers[trigger.id] = trigger
        return trigger

    def use_trigger(self, trigger_id: Any) -> Trigger:
        """Takes the trigger. Raises ApiError when it is unknown, older than three seconds, or was used before."""
        trigger = self.triggers.get(str(trigger_id))
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self.time() - trigger.made_at > limits.TRIGGER_SECONDS:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(self, user_id: str, channel: str, message: Message | None) -> ResponseUrl:
        """Where an interaction in this conversation may be answered."""
        made = ResponseUrl(self.new_id("R"), user_id, channel, message, self.time())
        self.response_urls[made.id] = made
        return made
