"""Joining an account by a code, and taking it apart again."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.i18n import use_locale
from bot.policy import Policy
from bot.replies import FormErrors, Private, Reply
from bot.ui import Message
from handlers import hr, onboarding
from handlers.accounts import rules, views
from handlers.accounts.rules import Verdict
from storage.models import Account, AccountJoin, JoinCode, Member
from storage.queries import accounts
from storage.queries.members import get_member
from storage.queries.outbox import Terms, find_best_account, post_to_account
from storage.queries.registration import add_wrong_code, list_wrong_codes
from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody at an account that is to be joined to another one."""

    db: UnitOfWork
    me: Member
    account: Account
    now: datetime
    policy: Policy
    secret: bytes

    def find_lock(self) -> datetime | None:
        """Until when this account may enter no codes of any kind."""
        since = onboarding.look_back(self.now, self.policy)
        wrong = list_wrong_codes(self.db, self.account.id or 0, since)
        return onboarding.count_tries(wrong, self.now, self.policy).locked_until


def join_by_code(at: Newcomer, text: str) -> Reply | None:
    """What becomes of a code that is good: joined, or why not. None for any other: it changes nothing and is not
    counted, for it may be a code of another kind."""
    code = accounts.find_join_code(at.db, text, at.secret)
    if code is None or _judge(at, code) is not Verdict.GOOD:
        return None
    keeps = get_member(at.db, code.member_id)
    if keeps.id == at.me.id:
        return Private(views.yours_already())
    if not accounts.can_become(at.db, at.me, keeps):
        return Private(views.two_memberships(at.policy))
    return Private(_join(at, code, keeps))


def _judge(at: Newcomer, code: JoinCode | None) -> Verdict:
    """A code counts only while its owner is a member, and the account on which it was made is theirs."""
    if code is not None:
        made_on = accounts.get_account(at.db, code.account_id)
        if made_on.member_id != code.member_id or not rules.is_member(get_member(at.db, code.member_id)):
            return Verdict.UNKNOWN
    return rules.judge(code, at.now)


def _join(at: Newcomer, code: JoinCode, keeps: Member) -> Message:
    onboarding.withdraw_application(at.db, at.me, at.now)
    join = accounts.join_accounts(at.db, code, keeps, at.me, at.now)
    log.info("accounts.joined", member=keeps.id, former=join.former_id, join=join.id)
    _tell_owner(at, join, keeps)
    to = find_best_account(at.db, keeps) or at.account
    with use_locale(keeps.language):
        return views.joined(keeps.name, join.id or 0, at.account, to, at.policy)


def _tell_owner(at: Newcomer, join: AccountJoin, keeps: Member) -> None:
    """The owner hears of it where the thief, if it was one, does not read."""
    to = find_best_account(at.db, keeps, without=at.account.id)
    if to is not None:
        terms = Terms(f"accounts.joined:{join.id}", at.now)
        post_to_account(
            at.db, to, keeps.language, lambda: views.owner_told(join.id or 0, at.account, at.now, at.policy), terms
        )


def try_code(at: Newcomer, text: str) -> Reply:
    """The form with the code: joined, why not, or what is wrong with the code, counted as a wrong one."""
    until = at.find_lock()
    if until is not None:
        return Private(views.locked(until, at.policy))
    return join_by_code(at, text) or _note_wrong(at, text)


def _note_wrong(at: Newcomer, text: str) -> Reply:
    verdict = _judge(at, accounts.find_join_code(at.db, text, at.secret))
    add_wrong_code(at.db, at.account.id or 0, at.now)
    until = at.find_lock()
    if until is not None:
        return Private(views.locked(until, at.policy))
    return FormErrors(views.code_form(text), {views.CODE: views.explain(verdict)})


def undo(db: UnitOfWork, join: AccountJoin, me: Member, now: datetime, *, is_stranger: bool) -> None:
    """Takes a join apart. `is_stranger`: the owner says that somebody else did it; then HR hears of it."""
    names = tuple(
        account.name for account in accounts.list_own_accounts(db, me.id or 0) if account.id in join.account_ids
    )
    accounts.take_apart(db, join, now)
    log.info("accounts.taken_apart", member=join.member_id, former=join.former_id, join=join.id)
    if is_stranger:
        hr.tell_hr_of_stranger(db, me, names, now, key=f"hr.stranger:{join.id}")
