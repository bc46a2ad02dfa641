"""What every test may use. Fixtures live in tests/support, one module per subject; here is their list."""

import gc
import os
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.logs import describe_exception

pytest_plugins = ["tests.support.compiled", "tests.support.databases", "tests.support.logs"]

# What the code logs is shown with a failing test, one line each: the default draws every frame with its locals.
structlog.configure(processors=[describe_exception, structlog.processors.KeyValueRenderer(key_order=["event"])])

BROWSER_TESTS = Path(__file__).parent / "e2e"

# The same examples every time and no stopwatch: a run tells about the code, not about a busy machine. With the variable
# HYPOTHESIS_PROFILE set to `explore` it looks further.
PATIENT = [HealthCheck.too_slow]
settings.register_profile("ci", derandomize=True, database=None, deadline=None, suppress_health_check=PATIENT)
settings.register_profile("explore", deadline=None, max_examples=2000, suppress_health_check=PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks everything in tests/e2e, so that `make test` leaves it to `make e2e`."""
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker(pytest.mark.e2e)


def pytest_collection() -> None:
    """Nothing of what is made while tests are collected becomes garbage: looking for it takes a fifth of that time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on as usual, but past all that is there by now, which stays to the end."""
    gc.freeze()
    gc.enable()
