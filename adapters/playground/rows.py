"""What the workspace keeps, row by row: what `store.Store` writes in its transactions."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from sqlite3 import Connection, Row
from typing import Any, Literal

from adapters.playground.database import next_change

Json = dict[str, Any]
Kind = Literal["text", "card", "mail"]

BOT = "musubi"
"""The bot as an author."""

FIRST_PAGE = 60
"""Messages of a conversation that are shown before somebody asks for earlier ones."""


class UnknownPlaceError(Exception):
    """There is no such person, conversation or message, or the person has no seat there."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a message stands."""

    conversation: str
    message: int


@dataclass(frozen=True, slots=True)
class Settler:
    """Somebody as the store needs them at the first start: `joined` unless they have yet to come."""

    person: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Post:
    """A message to be kept. `only_for` names the one person who sees it; `key` makes it arrive once; `begins` is the
    title of the thread that it begins."""

    conversation: str
    author: str
    kind: Kind
    body: Json
    key: str = ""
    only_for: str | None = None
    begins: str = ""


def direct(person: str) -> str:
    """The direct conversation of a person with the bot."""
    return f"dm:{person}"


def thread_of(root: int) -> str:
    """The thread under the message `root`, which is a conversation of its own here."""
    return f"thread:{root}"


def root_of(conversation: str) -> str:
    """The number of the message under which a thread stands; "" for what is no thread."""
    return conversation.partition(":")[2] if conversation.startswith("thread:") else ""


def mailbox(person: str) -> str:
    """Where a person's mails are kept."""
    return f"mail:{person}"


def group_of(users: Iterable[str]) -> str:
    """The group conversation of these people: the same people always meet in the same one."""
    return "group:" + hashlib.sha256("\n".join(sorted(set(users))).encode()).hexdigest()[:12]


def read_meta(connection: Connection, name: str, default: str) -> str:
    """What the file keeps under a name."""
    row: Row | None = connection.execute("select value from meta where name = ?", (name,)).fetchone()
    return row["value"] if row else default


def settle_one(connection: Connection, settler: Settler, now: datetime) -> None:
    """Gives somebody their conversations at the first start."""
    joined_at = now.isoformat() if settler.joined else None
    connection.execute("insert into residents (person, joined_at) values (?, ?)", (settler.person, joined_at))
    for conversation, kind in ((direct(settler.person), "dm"), (mailbox(settler.person), "mail")):
        open_conversation(connection, conversation, kind, "", now)
        connection.execute("insert into seats (conversation, person) values (?, ?)", (conversation, settler.person))
    if settler.joined:
        connection.execute(
            "insert into seats (conversation, person) select id, ? from conversations where kind = 'channel'",
            (settler.person,),
        )


def open_conversation(connection: Connection, conversation: str, kind: str, title: str, now: datetime) -> bool:
    """Opens a conversation; False if it is open."""
    opened = connection.execute(
        "insert or ignore into conversations values (?, ?, ?, ?)", (conversation, kind, title, now.isoformat())
    )
    return opened.rowcount == 1


def has_joined(connection: Connection, person: str) -> bool:
    """Whether the person is in the workspace."""
    row = connection.execute("select 1 from residents where person = ? and joined_at is not null", (person,))
    return row.fetchone() is not None


def find_delivery(connection: Connection, key: str) -> Placed | None:
    """Where the message with this key stands, if it arrived."""
    row = connection.execute(
        "select conversation, id from deliveries join messages on id = message where key = ?", (key,)
    ).fetchone()
    return Placed(row["conversation"], row["id"]) if row else None


def post_message(connection: Connection, post: Post, now: datetime) -> Placed:
    """Keeps a message, once for each key, and opens the thread that it begins. Raises UnknownPlaceError."""
    sent = find_delivery(connection, post.key) if post.key else None
    if sent is not None:
        return sent
    if not connection.execute("select 1 from conversations where id = ?", (post.conversation,)).fetchone():
        raise UnknownPlaceError(post.conversation)
    row = connection.execute(
        "insert into messages (conversation, author, kind, body, sent_at, only_for, changed)"
        " values (?, ?, ?, ?, ?, ?, ?) returning id",
        (
            post.conversation,
            post.author,
            post.kind,
            json.dumps(post.body, ensure_ascii=False),
            now.astimezone(UTC).isoformat(),
            post.only_for,
            next_change(connection),
        ),
    ).fetchone()
    if post.key:
        connection.execute("insert into deliveries values (?, ?)", (post.key, row["id"]))
    if post.begins:
        _open_thread(connection, post, row["id"], now)
    return Placed(post.conversation, row["id"])


def queue_event(connection: Connection, key: str, event: Json, now: datetime) -> None:
    """Queues an event for the bot, once for each key."""
    text = json.dumps(event, ensure_ascii=False)
    connection.execute(
        "insert or ignore into queue (key, event, queued_at) values (?, ?, ?)", (key, text, now.isoformat())
    )


def _open_thread(connection: Connection, post: Post, root: int, now: datetime) -> None:
    """The thread under a message, for whoever has the conversation in which that stands."""
    thread = thread_of(root)
    open_conversation(connection, thread, "thread", post.begins, now)
    connection.execute(
        "insert into seats (conversation, person) select ?, person from seats where conversation = ?",
        (thread, post.conversation),
    )
