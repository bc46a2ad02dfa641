"""The topics that members can be asked about."""

import unicodedata
from collections.abc import Collection, Iterable

from sqlmodel import col, func, select

from storage.models import Member, MemberTopic
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork

MOST_TOPICS = 5
LONGEST_TOPIC = 40
"""Characters of a topic; an option in a form may have 75 (Slack)."""
COMMON_FROM = 3
"""How many members must share a topic before it is offered to others: rarer words may tell who wrote them."""


def fold_topic(label: str) -> str:
    """A topic for comparing: NFKC, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", label).casefold().split())


def clean_topics(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels as they are kept: white space tidied, no empty ones, none twice, in order. Too many stay too many."""
    found: dict[str, str] = {}
    for label in labels:
        if tidy := " ".join(label.split()):
            found.setdefault(fold_topic(tidy), tidy)
    return tuple(found.values())


def set_topics(db: UnitOfWork, member: Member, labels: Iterable[str]) -> None:
    """Makes these the member's topics, in this order; at most MOST_TOPICS, the rest is left out."""
    topic = table_of(MemberTopic)
    run(db.session, topic.delete().where(topic.c.member_id == member.id))
    rows = [
        {"member_id": member.id, "folded": fold_topic(label), "label": label, "position": position}
        for position, label in enumerate(clean_topics(labels)[:MOST_TOPICS])
    ]
    if rows:
        insert_ignore(db.session, MemberTopic, rows)


def list_topics(db: UnitOfWork, member_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Each member's topics in their order. Not for showing to others: `members.list_cards` knows who may see them."""
    topic = table_of(MemberTopic)
    statement = topic.select().where(topic.c.member_id.in_(member_ids)).order_by(topic.c.member_id, topic.c.position)
    found: dict[int, tuple[str, ...]] = {}
    for row in run(db.session, statement):
        found[row.member_id] = (*found.get(row.member_id, ()), row.label)
    return found


def list_common_topics(db: UnitOfWork, limit: int = 20) -> list[str]:
    """The community's list: what most members named, the most frequent first."""
    count = func.count()
    statement = (
        select(MemberTopic.folded)
        .group_by(col(MemberTopic.folded))
        .having(count >= COMMON_FROM)
        .order_by(count.desc(), col(MemberTopic.folded))
        .limit(limit)
    )
    return [_find_label(db, folded) for folded in db.session.exec(statement).all()]


def _find_label(db: UnitOfWork, folded: str) -> str:
    """How the first member wrote it. One look-up by index each: labels are not read for the whole table."""
    statement = (
        select(MemberTopic.label).where(MemberTopic.folded == folded).order_by(col(MemberTopic.member_id)).limit(1)
    )
    return db.session.exec(statement).one()
