"""Friends whom members referred to a job: asked, answered, erased."""

import hashlib
import hmac
import unicodedata
from datetime import datetime

from sqlmodel import col, exists, func, or_, select

from bot.ui import Message, dump_message
from storage.models import (
    Account,
    Content,
    Delivery,
    DeliveryState,
    Job,
    JobInterest,
    JobReferral,
    Member,
    ReferralState,
    RosterEntry,
    Stage,
    Status,
)
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork

NOBODY = "erased"


def fold_address(email: str) -> str:
    """A mail address for comparing."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def hash_address(secret: bytes, email: str) -> str:
    """What stays of an address when it is erased."""
    return hmac.digest(secret, f"referral:{fold_address(email)}".encode(), hashlib.sha256).hex()


def add_referral(db: UnitOfWork, referral: JobReferral) -> JobReferral | None:
    """Keeps a new referral; None when somebody with that address was referred to this job before."""
    if not insert_ignore(db.session, JobReferral, [referral.model_dump(exclude={"id"})]):
        return None
    statement = select(JobReferral).where(
        JobReferral.job_id == referral.job_id, JobReferral.email_hash == referral.email_hash
    )
    return db.session.exec(statement).one()


def find_referral(db: UnitOfWork, id: int) -> JobReferral | None:
    """A referral by id."""
    return db.session.get(JobReferral, id)


def list_referrals(db: UnitOfWork, referrer_id: int, limit: int = 5) -> list[tuple[JobReferral, Job]]:
    """A member's latest referrals with their jobs."""
    statement = select(JobReferral, Job).join(Job, col(Job.id) == col(JobReferral.job_id))
    mine = statement.where(JobReferral.referrer_id == referrer_id).order_by(col(JobReferral.id).desc()).limit(limit)
    return [(referral, job) for referral, job in db.session.exec(mine).all()]


def list_waiting(db: UnitOfWork, *, job_id: int = 0, referrer_id: int = 0, friend_id: int = 0) -> list[JobReferral]:
    """Those without an answer yet: to a job, by a member, or of a friend who is a member."""
    statement = select(JobReferral).where(JobReferral.state == ReferralState.WAITING)
    for column, wanted in (
        (JobReferral.job_id, job_id),
        (JobReferral.referrer_id, referrer_id),
        (JobReferral.friend_id, friend_id),
    ):
        statement = statement.where(col(column) == wanted) if wanted else statement
    return list(db.session.exec(statement.order_by(col(JobReferral.id))).all())


def count_since(db: UnitOfWork, referrer_id: int, since: datetime) -> int:
    """How many friends a member has referred after `since`."""
    statement = select(func.count()).where(JobReferral.referrer_id == referrer_id, JobReferral.created_at > since)
    return db.session.exec(statement).one()


def list_settled(db: UnitOfWork, before: datetime) -> list[JobReferral]:
    """Those who agreed, whose way ended before that moment, and of whom something is still kept."""
    ended = (Stage.HIRED.value, Stage.CLOSED.value)
    statement = (
        select(JobReferral)
        .join(JobInterest, col(JobInterest.referral_id) == col(JobReferral.id))
        .where(
            col(JobReferral.erased_at).is_(None),
            col(JobInterest.stage).in_(ended),
            JobInterest.changed_at < before,
        )
    )
    return list(db.session.exec(statement.limit(100)).all())


def find_friend(db: UnitOfWork, email: str) -> Member | None:
    """The active member behind a mail address: one of a confirmed account, or the private one in HR's list."""
    address = fold_address(email)
    by_account = exists().where(
        col(Account.member_id) == col(Member.id),
        or_(
            func.lower(col(Account.email)) == address,
            (col(Account.platform) == "email") & (func.lower(col(Account.external_id)) == address),
        ),
    )
    by_roster = exists().where(
        col(RosterEntry.id) == col(Member.roster_id), func.lower(col(RosterEntry.email)) == address
    )
    statement = select(Member).where(Member.status != Status.WITHDRAWN, or_(by_account, by_roster))
    return db.session.exec(statement.order_by(col(Member.id))).first()


def keep_friend_account(db: UnitOfWork, email: str, now: datetime) -> Account | None:
    """The account behind a friend's address, for writing there; None where nothing is to be written: the address has
    refused our mail before."""
    address = fold_address(email)
    statement = select(Account).where(Account.platform == "email", func.lower(col(Account.external_id)) == address)
    account = db.session.exec(statement).first()
    if account is None:
        account = Account(platform="email", external_id=email.strip(), email=email.strip(), created_at=now)
        db.session.add(account)
        db.session.flush()
    return account if account.reachable else None


def erase(db: UnitOfWork, referral: JobReferral, now: datetime) -> None:
    """Forgets the friend: name, address, words, and the mails that were or are to be sent. The keyed hash stays."""
    email, referral.name, referral.email, referral.words = referral.email, "", "", ""
    referral.erased_at = now
    db.session.flush()
    _empty_mails(db, referral)
    _drop_account(db, email)


def key_of(referral: JobReferral, what: str) -> str:
    """The key of a mail to the friend."""
    return f"job:friend:{referral.id}:{what}"


def _empty_mails(db: UnitOfWork, referral: JobReferral) -> None:
    delivery, content = table_of(Delivery), table_of(Content)
    mine = delivery.c.key.like(f"{key_of(referral, '')}%")
    pending = delivery.c.state == DeliveryState.PENDING.value
    run(db.session, delivery.update().where(mine, pending).values(state=DeliveryState.SKIPPED.value, reason=NOBODY))
    bodies = select(delivery.c.content_id).where(mine)
    run(db.session, content.update().where(content.c.id.in_(bodies)).values(body=dump_message(Message("", ()))))
    # the receipt of a mail is the address it went to
    run(db.session, delivery.update().where(mine).values(account_id=None, conversation="", message=""))


def _drop_account(db: UnitOfWork, email: str) -> None:
    """The account goes when it was made for this friend alone, and no other friend's referral or leaver needs it."""
    if not email:
        return
    account, address = table_of(Account), fold_address(email)
    own = (account.c.platform == "email", func.lower(account.c.external_id) == address, account.c.member_id.is_(None))
    needed = exists().where(func.lower(col(RosterEntry.email)) == address)
    written = exists().where(col(Delivery.account_id) == account.c.id)
    referred = exists().where(func.lower(col(JobReferral.email)) == address)
    run(db.session, account.delete().where(*own, ~needed, ~written, ~referred))
