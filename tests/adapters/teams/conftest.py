"""Fixtures of the Teams tests."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.teams.rig import Rig
from tests.fake_teams import Actor, FakeTeams


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    """The adapter behind a fake Teams."""
    async with Rig() as running:
        yield running


@pytest.fixture
def teams(rig: Rig) -> FakeTeams:
    """The fake Teams of the rig."""
    return rig.teams


@pytest.fixture
async def sato(rig: Rig) -> Actor:
    """A person who has installed the app; the desk has forgotten that already."""
    person = rig.teams.add_person("佐藤 美咲")
    await person.install()
    rig.desk.got.clear()
    return person
