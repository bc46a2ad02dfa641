"""What can be shown: messages and forms, independent of any platform.

Everything here is an immutable value. Text is never markup: each renderer escapes it. A renderer handles the closed
unions `Inline`, `Block` and `FormItem` with `match` and `assert_never`, so that a new kind fails type checking until
every platform draws it.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Discriminator, PlainSerializer, PlainValidator, TypeAdapter

from bot.actions import Action, decode, encode


def _decode(value: object) -> Action:
    return value if isinstance(value, Action) else decode(str(value))


Payload = Annotated[Action, PlainValidator(_decode), PlainSerializer(encode, return_type=str)]
"""An action inside a message; in JSON it is the text of `bot.actions.encode`."""


@dataclass(frozen=True, slots=True)
class Bold:
    """Emphasised text."""

    text: str
    kind: Literal["bold"] = "bold"


@dataclass(frozen=True, slots=True)
class Link:
    """A link with a label. `url` is https or mailto."""

    label: str
    url: str
    kind: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class Mention:
    """A member, named. Where the reader's platform knows the member it becomes a real mention, elsewhere the name."""

    member_id: int
    name: str
    kind: Literal["mention"] = "mention"


@dataclass(frozen=True, slots=True)
class When:
    """A moment (aware), shown in the reader's own zone and language."""

    at: datetime
    style: Literal["datetime", "date", "time"] = "datetime"
    kind: Literal["when"] = "when"


Inline = str | Bold | Link | Mention | When
"""A piece of a sentence."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A card's title: one line."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; line breaks inside are kept."""

    content: tuple[Inline, ...]
    kind: Literal["para"] = "para"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a person wrote, set apart from Musubi's own."""

    text: str
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value."""

    label: str
    value: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values, one a line."""

    rows: tuple[Fact, ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Chips:
    """Short labels side by side, such as topics or reasons."""

    labels: tuple[str, ...]
    kind: Literal["chips"] = "chips"


@dataclass(frozen=True, slots=True)
class Note:
    """A quieter line under the rest; `done` marks what has been settled (shown with a tick)."""

    content: tuple[Inline, ...]
    tone: Literal["quiet", "done"] = "quiet"
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image by https address; `alt` is what it shows, for those who can't see it."""

    url: str
    alt: str
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class File:
    """A small file for the reader to keep, such as a calendar entry. `name` ends as files of its kind do and is unique
    for its reader; `media_type` may have parameters; `label` says what it is for. `text` is what is in it, or, of a
    file that is `packed`, its bytes in base64. Only what goes through the outbox can carry one: an answer to a press
    draws it only where nothing has to be handed over first."""

    name: str
    media_type: str
    text: str
    label: str
    packed: bool = False
    kind: Literal["file"] = "file"

    @property
    def data(self) -> bytes:
        """The file itself."""
        return base64.b64decode(self.text) if self.packed else self.text.encode()


def pack_file(name: str, media_type: str, data: bytes, label: str) -> File:
    """A file that is no text, such as a PDF."""
    return File(name, media_type, base64.b64encode(data).decode(), label, packed=True)


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between parts."""

    kind: Literal["divider"] = "divider"


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `confirm`, where set, is asked before the press counts (a sentence; the platform adds yes and no)."""

    label: str
    action: Payload
    style: Literal["default", "primary", "danger"] = "default"
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row, the most likely first."""

    buttons: tuple[Button, ...]
    kind: Literal["buttons"] = "buttons"


Block = Heading | Para | Quote | Facts | Chips | Note | Picture | File | Divider | Buttons
"""A part of a message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message. `summary` is the notification, the mail's subject and the screen reader's text: required on
    purpose. `speaker` is whose words are passed on, ready to be shown, such as 「佐藤 美咲さん」; "" for Musubi itself.
    """

    summary: str
    blocks: tuple[Annotated[Block, Discriminator("kind")], ...]
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class TextInput:
    """A line or, with `multiline`, several lines of text; at most `max_length` characters."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    example: str = ""
    required: bool = True
    multiline: bool = False
    max_length: int = 150
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `value` comes back, `label` (≤ 75 characters) is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Select:
    """One of several; at most 100 options."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    hint: str = ""
    required: bool = True
    kind: Literal["select"] = "select"


@dataclass(frozen=True, slots=True)
class MultiSelect:
    """Several of many (a list with search where the platform has one); at most 100 options, `at_most` picked."""

    name: str
    label: str
    options: tuple[Option, ...]
    values: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False
    at_most: int = 5
    kind: Literal["multiselect"] = "multiselect"


@dataclass(frozen=True, slots=True)
class Checkboxes:
    """Boxes to tick, all in view; at most 10 options."""

    name: str
    label: str
    options: tuple[Option, ...]
    values: tuple[str, ...] = ()
    hint: str = ""
    required: bool = False
    kind: Literal["checkboxes"] = "checkboxes"


@dataclass(frozen=True, slots=True)
class DateInput:
    """A calendar day; comes back as ISO text, `2026-11-20`."""

    name: str
    label: str
    value: date | None = None
    hint: str = ""
    required: bool = True
    kind: Literal["date"] = "date"


Field = TextInput | Select | MultiSelect | Checkboxes | DateInput
"""A part of a form that is filled in."""

FormItem = Field | Heading | Para | Quote | Facts | Note | Divider
"""A part of a form."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form. `title` and `submit` have at most 24 characters (Slack); field names are unique; `action` comes back
    with the values when it is submitted."""

    title: str
    submit: str
    action: Payload
    items: tuple[FormItem, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The items that are filled in."""
        return tuple(item for item in self.items if isinstance(item, Field))


def _no_mentions() -> Mapping[int, str]:
    return {}


def _no_files() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a renderer draws. `mentions` maps member ids to the reader's platform's user ids, `files` the names of
    the message's files to the addresses at which this reader may fetch them, where Musubi has one."""

    locale: str
    zone: str
    mentions: Mapping[int, str] = field(default_factory=_no_mentions)
    files: Mapping[str, str] = field(default_factory=_no_files)


_messages: TypeAdapter[Message] = TypeAdapter(Message)


def dump_message(message: Message) -> str:
    """The message as JSON, for storage."""
    return _messages.dump_json(message).decode()


def load_message(text: str) -> Message:
    """The message that `dump_message` wrote. Raises ValueError if it can't be read."""
    return _messages.validate_json(text)


def list_files(message: Message) -> tuple[File, ...]:
    """The files of a message, in order."""
    return tuple(block for block in message.blocks if isinstance(block, File))


def list_inlines(message: Message) -> list[Inline]:
    """Every inline piece in a message, in order."""
    found: list[Inline] = []
    for block in message.blocks:
        match block:
            case Para(content=content) | Note(content=content):
                found += content
            case Facts(rows=rows):
                found += [piece for row in rows for piece in row.value]
            case _:
                continue
    return found
