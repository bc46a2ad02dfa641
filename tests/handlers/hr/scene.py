"""People around HR's page, for tests."""

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.i18n import use_locale
from bot.incoming import AccountKind
from bot.ui import Message
from storage.models import AuditEntry
from storage.queries.audit import list_acts
from tests.support.golden import as_text
from tests.support.world import Actor, World


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The whole product on SQLite."""
    made = World(sqlite_url)
    yield made
    made.close()


async def hr(world: World, name: str = "山本 由佳") -> Actor:
    """Somebody of HR who has been welcomed."""
    yuka = world.hr(name)
    await yuka.join()
    return yuka


async def applicant(world: World, name: str = "佐藤 美咲", number: str = "00123", left: str = "2026/3") -> Actor:
    """Somebody at the door whom the roster does not confirm."""
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await misaki.join()
    await misaki.press("登録する")
    await misaki.submit(number=number, name=name, left=left)
    return misaki


def acts(world: World) -> list[AuditEntry]:
    """The audit log, the newest first."""
    with world.store.begin() as db:
        return list_acts(db)


def shown(actor: Actor) -> str:
    """What stands on the message that HR looks at, as Japanese readers see it."""
    assert actor.answer is not None
    with use_locale("ja"):
        return as_text(actor.answer)


def newest(actor: Actor) -> Message:
    """The last direct message."""
    return actor.inbox[-1]
