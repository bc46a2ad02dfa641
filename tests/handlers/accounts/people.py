"""People with accounts on two platforms, for these tests."""

import re
from collections.abc import AsyncIterator

import pytest_asyncio

from bot.incoming import AccountKind
from storage.queries.outbox import Terms, find_best_account, post
from tests.scheduler.postroom import say
from tests.support.world import Actor, World, text_of

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The whole product, with two chat platforms."""
    made = World(sqlite_url, others=("teams",))
    yield made
    made.close()


async def make_code(owner: Actor) -> str:
    """A code, as it stands on the owner's screen."""
    await owner.command("/alumni アカウント")
    await owner.press("アカウント追加")
    assert owner.answer is not None
    found = CODE.search(text_of(owner.answer))
    assert found, text_of(owner.answer)
    return found.group()


async def on_teams(world: World, name: str = "Sato, Misaki", kind: AccountKind = AccountKind.GUEST) -> Actor:
    """Somebody who has come in on the other platform and has been welcomed there."""
    actor = world.person(name, platform="teams", kind=kind)
    await actor.join()
    return actor


async def join(owner: Actor, other: Actor) -> None:
    """Joins the other account to the owner's."""
    await other.command(f"/alumni account {await make_code(owner)}")
    assert other.member().id == owner.member().id, text_of(other.answer) if other.answer else ""


def said(actor: Actor) -> str:
    """What was just answered."""
    assert actor.answer is not None
    return text_of(actor.answer)


def best(world: World, actor: Actor) -> str:
    """The platform that messages go to."""
    with world.store.begin() as db:
        account = find_best_account(db, actor.member())
        return account.platform if account else ""


def send(world: World, to: Actor, key: str) -> None:
    """Posts a message to a member."""
    with world.store.begin() as db:
        post(db, to.member(), lambda: say("何かありました"), Terms(key, world.clock.now()))
