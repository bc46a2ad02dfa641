"""HR decides about reported messages: once, with a reason, never in a matter of their own."""

from typing import Any

import pytest

from handlers.moderation.actions import Decide, Decided, Lift
from storage.models import Report, ReportState, Status
from storage.queries.audit import list_acts
from tests.handlers.rooms.people import add_member, bodies, make_room, say, shown
from tests.support.rows import list_rows
from tests.support.world import Actor, World

WORDS = "うちの製品を買いませんか"
REASON = "ここでの営業はお控えください。"


async def reported(url: str, **fields: Any) -> tuple[World, Actor, Actor, Actor]:
    """Misaki has written something; Sho has reported it; Yuka is of HR. `fields` are columns of Misaki."""
    world, sho, misaki = await make_room(url)
    yuka = await add_member(world, "山本 由佳", is_hr=True)
    if fields:
        from tests.handlers.rooms.people import change

        change(world, misaki, **fields)
    await say(misaki, WORDS, "t1")
    await sho.press("通報")
    await sho.submit(note="営業です")
    sho.answer = None
    return world, sho, misaki, yuka


def report(world: World) -> Report:
    """The report as it stands."""
    return list_rows(world.store, Report)[-1]


async def decide(yuka: Actor, label: str, reason: str = REASON) -> None:
    """Presses and gives the reason."""
    await yuka.press(label)
    await yuka.submit(reason=reason)
    yuka.answer = None


async def test_fine_tells_the_reporter_why_and_the_writer_nothing(database_url: str) -> None:
    world, sho, misaki, yuka = await reported(database_url)
    before = len(misaki.inbox)
    await decide(yuka, "問題なし", "個人の感想の範囲です。")
    assert report(world).state == ReportState.FINE
    assert shown(sho)[-1].startswith("通報いただいたメッセージを人事が確かめ、問題はない")
    assert "個人の感想の範囲です。" in bodies(sho.screen)
    assert len(misaki.inbox) == before
    world.close()


async def test_a_warning_reaches_the_writer_and_changes_nothing_else(database_url: str) -> None:
    world, sho, misaki, yuka = await reported(database_url)
    await decide(yuka, "注意")
    assert REASON in bodies(misaki.screen)
    assert REASON not in bodies(sho.screen), "what the writer is told is the writer's"
    assert "対応しました" in shown(sho)[-1]
    assert misaki.member().status == Status.ACTIVE
    await say(misaki, "失礼しました", "t2")
    assert shown(sho)[-1] == "佐藤 美咲さん：失礼しました"
    world.close()


async def test_a_suspension_ends_what_is_open_and_can_be_lifted(database_url: str) -> None:
    world, sho, misaki, yuka = await reported(database_url)
    await decide(yuka, "停止")
    member = misaki.member()
    assert (member.status, member.status_reason) == (Status.SUSPENDED, REASON)
    assert REASON in bodies(misaki.screen)
    assert any("いまは続けることができません" in text for text in shown(sho)), "the room is closed, neutrally"
    await say(misaki, "まだいます", "t2")
    assert "まだいます" not in bodies(sho.screen)
    await yuka.press("停止を解く")
    assert misaki.member().status == Status.ACTIVE
    assert shown(misaki)[-1].startswith("人事が停止を解きました")
    assert "停止を解く" not in yuka.buttons()
    world.close()


async def test_the_audit_log_names_the_act_and_no_word(sqlite_url: str) -> None:
    world, _sho, misaki, yuka = await reported(sqlite_url)
    await decide(yuka, "停止")
    await yuka.press("停止を解く")
    with world.store.begin() as db:
        acts = list_acts(db)
    assert [(act.act, act.subject, act.actor_id) for act in acts] == [
        ("report.lifted", "report:1", yuka.member().id),
        ("report.suspended", "report:1", yuka.member().id),
    ]
    assert {act.detail for act in acts} == {f"member={misaki.member().id}"}
    world.close()


@pytest.mark.parametrize("label", ["問題なし", "注意", "停止"])
async def test_nothing_is_decided_without_a_reason(sqlite_url: str, label: str) -> None:
    world, _sho, _misaki, yuka = await reported(sqlite_url)
    await yuka.press(label)
    await yuka.submit(reason="   ")
    assert yuka.errors == {"reason": "理由をお書きください。"}
    assert report(world).state == ReportState.WAITING
    world.close()


async def test_the_first_of_hr_decides_and_the_others_see_it(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    yuka = await add_member(world, "山本 由佳", is_hr=True)
    yumiko = await add_member(world, "井上 裕美子", is_hr=True)
    await say(misaki, WORDS, "t1")
    await sho.press("通報")
    await sho.submit()
    await yumiko.press("停止")
    form = yumiko.form
    await decide(yuka, "注意")
    yumiko.form = form
    await yumiko.submit(reason="停止します")
    assert (report(world).state, misaki.member().status) == (ReportState.WARNED, Status.ACTIVE)
    assert "山本 由佳さんが書いた方に注意しました" in bodies(yumiko.screen)
    assert not {"問題なし", "注意", "停止"} & set(yumiko.buttons())
    world.close()


async def test_nobody_decides_in_a_matter_of_their_own(sqlite_url: str) -> None:
    world, sho, misaki, yuka = await reported(sqlite_url, is_hr=True)
    assert WORDS in bodies(yuka.screen)
    assert "メッセージの通報がありました" not in shown(misaki)
    for action in (Decide(1, "fine"), Decided(1, "fine"), Lift(1)):
        await misaki.press_action(action)
        assert misaki.answer is not None
    await sho.press_action(Decide(1, "fine"))
    assert report(world).state == ReportState.WAITING
    world.close()


async def test_a_decision_that_there_is_not_or_a_report_that_there_is_not(sqlite_url: str) -> None:
    world, _sho, _misaki, yuka = await reported(sqlite_url)
    for action in (Decide(1, "waiting"), Decide(1, "erase"), Decide(99, "fine"), Lift(99)):
        await yuka.press_action(action)
        assert yuka.answer is not None
        assert "使えなくなりました" in yuka.answer.summary
    await yuka.press_action(Lift(1))
    assert report(world).state == ReportState.WAITING
    world.close()


async def test_the_next_card_tells_how_often_it_has_happened(sqlite_url: str) -> None:
    world, sho, misaki, yuka = await reported(sqlite_url)
    await decide(yuka, "注意")
    await say(misaki, "もう一度だけ", "t2")
    await sho.press("通報")
    await sho.submit()
    assert "これまでに1件" in bodies(yuka.screen)
    world.close()


async def test_hr_finds_what_waits_on_the_home_page(sqlite_url: str) -> None:
    from handlers.moderation.actions import ShowNext
    from handlers.moderation.routes import show_home

    world, sho, _misaki, yuka = await reported(sqlite_url)
    members = (yuka.member(), sho.member())
    with world.store.begin() as db:
        for_hr, for_others = (show_home(member, db) for member in members)
    assert "1件" in repr(for_hr)
    assert for_others == ()
    await yuka.press_action(ShowNext())
    assert yuka.answer is not None
    assert WORDS in repr(yuka.answer)
    await decide(yuka, "問題なし")
    await yuka.press_action(ShowNext())
    assert yuka.answer is not None
    assert "お待ちの通報はありません" in yuka.answer.summary
    world.close()
