"""Events and jobs as they are really announced: from the button on `/announce` to the readers' buttons."""

from collections.abc import AsyncIterator

import pytest_asyncio

from handlers.announcements import actions
from storage.models import Purpose
from tests.handlers.announcements.people import actor_of, add_hr, add_member, go_on, only, words
from tests.support.world import World, list_buttons


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


async def test_an_event_goes_from_its_form_to_its_readers(world: World) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "佐藤 美咲")
    await hr.command("/announce")
    await hr.press("イベント…")
    assert hr.form is not None
    await hr.submit(title_ja="夏の集い", day="2026-12-20", place="本社の食堂")
    assert "夏の集い" in words(hr)
    await hr.press("見え方を確かめる")
    await hr.press("送る…")
    await hr.submit()
    await go_on(world)
    misaki = actor_of(world, "佐藤 美咲")
    [message] = misaki.inbox
    assert "参加" in [button.label for button in list_buttons(message)]


async def test_a_job_goes_from_its_form_to_its_readers(world: World) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "佐藤 美咲", consents=[Purpose.JOBS])
        add_member(db, "news only")
    await hr.command("/announce")
    await hr.press("求人…")
    assert hr.form is not None
    await hr.submit(title_ja="電池の技術者", text_ja="量産を立ち上げます。")
    await hr.press_action(actions.AskSend(only(world).id or 0))
    await hr.submit()
    await go_on(world)
    assert actor_of(world, "news only").inbox == []
    [message] = actor_of(world, "佐藤 美咲").inbox
    assert "興味なし" in [button.label for button in list_buttons(message)]
