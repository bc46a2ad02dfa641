"""When an invitation goes out. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.policy import Policy
from bot.quiet import next_allowed
from bot.recurrence import resolve

RECENT = timedelta(days=7)
"""Who left within that time was forgotten on the list rather than long gone, and is invited at once."""


def invitation_moment(left_on: date, policy: Policy, now: datetime) -> datetime:
    """When to invite a person whom HR enters now.

    On the last day at the community's hour. If that has passed: now, outside quiet hours, for those who left lately;
    the next day at that hour for those who left longer ago. They come in hundreds, with the first list a company
    imports, and a wrong file must be noticed before it has written to all of them.
    """
    if is_before_last_day(left_on, policy, now):
        return on_last_day(left_on, policy)
    today = now.astimezone(ZoneInfo(policy.zone)).date()
    if today - left_on <= RECENT:
        return invitation_now(policy, now)
    return on_last_day(today + timedelta(days=1), policy)


def on_last_day(left_on: date, policy: Policy) -> datetime:
    """The community's hour of inviting on that day."""
    return resolve(datetime.combine(left_on, policy.invitation_at), ZoneInfo(policy.zone))


def is_before_last_day(left_on: date, policy: Policy, now: datetime) -> bool:
    """Whether the hour of inviting is still to come."""
    return on_last_day(left_on, policy) > now


def invitation_now(policy: Policy, now: datetime) -> datetime:
    """The first moment from `now` on that lies outside the community's quiet hours."""
    return next_allowed(now, policy.zone, policy.quiet.start.hour, policy.quiet.end.hour)
