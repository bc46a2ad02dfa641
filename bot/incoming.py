"""What can happen: everything that arrives from a platform, in neutral words.

A company's *event* is something people go to; what arrives from a platform is *incoming*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """Where something happened: between one person and the bot, in a group conversation, or in a channel."""

    PERSONAL = "personal"
    GROUP = "group"
    CHANNEL = "channel"


class AccountKind(StrEnum):
    """What the platform says about an account."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    """From another organisation, through a shared channel (Slack Connect, Teams shared channel)."""
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who caused it, where.

    `key` is the platform's own duplicate key (Slack `event_id` or `trigger_id`, Teams activity id), "" for none.
    `address` is what the adapter needs to write to this *person* again, opaque to all others, "" if not known from
    this. `conversation` is where it happened, `message` the message whose button was pressed, or which was written,
    edited or deleted; in the platform's words.
    `locale` is what the platform says with it ("" if nothing).
    """

    platform: str
    tenant: str
    user: str
    key: str = ""
    scope: Scope = Scope.PERSONAL
    conversation: str = ""
    message: str = ""
    address: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the platform knows of a person. `zone` is an IANA name or ""; `email` only counts when `email_verified`."""

    name: str
    email: str = ""
    email_verified: bool = False
    locale: str = ""
    zone: str = ""
    title: str = ""
    kind: AccountKind = AccountKind.MEMBER
    deactivated: bool = False


FormValue = str | tuple[str, ...]


def _no_values() -> Mapping[str, FormValue]:
    return {}


@dataclass(frozen=True, slots=True)
class FormValues:
    """What was entered: text and dates as strings, several choices as tuples. Missing fields read as empty."""

    raw: Mapping[str, FormValue] = field(default_factory=_no_values)

    def text(self, name: str) -> str:
        """One value, stripped of surrounding white space."""
        value = self.raw.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def several(self, name: str) -> tuple[str, ...]:
        """Several values, in the order given."""
        value = self.raw.get(name, ())
        return value if isinstance(value, tuple) else ((value,) if value else ())


@dataclass(frozen=True, slots=True)
class Command:
    """`/name text`. The core also makes it of a message that begins with one of a command's words."""

    origin: Origin
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button was pressed; `payload` is the encoded action."""

    origin: Origin
    payload: str


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """A form was sent off; `payload` is the form's encoded action."""

    origin: Origin
    payload: str
    values: FormValues


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file that came with a message. `url` is where the platform keeps it ("" if it doesn't say), `size` is in
    bytes, 0 if unknown."""

    name: str
    media_type: str = ""
    url: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A person wrote to the bot, in its direct conversation or naming it (the mention already taken out).

    `text` is plain: mentions are names, a link with a label is `label (address)`. `thread` is the platform's id of the
    message of ours whose thread this stands in, or which it answers; by mail the key of the thread
    (`bot.ports.Thread`), as the signed reply address has it; "" outside any thread.
    """

    origin: Origin
    text: str
    thread: str = ""
    files: tuple[SharedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A person changed a message that they wrote to the bot: `origin.message`. `text` is the new text, as plain."""

    origin: Origin
    text: str


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A person deleted a message that they wrote to the bot: `origin.message`."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """A person joined the workspace or team, or installed the bot. `profile` where whoever tells of it knows it: then
    the platform isn't asked."""

    origin: Origin
    profile: Profile | None = None


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """A person left, was deactivated, or removed the bot: nothing can be sent to this account any more."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """The platform tells of a changed profile. Of somebody whom we never met it says nothing to us: who joined is to be
    welcomed, and a change of the picture must not stand in the way of that. With `introduces`, people are met without a
    word: HR has said that those who were there before Musubi are not written to."""

    origin: Origin
    profile: Profile
    introduces: bool = False


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """A person opened the bot's home page on a platform that has one."""

    origin: Origin


Incoming = (
    Command
    | ButtonPressed
    | FormSubmitted
    | MessageReceived
    | MessageEdited
    | MessageDeleted
    | MemberJoined
    | MemberLeft
    | ProfileChanged
    | HomeOpened
)
"""Everything that can arrive."""

Interaction = Command | ButtonPressed | FormSubmitted
"""What a person waits for: never sent again by the platform, so a failure is told to the person."""
