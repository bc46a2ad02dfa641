"""The base of all tables."""

import re

from sqlalchemy.orm import declared_attr
from sqlmodel import SQLModel

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Table(SQLModel):
    """A table whose name is the class' name in snake case: `RosterEntry` → `roster_entry`."""

    # SQLModel types it as a plain attribute; SQLAlchemy calls it with the class.
    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805  # pyright: ignore[reportIncompatibleVariableOverride]
        return _WORD.sub("_", cls.__name__).lower()
