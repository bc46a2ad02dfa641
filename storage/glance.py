"""One statement for all that home pages may have to read; see `bot.glance`.

Each question is one of the statements by which a section reads, in an EXISTS: what is asked first can't come to differ
from what is read then.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.sql.selectable import GenerativeSelect

from bot.glance import Glance, Question
from storage.statements import run
from storage.types import UtcDateTime
from storage.uow import UnitOfWork

MEMBER = bindparam("member", type_=Integer)
NOW = bindparam("now", type_=UtcDateTime())
"""The parameters that a question's statement may have: whose page it is, and when."""


def finds_any(statement: GenerativeSelect) -> Question:
    """Whether the statement would find anything."""
    return Question(statement.order_by(None).exists())


class Glances:
    """Answers these questions for one member at a time. Built once, as the statement is."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions = tuple(dict.fromkeys(questions))
        self._statement = select(*(question.condition for question in self._questions))

    def look(self, db: UnitOfWork, member_id: int, now: datetime) -> Glance:
        """The answers as things stand in this transaction."""
        if not self._questions:
            return Glance({})
        db.session.flush()
        found = run(db.session, self._statement, {MEMBER.key: member_id, NOW.key: now}).one()
        return Glance(dict(zip(self._questions, found, strict=True)))
