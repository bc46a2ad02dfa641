"""A fake Slack, a client of the kind the product uses, and an app that answers as told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.clients import web_client
from tests.fake_slack.stub_app import StubApp


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace."""
    async with FakeSlack() as started:
        yield started


@pytest.fixture
def client(slack: FakeSlack) -> Any:
    """The Web API as the app sees it."""
    return web_client(slack)


@pytest.fixture
async def app(slack: FakeSlack) -> AsyncIterator[StubApp]:
    """An app over HTTP."""
    async with StubApp(slack) as started:
        yield started


@pytest.fixture
def misaki(slack: FakeSlack) -> Person:
    """An alumna."""
    return slack.add_person("佐藤 美咲", email="misaki@example.com", title="電池スタートアップ")


@pytest.fixture
def sho(slack: FakeSlack) -> Person:
    """An employee."""
    return slack.add_person("高橋 翔", email="sho@sample-seiki.example")
