"""Whoever it wasn't takes the account off again; and what was there stays right with two accounts."""

from datetime import timedelta

from handlers.accounts.actions import TakeApart
from storage.models import (
    AccountJoin,
    Block,
    Delivery,
    Status,
)
from storage.queries.members import find_card, list_visible
from storage.queries.outbox import Terms, cancel, post
from tests.handlers.accounts.people import best, join, make_code, on_teams, said, send, world
from tests.handlers.consultations.people import ask_first
from tests.scheduler.postroom import say
from tests.support.people import alumnus
from tests.support.rows import list_rows
from tests.support.world import World, list_buttons, text_of

__all__ = ["world"]


async def test_this_was_not_me(database_url: str) -> None:
    world = World(database_url, others=("teams",))
    yuka = world.hr()
    await yuka.join()
    misaki, thief = await alumnus(world), await on_teams(world, "mallory")
    former = thief.member().id
    await join(misaki, thief)
    await thief.press("ここで受け取る")
    send(world, misaki, "late")
    with world.store.begin() as db:
        cancel(db, "late", "for the test")
    leftover = await make_code(thief)
    await misaki.press("これは私ではありません")
    await world.settle()
    assert thief.member().id == former
    assert thief.member().status == Status.UNVERIFIED
    assert best(world, misaki) == "chat"
    assert "覚えのないアカウント" in yuka.inbox[-1].summary
    assert "mallory" in text_of(yuka.inbox[-1])
    await thief.command("/alumni")
    assert "佐藤 美咲" not in said(thief)
    fresh = await on_teams(world, "mallory's friend")
    await fresh.command(f"/alumni account {leftover}")
    assert "一致しませんでした" in said(fresh), "codes that the thief has made are worth nothing"
    world.close()


async def test_what_waits_for_the_account_goes_to_the_owner_and_nothing_there_is_changed_any_more(world: World) -> None:
    misaki, thief = await alumnus(world), await on_teams(world, "mallory")
    await join(misaki, thief)
    await thief.press("ここで受け取る")
    send(world, misaki, "shown")
    await world.settle()
    shown = len(thief.inbox)
    later = Terms("later", world.clock.now() + timedelta(hours=1))
    with world.store.begin() as db:
        post(db, misaki.member(), lambda: say("あとの知らせ"), later)
    await misaki.press("これは私ではありません")
    with world.store.begin() as db:
        post(db, misaki.member(), lambda: say("秘密"), Terms("change", world.clock.now(), replaces="shown"))
    await world.pass_time(hours=2)
    assert misaki.inbox[-1].summary == "あとの知らせ"
    assert len(thief.inbox) == shown
    assert all("秘密" not in message.summary for message in thief.inbox)


async def test_an_open_message_is_handed_on_by_its_old_key(world: World) -> None:
    misaki, thief = await alumnus(world), await on_teams(world, "mallory")
    await join(misaki, thief)
    await thief.press("ここで受け取る")
    with world.store.begin() as db:
        post(db, misaki.member(), lambda: say("x"), Terms("later", world.clock.now() + timedelta(hours=1)))
    await misaki.press("これは私ではありません")
    (row,) = [row for row in list_rows(world.store, Delivery) if row.key == "later"]
    assert (row.platform, row.state) == ("chat", "pending")


async def test_pressed_twice_or_by_somebody_else_it_happens_once(world: World) -> None:
    yuka = world.hr()
    await yuka.join()
    misaki, other, ken = await alumnus(world), await on_teams(world), await alumnus(world, "田中 健一", "00456")
    await join(misaki, other)
    (kept,) = list_rows(world.store, AccountJoin)
    await ken.press_action(TakeApart(kept.id or 0, 1))
    assert other.member().id == misaki.member().id, "not his to take apart"
    await misaki.press_action(TakeApart(kept.id or 0, 1))
    told = len(yuka.inbox)
    await join(misaki, other)
    await misaki.press_action(TakeApart(kept.id or 0, 1))
    assert other.member().id == misaki.member().id, "an old button undoes no newer joining"
    assert len(yuka.inbox) == told
    await misaki.press_action(TakeApart(999, 1))
    await ken.press_action(TakeApart(999, 0))


async def test_taken_apart_from_the_page_hr_hears_nothing(world: World) -> None:
    yuka = world.hr()
    await yuka.join()
    misaki, other = await alumnus(world), await on_teams(world)
    await join(misaki, other)
    told = len(yuka.inbox)
    await other.press("切り離す")
    assert other.member().status == Status.UNVERIFIED
    assert len(yuka.inbox) == told
    await misaki.command("/alumni account")
    assert "切り離す" not in [button.label for button in list_buttons(misaki.answer)] if misaki.answer else False


async def test_an_employee_s_shell_is_an_employee_again(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.join()
    other = world.person("Takahashi, Sho", email="sho@sample-seiki.example", platform="teams")
    await other.join()
    await join(sho, other)
    await other.press("切り離す")
    assert (other.member().status, other.member().role) == (Status.ACTIVE, "employee")


# What was there stays right


async def test_blocks_and_visibility_hold_for_both_accounts(world: World) -> None:
    misaki, ken = await alumnus(world, city="大阪"), await alumnus(world, "田中 健一", "00456")
    owner, blocked = misaki.member(), ken.member()
    with world.store.begin() as db:
        db.session.add(Block(owner_id=owner.id or 0, member_id=blocked.id, created_at=world.clock.now()))
    other = await on_teams(world)
    await join(misaki, other)
    behind = other.member()
    with world.store.begin() as db:
        assert find_card(db, blocked, behind.id or 0) is None
        assert list_visible(db, behind) == [], "one person, shown to none of the two"


async def test_a_request_is_answered_from_the_joined_account(world: World) -> None:
    misaki = await alumnus(
        world, consents=("consultations",), more_topics="電池の量産立ち上げ", department="", languages=("ja",)
    )
    sho, other = world.employee("高橋 翔"), await on_teams(world)
    await sho.join()
    await ask_first(sho)
    await join(misaki, other)
    request = next(message for message in misaki.inbox if any(b.label == "引き受ける" for b in list_buttons(message)))
    accept = next(button for button in list_buttons(request) if button.label == "引き受ける")
    await other.press_action(accept.action)
    await world.settle()
    assert any("佐藤 美咲" in text_of(message) for message in sho.inbox)
