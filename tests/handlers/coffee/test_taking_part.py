"""Joining, skipping, resting and leaving; pressed twice, late, and by whoever may not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.actions import Action
from bot.dispatcher import OpenCommand
from bot.ui import Message
from handlers.coffee import actions
from storage.models import CoffeeMember, Consent, Purpose, Status
from storage.queries.consents import find_consents
from tests.handlers.coffee.people import (
    ROUND,
    add_member,
    add_members,
    change,
    find_part,
    hold_round,
    list_groups,
    make_world,
    pass_days,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def answer(actor: Actor) -> str:
    """What was just said, wherever it stands."""
    said = actor.world.shown[-1]
    assert isinstance(said, Message)
    return text_of(said)


async def test_joining_says_what_is_agreed_to_and_keeps_the_consent(database_url: str) -> None:
    world = make_world(database_url)
    misaki = await add_member(world, "佐藤 美咲", joined=False)
    await misaki.write("コーヒー")
    assert "同意いただいたことになります" in text_of(misaki.inbox[-1])
    assert list_rows(world.store, CoffeeMember) == []
    await misaki.press("同意して参加する")
    with world.store.begin() as db:
        assert find_consents(db, misaki.member().id or 0) == {Purpose.INTRODUCTIONS}
    assert find_part(world, misaki).joined
    assert "次のご紹介は12月7日（月）です" in text_of(misaki.inbox[-1])
    world.close()


async def test_joining_twice_is_joining_once(world: World) -> None:
    misaki = await add_member(world, "佐藤 美咲", joined=False)
    await misaki.press_action(actions.Join(), key="same")
    await misaki.press_action(actions.Join(), key="same")
    await misaki.press_action(actions.Join())
    assert len(list_rows(world.store, CoffeeMember)) == 1
    assert len(list_rows(world.store, Consent)) == 1


async def test_an_old_join_button_ends_no_rest(world: World) -> None:
    (misaki,) = await add_members(world, 1)
    await misaki.press_action(actions.Rest())
    await misaki.press_action(actions.Join())
    assert find_part(world, misaki).resting_until is not None


async def test_one_round_is_skipped_and_the_next_is_not(world: World) -> None:
    people = await add_members(world, 3)
    await people[2].command("/coffee")
    await people[2].press("今回は休む")
    assert "12月7日（月）の回はお休みです" in answer(people[2])
    await hold_round(world)
    assert list_groups(world) == [{people[0].member().id, people[1].member().id}]
    await people[2].command("/coffee")
    assert "次のご紹介は1月4日（月）です" in answer(people[2])


async def test_a_skip_can_be_taken_back(world: World) -> None:
    people = await add_members(world, 2)
    await people[0].press_action(actions.Skip(ROUND.isoformat()))
    await people[0].press("やはり参加する")
    await hold_round(world)
    assert len(list_groups(world)) == 1


@pytest.mark.parametrize("day", ["2026-11-02", "2027-01-04", "", "nonsense"])
async def test_an_old_or_forged_skip_button_skips_nothing(world: World, day: str) -> None:
    people = await add_members(world, 2)
    await people[0].press_action(actions.Skip(day))
    assert find_part(world, people[0]).skips is None
    await hold_round(world)
    assert len(list_groups(world)) == 1


async def test_a_month_of_rest_ends_by_itself(world: World) -> None:
    people = await add_members(world, 3)
    await people[2].command("/coffee")
    await people[2].press("1か月休む")
    until = find_part(world, people[2]).resting_until
    assert until == world.clock.now() + timedelta(days=30)
    await world.pass_time(hours=2)
    await people[2].press_action(actions.Rest())
    assert find_part(world, people[2]).resting_until == until
    await hold_round(world)
    assert len(list_groups(world)) == 1
    await pass_days(world, 31)
    await people[2].command("/coffee")
    assert "コーヒー会に参加中です" in answer(people[2])


async def test_leaving_and_coming_back(world: World) -> None:
    people = await add_members(world, 2)
    await people[0].command("/coffee")
    await people[0].press("やめる")
    assert "参加をやめました" in answer(people[0])
    await hold_round(world)
    assert list_groups(world) == []
    await people[0].command("/coffee")
    await people[0].press("同意して参加する")
    assert find_part(world, people[0]).joined


@pytest.mark.parametrize(
    "action", [actions.Skip("2026-12-07"), actions.Come(), actions.Rest(), actions.Leave(), actions.Keep()]
)
async def test_buttons_of_somebody_who_never_joined_do_nothing(world: World, action: Action) -> None:
    misaki = await add_member(world, "佐藤 美咲", joined=False)
    await misaki.press_action(action)
    assert list_rows(world.store, CoffeeMember) == []


@pytest.mark.parametrize("action", [actions.Join(), actions.Open(), actions.Answer(1, "yes")])
async def test_who_is_not_active_does_nothing_here(world: World, action: Action) -> None:
    (misaki,) = await add_members(world, 1)
    change(world, misaki, status=Status.PAUSED)
    await misaki.press_action(action)
    assert "休止" in answer(misaki) or "お休み" in answer(misaki)


async def test_the_home_page_shows_the_way_in_and_the_next_date(world: World) -> None:
    misaki = await add_member(world, "佐藤 美咲", joined=False)
    await misaki.press_action(actions.Open())
    assert "コーヒー会" in answer(misaki)
    await misaki.press("同意して参加する")
    await misaki.press_action(OpenCommand("coffee", ""))
    assert "12月7日（月）" in answer(misaki)
