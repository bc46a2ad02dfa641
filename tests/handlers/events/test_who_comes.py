"""Who sees whom: the list of those who come, `/events`, the home page and digests."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.digest import DigestReader, ItemKind
from bot.i18n import use_locale
from handlers.events import actions
from handlers.events.offer import offer
from storage.models import EventState, Role, Rsvp, Status
from tests.handlers.events.people import (
    BEGINS,
    add_hr,
    add_member,
    add_members,
    block,
    change_member,
    make_event,
    make_world,
    press,
    read,
    say,
)
from tests.support.golden import as_text
from tests.support.world import POLICY, START, Actor, World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def look_at_people(actor: Actor, event: int, page: int = 0) -> str:
    """[Who comes], as it is read."""
    await press(actor, actions.ShowPeople(event, page))
    return read(actor)


async def test_those_who_come_see_each_other_as_on_a_name_tag(world: World) -> None:
    event = make_event(world, await add_hr(world))
    misaki = await add_member(
        world, "佐藤 美咲", department="電池開発部", topics=("電池開発",), city="横浜", employer="ヒナタ蓄電"
    )
    sho = await add_member(world, "高橋 翔", role=Role.EMPLOYEE, department="設計2課")
    for actor in (misaki, sho):
        await say(actor, event)
    text = await look_at_people(sho, event)
    assert "**佐藤 美咲**さん（元 電池開発部）" in text
    assert "(電池開発)" in text
    assert "横浜" not in text
    assert "ヒナタ蓄電" not in text
    assert "高橋" not in text
    assert "（設計2課）" in await look_at_people(misaki, event)


@pytest.mark.parametrize("rsvp", [None, Rsvp.MAYBE, Rsvp.NOT_GOING])
async def test_nobody_else_sees_who_comes(world: World, rsvp: Rsvp | None) -> None:
    event = make_event(world, await add_hr(world))
    misaki, sho = await add_member(world, "佐藤 美咲"), await add_member(world, "高橋 翔")
    await say(misaki, event)
    if rsvp is not None:
        await say(sho, event, rsvp)
    text = await look_at_people(sho, event)
    assert "佐藤" not in text
    assert "参加する方にだけ" in text


async def test_who_waits_sees_nobody_and_is_not_seen(world: World) -> None:
    event = make_event(world, await add_hr(world), capacity=1)
    misaki, sho = await add_member(world, "佐藤 美咲"), await add_member(world, "高橋 翔")
    for actor in (misaki, sho):
        await say(actor, event)
    assert "佐藤" not in await look_at_people(sho, event)
    assert "高橋" not in await look_at_people(misaki, event)


async def test_across_a_block_neither_sees_the_other(world: World) -> None:
    event = make_event(world, await add_hr(world))
    misaki, sho, ken = [await add_member(world, name) for name in ("佐藤 美咲", "高橋 翔", "田中 健一")]
    for actor in (misaki, sho, ken):
        await say(actor, event)
    block(world, misaki, sho)
    seen = [await look_at_people(actor, event) for actor in (misaki, sho, ken)]
    assert ["高橋" in seen[0], "田中" in seen[0]] == [False, True]
    assert ["佐藤" in seen[1], "田中" in seen[1]] == [False, True]
    assert ["佐藤" in seen[2], "高橋" in seen[2]] == [True, True]


async def test_hidden_fields_stay_hidden_and_the_paused_are_gone(world: World) -> None:
    event = make_event(world, await add_hr(world))
    hidden = {"department": "nobody", "topics": "alumni"}
    misaki = await add_member(world, "佐藤 美咲", department="電池開発部", topics=("電池開発",), visibility=hidden)
    sho = await add_member(world, "高橋 翔", role=Role.EMPLOYEE)
    for actor in (misaki, sho):
        await say(actor, event)
    text = await look_at_people(sho, event)
    assert "佐藤 美咲" in text
    assert "電池開発" not in text.replace("参加者：電池の夕べ", "")
    change_member(world, misaki, status=Status.PAUSED)
    await world.settle()
    assert "佐藤" not in await look_at_people(sho, event)


async def test_many_are_paged(world: World) -> None:
    event = make_event(world, await add_hr(world))
    people = await add_members(world, 10)
    for actor in people:
        await say(actor, event)
    first, second = await look_at_people(people[0], event), await look_at_people(people[0], event, 1)
    assert [f"{name} さん" in first for name in "BCDEFGHIJ"] == [True] * 8 + [False]
    assert "J さん" in second
    assert "[次へ]" in first
    assert "[戻る]" in second
    assert "J さん" not in await look_at_people(people[0], event, -5)


# What is on


async def test_the_list_shows_what_i_signed_up_for_first(world: World) -> None:
    hr = await add_hr(world)
    mine = make_event(world, hr, title_ja="同窓会", starts_at=BEGINS + timedelta(days=3), uid="b")
    make_event(world, hr, title_ja="勉強会", uid="c")
    make_event(world, hr, title_ja="下書きの会", state=EventState.DRAFT, uid="d")
    make_event(world, hr, title_ja="取りやめの会", state=EventState.CANCELLED, uid="e")
    make_event(world, hr, title_ja="昨日の会", starts_at=START - timedelta(days=1), ends_at=START, uid="f")
    (a,) = await add_members(world, 1)
    await say(a, mine)
    await a.command("/events")
    text = read(a)
    assert text.index("同窓会") < text.index("勉強会")
    assert not [title for title in ("下書きの会", "取りやめの会", "昨日の会", "管理") if title in text]
    await a.write("イベント")
    assert "同窓会" in read(a)


async def test_without_the_consent_nothing_is_shown_until_it_is_given(world: World) -> None:
    hr = await add_hr(world)
    make_event(world, hr)
    ken = await add_member(world, "田中 健一", agrees=False)
    await ken.command("/events")
    assert "電池の夕べ" not in read(ken)
    await ken.press("同意して見る")
    assert ken.home is not None
    with use_locale("ja"):
        assert "電池の夕べ" in as_text(ken.home)


async def test_with_nothing_on_it_says_so(world: World) -> None:
    (a,) = await add_members(world, 1)
    await a.command("/events")
    assert "今のところ予定されているイベントはありません" in read(a)


async def test_many_events_are_paged(world: World) -> None:
    hr = await add_hr(world)
    for number in range(7):
        make_event(world, hr, title_ja=f"会{number}", starts_at=BEGINS + timedelta(days=number), uid=f"{number}")
    (a,) = await add_members(world, 1)
    await press(a, actions.ShowList(1))
    assert "会5" in read(a)
    assert "会4" not in read(a)
    await press(a, actions.ShowList(99))
    assert "会6" in read(a)


async def test_a_draft_is_nobodys_but_hrs(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, state=EventState.DRAFT)
    (a,) = await add_members(world, 1)
    for action in (actions.Show(event), actions.Answer(event, "going"), actions.ShowPeople(event, 0)):
        await press(a, action)
        assert "使えなくなりました" in read(a)
    await press(hr, actions.Show(event))
    assert "電池の夕べ" in read(hr)


# In digests


async def test_digests_offer_what_is_free_to_those_who_have_not_answered(world: World) -> None:
    hr = await add_hr(world)
    free = make_event(world, hr, uid="a")
    full = make_event(world, hr, capacity=1, uid="b", title_ja="満席の会")
    make_event(world, hr, state=EventState.DRAFT, uid="c")
    make_event(world, hr, answer_by=START, uid="d")
    a, b = await add_members(world, 2)
    await say(a, full)
    await say(a, free)
    readers = tuple(DigestReader(actor.member().id or 0, "ja", "alumnus") for actor in (a, b))
    with world.store.begin() as db:
        made = offer(db, START, POLICY)
        (item,) = made.items
        assert (item.kind, item.key, item.purpose, item.from_hr) == (ItemKind.EVENT, f"event:{free}", "news", True)
        assert made.fit_for is not None
        fit = made.fit_for(db, readers)
        assert [fit(reader, item) > 0 for reader in readers] == [False, True]
        with use_locale("en"):
            assert "Battery evening" in str(item.draw("alumnus"))
