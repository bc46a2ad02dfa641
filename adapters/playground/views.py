"""What a page asks the store: one person's view of the workspace, whole or since the last look."""

import json
from sqlite3 import Connection, Row
from typing import Any

from adapters.playground.database import read_change
from adapters.playground.store import FIRST_PAGE, Store, UnknownPlaceError

Json = dict[str, Any]

_CONVERSATIONS = """
select c.id, c.kind, c.title, s.read_up_to,
    (select group_concat(person, ' ') from seats o where o.conversation = c.id and c.kind = 'group') as people,
    (select count(*) from visible v where v.person = s.person and v.conversation = c.id and v.id > s.read_up_to
        and v.author <> s.person) as unread,
    (select max(id) from visible v where v.person = s.person and v.conversation = c.id) as latest
from seats s join conversations c on c.id = s.conversation where s.person = :person order by c.created_at, c.id
"""

_MESSAGES = """
select * from (
    select *, row_number() over (partition by conversation order by id desc) as place
    from visible where person = :person and changed > :since
) where :since > 0 or place <= :page order by id
"""

_EARLIER = """
select * from visible where person = :person and conversation = :conversation and id < :before
order by id desc limit :page
"""

_ARRIVED = """
select person, count(*) as arrived, sum(id > read_up_to) as unread from visible where author <> person group by person
"""


def read_view(store: Store, person: str, since: int) -> Json:
    """What the person sees: all conversations, and the messages changed after change number `since`.

    With `since` 0 the last messages of every conversation. Raises UnknownPlaceError for a stranger.
    """
    with store.database.read() as connection:
        resident = connection.execute("select * from residents where person = ?", (person,)).fetchone()
        if resident is None:
            raise UnknownPlaceError(person)
        asked = {"person": person, "since": since, "page": FIRST_PAGE}
        return {
            "person": person,
            "seq": read_change(connection),
            "joined": resident["joined_at"] is not None,
            "conversations": [_conversation(row) for row in connection.execute(_CONVERSATIONS, asked)],
            "messages": [_message(row) for row in connection.execute(_MESSAGES, asked)],
            "home": json.loads(resident["home"]) if resident["home"] and resident["home_changed"] > since else None,
        }


def read_earlier(store: Store, person: str, conversation: str, before: int) -> list[Json]:
    """The messages before message `before`, the oldest first; empty when there are none the person may see."""
    asked = {"person": person, "conversation": conversation, "before": before, "page": FIRST_PAGE}
    with store.database.read() as connection:
        return [_message(row) for row in reversed(connection.execute(_EARLIER, asked).fetchall())]


def read_everybody(store: Store) -> Json:
    """Who is in, in which language, how many messages have reached each and how many wait; with the number of the
    last change.
    """
    with store.database.read() as connection:
        return {"seq": read_change(connection), "people": _list_people(connection)}


def _list_people(connection: Connection) -> dict[str, Json]:
    arrived = {row["person"]: (row["arrived"], row["unread"]) for row in connection.execute(_ARRIVED)}
    return {
        row["person"]: {
            "joined": row["joined_at"] is not None,
            "language": row["language"],
            "arrived": arrived.get(row["person"], (0, 0))[0],
            "unread": arrived.get(row["person"], (0, 0))[1],
        }
        for row in connection.execute("select person, joined_at, language from residents")
    }


def _conversation(row: Row) -> Json:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "title": row["title"],
        "people": row["people"].split(" ") if row["people"] else [],
        "unread": row["unread"],
        "read_up_to": row["read_up_to"],
        "latest": row["latest"] or 0,
    }


def _message(row: Row) -> Json:
    return {
        "id": row["id"],
        "conversation": row["conversation"],
        "author": row["author"],
        "kind": row["kind"],
        "body": json.loads(row["body"]),
        "at": row["sent_at"],
        "private": row["only_for"] is not None,
        "edited": row["edited_at"] is not None,
        "changed": row["changed"],
    }
