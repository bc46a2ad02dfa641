"""Latest news: telling them, whose turn it is to be shown, and who was glad of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import Select, bindparam
from sqlmodel import col, func, select

from storage.models import Cheer, Member, News, NewsQuestion, Status
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork


def tell_news(db: UnitOfWork, me: Member, text: str, now: datetime) -> None:
    """Makes `text` the member's latest news; "" takes them away. The same text again changes nothing. Of older news
    nothing is kept, but what is still to be told of those who were glad of them."""
    if text == me.latest_news:
        return
    me.latest_news = text
    news = db.session.get(News, me.id)
    if news is None:
        db.session.add(News(member_id=me.id or 0, at=now))
    else:
        news.serial, news.at, news.shown = news.serial + 1, now, 0
    cheer = table_of(Cheer)
    run(db.session, cheer.delete().where(cheer.c.owner_id == me.id, cheer.c.told.is_(True)))
    db.session.flush()


def find_news(db: UnitOfWork, member_id: int) -> News | None:
    """When a member's present news were told, if ever."""
    return db.session.get(News, member_id, populate_existing=True)


class Turn(NamedTuple):
    """News that may be shown: whose they are, what digests show of it, and what is known of the showing."""

    member_id: int
    name: str
    role: str
    department: str
    latest_news: str
    visibility: dict[str, str]
    serial: int
    shown: int


def list_turns(db: UnitOfWork, since: datetime, limit: int) -> list[Turn]:
    """The news of active members told after `since`: those shown to the fewest readers first, then those that have
    waited longest, then by member. One query. Who may see them is not decided here."""
    return [Turn._make(row) for row in run(db.session, _make_turns(), {"since": since, "most": limit})]


@cache
def _make_turns() -> Select[*tuple[Any, ...]]:
    """Columns, not objects, and built once: it is asked many times for a month's digests. It is to walk along the turns
    (ix_news_turn) and to stop after `most`. SQLite would rather walk through all active members; that it can't find
    them by their status is why that is wrapped."""
    member, news = table_of(Member), table_of(News)
    shown = ("id", "name", "role", "department", "latest_news", "visibility")
    told = news.c.at > bindparam("since", type_=news.c.at.type)
    return (
        sqlalchemy.select(*(member.c[name] for name in shown), news.c.serial, news.c.shown)
        .join(news, news.c.member_id == member.c.id)
        .where(func.coalesce(member.c.status, "") == Status.ACTIVE.value, member.c.latest_news != "", told)
        .order_by(news.c.shown, news.c.at, news.c.member_id)
        .limit(bindparam("most"))
    )


def note_shown(db: UnitOfWork, shown: Mapping[int, int]) -> None:
    """Adds to how many readers saw each member's news, in one statement."""
    news = table_of(News)
    if shown:
        more = news.update().where(news.c.member_id == bindparam("member")).values(shown=news.c.shown + bindparam("n"))
        run(db.session, more, [{"member": member_id, "n": count} for member_id, count in shown.items()])


def add_cheer(db: UnitOfWork, owner_id: int, giver_id: int, serial: int, now: datetime) -> bool:
    """Notes that somebody is glad of a member's news; False when they said so before."""
    row = {"owner_id": owner_id, "giver_id": giver_id, "serial": serial, "at": now, "told": False}
    return insert_ignore(db.session, Cheer, [row]) == 1


def list_untold_givers(db: UnitOfWork, owner_id: int) -> list[int]:
    """Who was glad of a member's news and hasn't been named to the member, the first first, each once."""
    statement = select(Cheer.giver_id).where(Cheer.owner_id == owner_id, col(Cheer.told).is_(False))
    return list(dict.fromkeys(db.session.exec(statement.order_by(col(Cheer.id))).all()))


def mark_told(db: UnitOfWork, owner_id: int, giver_ids: Collection[int]) -> None:
    """They have been named to the member."""
    cheer = table_of(Cheer)
    theirs = cheer.update().where(cheer.c.owner_id == owner_id, cheer.c.giver_id.in_(giver_ids))
    run(db.session, theirs.values(told=True))


def get_question(db: UnitOfWork, member_id: int) -> NewsQuestion:
    """What is known of asking a member for news; made at first."""
    question = db.session.get(NewsQuestion, member_id)
    if question is None:
        question = NewsQuestion(member_id=member_id)
        db.session.add(question)
    return question
