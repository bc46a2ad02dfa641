"""Finding out who somebody is: wrong codes, applications for HR, and what the roster knows."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from storage.models import Account, Application, Member, WrongCode
from storage.statements import insert_ignore
from storage.uow import UnitOfWork


def list_wrong_codes(db: UnitOfWork, account_id: int, since: datetime) -> Sequence[datetime]:
    """When wrong codes came from this account since then, earliest first."""
    statement = (
        select(WrongCode.at)
        .where(WrongCode.account_id == account_id, col(WrongCode.at) >= since)
        .order_by(col(WrongCode.at), col(WrongCode.id))
    )
    return db.session.exec(statement).all()


def add_wrong_code(db: UnitOfWork, account_id: int, now: datetime) -> None:
    """Notes a wrong code; never the code itself."""
    db.session.add(WrongCode(account_id=account_id, at=now))
    db.session.flush()


def find_waiting_application(db: UnitOfWork, member_id: int) -> Application | None:
    """The member's application that HR has yet to decide, if there is one."""
    statement = (
        select(Application)
        .where(Application.member_id == member_id, Application.state == "waiting")
        .order_by(col(Application.id).desc())
        .limit(1)
    )
    return db.session.exec(statement).first()


def find_last_application(db: UnitOfWork, member_id: int) -> Application | None:
    """The member's latest application, however it was decided."""
    statement = (
        select(Application).where(Application.member_id == member_id).order_by(col(Application.id).desc()).limit(1)
    )
    return db.session.exec(statement).first()


def find_application(db: UnitOfWork, application_id: int) -> Application | None:
    """An application by id."""
    return db.session.get(Application, application_id)


def add_application(
    db: UnitOfWork, member_id: int, number: str, name: str, left_month: str, now: datetime
) -> Application:
    """Puts somebody into HR's queue."""
    application = Application(
        member_id=member_id, employee_number=number, name=name, left_month=left_month, created_at=now
    )
    db.session.add(application)
    db.session.flush()
    return application


def find_registered(db: UnitOfWork, roster_id: int) -> Member | None:
    """The member who came in as this person of the roster, if anybody has."""
    return db.session.exec(select(Member).where(Member.roster_id == roster_id)).first()


def attach_mail(db: UnitOfWork, member: Member, address: str, now: datetime) -> None:
    """Makes the private address of HR's list a way to reach the member. An address that already is another member's
    stays theirs."""
    external_id = address.strip().casefold()
    if not external_id:
        return
    row = {
        "platform": "email",
        "tenant": "",
        "external_id": external_id,
        "member_id": member.id,
        "kind": "member",
        "name": member.name,
        "email": external_id,
        "email_verified": False,
        "locale": "",
        "zone": "",
        "title": "",
        "address": "",
        "reachable": True,
        "unreachable_reason": "",
        "created_at": now,
    }
    db.session.flush()
    if not insert_ignore(db.session, Account, [row]):
        _adopt(db, member, external_id)


def _adopt(db: UnitOfWork, member: Member, external_id: str) -> None:
    """An account made for the invitation, before anybody knew the member."""
    statement = select(Account).where(Account.platform == "email", Account.external_id == external_id)
    account = db.session.exec(statement).first()
    if account is not None and account.member_id is None:
        account.member_id = member.id
