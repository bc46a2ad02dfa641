"""SQL that one test has compiled is there for the next.

Every test has databases and so engines of its own, and an engine compiles each statement anew: a quarter of what a test
costs. Compiled statements belong to a dialect, so engines of one kind share theirs.
"""

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.util import LRUCache

_STATEMENTS = 4000

_dialects: dict[type[Dialect], Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(_STATEMENTS)


@event.listens_for(Engine, "engine_connect")
def share_statements(connection: Connection) -> None:
    """Gives every connection the dialect and the statements of the first of its kind."""
    connection.dialect = _dialects.setdefault(type(connection.dialect), connection.dialect)
    connection.execution_options(compiled_cache=_compiled)
