"""What is asked first for the home page: whether there is anything to read in the features.

Most members have nothing open in most features. So a feature names what its section may have to read for a member
(`Feature.glance`), all those questions are answered by one statement, and a section reads only what is there:

    def show_home(me: Member, db: UnitOfWork, glance: Glance) -> tuple[Block, ...]:
        rooms = queries.list_open_rooms(db, me.id or 0) if glance.sees(queries.HAS_OPEN_ROOMS) else []
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False, slots=True)
class Question:
    """Whether something is there for a member now. `condition` is the database's; see `storage.glance.finds_any`."""

    condition: Any


@dataclass(frozen=True, slots=True)
class Glance:
    """The answers for one member at this moment; a home section asks for it by type."""

    answers: Mapping[Question, bool]

    def sees(self, question: Question) -> bool:
        """Whether there is anything to read. Raises KeyError for a question that is in no feature's `glance`."""
        return self.answers[question]
