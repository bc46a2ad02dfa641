"""How much work a query is, whatever the machine: counted in steps of SQLite's machine."""

from collections.abc import Callable
from typing import Any, cast

from storage.uow import Store, UnitOfWork


def count_steps(store: Store, work: Callable[[UnitOfWork], object]) -> int:
    """Of SQLite's machine, in tens. Nothing is kept."""
    steps: list[int] = []
    with store.begin() as db:
        raw = cast(Any, db.session.connection().connection.dbapi_connection)
        raw.set_progress_handler(lambda: steps.append(1), 10)
        work(db)
        raw.set_progress_handler(None, 0)
        db.session.rollback()
    return len(steps)
