"""People pause, leave, are suspended or block each other meanwhile: whoever waits is told, neutrally."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.consultations.actions import Accept, Ask
from storage.models import Block, ConsultationState, EndReason, Purpose, RequestState, Status
from storage.queries.changes import announce_change
from storage.queries.consents import set_consents
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    ask_first,
    change,
    consultation,
    make_world,
    read_all,
    requests,
    timers,
    wait,
)
from tests.support.world import Actor, World

GONE: list[dict[str, Any]] = [
    {"status": Status.PAUSED},
    {"status": Status.SUSPENDED},
    {"status": Status.WITHDRAWN},
]


def block(world: World, owner: Actor, other: Actor | None = None, department: str = "") -> None:
    """Somebody sets a block, as the privacy settings do."""
    owner_id, other_id = owner.member().id or 0, other.member().id if other else None
    with world.store.begin() as db:
        now = world.clock.now()
        db.session.add(Block(owner_id=owner_id, member_id=other_id, department=department, created_at=now))
        announce_change(db, owner_id, now)


# The person asked


@pytest.mark.parametrize("fields", [*GONE, {"resting_until": "later"}])
async def test_the_mentor_goes_and_the_next_is_asked(sqlite_url: str, fields: dict[str, Any]) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki, kenichi = await add_mentor(world, topics=(TOPIC,)), await add_mentor(world, "田中 健一")
    await ask_first(sho)
    if "resting_until" in fields:
        fields = {"resting_until": world.clock.now() + timedelta(days=30)}
    change(world, misaki, **fields)
    await world.settle()
    assert sho.inbox[-1].summary == "お願いしていた方のご都合が変わったため、続けて次の方にお願いしています。"
    assert len(kenichi.inbox) == 1
    assert misaki.buttons() == [], "the card of who has gone has no button left"
    assert [row.state for row in requests(world)] == [RequestState.WITHDRAWN, RequestState.OPEN]
    world.close()


async def test_the_mentor_leaves_the_workspace(database_url: str) -> None:
    world = make_world(database_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.leave()
    assert "お願いしていた方のご都合が変わりました" in sho.inbox[-1].summary
    assert consultation(world).state == ConsultationState.SEARCHING
    (timer,) = timers(world).values()
    assert timer.due_at == world.clock.now() + world.policy.search_again
    world.close()


async def test_the_mentor_takes_the_consent_back(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    id = misaki.member().id or 0
    with world.store.begin() as db:
        set_consents(db, id, {Purpose.NEWS}, world.clock.now())
        announce_change(db, id, world.clock.now())
    await world.settle()
    assert [row.state for row in requests(world)] == [RequestState.WITHDRAWN]
    world.close()


async def test_nobody_announced_it_and_the_timer_sees_it(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    id = misaki.member().id
    with world.store.begin() as db:
        from storage.models import Member

        db.session.get_one(Member, id).status = Status.PAUSED
    await wait(world, days=3)
    assert [row.state for row in requests(world)] == [RequestState.WITHDRAWN]
    assert len(misaki.inbox) == 1
    world.close()


@pytest.mark.parametrize("fields", GONE)
async def test_the_mentor_goes_after_accepting(sqlite_url: str, fields: dict[str, Any]) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    before = len(misaki.inbox)
    change(world, misaki, **fields)
    await world.settle()
    assert sho.inbox[-1].summary.startswith(f"お相手のご都合により、「{TOPIC}」のお話はここまでとなりました。")
    sho.answer = None
    assert sho.buttons() == ["もう一度相談する"]
    assert consultation(world).end_reason == EndReason.MENTOR_GONE
    assert timers(world) == {}
    if fields["status"] == Status.WITHDRAWN:
        assert len(misaki.inbox) == before, "who has left for good is not written to"
    for word in ("休止", "停止", "退会"):
        assert word not in read_all(sho), "the other side is told neutrally"
    world.close()


# The asker


@pytest.mark.parametrize("fields", GONE)
async def test_the_asker_goes_while_somebody_is_asked(sqlite_url: str, fields: dict[str, Any]) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    change(world, sho, **fields)
    await world.settle()
    assert misaki.inbox[-1].summary == "この依頼は取り下げになりました。ご返事は必要ありません。"
    assert AIM not in read_all(misaki)
    assert consultation(world).end_reason == EndReason.ASKER_GONE
    assert timers(world) == {}
    told = "いまはご参加をお休みのため" in read_all(sho)
    assert told is (fields["status"] != Status.WITHDRAWN)
    await wait(world, days=20)
    assert len(misaki.inbox) == 1, "no reminder comes of it"
    world.close()


@pytest.mark.parametrize("stage", ["proposed", "searching", "accepted"])
async def test_the_asker_goes_at_any_stage(sqlite_url: str, stage: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(sho, "法務" if stage == "searching" else TOPIC)
    if stage == "accepted":
        sho.answer = None
        await sho.press("依頼する")
        await misaki.press("引き受ける")
    assert consultation(world).state == stage
    change(world, sho, status=Status.PAUSED)
    await world.settle()
    assert consultation(world).state == ConsultationState.CLOSED
    assert "お休みのため" in sho.inbox[-1].summary
    if stage == "accepted":
        assert "取りやめになりました" in misaki.inbox[-1].summary
    world.close()


async def test_an_asker_who_left_is_seen_when_the_mentor_says_no(sqlite_url: str) -> None:
    """The mentor presses before the scheduler has looked."""
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world, topics=(TOPIC,))
    kenichi = await add_mentor(world, "田中 健一")
    await ask_first(sho)
    await misaki.press("今回は難しい")
    pause_silently(world, sho)
    await misaki.submit()
    assert kenichi.inbox == []
    assert consultation(world).end_reason == EndReason.ASKER_GONE
    assert "ご返事ありがとうございます" in misaki.inbox[-1].summary
    world.close()


async def test_an_asker_who_left_is_seen_when_the_mentor_says_yes(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    pause_silently(world, sho)
    await misaki.press("引き受ける")
    assert misaki.inbox[-1].summary == "この依頼は取り下げになりました。ご返事は必要ありません。"
    assert consultation(world).state == ConsultationState.CLOSED
    world.close()


def pause_silently(world: World, actor: Actor) -> None:
    """As if the scheduler had not come by yet."""
    from storage.models import Member

    id = actor.member().id
    with world.store.begin() as db:
        db.session.get_one(Member, id).status = Status.PAUSED


async def test_both_go(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    change(world, sho, status=Status.PAUSED)
    change(world, misaki, status=Status.SUSPENDED)
    await world.settle()
    assert consultation(world).state == ConsultationState.CLOSED
    world.close()


async def test_who_paused_can_not_press_and_who_is_back_can_ask_again(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, _ = await add_asker(world), await add_mentor(world)
    await ask(sho)
    change(world, sho, status=Status.PAUSED)
    await world.settle()
    await sho.press_action(Ask(1, 1))
    assert requests(world) == []
    change(world, sho, status=Status.ACTIVE)
    await world.settle()
    sho.answer = None
    await sho.press("もう一度相談する")
    await sho.submit()
    assert consultation(world).state == ConsultationState.PROPOSED
    world.close()


# Blocks


@pytest.mark.parametrize("by_asker", [True, False])
@pytest.mark.parametrize("by_department", [True, False])
async def test_a_block_meanwhile(sqlite_url: str, by_asker: bool, by_department: bool) -> None:
    """In either direction, by person or by department; nobody learns of it."""
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world, department="生産技術部")
    await ask_first(sho)
    owner, other = (sho, misaki) if by_asker else (misaki, sho)
    department = other.member().department if by_department else ""
    block(world, owner, None if by_department else other, department)
    await world.settle()
    assert [row.state for row in requests(world)] == [RequestState.WITHDRAWN]
    assert misaki.inbox[-1].summary == "この依頼は取り下げになりました。ご返事は必要ありません。"
    assert "お願いしていた方のご都合が変わりました" in sho.inbox[-1].summary
    await misaki.press_action(Accept(1))
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


@pytest.mark.parametrize("by_asker", [True, False])
async def test_a_block_before_keeps_them_apart(sqlite_url: str, by_asker: bool) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    owner, other = (sho, misaki) if by_asker else (misaki, sho)
    block(world, owner, other)
    await ask(sho)
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


async def test_a_block_after_acceptance_ends_it(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    block(world, misaki, sho)
    await world.settle()
    assert consultation(world).state == ConsultationState.CLOSED
    assert "お相手のご都合により" in sho.inbox[-1].summary
    assert "お相手のご都合により" in misaki.inbox[-1].summary
    world.close()


async def test_a_block_between_others_changes_nothing(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    block(world, misaki, await add_asker(world, "李 佳怡"))
    block(world, misaki, department="海外営業部")
    await world.settle()
    assert [row.state for row in requests(world)] == [RequestState.OPEN]
    assert len(sho.inbox) == 1
    world.close()


# Coming back


async def test_who_comes_back_hears_what_was_missed(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await sho.leave()
    assert "取り下げ" in misaki.inbox[-1].summary
    assert len(sho.inbox) == 1, "nobody could write to them"
    await wait(world, days=30)
    await sho.write("こんにちは")
    assert "お休みのため" in sho.inbox[-1].summary
    sho.answer = None
    assert "もう一度相談する" in sho.buttons()
    count = len(sho.inbox)
    await sho.leave()
    await sho.write("こんにちは")
    assert len(sho.inbox) == count, "once is enough"
    world.close()


async def test_what_is_long_past_is_not_brought_up_again(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, _ = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await sho.leave()
    await wait(world, days=91)
    await sho.write("こんにちは")
    assert len(sho.inbox) == 1
    world.close()


async def test_a_mentor_who_comes_back_hears_it_too(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    await misaki.leave()
    assert "ここまでとなりました" in sho.inbox[-1].summary
    await misaki.write("こんにちは")
    assert "取りやめになりました" in misaki.inbox[-1].summary
    world.close()
