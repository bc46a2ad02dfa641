"""Step 1, who somebody is: by a code, by what the roster knows, or by HR."""

from dataclasses import dataclass
from datetime import datetime

from bot.policy import Policy
from bot.replies import FormErrors, OpenForm, Private, Reply
from bot.ui import Form
from handlers import accounts, hr
from handlers.onboarding import rules, views
from handlers.onboarding.approval import admit, tell_of_arrival
from handlers.onboarding.jobs import find_promise, promise_answer
from handlers.onboarding.rules import Identity, Tries, Verdict
from storage.models import Account, Member, RosterEntry
from storage.queries.registration import (
    add_application,
    add_wrong_code,
    find_registered,
    find_waiting_application,
    list_wrong_codes,
)
from storage.queries.roster import find_by_code, find_by_employment
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Doorstep:
    """Somebody who wants to come in, and what is needed to decide."""

    db: UnitOfWork
    me: Member
    account: Account
    now: datetime
    policy: Policy

    def count_tries(self) -> Tries:
        """How many wrong codes this account may still enter, or until when it is locked."""
        since = rules.look_back(self.now, self.policy)
        return rules.count_tries(list_wrong_codes(self.db, self.account.id or 0, since), self.now, self.policy)

    def find_promise(self) -> datetime | None:
        """By when somebody whose application waits hears from us; None also when nothing waits."""
        application = find_waiting_application(self.db, self.me.id or 0)
        return find_promise(self.db, application) if application else None

    @property
    def is_waiting(self) -> bool:
        """Whether HR has an application to decide."""
        return find_waiting_application(self.db, self.me.id or 0) is not None


def draw_form(door: Doorstep, identity: Identity | None = None) -> Form:
    """The form of step 1; only the code while the rest is with HR."""
    return views.identify_form(identity or Identity(), door.policy, code_only=door.is_waiting)


def open_door(door: Doorstep) -> Reply:
    """The form of step 1, or what keeps it closed: too many wrong codes."""
    until = door.count_tries().locked_until
    return Private(views.locked(until, door.policy)) if until else OpenForm(draw_form(door))


def describe_wait(door: Doorstep) -> Reply:
    """How an application stands."""
    return Private(views.waiting(door.find_promise(), just_filed=False))


def identify(door: Doorstep, identity: Identity, secret: bytes) -> Reply | None:
    """Lets the person in and returns None, or says what is in the way. `secret` keys the codes."""
    until = door.count_tries().locked_until
    if until is not None:
        return Private(views.locked(until, door.policy))
    if identity.code:
        return _try_code(door, identity, secret)
    if door.is_waiting:
        return describe_wait(door)
    gaps = rules.check_identity(identity)
    if gaps:
        return FormErrors(draw_form(door, identity), {name: views.explain_gap(gap) for name, gap in gaps.items()})
    return _try_employment(door, identity)


def _try_code(door: Doorstep, identity: Identity, secret: bytes) -> Reply | None:
    entry = find_by_code(door.db, identity.code, secret)
    is_registered = entry is not None and find_registered(door.db, entry.id or 0) is not None
    verdict = rules.judge_code(entry, is_registered, door.now)
    if verdict is Verdict.GOOD:
        _come_in(door, entry)
        return None
    at = accounts.Newcomer(door.db, door.me, door.account, door.now, door.policy, secret)
    return accounts.join_by_code(at, identity.code) or _note_wrong_code(door, identity, verdict)


def _come_in(door: Doorstep, entry: RosterEntry | None) -> None:
    tell_of_arrival(door.db, admit(door.db, door.me, entry, door.now), door.now)


def _note_wrong_code(door: Doorstep, identity: Identity, verdict: Verdict) -> Reply:
    add_wrong_code(door.db, door.account.id or 0, door.now)
    tries = door.count_tries()
    if tries.locked_until is None:
        sentence = views.explain_verdict(verdict, tries.left, code_only=door.is_waiting)
        return FormErrors(draw_form(door, identity), {"code": sentence})
    hr.tell_hr_of_lock(door.db, door.me, door.now)
    return Private(views.locked(tries.locked_until, door.policy))


def _try_employment(door: Doorstep, identity: Identity) -> Reply | None:
    month = identity.left_month or ""
    entry = find_by_employment(door.db, identity.number, identity.name, month)
    if entry is not None and find_registered(door.db, entry.id or 0) is None:
        _come_in(door, entry)
        return None
    application = add_application(door.db, door.me.id or 0, identity.number, identity.name, month, door.now)
    by = promise_answer(door.db, application, door.now, door.policy)
    hr.tell_hr_of_application(door.db, application, door.now)
    return Private(views.waiting(by, just_filed=True))
