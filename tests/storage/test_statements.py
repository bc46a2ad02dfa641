"""Statements that differ between the databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from storage.models import Reminder, Seen
from storage.statements import insert_ignore, insert_or_update, run, table_of, write_out
from storage.uow import Store
from tests.support.rows import list_rows
from tests.support.world import START


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def row(key: str) -> dict[str, object]:
    return {"key": key, "at": START}


@pytest.mark.parametrize("count", [0, 1, 2, 5000])
def test_free_keys_are_inserted_and_counted(store: Store, count: int) -> None:
    with store.begin() as db:
        assert insert_ignore(db.session, Seen, [row(str(number)) for number in range(count)]) == count
    assert len(list_rows(store, Seen)) == count


@pytest.mark.parametrize("keys", [["a"], ["a", "b", "c"], ["c", "c"]])
def test_taken_keys_are_left_alone_and_not_counted(store: Store, keys: list[str]) -> None:
    with store.begin() as db:
        insert_ignore(db.session, Seen, [{"key": "a", "at": START - timedelta(days=1)}])
        assert insert_ignore(db.session, Seen, [row(key) for key in keys]) == len({*keys} - {"a"})
    assert list_rows(store, Seen)[0].at == START - timedelta(days=1)


def test_inserting_is_compiled_once_for_any_number_of_rows(store: Store) -> None:
    seen: set[str] = set()

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.add(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    for count in (1, 2, 10):
        with store.begin() as db:
            insert_ignore(db.session, Seen, [row(f"{count}-{number}") for number in range(count)])
    assert len(seen) == 1


def test_what_is_there_is_updated_and_what_is_not_is_made(store: Store) -> None:
    def rows(day: int) -> list[dict[str, object]]:
        fresh: dict[str, object] = {"kind": "k", "step": 0, "state": "pending", "attempts": 0, "error_id": ""}
        return [fresh | {"subject_id": subject, "due_at": START + timedelta(days=day)} for subject in range(day)]

    for day in (1, 3):
        with store.begin() as db:
            insert_or_update(db.session, Reminder, rows(day), ("kind", "subject_id", "step"), ("due_at",))
    assert [reminder.due_at for reminder in list_rows(store, Reminder)] == [START + timedelta(days=3)] * 3


def test_a_model_has_one_table() -> None:
    assert table_of(Seen) is table_of(Seen)
    assert table_of(Seen).name == "seen"


@pytest.mark.parametrize("word", ["open", "it's", "", "a?b :c %s", "電池"])
def test_a_constant_stands_in_the_statement_as_it_is(store: Store, word: str) -> None:
    with store.begin() as db:
        insert_ignore(db.session, Seen, [row(word), row("another")])
        found = run(db.session, select(col(Seen.key)).where(col(Seen.key) == write_out(word))).scalars().all()
    assert found == [word]
