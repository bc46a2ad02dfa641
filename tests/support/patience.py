"""Real time in tests, in one place. What can be waited for as an event is waited for without a limit (pytest's timeout
ends what hangs); the rest are limits that a test means to run into, and those are scaled here.

On a machine so slow that such a limit ends something too early: MUSUBI_TEST_PATIENCE=5 make test
"""

import os

from scheduler.pace import LaneLimits

_SCALE = float(os.environ.get("MUSUBI_TEST_PATIENCE", "1"))


UNHURRIED = 600.0
"""Seconds for what the product limits in real time, where a test is not about being late. A send that outlives its
limit is asked about or uncertain, and so comes later than a test expects; a person who waits too long is told so."""

UNPACED = {name: LaneLimits(rate=2000, ceiling=2000, at_once=50) for name in ("slack", "teams", "email")}
"""Our own pace waits for the clock, which stands still in tests; the platforms' is the fakes' business."""


def limit(seconds: float = 2.0) -> float:
    """Real seconds for a limit that will be reached. What has to happen before it takes milliseconds."""
    return seconds * _SCALE
