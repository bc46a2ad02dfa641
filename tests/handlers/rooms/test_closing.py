"""How a room ends: by one of them, when its time is over, and at once when somebody is gone or blocks the other."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.rooms import FEATURE, close_room, end_later, is_open
from handlers.rooms.actions import Close, Reply
from storage.glance import Glances
from storage.models import Status
from tests.handlers.rooms.people import (
    KEY,
    TOPIC,
    add_account,
    add_member,
    block,
    bodies,
    change,
    close_account,
    deliveries,
    make_room,
    messages,
    open_for,
    read,
    say,
    shown,
)
from tests.support.world import Actor, World


def room_is_open(world: World) -> bool:
    """Whether one can write in the first room."""
    with world.store.begin() as db:
        return is_open(db, KEY)


async def test_closing_tells_both_and_takes_the_button_away(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    await sho.press("終える")
    assert not room_is_open(world)
    assert shown(sho)[-1] == f"「{TOPIC}」の会話を終えました。相手の方にお知らせしました。"
    assert shown(misaki)[-1].startswith(f"高橋 翔さんが「{TOPIC}」の会話を終えました。")
    assert "終える" not in (*sho.buttons(), *misaki.buttons())
    await sho.press_action(Close(1))
    await misaki.press_action(Close(1))
    assert (len(sho.inbox), len(misaki.inbox)) == (2, 2), "told once"
    world.close()


async def test_whoever_has_another_account_by_now_is_told_there(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    elsewhere = add_account(world, misaki, "chat", "U-misaki-chat")
    close_account(world, misaki)
    await world.settle()
    await sho.press("終える")
    assert shown(elsewhere) == [
        f"高橋 翔さんが「{TOPIC}」の会話を終えました。お時間をいただき、ありがとうございました。"
    ]
    world.close()


async def test_what_is_written_afterwards_gets_a_kind_sentence(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "一", "s1")
    await sho.press("終える")
    await say(sho, "まだあります", "s2")
    await misaki.press("返信")
    assert shown(sho)[-1].startswith(f"「{TOPIC}」の会話は終わっているため")
    assert misaki.answer is not None
    assert "新しくお願いできます" in misaki.answer.summary
    assert "まだあります" not in bodies(misaki.screen)
    world.close()


async def test_outside_any_thread_a_closed_room_is_no_room(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await sho.press("終える")
    await misaki.write("これは？", message="t1")
    assert messages(world) == []
    world.close()


async def test_somebody_who_does_not_sit_there_cannot_close_it(sqlite_url: str) -> None:
    world, _sho, _misaki = await make_room(sqlite_url)
    jiro = await add_member(world, "鈴木 次郎")
    for action in (Close(1), Reply(1), Close(999)):
        await jiro.press_action(action)
        assert jiro.answer is not None
        assert "使えなくなりました" in jiro.answer.summary
    assert room_is_open(world)
    world.close()


GONE: list[dict[str, Any]] = [{"status": status} for status in (Status.PAUSED, Status.SUSPENDED, Status.UNVERIFIED)]


@pytest.mark.parametrize("fields", GONE)
async def test_whoever_goes_closes_the_room_at_once_and_neutrally(sqlite_url: str, fields: dict[str, Any]) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    change(world, misaki, **fields)
    await world.settle()
    for person in (sho, misaki):
        assert shown(person)[-1] == f"「{TOPIC}」の会話は終わりました。いまは続けることができません。"
    assert not room_is_open(world)
    world.close()


@pytest.mark.parametrize("by_writer", [True, False])
async def test_a_block_closes_it_and_nobody_can_tell_who_set_it(database_url: str, by_writer: bool) -> None:
    world, sho, misaki = await make_room(database_url)
    block(world, *((sho, misaki) if by_writer else (misaki, sho)))
    await world.settle()
    sentence = f"「{TOPIC}」の会話は終わりました。いまは続けることができません。"
    assert [shown(person)[-1] for person in (sho, misaki)] == [sentence] * 2
    assert "佐藤" not in read(sho.inbox[0])
    assert "高橋" not in read(misaki.inbox[0])
    world.close()


async def test_what_is_written_before_the_change_was_heard_of_is_not_passed_on(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    with world.store.begin() as db:
        from storage.models import Block

        db.session.add(Block(owner_id=2, member_id=1, created_at=world.clock.now()))
    await say(sho, "間に合った？", "s1")
    assert messages(world) == []
    assert "間に合った" not in bodies(misaki.screen)
    assert not room_is_open(world)
    world.close()


async def test_what_waited_for_the_morning_does_not_come_after_a_block(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    world.clock.move(timedelta(hours=13))
    await say(sho, "夜のうちに", "s1")
    block(world, misaki, sho)
    await world.pass_time(hours=12)
    assert "夜のうちに" not in bodies(misaki.screen)
    assert deliveries(world)["room:1:m1:2"].reason == "closed"
    world.close()


async def test_what_waited_for_the_morning_still_comes_when_the_writer_closes(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    world.clock.move(timedelta(hours=13))
    await say(sho, "最後に、ありがとうございました", "s1")
    await sho.press("終える")
    await world.pass_time(hours=12)
    assert [text[:5] for text in shown(misaki)[1:]] == ["高橋 翔さ", "高橋 翔さ"]
    assert "ありがとうございました" in shown(misaki)[1]
    world.close()


async def test_some_time_after_the_end_it_closes_by_itself(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    with world.store.begin() as db:
        end_later(db, KEY, world.clock.now() + world.policy.room_stays)
        end_later(db, "consultation:99", world.clock.now())
    await say(sho, "お礼", "s1")
    assert shown(misaki)[-1] == "高橋 翔さん：お礼"
    await world.pass_time(days=14, hours=1)
    assert shown(sho)[-1].startswith("期間が終わったため")
    assert not room_is_open(world)
    world.close()


async def test_the_purpose_can_close_it_and_open_none_for_it_again(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    for _turn in range(2):
        with world.store.begin() as db:
            close_room(db, KEY, world.clock.now(), world.policy)
            close_room(db, "consultation:99", world.clock.now(), world.policy)
    await world.settle()
    assert len(sho.inbox) == 2
    with pytest.raises(AssertionError):
        await open_for(world, sho, misaki)
    world.close()


async def test_the_home_page_shows_open_rooms_only(sqlite_url: str) -> None:
    from handlers.rooms.jobs import show_home

    def section(actor: Actor) -> str:
        member = actor.member()
        with world.store.begin() as db:
            glance = Glances(FEATURE.glance).look(db, member.id or 0, world.clock.now())
            return repr(show_home(member, db, world.clock.now(), world.policy, glance))

    world, sho, misaki = await make_room(sqlite_url)
    assert "佐藤 美咲" in section(sho)
    assert "高橋 翔" in section(misaki)
    await sho.press("終える")
    assert section(sho) == "()"
    world.close()
