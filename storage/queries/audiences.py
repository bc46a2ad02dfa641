"""Whom an announcement reaches: members by a rule, counted and listed with set statements.

A rule looks at what HR knows anyway (role, department, year of leaving) and, of what members tell of themselves, only
at what they show to everybody: a city that somebody hides can't be found out by narrowing a rule down to one person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true, tuple_
from sqlmodel import col

from storage.models import Account, Consent, Member, MemberTopic, Purpose, Status, Visibility
from storage.queries.deliveries import Lane
from storage.queries.members import ProfileField, select_visible
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_member, _consent, _topic = table_of(Member), table_of(Consent), table_of(MemberTopic)
_account = table_of(Account)

MOST_DEPARTMENTS = 100
"""As many as a form can offer (Slack)."""
_MOST_TOPICS = 10_000
"""Different topics in one statement, which takes some 32,000 values (SQLite)."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A rule. Empty parts narrow nothing down. `role` is a `storage.models.Role` or "" for both; years are those of
    leaving, both included, 0 for open; `cities` are beginnings of names; `topics` are topics as they are compared
    (`storage.queries.topics.fold_topic`), None for any."""

    role: str = ""
    departments: tuple[str, ...] = ()
    left_from: int = 0
    left_to: int = 0
    cities: tuple[str, ...] = ()
    topics: tuple[str, ...] | None = None


class AudienceMember(NamedTuple):
    """Somebody whom a rule reaches. `id` rises from chunk to chunk."""

    id: int
    locale: str
    role: str


def _conditions(rule: Audience, purpose: Purpose) -> list[ColumnElement[bool]]:
    found = [_member.c.status == Status.ACTIVE.value, _agrees(purpose), *_narrow(rule)]
    if rule.topics is not None:
        named = select(_topic.c.member_id).where(_topic.c.folded.in_(rule.topics[:_MOST_TOPICS]))
        found.append(_member.c.id.in_(named))
    return found


def _narrow(rule: Audience) -> list[ColumnElement[bool]]:
    """All of a rule but which topics somebody names."""
    found: list[ColumnElement[bool]] = []
    if rule.role:
        found.append(_member.c.role == rule.role)
    if rule.departments:
        found.append(_member.c.department.in_(rule.departments))
    if rule.left_from:
        found.append(_member.c.left_on >= date(rule.left_from, 1, 1))
    if rule.left_to:
        found.append(_member.c.left_on <= date(rule.left_to, 12, 31))
    if rule.cities:
        names = (func.lower(_member.c.city).startswith(city.lower(), autoescape=True) for city in rule.cities)
        found.append(and_(_is_public(ProfileField.CITY), or_(*names)))
    if rule.topics is not None:
        found.append(_is_public(ProfileField.TOPICS))
    return found


def _is_public(field: ProfileField) -> ColumnElement[bool]:
    shown = _member.c.visibility[field.value].as_string()
    return func.coalesce(shown, Visibility.EVERYONE.value) == Visibility.EVERYONE.value


def _agrees(purpose: Purpose) -> ColumnElement[bool]:
    """As `storage.queries.consents.agrees_to`, for set statements."""
    latest = (
        select(_consent.c.given)
        .where(_consent.c.member_id == _member.c.id, _consent.c.purpose == purpose.value)
        .order_by(_consent.c.id.desc())
        .limit(1)
        .correlate(_member)
        .scalar_subquery()
    )
    return latest.is_(True)


def _is_in(lanes: Collection[Lane]) -> ColumnElement[bool]:
    """Whether somebody can be reached in one of these workspaces."""
    here = tuple_(_account.c.platform, _account.c.tenant).in_(list(lanes))
    found = select(_account.c.id).where(_account.c.member_id == _member.c.id, _account.c.reachable.is_(True), here)
    return found.correlate(_member).exists()


def count(db: UnitOfWork, rule: Audience, purpose: Purpose, most: int | None = None) -> int:
    """How many the rule reaches; with `most`, no further than that, which is quicker where it reaches many."""
    found = select(_member.c.id).where(*_conditions(rule, purpose)).limit(most).subquery()
    return run(db.session, select(func.count()).select_from(found)).scalar() or 0


def list_samples(db: UnitOfWork, rule: Audience, purpose: Purpose, viewer: Member, limit: int) -> list[str]:
    """The names of some whom the rule reaches and whom the viewer may be shown, the newest members first."""
    statement = select_visible(viewer).where(*_conditions(rule, purpose)).order_by(col(Member.id).desc()).limit(limit)
    return [member.name for member in db.session.exec(statement).all()]


def list_members(
    db: UnitOfWork, rule: Audience, purpose: Purpose, after: int, limit: int, outside: Collection[Lane] = ()
) -> Sequence[AudienceMember]:
    """Those whom the rule reaches and who have no account in the workspaces `outside`, by id after `after`. One
    query."""
    conditions = [*_conditions(rule, purpose), *([~_is_in(outside)] if outside else [])]
    statement = (
        select(_member.c.id, _member.c.language, _member.c.role)
        .where(_member.c.id > after, *conditions)
        .order_by(_member.c.id)
        .limit(limit)
    )
    return [AudienceMember._make(row) for row in run(db.session, statement)]


def make_fitting(rules: Sequence[Audience]) -> Select[*tuple[Any, ...]]:
    """What `list_fitting` asks, built once for many chunks of members. Of topics only whether somebody shows theirs."""
    columns = [and_(true(), *_narrow(rule)).label(f"fits_{place}") for place, rule in enumerate(rules)]
    return select(_member.c.id, *columns).where(_member.c.id.in_(bindparam("ids", expanding=True)))


def list_fitting(
    db: UnitOfWork, statement: Select[*tuple[Any, ...]], member_ids: Sequence[int]
) -> list[frozenset[int]]:
    """For each rule, those of these members whom it fits now, whatever they have agreed to, and but for which topics
    they name. One query."""
    rows = run(db.session, statement, {"ids": member_ids}).all()
    places = range(1, len(statement.selected_columns))
    return [frozenset(row[0] for row in rows if row[place]) for place in places]


class Named(NamedTuple):
    """A topic as one of them writes it, and which members name it."""

    label: str
    by: set[int]


def list_named(db: UnitOfWork, member_ids: Sequence[int]) -> dict[str, Named]:
    """The topics of these members, as they are compared. One query."""
    found: dict[str, Named] = {}
    for member_id, folded, label in run(db.session, _NAMED, {"ids": member_ids}):
        found.setdefault(folded, Named(label, set())).by.add(member_id)
    return found


_NAMED = select(_topic.c.member_id, _topic.c.folded, _topic.c.label).where(
    _topic.c.member_id.in_(bindparam("ids", expanding=True))
)


def list_departments(db: UnitOfWork) -> list[str]:
    """The departments of active members, the largest first; at most MOST_DEPARTMENTS."""
    statement = (
        select(_member.c.department)
        .where(_member.c.status == Status.ACTIVE.value, _member.c.department != "")
        .group_by(_member.c.department)
        .order_by(func.count().desc(), _member.c.department)
        .limit(MOST_DEPARTMENTS)
    )
    return list(run(db.session, statement).scalars())


def list_topics(db: UnitOfWork) -> dict[str, str]:
    """Every topic that active members name, as it is compared, with the way somebody writes it."""
    statement = (
        select(_topic.c.folded, func.min(_topic.c.label))
        .join(_member, _member.c.id == _topic.c.member_id)
        .where(_member.c.status == Status.ACTIVE.value)
        .group_by(_topic.c.folded)
    )
    return {row[0]: row[1] for row in run(db.session, statement)}
