"""A member's accounts: showing them, joining another one, and which one gets the messages."""

from dataclasses import dataclass
from datetime import datetime

from bot.i18n import _
from bot.incoming import Command, FormValues, Origin
from bot.installation import Installation
from bot.policy import Policy
from bot.replies import FormErrors, OpenForm, Private, Reply
from bot.routing import Bundle, Router, Who
from bot.ui import Message
from handlers.accounts import rules, views
from handlers.accounts.actions import AskCode, Join, MakeCode, Prefer, TakeApart
from handlers.accounts.joining import Newcomer, try_code, undo
from handlers.answers import refuse_inactive
from handlers.places import answer_in_place
from storage.models import Account, Member, Status
from storage.queries import accounts
from storage.queries.outbox import find_best_account
from storage.uow import UnitOfWork

router = Router()


@dataclass(frozen=True)
class Desk(Bundle):
    """Somebody looking at their accounts."""

    db: UnitOfWork
    me: Member
    account: Account
    origin: Origin
    now: datetime
    policy: Policy
    installation: Installation

    @property
    def newcomer(self) -> Newcomer:
        """This account as one to be joined."""
        return Newcomer(self.db, self.me, self.account, self.now, self.policy, self.installation.secret)

    def draw(self) -> Message:
        """What somebody in this state can do about accounts."""
        if rules.is_member(self.me):
            best = find_best_account(self.db, self.me)
            mine = accounts.list_own_accounts(self.db, self.me.id or 0)
            joins = accounts.list_joins(self.db, self.me.id or 0)
            return views.page(mine, best, joins)
        return views.outside(self.policy) if self.me.status == Status.UNVERIFIED else refuse_inactive(self.me.status)


@router.command(
    "alumni account",
    words=("account", "アカウント"),
    who=Who.ANYONE,
    about=lambda: _("Join your accounts, choose where messages go"),
    menu=False,
)
def show_by_word(command: Command, desk: Desk) -> Reply:
    """`/alumni account`, and with a code: joins this account."""
    if not command.text or desk.me.status not in (Status.UNVERIFIED, Status.ACTIVE):
        return Private(desk.draw())
    reply = try_code(desk.newcomer, command.text)
    return Private(views.wrong(reply.errors[views.CODE])) if isinstance(reply, FormErrors) else reply


@router.button(MakeCode, who=Who.ANYONE)
def make_code(pressed: MakeCode, desk: Desk) -> Reply:
    """[Join another account]."""
    if not rules.is_member(desk.me):
        return Private(desk.draw())
    code = accounts.issue_join_code(desk.db, desk.account, desk.installation.secret, rules.VALID, desk.now)
    return Private(views.code(code, desk.now + rules.VALID, desk.policy))


@router.button(AskCode, who=Who.ANYONE)
def ask_code(pressed: AskCode, desk: Desk) -> Reply:
    """[Enter a code]."""
    if desk.me.status not in (Status.UNVERIFIED, Status.ACTIVE):
        return Private(desk.draw())
    until = desk.newcomer.find_lock()
    return Private(views.locked(until, desk.policy)) if until else OpenForm(views.code_form())


@router.form(Join, who=Who.ANYONE)
def join(form: Join, values: FormValues, desk: Desk) -> Reply:
    """The form with the code."""
    if desk.me.status not in (Status.UNVERIFIED, Status.ACTIVE):
        return Private(desk.draw())
    return try_code(desk.newcomer, values.text(views.CODE))


@router.button(Prefer, who=Who.ANYONE)
def prefer(pressed: Prefer, desk: Desk) -> Reply:
    """[Write to me here]. An account that is not the member's changes nothing."""
    mine = {account.id for account in accounts.list_own_accounts(desk.db, desk.me.id or 0) if account.reachable}
    if rules.is_member(desk.me) and pressed.account_id in mine:
        desk.me.preferred_account_id = pressed.account_id
    return answer_in_place(desk.origin, desk.draw())


@router.button(TakeApart, who=Who.ANYONE)
def take_apart(pressed: TakeApart, desk: Desk) -> Reply:
    """[Take apart], [This wasn't me]: from any account of the member. Pressed again, it says so."""
    join = accounts.find_join(desk.db, pressed.id)
    if join is None or desk.me.id not in (join.member_id, join.former_id):
        return Private(desk.draw())
    is_stranger = bool(pressed.is_stranger) and desk.account.id not in join.account_ids
    if join.undone_at is None and desk.me.id == join.member_id:
        undo(desk.db, join, desk.me, desk.now, is_stranger=is_stranger)
    return answer_in_place(desk.origin, views.taken_apart(told_hr=is_stranger))
