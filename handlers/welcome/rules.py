"""Who is welcomed how, and which nudge still makes sense. Pure decisions."""

from datetime import datetime
from enum import StrEnum

from bot.policy import Policy
from storage.models import Member, Role, Status


class Greeting(StrEnum):
    """The welcome that suits somebody."""

    LEAVER = "leaver"
    EMPLOYEE = "employee"
    HR = "hr"
    NONE = "none"
    """Already at home here, or not to be written to."""


def choose_greeting(member: Member) -> Greeting:
    """Unverified people are asked to register; employees and HR learn what is here for them; members know it."""
    if member.status == Status.UNVERIFIED:
        return Greeting.LEAVER if member.registration_step == 0 else Greeting.NONE
    if member.status != Status.ACTIVE or member.role != Role.EMPLOYEE:
        return Greeting.NONE
    return Greeting.HR if member.is_hr else Greeting.EMPLOYEE


def is_overtaken(step: int, due_at: datetime, now: datetime, policy: Policy) -> bool:
    """Whether the next nudge is due as well, because Musubi was down: then only that one is sent.

    `step` counts from 1, in the order of `policy.registration_nudges`.
    """
    waits = policy.registration_nudges
    return step < len(waits) and due_at - waits[step - 1] + waits[step] <= now


def is_last(step: int, policy: Policy) -> bool:
    """Whether silence follows this nudge."""
    return step >= len(policy.registration_nudges)
