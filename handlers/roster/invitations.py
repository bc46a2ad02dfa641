"""Inviting leavers: by mail on their last day, or by HR's own hand."""

from datetime import datetime

import structlog

from bot.feature import Due
from bot.installation import Installation
from bot.policy import Policy
from handlers.roster import views
from handlers.roster.importing import INVITE
from handlers.roster.schedule import is_before_last_day, on_last_day
from storage.models import RosterEntry
from storage.queries import outbox, roster
from storage.queries.registration import find_registered
from storage.queries.reminders import set_reminders
from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)


def can_be_mailed(entry: RosterEntry, installation: Installation) -> bool:
    """Whether the invitation goes by mail; otherwise HR hands it over."""
    return installation.mail_is_on and bool(entry.email)


def has_joined(db: UnitOfWork, entry: RosterEntry) -> bool:
    """Whether somebody came in as this leaver."""
    return entry.code_used_at is not None or find_registered(db, entry.id or 0) is not None


def send_due_invitation(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """The reminder's job: invites if that is still to be done. Whoever can't be mailed is listed for HR by being due
    and not invited."""
    entry = roster.get_entry(db, due.subject_id)
    if entry.invited_at is not None or has_joined(db, entry):
        return
    if is_before_last_day(entry.left_on, policy, now):
        set_reminders(db, INVITE, {due.subject_id: on_last_day(entry.left_on, policy)})
    elif can_be_mailed(entry, installation):
        mail_invitation(db, entry, policy, installation, now)


def mail_invitation(
    db: UnitOfWork, entry: RosterEntry, policy: Policy, installation: Installation, now: datetime
) -> None:
    """Sends an invitation with a new code. One that has not gone out yet is taken back; its code no longer counts."""
    if entry.code_serial:
        outbox.cancel(db, key_of(entry), "replaced")
    code = roster.issue_code(db, entry, installation.secret, policy.code_valid, now)
    expires_at = now + policy.code_valid
    invited = views.Invited(entry.name, code, expires_at)
    account = roster.keep_mail_account(db, entry.email, now)
    language = entry.language or policy.language
    terms = outbox.Terms(key_of(entry), now, not_after=expires_at)
    outbox.post_to_account(db, account, language, lambda: views.invitation(invited, policy, entry.language), terms)
    entry.invited_at = now
    log.info("roster.invited", entry=entry.id, serial=entry.code_serial)


def key_of(entry: RosterEntry) -> str:
    """The key of the delivery that carries the entry's latest code."""
    return f"invitation:{entry.id}:{entry.code_serial}"


def take_code(db: UnitOfWork, entry: RosterEntry, policy: Policy, installation: Installation, now: datetime) -> str:
    """The code for HR to hand over: the one that is out while it is good, otherwise a new one. The person counts as
    invited from then on."""
    code = roster.current_code(entry, installation.secret)
    if code is None or entry.code_expires_at is None or entry.code_expires_at <= now:
        code = roster.issue_code(db, entry, installation.secret, policy.code_valid, now)
    entry.invited_at = entry.invited_at or now
    log.info("roster.code_taken", entry=entry.id, serial=entry.code_serial)
    return code
