"""Fixtures of the scheduler's tests."""

from collections.abc import Iterator

import pytest

from tests.scheduler.postroom import PostRoom


@pytest.fixture
def room(database_url: str) -> Iterator[PostRoom]:
    """A post room on each kind of database."""
    room = PostRoom(database_url)
    yield room
    room.close()
