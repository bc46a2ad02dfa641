"""What HR's handlers work with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.incoming import Origin
from bot.installation import Installation
from bot.policy import Policy
from bot.routing import Bundle
from handlers.roster import INVITE, is_before_last_day
from storage.models import Member
from storage.queries.audit import note_act
from storage.queries.joining import People, to_hand_over
from storage.uow import UnitOfWork


@dataclass(frozen=True)
class Desk(Bundle):
    """Somebody of HR at work."""

    db: UnitOfWork
    me: Member
    origin: Origin
    now: datetime
    policy: Policy
    installation: Installation

    def note(self, act: str, subject: str, detail: str = "") -> None:
        """Puts an act into the audit log."""
        note_act(self.db, self.me, act, self.now, subject=subject, detail=detail)

    @property
    def to_hand_over(self) -> People:
        """The leavers whose codes HR hands over."""
        return find_to_hand_over(self.policy, self.installation, self.now)


def find_left_by(policy: Policy, now: datetime) -> date:
    """The latest last day whose hour of inviting has come at `now`."""
    today = now.astimezone(ZoneInfo(policy.zone)).date()
    return today - timedelta(days=1) if is_before_last_day(today, policy, now) else today


def find_to_hand_over(
    policy: Policy, installation: Installation, now: datetime, *, since: date | None = None
) -> People:
    """The leavers whom no mail invites and whose last day has come; with `since`, was on that day or later."""
    kind = INVITE if installation.mail_is_on else ""
    return to_hand_over(find_left_by(policy, now), invitation=kind, since=since)
