"""Closes what the tests opened."""

from collections.abc import Iterator

import pytest

from tests.handlers.meetings import talks


@pytest.fixture(autouse=True)
def closing() -> Iterator[None]:
    """Every world is closed when its test is over."""
    yield
    while talks.opened:
        talks.opened.pop().close()
