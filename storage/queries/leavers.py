"""The roster in bulk, for imports: set statements, never one ORM object per row."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import RowMapping, bindparam, select

from storage.models import Member, RosterEntry
from storage.queries.roster import list_spellings
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_entry = table_of(RosterEntry)
_member = table_of(Member)


def list_known(db: UnitOfWork, numbers: Collection[str]) -> list[RowMapping]:
    """The entries with these employee numbers, each with `member_id` of who joined as it."""
    statement = (
        select(_entry, _member.c.id.label("member_id"))
        .outerjoin(_member, _member.c.roster_id == _entry.c.id)
        .where(_entry.c.employee_number.in_(numbers))
    )
    return list(run(db.session, statement).mappings())


def list_owners(db: UnitOfWork, addresses: Collection[str]) -> list[RowMapping]:
    """Who has these mail addresses: `email`, `employee_number`, `name`."""
    statement = select(_entry.c.email, _entry.c.employee_number, _entry.c.name).where(_entry.c.email.in_(addresses))
    return list(run(db.session, statement).mappings())


def list_spelled_alike(db: UnitOfWork, numbers: Collection[str]) -> list[RowMapping]:
    """Who has one of these numbers but for leading zeros: `employee_number`, `name`."""
    if len(numbers) <= _FEW:
        spellings = {spelling for number in numbers for spelling in list_spellings(number)}
    else:
        bare = {number.lstrip("0") for number in numbers}
        everybody = run(db.session, select(_entry.c.employee_number)).scalars()
        spellings = {number for number in everybody if number.lstrip("0") in bare}
    return [row for part in _parts(spellings) for row in _list_named(db, part)]


_FEW = 50
"""Up to so many numbers it is cheaper to ask for each spelling than to go through all numbers."""
_PART = 1000


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    return (ordered[start : start + _PART] for start in range(0, len(ordered), _PART))


def _list_named(db: UnitOfWork, numbers: list[str]) -> list[RowMapping]:
    statement = select(_entry.c.employee_number, _entry.c.name).where(_entry.c.employee_number.in_(numbers))
    return list(run(db.session, statement).mappings())


def add_entries(db: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Adds people to the roster, in one statement. Rows are column values; what is left out is empty."""
    empty = {"code_serial": 0, "code_hash": ""}
    run(db.session, _entry.insert(), [empty | row for row in rows])


def update_entries(db: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Changes entries, in one statement. All rows have the same columns; `id` says which entry it is."""
    columns: dict[str, Any] = {name: bindparam(f"to_{name}") for name in rows[0] if name != "id"}
    statement = _entry.update().where(_entry.c.id == bindparam("row")).values(columns)
    run(db.session, statement, [_bind(row) for row in rows])


def _bind(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"row" if name == "id" else f"to_{name}": value for name, value in row.items()}


def find_ids(db: UnitOfWork, numbers: Collection[str]) -> dict[str, int]:
    """Employee numbers with the ids of their entries."""
    statement = select(_entry.c.employee_number, _entry.c.id).where(_entry.c.employee_number.in_(numbers))
    return {row[0]: row[1] for row in run(db.session, statement)}
