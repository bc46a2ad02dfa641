"""What members agreed to, by purpose. Each change is kept with its moment; the last one counts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, bindparam
from sqlmodel import col, select

from storage.models import Consent, Member, Purpose
from storage.uow import UnitOfWork

# Asked for many views, so it is built once: building a statement costs more than running it.
_ALL = (
    select(Consent.purpose, Consent.given)
    .where(Consent.member_id == bindparam("member", type_=Integer))
    .order_by(col(Consent.id))
)


def find_consents(db: UnitOfWork, member_id: int) -> frozenset[Purpose]:
    """What the member agrees to now."""
    latest = dict(db.session.exec(_ALL, params={"member": member_id}).all())
    return frozenset(purpose for purpose in Purpose if latest.get(purpose, False))


def set_consents(db: UnitOfWork, member_id: int, given: Collection[Purpose], now: datetime) -> None:
    """Makes `given` all that the member agrees to. What has not changed is left as it was, with its moment."""
    before = find_consents(db, member_id)
    for purpose in Purpose:
        if (purpose in given) != (purpose in before):
            db.session.add(Consent(member_id=member_id, purpose=purpose.value, given=purpose in given, at=now))
    db.session.flush()


def list_consents(db: UnitOfWork, member_id: int) -> list[Consent]:
    """Every change, oldest first."""
    return list(db.session.exec(select(Consent).where(Consent.member_id == member_id).order_by(col(Consent.id))).all())


def agrees_to(purpose: Purpose) -> ColumnElement[bool]:
    """A condition on Member, for queries: whether the member agrees to `purpose` now."""
    latest = (
        select(Consent.given)
        .where(Consent.member_id == Member.id, Consent.purpose == purpose.value)
        .order_by(col(Consent.id).desc())
        .limit(1)
        .correlate(Member)
        .scalar_subquery()
    )
    return latest.is_(True)
