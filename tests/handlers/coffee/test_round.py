"""A round as its people see it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers.coffee.rules import find_start
from storage.models import Account, CoffeeGroup, Role, Status
from storage.queries.consents import set_consents
from tests.handlers.coffee.people import (
    NEXT,
    ROUND,
    add_member,
    add_members,
    block,
    change,
    find_seat,
    hold_round,
    list_groups,
    list_rounds,
    make_world,
    pass_days,
    summaries,
)
from tests.support.world import POLICY, START, World, text_of

NO_INTRODUCTION = "今回はご紹介できる方がいませんでした"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def test_two_are_introduced_to_each_other(database_url: str) -> None:
    world = make_world(database_url)
    misaki = await add_member(world, "佐藤 美咲", topics=["電池開発"], employer="海風電力")
    sho = await add_member(world, "高橋 翔", role=Role.EMPLOYEE, topics=["バッテリー開発"], department="設計2課")
    await hold_round(world)
    assert list_groups(world) == [{misaki.member().id, sho.member().id}]
    assert list_rounds(world) == [(ROUND, "done")]
    for word in ("高橋 翔", "設計2課", "電池開発"):
        assert word in text_of(misaki.inbox[-1])
    assert "佐藤 美咲" in text_of(sho.inbox[-1])
    assert misaki.groups == sho.groups != []
    world.close()


async def test_alumni_meet_employees_first_and_topics_decide(world: World) -> None:
    alumna = await add_member(world, "A", topics=["電池開発"])
    await add_member(world, "B", topics=["電池開発"])
    await add_member(world, "C", role=Role.EMPLOYEE, topics=["マーケティング"])
    buyer = await add_member(world, "D", role=Role.EMPLOYEE, topics=["電池開発"])
    await hold_round(world)
    pairs = list_groups(world)
    assert len(pairs) == 2
    assert {alumna.member().id, 2} not in pairs
    assert any(buyer.member().id in pair and pair & {1, 2} for pair in pairs)


async def test_three_make_a_trio_and_each_reads_of_the_other_two(world: World) -> None:
    people = await add_members(world, 3)
    await hold_round(world)
    assert list_groups(world) == [{person.member().id for person in people}]
    for name in ("B さん", "C さん"):
        assert name in text_of(people[0].inbox[-1])
    assert len(people[0].groups) == 1


async def test_one_person_is_told_that_there_is_nobody_and_when_the_next_round_is(world: World) -> None:
    (only,) = await add_members(world, 1)
    await hold_round(world)
    assert NO_INTRODUCTION in text_of(only.inbox[-1])
    assert "1月4日（月）" in text_of(only.inbox[-1])
    assert find_seat(world, only).state == "left_over"


async def test_a_round_without_anybody_is_over_at_once(world: World) -> None:
    await add_member(world, "佐藤 美咲", joined=False)
    await hold_round(world)
    assert list_rounds(world) == [(ROUND, "done")]


async def test_where_everybody_is_blocked_everybody_is_told_the_same_as_where_nobody_takes_part(world: World) -> None:
    one, other = await add_members(world, 2)
    block(world, one, other)
    await hold_round(world)
    assert list_groups(world) == []
    for person in (one, other):
        assert NO_INTRODUCTION in text_of(person.inbox[-1])
        assert "1月4日（月）" in text_of(person.inbox[-1])


async def test_a_department_is_not_met_either_way(world: World) -> None:
    owner = await add_member(world, "A", department="購買部")
    shunned = await add_member(world, "B", department="Design 2")
    other = await add_member(world, "C", department="広報部")
    last = await add_member(world, "D", department="design 2")
    block(world, owner, department="DESIGN 2")
    await hold_round(world)
    assert {owner.member().id, other.member().id} in list_groups(world)
    assert {shunned.member().id, last.member().id} in list_groups(world)


async def test_nobody_is_introduced_to_the_same_person_within_half_a_year(world: World) -> None:
    people = await add_members(world, 2)
    await hold_round(world)
    await pass_days(world, 28)
    assert [state for _day, state in list_rounds(world)] == ["done", "done"]
    assert len(list_groups(world)) == 1
    assert NO_INTRODUCTION in text_of(people[0].inbox[-1])


@pytest.mark.parametrize(("weeks", "again"), [(26, True), (25, False)])
async def test_after_half_a_year_they_may_meet_again(world: World, weeks: int, again: bool) -> None:
    await add_members(world, 2)
    await hold_round(world)
    with world.store.begin() as db:
        group = db.session.get_one(CoffeeGroup, 1)
        group.introduced_at = moment_of_next_round() - timedelta(weeks=weeks)
    await pass_days(world, 28)
    assert len(list_groups(world)) == (2 if again else 1)


def moment_of_next_round() -> datetime:
    """When the second round begins."""
    return find_start(NEXT, "Asia/Tokyo")


async def test_who_may_not_be_introduced_takes_no_part(world: World) -> None:
    people = await add_members(world, 6)
    change(world, people[2], status=Status.PAUSED)
    change(world, people[3], status=Status.SUSPENDED)
    await people[4].leave()
    await people[5].command("/coffee")
    await people[5].press("1か月休む")
    await hold_round(world)
    assert list_groups(world) == [{people[0].member().id, people[1].member().id}]


async def test_a_taken_back_consent_is_enough_to_be_left_out(world: World) -> None:
    people = await add_members(world, 3)
    with world.store.begin() as db:
        set_consents(db, people[2].member().id or 0, (), world.clock.now())
    await hold_round(world)
    assert list_groups(world) == [{people[0].member().id, people[1].member().id}]
    await people[2].command("/coffee")
    assert people[2].buttons()[:1] == ["同意して参加する"]


async def test_a_round_is_announced_three_days_before_to_those_who_take_part(sqlite_url: str) -> None:
    world = make_world(sqlite_url, at=START)
    misaki, ken = await add_member(world, "佐藤 美咲"), await add_member(world, "田中 健", joined=False)
    await pass_days(world, 13)
    assert not any("コーヒー会" in summary for summary in summaries(misaki))
    await pass_days(world, 1)
    assert list_rounds(world) == [(ROUND, "announced")]
    assert sum("次のコーヒー会は12月7日（月）です" in summary for summary in summaries(misaki)) == 1
    assert not any("コーヒー会" in summary for summary in summaries(ken))
    await misaki.press("今回は休む")
    assert "12月7日（月）の回はお休みです" in text_of(misaki.inbox[-1])
    await pass_days(world, 4)
    assert list_rounds(world) == [(ROUND, "done")]
    assert list_groups(world) == []
    world.close()


async def test_in_quiet_hours_nobody_is_woken(world: World) -> None:
    """10:00 in Tokyo is the middle of the night in London; the room is opened when both are awake."""
    await add_member(world, "佐藤 美咲")
    far = await add_member(world, "Ken Brown", locale="en-US", zone="Europe/London")
    await hold_round(world)
    assert list_groups(world) != []
    assert not any("Coffee round" in summary for summary in summaries(far))
    assert far.groups == []
    await world.pass_time(hours=7)
    assert any("Coffee round: please meet" in summary for summary in summaries(far))
    assert len(far.groups) == 1


async def test_a_round_that_was_missed_is_held_when_musubi_is_back(world: World) -> None:
    people = await add_members(world, 2)
    await world.app.slots.prepare()
    world.clock.at = world.clock.at.replace(day=9)
    await world.settle()
    assert list_rounds(world)[0] == (ROUND, "done")
    assert len(list_groups(world)) == 1
    assert any("ご紹介します" in summary for summary in summaries(people[0]))


async def test_without_rounds_nothing_is_held_and_the_page_says_so(sqlite_url: str) -> None:
    world = make_world(sqlite_url, policy=replace(POLICY, coffee_rhythm="never"))
    misaki, _other = await add_members(world, 2)
    await hold_round(world)
    await misaki.command("/coffee")
    assert list_rounds(world) == []
    assert misaki.answer is not None
    assert "いまは予定されている回がありません" in text_of(misaki.answer)
    assert "今回は休む" not in misaki.buttons()
    world.close()


async def test_those_in_different_places_get_a_relayed_room(world: World) -> None:
    """Each of the two is reachable in a workspace of their own."""
    misaki, sho = await add_members(world, 2)
    with world.store.begin() as db:
        account = db.session.get_one(Account, 2)
        account.tenant = "T2"
    await hold_round(world)
    assert len(list_groups(world)) == 1
    assert "お使いの場所が異なる" in text_of(misaki.inbox[-2])
    assert "コーヒー会 / Coffee round" in text_of(misaki.inbox[-1])
    assert misaki.groups == []
    assert "コーヒー会 / Coffee round" in text_of(sho.inbox[-1])


async def test_where_no_group_can_be_opened_they_are_told_where_to_find_each_other(sqlite_url: str) -> None:
    world = make_world(sqlite_url, opens_groups=False)
    misaki, _sho = await add_members(world, 2)
    await hold_round(world)
    assert "同じこのワークスペースをお使いです" in text_of(misaki.inbox[-1])
    world.close()


async def test_a_hidden_topic_is_not_named(world: World) -> None:
    misaki = await add_member(world, "佐藤 美咲", topics=["電池開発"], visibility={"topics": "nobody"})
    sho = await add_member(world, "高橋 翔", topics=["電池開発"])
    await hold_round(world)
    for person in (misaki, sho):
        assert "共通の話題" not in text_of(person.inbox[-1])
