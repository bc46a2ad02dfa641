"""What the workspace remembers: who joined, who wrote what, what was read, what the clock says.

Synchronous; `keeper.Keeper` calls it in its own thread. Sending is idempotent by the delivery's key. Moments go in and
out aware; they are kept as ISO text in UTC.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Any, Literal

from adapters.playground.database import Database, next_change, read_change

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
    """A message to be kept. `only_for` names the one person who sees it; `key` makes it arrive once."""

    conversation: str
    author: str
    kind: Kind
    body: Json
    key: str = ""
    only_for: str | None = None


def direct(person: str) -> str:
    """The direct conversation of a person with the bot."""
    return f"dm:{person}"


def mailbox(person: str) -> str:
    """Where a person's mails are kept."""
    return f"mail:{person}"


def group_of(users: Iterable[str]) -> str:
    """The group conversation of these people: the same people always meet in the same one."""
    return "group:" + hashlib.sha256("\n".join(sorted(set(users))).encode()).hexdigest()[:12]


class Store:
    """The workspace's memory."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    # The workspace's beginning and its clock

    def begin(self, today: date) -> date:
        """The day on which the workspace was first opened; `today` if that is now."""
        with self._database.write() as connection:
            connection.execute("insert or ignore into meta values ('begun_on', ?)", (today.isoformat(),))
            return date.fromisoformat(_meta(connection, "begun_on", ""))

    def settle(
        self,
        settlers: Iterable[Settler],
        channels: Iterable[tuple[str, str]],
        posts: Iterable[tuple[Post, datetime]],
        now: datetime,
    ) -> bool:
        """Gives everybody their conversations at the first start, with `posts` that everybody has read.

        False if that has happened already.
        """
        with self._database.write() as connection:
            if _meta(connection, "settled", ""):
                return False
            connection.execute("insert into meta values ('settled', ?)", (now.isoformat(),))
            for channel, title in channels:
                _open(connection, channel, "channel", title, now)
            for settler in settlers:
                _settle_one(connection, settler, now)
            for post, at in posts:
                placed = _post(connection, post, at)
                connection.execute(
                    "update seats set read_up_to = ? where conversation = ?", (placed.message, placed.conversation)
                )
            next_change(connection)
            return True

    def offset(self) -> timedelta:
        """How far the clock has been moved."""
        with self._database.read() as connection:
            return timedelta(seconds=float(_meta(connection, "offset", "0")))

    def move_clock(self, by: timedelta, key: str) -> timedelta:
        """Moves the clock once per `key`; the new offset."""
        with self._database.write() as connection:
            offset = timedelta(seconds=float(_meta(connection, "offset", "0")))
            if connection.execute("select 1 from acts where key = ?", (key,)).fetchone():
                return offset
            connection.execute("insert into acts values (?, '{}')", (key,))
            moved = offset + by
            connection.execute("insert or replace into meta values ('offset', ?)", (str(moved.total_seconds()),))
            next_change(connection)
            return moved

    # People

    def join(self, person: str, event: Json, key: str, now: datetime) -> bool:
        """Lets a person in and queues the event that tells of it. False if they are in already."""
        with self._database.write() as connection:
            joined = connection.execute(
                "update residents set joined_at = ? where person = ? and joined_at is null", (now.isoformat(), person)
            )
            if joined.rowcount != 1:
                return False
            connection.execute(
                "insert into seats (conversation, person, read_up_to) select id, ?,"
                " (select coalesce(max(id), 0) from messages where conversation = conversations.id)"
                " from conversations where kind = 'channel'",
                (person,),
            )
            _queue(connection, key, event, now)
            next_change(connection)
            return True

    def has_joined(self, person: str) -> bool:
        """Whether the person is in the workspace."""
        with self._database.read() as connection:
            return _has_joined(connection, person)

    def list_joined(self) -> dict[str, str]:
        """Everybody who is in, with the language they chose ("" if they never did)."""
        with self._database.read() as connection:
            rows = connection.execute("select person, language from residents where joined_at is not null")
            return {row["person"]: row["language"] for row in rows}

    def set_language(self, person: str, language: str, event: Json, key: str, now: datetime) -> None:
        """Keeps a person's language and queues the event that tells of it."""
        with self._database.write() as connection:
            connection.execute("update residents set language = ? where person = ?", (language, person))
            _queue(connection, key, event, now)
            next_change(connection)

    def language(self, person: str) -> str:
        """The language a person chose here, "" if they never did."""
        with self._database.read() as connection:
            row = connection.execute("select language from residents where person = ?", (person,)).fetchone()
            return row["language"] if row else ""

    # Writing

    def post(self, post: Post, now: datetime) -> Placed:
        """Keeps a message. The same key again changes nothing and gives the first one's place.

        Raises UnknownPlaceError when there is no such conversation.
        """
        with self._database.write() as connection:
            return _post(connection, post, now)

    def post_and_queue(self, post: Post, event: Json, now: datetime) -> Placed:
        """Keeps what a person wrote together with the event that tells the bot of it, so that neither gets lost."""
        with self._database.write() as connection:
            placed = _post(connection, post, now)
            _queue(connection, post.key, event, now)
            return placed

    def replace(self, message: int, body: Json, now: datetime, key: str = "") -> Placed:
        """Puts another body in a message's place, once per `key`. Raises UnknownPlaceError."""
        with self._database.write() as connection:
            sent = _find_delivery(connection, key)
            if sent is not None:
                return sent
            changed = connection.execute(
                "update messages set body = ?, edited_at = ?, changed = ? where id = ? returning conversation",
                (json.dumps(body, ensure_ascii=False), now.isoformat(), next_change(connection), message),
            ).fetchone()
            if changed is None:
                raise UnknownPlaceError(f"message {message}")
            if key:
                connection.execute("insert into deliveries values (?, ?)", (key, message))
            return Placed(changed["conversation"], message)

    def find_delivery(self, key: str) -> Placed | None:
        """Where the message with this key stands, if it arrived."""
        with self._database.read() as connection:
            return _find_delivery(connection, key)

    def open_group(self, users: Iterable[str], now: datetime) -> str:
        """The group conversation of these people, opened if need be. Raises UnknownPlaceError for who is not in."""
        everybody = sorted(set(users))
        with self._database.write() as connection:
            for person in everybody:
                if not _has_joined(connection, person):
                    raise UnknownPlaceError(person)
            group = group_of(everybody)
            if _open(connection, group, "group", "", now):
                connection.executemany(
                    "insert into seats (conversation, person) values (?, ?)", [(group, person) for person in everybody]
                )
                next_change(connection)
            return group

    def set_home(self, person: str, body: Json) -> None:
        """Publishes a person's home page."""
        with self._database.write() as connection:
            changed = next_change(connection)
            text = json.dumps(body, ensure_ascii=False)
            connection.execute(
                "update residents set home = ?, home_changed = ? where person = ?", (text, changed, person)
            )

    def mark_read(self, person: str, conversation: str, message: int) -> None:
        """Notes how far a person has read; never backwards."""
        with self._database.write() as connection:
            moved = connection.execute(
                "update seats set read_up_to = ? where conversation = ? and person = ? and read_up_to < ?",
                (message, conversation, person, message),
            )
            if moved.rowcount:
                next_change(connection)

    # Acts that may be sent again, and events that must reach the bot

    def find_answer(self, key: str) -> Json | None:
        """What an act with this key was answered, if it was."""
        with self._database.read() as connection:
            row = connection.execute("select answer from acts where key = ?", (key,)).fetchone()
            return json.loads(row["answer"]) if row else None

    def keep_answer(self, key: str, answer: Json) -> None:
        """Remembers the answer for the case that the page asks again."""
        with self._database.write() as connection:
            connection.execute("insert or ignore into acts values (?, ?)", (key, json.dumps(answer)))

    def list_queued(self) -> list[tuple[str, Json]]:
        """Events that the bot has not taken yet, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute("select key, event from queue order by id")
            return [(row["key"], json.loads(row["event"])) for row in rows]

    def unqueue(self, key: str) -> None:
        """The bot has taken the event."""
        with self._database.write() as connection:
            connection.execute("delete from queue where key = ?", (key,))

    # Where somebody may act

    def kind_for(self, person: str, conversation: str) -> str:
        """What kind of conversation that is. Raises UnknownPlaceError when the person has no seat there."""
        with self._database.read() as connection:
            row = connection.execute(
                "select kind from conversations join seats on conversation = id where id = ? and person = ?",
                (conversation, person),
            ).fetchone()
            if row is None:
                raise UnknownPlaceError(conversation)
            return row["kind"]

    def check_sees(self, person: str, message: int) -> Placed:
        """Where that message stands. Raises UnknownPlaceError when the person can't see it."""
        with self._database.read() as connection:
            row = connection.execute(
                "select conversation from visible where id = ? and person = ?", (message, person)
            ).fetchone()
            if row is None:
                raise UnknownPlaceError(f"message {message}")
            return Placed(row["conversation"], message)

    def read_body(self, person: str, message: int) -> Json:
        """A message's body as the person sees it. Raises UnknownPlaceError."""
        self.check_sees(person, message)
        with self._database.read() as connection:
            return json.loads(connection.execute("select body from messages where id = ?", (message,)).fetchone()[0])

    def message_change(self) -> int:
        """The number of the last change that somebody sees: a message that is new or different."""
        with self._database.read() as connection:
            return connection.execute("select coalesce(max(changed), 0) from messages").fetchone()[0]

    def change(self) -> int:
        """The number of the last change."""
        with self._database.read() as connection:
            return read_change(connection)

    @property
    def database(self) -> Database:
        """The file, for `views`."""
        return self._database


