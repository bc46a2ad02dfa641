"""Finding out who caused something, and making their acquaintance."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, select

from bot.dates import is_zone
from bot.i18n import find_language
from bot.incoming import AccountKind, Origin, Profile
from bot.membership import is_employee, is_named_hr
from bot.policy import Policy
from storage.models import Account, Member, Role, Status
from storage.queries.changes import announce_change
from storage.uow import UnitOfWork

_ANSWERED = frozenset({AccountKind.MEMBER.value, AccountKind.GUEST.value})


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that acted and the member behind it; see `bot.ports.Caller`."""

    account: Account
    member: Member

    @property
    def locale(self) -> str:
        """The member's language."""
        return self.member.language

    @property
    def is_active(self) -> bool:
        """Verified, and neither paused, suspended nor withdrawn."""
        return self.member.status == Status.ACTIVE

    @property
    def is_employee(self) -> bool:
        """An active present employee."""
        return self.is_active and self.member.role == Role.EMPLOYEE

    @property
    def is_hr(self) -> bool:
        """An active member with the HR role."""
        return self.is_active and self.member.is_hr

    @property
    def is_ignored(self) -> bool:
        """A bot, or a stranger from another organisation."""
        return self.account.kind not in _ANSWERED


# Asked with everything that arrives, so it is built once: building a statement costs more than running it.
_FIND_ACCOUNT = (
    select(Account, Member)
    .join(Member)
    .where(
        Account.platform == bindparam("platform"),
        Account.tenant == bindparam("tenant"),
        Account.external_id == bindparam("user"),
    )
)


def find_account(db: UnitOfWork, origin: Origin) -> tuple[Account, Member] | None:
    """The account and its member, or None at the first meeting."""
    given = {"platform": origin.platform, "tenant": origin.tenant, "user": origin.user}
    return db.session.exec(_FIND_ACCOUNT, params=given).first()


def meet(db: UnitOfWork, origin: Origin, profile: Profile | None, policy: Policy, now: datetime) -> Caller:
    """The caller. At the first meeting an account and a member are made: active for an employee whom the platform
    vouches for, unverified for everybody else. A profile, where given, updates what is known."""
    found = find_account(db, origin)
    caller = Caller(*found) if found else _make_acquaintance(db, origin, policy, now)
    if origin.address and caller.account.address != origin.address:
        caller.account.address = origin.address
    if not caller.account.reachable and not (profile and profile.deactivated):
        caller.account.reachable = True
        announce_change(db, caller.member.id or 0, now)
    if profile is not None:
        _learn(db, caller, origin, profile, policy, now)
    return caller


def _make_acquaintance(db: UnitOfWork, origin: Origin, policy: Policy, now: datetime) -> Caller:
    language = find_language(origin.locale) or policy.language
    member = Member(language=language, zone=policy.zone, created_at=now)
    db.session.add(member)
    db.session.flush()
    account = Account(
        platform=origin.platform,
        tenant=origin.tenant,
        external_id=origin.user,
        member_id=member.id,
        created_at=now,
    )
    db.session.add(account)
    db.session.flush()
    return Caller(account, member)


def _learn(db: UnitOfWork, caller: Caller, origin: Origin, profile: Profile, policy: Policy, now: datetime) -> None:
    account, member = caller.account, caller.member
    first_time = not account.name
    account.kind, account.name, account.title = profile.kind.value, profile.name, profile.title
    account.email, account.email_verified = profile.email, profile.email_verified
    account.locale, account.zone = profile.locale, profile.zone
    if profile.deactivated:
        _close(db, account, "deactivated", now)
    member.name = member.name or profile.name
    member.zone = profile.zone if is_zone(profile.zone) else member.zone
    if first_time and (language := find_language(profile.locale)):
        member.language = language
    _recognise(caller, origin, profile, policy, now)
    if profile.kind is AccountKind.GUEST and member.role == Role.EMPLOYEE:
        _take_leave(db, caller, now)


def _take_leave(db: UnitOfWork, caller: Caller, now: datetime) -> None:
    """The account of a present employee has become a guest's: the person has left the company, and with it whatever
    only employees and HR may do. They come in again as everybody who has left does. Who has another account of the
    company stays an employee."""
    member = caller.member
    others = select(Account.id).where(
        Account.member_id == member.id,
        Account.id != caller.account.id,
        Account.platform != "email",
        Account.kind == AccountKind.MEMBER.value,
        col(Account.reachable).is_(True),
    )
    if db.session.exec(others).first() is not None:
        return
    member.role, member.is_hr = Role.ALUMNUS, False
    if member.status in (Status.ACTIVE, Status.PAUSED):
        member.status, member.registration_step, member.paused_until = Status.UNVERIFIED, 0, None
    announce_change(db, member.id or 0, now)


def _recognise(caller: Caller, origin: Origin, profile: Profile, policy: Policy, now: datetime) -> None:
    member = caller.member
    named_hr = is_named_hr(origin, profile, policy)
    if member.status == Status.UNVERIFIED and (named_hr or is_employee(origin, profile, policy)):
        member.status, member.role, member.activated_at = Status.ACTIVE, Role.EMPLOYEE, now
        member.job = member.job or profile.title
    if named_hr and member.role == Role.EMPLOYEE:
        member.is_hr = True


def mark_unreachable(db: UnitOfWork, origin: Origin, reason: str, now: datetime) -> None:
    """Nothing is sent to this account any more, until it is met again."""
    found = find_account(db, origin)
    if found:
        _close(db, found[0], reason, now)


def _close(db: UnitOfWork, account: Account, reason: str, now: datetime) -> None:
    if account.reachable and account.member_id is not None:
        announce_change(db, account.member_id, now)
    account.reachable, account.unreachable_reason = False, reason
