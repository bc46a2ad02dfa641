"""Who joined, who stalled on the way, and who is yet to be invited: what HR looks at."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, exists, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import Account, Application, Delivery, Member, Reminder, Role, RosterEntry, Status
from storage.queries.applications import has_not_come_in
from storage.uow import UnitOfWork

People = SelectOfScalar[Any]
"""Some people, as a query to count or to page through."""


def joined(since: datetime | None = None) -> SelectOfScalar[Member]:
    """Former employees who are registered, the newest first; with `since`, those who became so from then on."""
    statement = select(Member).where(
        Member.role == Role.ALUMNUS, col(Member.status).in_((Status.ACTIVE, Status.PAUSED))
    )
    if since is not None:
        statement = statement.where(col(Member.activated_at) >= since)
    return statement.order_by(col(Member.activated_at).desc(), col(Member.id).desc())


def invited(before: datetime | None = None, since: datetime | None = None) -> SelectOfScalar[RosterEntry]:
    """Leavers who were invited and have not come in, the longest wait first; `before` and `since` bound the moment of
    the invitation."""
    conditions = [col(RosterEntry.invited_at).is_not(None), has_not_come_in()]
    conditions += [col(RosterEntry.invited_at) < before] if before else []
    conditions += [col(RosterEntry.invited_at) >= since] if since else []
    return select(RosterEntry).where(*conditions).order_by(col(RosterEntry.invited_at), col(RosterEntry.id))


def half_way(before: datetime | None = None, since: datetime | None = None) -> SelectOfScalar[Member]:
    """People in a workspace who have not registered, the longest wait first. Left out: who said "No thanks", who waits
    for HR, accounts that are no person's, and whom we have only seen: never written to, and nothing begun."""
    is_person = exists().where(
        col(Account.member_id) == col(Member.id),
        col(Account.platform) != "email",
        col(Account.kind).in_(("member", "guest")),
        col(Account.reachable).is_(True),
    )
    was_addressed = (col(Member.registration_step) > 0) | exists().where(col(Delivery.member_id) == col(Member.id))
    waits = exists().where(col(Application.member_id) == col(Member.id), col(Application.state) == "waiting")
    conditions = [Member.status == Status.UNVERIFIED, col(Member.nudging_declined).is_(False), is_person, ~waits]
    conditions.append(was_addressed)
    conditions += [col(Member.created_at) < before] if before else []
    conditions += [col(Member.created_at) >= since] if since else []
    return select(Member).where(*conditions).order_by(col(Member.created_at), col(Member.id))


def to_hand_over(left_by: date, *, invitation: str = "", since: date | None = None) -> SelectOfScalar[RosterEntry]:
    """Leavers whose last day was `left_by` or earlier (with `since`: on that day or later), who are not invited, and
    whom no mail will invite, the latest leavers first.

    `invitation` is the kind of the reminders that send mails, "" without a mail server: who has an address and such a
    reminder still to come is left out.
    """
    will_be_mailed = (col(RosterEntry.email) != "") & exists().where(
        col(Reminder.kind) == invitation,
        col(Reminder.subject_id) == col(RosterEntry.id),
        col(Reminder.state) == "pending",
    )
    conditions = [col(RosterEntry.invited_at).is_(None), col(RosterEntry.left_on) <= left_by, has_not_come_in()]
    conditions += [~will_be_mailed] if invitation else []
    conditions += [col(RosterEntry.left_on) >= since] if since else []
    return select(RosterEntry).where(*conditions).order_by(col(RosterEntry.left_on).desc(), col(RosterEntry.id))


def count(db: UnitOfWork, people: People) -> int:
    """How many there are."""
    return db.session.exec(select(func.count()).select_from(people.order_by(None).subquery())).one()


def list_people(db: UnitOfWork, people: People, *, offset: int = 0, limit: int = 50) -> Sequence[Any]:
    """Some of them, in their order."""
    return db.session.exec(people.offset(offset).limit(limit)).all()


def list_hr(db: UnitOfWork) -> Sequence[Member]:
    """Active members with the HR role."""
    statement = select(Member).where(col(Member.is_hr).is_(True), Member.status == Status.ACTIVE)
    return db.session.exec(statement.order_by(col(Member.id))).all()


def search_employees(db: UnitOfWork, text: str, limit: int) -> Sequence[Member]:
    """Active employees whose name holds `text`, spaces left out, or one of whose addresses it is."""
    plain = "".join(text.split()).casefold()
    name = func.replace(func.replace(func.lower(col(Member.name)), " ", ""), "\u3000", "")
    has_address = exists().where(
        col(Account.member_id) == col(Member.id), func.lower(col(Account.email)) == text.strip().casefold()
    )
    statement: SelectOfScalar[Member] = (
        select(Member)
        .where(_is_employee(), or_(name.contains(plain, autoescape=True), has_address))
        .order_by(col(Member.name), col(Member.id))
        .limit(limit)
    )
    return db.session.exec(statement).all()


def _is_employee() -> ColumnElement[bool]:
    return (col(Member.status) == Status.ACTIVE) & (col(Member.role) == Role.EMPLOYEE)


def list_entries(db: UnitOfWork, ids: Collection[int]) -> Sequence[RosterEntry]:
    """Roster entries by id."""
    return db.session.exec(select(RosterEntry).where(col(RosterEntry.id).in_(ids))).all()
