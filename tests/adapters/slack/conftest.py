"""Musubi behind the fake Slack, over both of Slack's ways."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack.world import SlackWorld
from tests.fake_slack import Person


@pytest.fixture(params=["http", "socket"])
async def world(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[SlackWorld]:
    """Everything, over HTTP and over Socket Mode."""
    async with SlackWorld(sqlite_url, request.param) as started:
        yield started


@pytest.fixture
async def over_http(sqlite_url: str) -> AsyncIterator[SlackWorld]:
    """Everything, over HTTP."""
    async with SlackWorld(sqlite_url) as started:
        yield started


def add_misaki(world: SlackWorld) -> Person:
    """An alumna."""
    return world.slack.add_person("佐藤 美咲", email="misaki@example.com", is_restricted=True)