def _meta(connection: Connection, name: str, default: str) -> str:
    row: Row | None = connection.execute("select value from meta where name = ?", (name,)).fetchone()
    return row["value"] if row else default


def _settle_one(connection: Connection, settler: Settler, now: datetime) -> None:
    joined_at = now.isoformat() if settler.joined else None
    connection.execute("insert into residents (person, joined_at) values (?, ?)", (settler.person, joined_at))
    for conversation, kind in ((direct(settler.person), "dm"), (mailbox(settler.person), "mail")):
        _open(connection, conversation, kind, "", now)
        connection.execute("insert into seats (conversation, person) values (?, ?)", (conversation, settler.person))
    if settler.joined:
        connection.execute(
            "insert into seats (conversation, person) select id, ? from conversations where kind = 'channel'",
            (settler.person,),
        )


def _open(connection: Connection, conversation: str, kind: str, title: str, now: datetime) -> bool:
    opened = connection.execute(
        "insert or ignore into conversations values (?, ?, ?, ?)", (conversation, kind, title, now.isoformat())
    )
    return opened.rowcount == 1


def _has_joined(connection: Connection, person: str) -> bool:
    row = connection.execute("select 1 from residents where person = ? and joined_at is not null", (person,))
    return row.fetchone() is not None


def _find_delivery(connection: Connection, key: str) -> Placed | None:
    row = connection.execute(
        "select conversation, id from deliveries join messages on id = message where key = ?", (key,)
    ).fetchone()
    return Placed(row["conversation"], row["id"]) if row else None


def _post(connection: Connection, post: Post, now: datetime) -> Placed:
    sent = _find_delivery(connection, post.key) if post.key else None
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
    return Placed(post.conversation, row["id"])


def _queue(connection: Connection, key: str, event: Json, now: datetime) -> None:
    text = json.dumps(event, ensure_ascii=False)
    connection.execute(
        "insert or ignore into queue (key, event, queued_at) values (?, ?, ?)", (key, text, now.isoformat())
    )
