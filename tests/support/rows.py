"""Looking into the database, for tests: all rows of a table."""

from typing import Any, TypeVar, cast

from sqlmodel import SQLModel, select

from storage.uow import Store

M = TypeVar("M", bound=SQLModel)


def list_rows(store: Store, model: type[M]) -> list[M]:
    """All rows of a table, in the order of their primary key."""
    key = cast(Any, model).__mapper__.primary_key
    # run_here: where Musubi works on the same PostgreSQL meanwhile, a read may have to be done again.
    return store.run_here(lambda db: list(db.session.exec(select(model).order_by(*key)).all()))
