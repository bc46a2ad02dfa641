"""What the workspace remembers: who joined, who wrote what, what was read, what the clock says.

Synchronous; `keeper.Keeper` calls it in its own thread. Sending is idempotent by the delivery's key. Moments go in and
out aware; they are kept as ISO text in UTC.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from adapters.playground.database import Database, next_change, read_change
from adapters.playground.rows import (
    BOT,
    FIRST_PAGE,
    Json,
    Kind,
    Placed,
    Post,
    Settler,
    UnknownPlaceError,
    direct,
    find_delivery,
    group_of,
    has_joined,
    mailbox,
    open_conversation,
    post_message,
    queue_event,
    read_meta,
    root_of,
    settle_one,
    thread_of,
)

__all__ = [
    "BOT",
    "FIRST_PAGE",
    "Kind",
    "Placed",
    "Post",
    "Settler",
    "Store",
    "UnknownPlaceError",
    "direct",
    "group_of",
    "mailbox",
    "root_of",
    "thread_of",
]


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
            return date.fromisoformat(read_meta(connection, "begun_on", ""))

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
            if read_meta(connection, "settled", ""):
                return False
            connection.execute("insert into meta values ('settled', ?)", (now.isoformat(),))
            for channel, title in channels:
                open_conversation(connection, channel, "channel", title, now)
            for settler in settlers:
                settle_one(connection, settler, now)
            for post, at in posts:
                placed = post_message(connection, post, at)
                connection.execute(
                    "update seats set read_up_to = ? where conversation = ?", (placed.message, placed.conversation)
                )
            next_change(connection)
            return True

    def offset(self) -> timedelta:
        """How far the clock has been moved."""
        with self._database.read() as connection:
            return timedelta(seconds=float(read_meta(connection, "offset", "0")))

    def move_clock(self, by: timedelta, key: str) -> timedelta:
        """Moves the clock once per `key`; the new offset."""
        with self._database.write() as connection:
            offset = timedelta(seconds=float(read_meta(connection, "offset", "0")))
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
            queue_event(connection, key, event, now)
            next_change(connection)
            return True

    def has_joined(self, person: str) -> bool:
        """Whether the person is in the workspace."""
        with self._database.read() as connection:
            return has_joined(connection, person)

    def list_joined(self) -> dict[str, str]:
        """Everybody who is in, with the language they chose ("" if they never did)."""
        with self._database.read() as connection:
            rows = connection.execute("select person, language from residents where joined_at is not null")
            return {row["person"]: row["language"] for row in rows}

    def set_language(self, person: str, language: str, event: Json, key: str, now: datetime) -> None:
        """Keeps a person's language and queues the event that tells of it."""
        with self._database.write() as connection:
            connection.execute("update residents set language = ? where person = ?", (language, person))
            queue_event(connection, key, event, now)
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
            return post_message(connection, post, now)

    def post_and_queue(self, post: Post, event: Json, now: datetime) -> Json:
        """Keeps what a person wrote together with the event that tells the bot of it, so that neither gets lost. Gives
        the event, which then knows the message."""
        with self._database.write() as connection:
            event = event | {"message": str(post_message(connection, post, now).message)}
            queue_event(connection, post.key, event, now)
            return event

    def change_own(self, person: str, message: int, body: Json, event: Json, key: str, now: datetime) -> bool:
        """Changes what a person wrote, together with the event that tells the bot of it. False if nothing changes.

        Raises UnknownPlaceError for what the person has not written.
        """
        with self._database.write() as connection:
            row = connection.execute(
                "select body from messages where id = ? and author = ? and kind = 'text'", (message, person)
            ).fetchone()
            if row is None:
                raise UnknownPlaceError(f"message {message}")
            if json.loads(row["body"]) == body:
                return False
            text = json.dumps(body, ensure_ascii=False)
            values = (text, now.isoformat(), next_change(connection), message)
            connection.execute("update messages set body = ?, edited_at = ?, changed = ? where id = ?", values)
            queue_event(connection, key, event, now)
            return True

    def replace(self, message: int, body: Json, now: datetime, key: str = "") -> Placed:
        """Puts another body in a message's place, once per `key`. Raises UnknownPlaceError."""
        with self._database.write() as connection:
            sent = find_delivery(connection, key)
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
            return find_delivery(connection, key)

    def open_group(self, users: Iterable[str], now: datetime) -> str:
        """The group conversation of these people, opened if need be. Raises UnknownPlaceError for who is not in."""
        everybody = sorted(set(users))
        with self._database.write() as connection:
            for person in everybody:
                if not has_joined(connection, person):
                    raise UnknownPlaceError(person)
            group = group_of(everybody)
            if open_conversation(connection, group, "group", "", now):
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
