"""What to do after a send: a pure decision from what happened and how often it was tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.failures import FailureKind, SendFailed

MOST_ATTEMPTS = 8
"""With the waits below, nearly twelve hours of passing trouble are outlasted."""

BROKEN = "broken: "
"""Begins the reason of a send that ended with an exception nobody expected."""

_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(hours=6)


class Step(StrEnum):
    """What happens next to a delivery."""

    TRY_LATER = "try_later"
    ASK_LATER = "ask_later"
    """It may have arrived: nothing is done until the send's deadline has passed and the platform can be asked."""
    TRY_NEXT_ACCOUNT = "try_next_account"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class Decision:
    """The next step, when, why, and whether this attempt counts."""

    step: Step
    at: datetime
    reason: str = ""
    counts: bool = True


def decide(failure: SendFailed, attempts: int, now: datetime) -> Decision:
    """What to do after `failure` on the `attempts`-th try (from 1)."""
    asked_to_wait = timedelta(seconds=failure.retry_after)
    if failure.maybe_sent:
        return Decision(Step.ASK_LATER, now, failure.reason)
    match failure.kind:
        case FailureKind.THROTTLED:
            at = now + max(timedelta(seconds=1), asked_to_wait)
            return Decision(Step.TRY_LATER, at, failure.reason, counts=False)
        case FailureKind.RETRY if attempts < MOST_ATTEMPTS:
            return Decision(Step.TRY_LATER, now + max(wait_before(attempts + 1), asked_to_wait), failure.reason)
        case FailureKind.GONE:
            return Decision(Step.TRY_NEXT_ACCOUNT, now, failure.reason)
        case _:
            return Decision(Step.GIVE_UP, now, failure.reason)


def decide_after_asking(reason: str, attempts: int, now: datetime) -> Decision:
    """What to do when the platform says that the message did not arrive; `reason` is what broke its send off, ""
    after a crash of ours.
    """
    if reason.startswith(BROKEN) or attempts >= MOST_ATTEMPTS:
        return Decision(Step.GIVE_UP, now, reason or "never arrived")
    return Decision(Step.TRY_LATER, now)


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the `attempt`-th try (from 2): fourfold each time, six hours at most."""
    return min(_LONGEST_WAIT, _FIRST_WAIT * 4 ** (attempt - 2))
