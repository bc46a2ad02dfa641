"""Statements that differ between the databases, in one place."""

from collections.abc import Collection
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Insert, Table, inspect, literal_column, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped
from sqlmodel import Session, SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for set statements."""
    return cast(Table, inspect(model).local_table)


def insert_ignore(session: Session, model: type[SQLModel], rows: list[dict[str, Any]]) -> int:
    """Inserts the rows whose unique keys are free, in one statement; returns how many were. All rows have the same
    columns.
    """
    if not rows:
        return 0
    statement = _make_insert_ignore(session.get_bind().dialect.name, table_of(model))
    return run(session, statement, rows if len(rows) > 1 else rows[0]).rowcount


@cache
def _make_insert_ignore(dialect: str, table: Table) -> Insert:
    """Built once for each table. The rows are parameters and not part of it, so that it is compiled once too."""
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def insert_or_update(
    session: Session, model: type[SQLModel], rows: list[dict[str, Any]], keys: tuple[str, ...], changed: tuple[str, ...]
) -> None:
    """Inserts the rows; where the unique `keys` are taken, sets the columns in `changed` of what is there."""
    run(session, _make_insert_or_update(session.get_bind().dialect.name, table_of(model), keys, changed), rows)


@cache
def _make_insert_or_update(dialect: str, table: Table, keys: tuple[str, ...], changed: tuple[str, ...]) -> Insert:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table)
    values = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=keys, set_=values)


def is_one_of(column: Mapped[str] | ColumnElement[str], values: Collection[str]) -> ColumnElement[bool]:
    """As `in_`, for statements that are built once: SQLAlchemy writes a list out anew at every execution, which costs
    more than all the rest of it."""
    return or_(*(column == value for value in values))


def write_out(value: str) -> ColumnElement[str]:
    """A constant as part of the statement's text, and not as a parameter, for a column on which a partial index depends
    (`WHERE state = 'open'`): SQLite plans a statement anew at each execution when a parameter may decide whether such
    an index fits, which costs more than all the rest of it. Never for what people wrote."""
    return literal_column("'" + value.replace("'", "''") + "'")


def run(session: Session, statement: Any, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
    """Executes a Core statement on the session's connection, past the unit of work that SQLModel keeps per object."""
    return session.connection().execute(statement, parameters)
