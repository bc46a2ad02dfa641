"""How much of what nobody asked for reaches one person: the monthly push budget. Pure rules.

What counts is what the outbox has as `Urgency.PUSH`: announcements, the digests that come by default (monthly, or every
two months), nudges to register. What doesn't: answers, what other people write or ask, reminders of what a person takes
part in, and what a person asked for by choosing it themselves: the weekly digest, the monthly question for news.

A month is any 31 days in a row, so that no calendar month, in whatever zone, holds more either.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

MOST_A_MONTH = 4
"""Unasked messages to one person within `MONTH` (the product's description)."""

MONTH = timedelta(days=31)


def next_push(taken: Sequence[datetime], at: datetime) -> datetime:
    """`at` itself, or the moment at which the person may get one more. `taken` are the moments of what was sent
    unasked within the `MONTH` before `at`, in any order."""
    counted = sorted(moment for moment in taken if moment > at - MONTH)
    if len(counted) < MOST_A_MONTH:
        return at
    return counted[-MOST_A_MONTH] + MONTH
