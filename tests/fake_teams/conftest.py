"""Fixtures for the fake's own tests: the fake, the bot's HTTP session, and a bot that says what it is told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import pytest

from tests.fake_teams import FakeTeams
from tests.fake_teams.keys import Json
from tests.fake_teams.stub_bot import StubBot


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    """A fake Teams without a bot."""
    moment = datetime.now(UTC)
    async with FakeTeams(now=lambda: moment) as fake:
        fake.service.runs = False
        yield fake


@pytest.fixture
async def session(teams: FakeTeams) -> AsyncIterator[aiohttp.ClientSession]:
    """A session with a good bot token."""
    token = teams.service.identity.make_token(teams.service.now())
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as made:
        yield made


@pytest.fixture
async def bot(teams: FakeTeams) -> AsyncIterator[StubBot]:
    """A bot that answers every activity as the test tells it."""
    stub = StubBot()
    teams.connect(await stub.start())
    yield stub
    await stub.close()


@pytest.fixture
def card() -> Json:
    """A small card that Teams takes."""
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [{"type": "TextBlock", "text": "こんにちは", "wrap": True}],
        "actions": [{"type": "Action.Execute", "title": "はい", "verb": "yes", "data": {"n": 1}}],
    }
