"""One person, many accounts: a code made at one, entered at another, and a way back for whoever it wasn't."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.actions import encode
from bot.failures import FailureKind, SendFailed
from bot.incoming import FormSubmitted, FormValues
from bot.replies import Private
from handlers.accounts.actions import Join, Prefer
from handlers.onboarding.actions import Identify
from storage.models import (
    Account,
    AccountJoin,
    Application,
    Block,
    Content,
    JoinCode,
    Member,
    RosterEntry,
    Status,
    WrongCode,
)
from storage.queries.outbox import Terms, post_to_account
from tests.handlers.accounts.people import best, join, make_code, on_teams, said, send, world
from tests.scheduler.postroom import say
from tests.support.people import add_leaver, alumnus
from tests.support.rows import list_rows
from tests.support.world import World, list_buttons, text_of

__all__ = ["world"]


async def test_the_account_belongs_to_the_member_from_then_on(database_url: str) -> None:
    world = World(database_url, others=("teams",))
    misaki = await alumnus(world)
    other = await on_teams(world)
    former = other.member().id
    await join(misaki, other)
    assert "縁で使えるようになりました" in said(other)
    await other.command("/alumni")
    assert "佐藤 美咲" in said(other), "her own home page"
    assert {account.member_id for account in list_rows(world.store, Account)} == {misaki.member().id}
    (kept,) = list_rows(world.store, AccountJoin)
    assert (kept.former_id, kept.former_status, kept.undone_at) == (former, "unverified", None)
    world.close()


async def test_a_code_can_be_entered_in_three_places(world: World) -> None:
    misaki = await alumnus(world)
    by_message, by_form, at_registration = [await on_teams(world, f"misaki {n}") for n in range(3)]
    await by_message.write(f"アカウント　{(await make_code(misaki)).replace('-', '').lower()}")
    assert "縁で使えるようになりました" in text_of(by_message.inbox[-1])
    await by_form.command("/alumni account")
    await by_form.press("コードを入力")
    await by_form.submit(code=await make_code(misaki))
    await at_registration.press("登録する")
    await at_registration.submit(code=await make_code(misaki))
    assert len({actor.member().id for actor in (misaki, by_message, by_form, at_registration)}) == 1


async def test_the_owner_hears_of_it_where_the_code_was_made_and_hr_does_not(world: World) -> None:
    yuka = world.hr()
    await yuka.join()
    misaki, other = await alumnus(world), await on_teams(world)
    before = len(yuka.inbox)
    await join(misaki, other)
    assert "別のアカウントがつながりました" in misaki.inbox[-1].summary
    assert "Sato, Misaki" in text_of(misaki.inbox[-1])
    assert [button.label for button in list_buttons(misaki.inbox[-1])] == ["これは私ではありません", "アカウント"]
    assert not any("別のアカウント" in message.summary for message in other.inbox)
    assert len(yuka.inbox) == before


async def test_no_code_is_kept_only_a_keyed_hash(world: World) -> None:
    misaki = await alumnus(world)
    code = await make_code(misaki)
    (kept,) = list_rows(world.store, JoinCode)
    assert code not in repr(kept)
    assert code.replace("-", "") not in repr(kept)
    assert not any(code in content.body for content in list_rows(world.store, Content)), "not in the outbox either"
    await make_code(misaki)
    (newer,) = list_rows(world.store, JoinCode)
    assert newer.code_hash != kept.code_hash, "one at a time"


@pytest.mark.parametrize(("minutes", "joins"), [(14.9, True), (15, False)])
async def test_a_code_is_good_for_fifteen_minutes(world: World, minutes: float, joins: bool) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    code = await make_code(misaki)
    world.clock.at += timedelta(minutes=minutes)
    await other.command(f"/alumni account {code}")
    assert (other.member().id == misaki.member().id) is joins
    assert joins or "時間が過ぎました" in said(other)


async def test_a_code_works_once(world: World) -> None:
    misaki, other, third = await alumnus(world), await on_teams(world), await on_teams(world, "mallory")
    code = await make_code(misaki)
    await other.command(f"/alumni account {code}")
    await third.command(f"/alumni account {code}")
    assert "すでに使われています" in said(third)
    assert third.member().id != misaki.member().id


async def test_the_latest_code_counts(world: World) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    first = await make_code(misaki)
    await make_code(misaki)
    await other.command(f"/alumni account {first}")
    assert "一致しませんでした" in said(other)


async def test_wrong_codes_count_into_the_same_lock(world: World) -> None:
    yuka = world.hr()
    await yuka.join()
    misaki, other = await alumnus(world), await on_teams(world)
    invitation = add_leaver(world, "田中 健一", "00777")
    before = len(yuka.inbox)
    await other.press("登録する")
    await other.submit(code="0000-0000")
    for _ in range(4):
        await other.command("/alumni account 0000-0000")
    assert "しばらくお休み" in said(other)
    await other.command(f"/alumni account {await make_code(misaki)}")
    assert "しばらくお休み" in said(other), "the right one comes too late"
    await other.command("/alumni account")
    await other.press("コードを入力")
    assert "しばらくお休み" in said(other)
    form = FormSubmitted(other.origin("late"), encode(Identify()), FormValues({"code": invitation}))
    assert isinstance(await world.dispatch(form), Private)
    assert other.member().registration_step == 0, "the invitation's form is locked too"
    assert len(yuka.inbox) == before, "HR hears nothing of it"
    world.clock.at += timedelta(hours=1)
    await join(misaki, other)


async def test_a_code_of_this_kind_is_no_wrong_one_at_the_registration(world: World) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    await other.press("登録する")
    await other.submit(code=await make_code(misaki))
    assert list_rows(world.store, WrongCode) == []


async def test_two_members_with_something_to_lose_stay_two(world: World) -> None:
    misaki, other = await alumnus(world), await alumnus(world, "田中 健一", "00456")
    await other.command(f"/alumni account {await make_code(misaki)}")
    assert "別々のまま" in said(other)
    assert misaki.member().id != other.member().id
    (code,) = list_rows(world.store, JoinCode)
    assert code.used_at is None, "the code is still good for the right account"
    assert list_rows(world.store, WrongCode) == []


async def test_who_came_in_by_the_roster_is_somebody_of_their_own(world: World) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    await other.press("登録する")
    await other.submit(code=add_leaver(world, "田中 健一", "00456"))
    await other.command(f"/alumni account {await make_code(misaki)}")
    assert "別々のまま" in said(other)
    assert len([entry for entry in list_rows(world.store, RosterEntry) if entry.code_used_at]) == 2


@pytest.mark.parametrize("trace", ["", "block", "news", "job"])
async def test_an_employee_known_on_both_platforms_is_joined_while_nothing_was_done_there(
    world: World, trace: str
) -> None:
    sho = world.employee("高橋 翔")
    await sho.join()
    other = world.person("Takahashi, Sho", email="sho@sample-seiki.example", platform="teams")
    await other.join()
    mine, theirs = sho.member().id, other.member().id
    with world.store.begin() as db:
        member = db.session.get_one(Member, theirs)
        assert member.status == Status.ACTIVE, "the platform vouches for an employee"
        member.latest_news = "元気です" if trace == "news" else ""
        member.job = "品質保証" if trace == "job" else member.job
        if trace == "block":
            db.session.add(Block(owner_id=mine or 0, member_id=theirs, created_at=world.clock.now()))
    await other.command(f"/alumni account {await make_code(sho)}")
    assert (other.member().id == sho.member().id) is (trace == "")
    with world.store.begin() as db:
        active = db.session.exec(select(Member).where(Member.status == Status.ACTIVE)).all()
    assert len(active) == (1 if trace == "" else 2), "a shell is nobody whom others see"


async def test_an_alumna_does_not_take_in_an_employee(world: World) -> None:
    misaki, sho = await alumnus(world), world.employee("高橋 翔")
    await sho.join()
    await sho.command(f"/alumni account {await make_code(misaki)}")
    assert "別々のまま" in said(sho)


async def test_hr_s_role_is_not_lost(world: World) -> None:
    sho, yuka = world.employee("高橋 翔"), world.hr()
    await sho.join()
    await yuka.join()
    await yuka.command(f"/alumni account {await make_code(sho)}")
    assert "別々のまま" in said(yuka)
    assert yuka.member().is_hr


async def test_one_s_own_code_at_the_same_account_changes_nothing(world: World) -> None:
    misaki = await alumnus(world)
    code = await make_code(misaki)
    await misaki.command(f"/alumni account {code}")
    assert "すでにあなたのもの" in said(misaki)
    other = await on_teams(world)
    await other.command(f"/alumni account {code}")
    assert other.member().id == misaki.member().id, "the code was not used up"


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.WITHDRAWN, Status.UNVERIFIED])
async def test_a_code_counts_only_while_its_owner_is_a_member(world: World, status: Status) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    code = await make_code(misaki)
    with world.store.begin() as db:
        db.session.get_one(Member, misaki.member().id).status = status
    await other.command(f"/alumni account {code}")
    assert "一致しませんでした" in said(other)
    await misaki.command("/alumni account")
    assert "アカウント追加" not in [button.label for button in list_buttons(misaki.answer)] if misaki.answer else False


async def test_a_suspended_member_can_not_slip_into_another_membership(world: World) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    with world.store.begin() as db:
        db.session.get_one(Member, other.member().id).status = Status.SUSPENDED
    form = FormSubmitted(other.origin("k"), encode(Join()), FormValues({"code": await make_code(misaki)}))
    await world.dispatch(form)
    assert other.member().status == Status.SUSPENDED


async def test_an_application_with_hr_is_withdrawn_with_the_joining(world: World) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    await other.press("登録する")
    await other.submit(number="9", name="佐藤 美咲", left="2026-03")
    await join(misaki, other)
    (application,) = list_rows(world.store, Application)
    assert application.state == "closed"


async def test_many_at_once_join_one_account(database_url: str) -> None:
    world = World(database_url, others=("teams",))
    misaki = await alumnus(world)
    others = [await on_teams(world, f"misaki {n}") for n in range(5)]
    code = FormValues({"code": await make_code(misaki)})
    forms = [FormSubmitted(other.origin(world.next_key()), encode(Join()), code) for other in others]
    await asyncio.gather(*(world.app.dispatch(form) for form in forms))
    assert sum(other.member().id == misaki.member().id for other in others) == 1
    assert len(list_rows(world.store, AccountJoin)) == 1
    world.close()


# Which account gets the messages


async def test_messages_go_on_to_the_old_account_until_another_is_chosen(database_url: str) -> None:
    world = World(database_url, others=("teams",))
    misaki, other = await alumnus(world), await on_teams(world)
    await join(misaki, other)
    assert best(world, misaki) == "chat"
    await other.press("ここで受け取る")
    assert best(world, misaki) == "teams"
    send(world, misaki, "news")
    await world.settle()
    assert other.inbox[-1].summary == "何かありました"
    await other.leave()
    assert best(world, misaki) == "chat", "while the chosen one can't be reached"
    world.close()


async def test_a_failed_delivery_goes_to_the_chosen_account_first(world: World) -> None:
    misaki = await alumnus(world)
    first, second = await on_teams(world, "one"), await on_teams(world, "two")
    await join(misaki, first)
    await join(misaki, second)
    await first.command("/alumni account")
    await first.press("ここで受け取る")
    world.chat.failures.append(SendFailed(FailureKind.GONE, "user_not_found"))
    with world.store.begin() as db:
        chat = db.session.exec(select(Account).where(Account.platform == "chat")).one()
        post_to_account(db, chat, "ja", lambda: say("そちらへ"), Terms("to chat", world.clock.now()))
    await world.settle()
    assert first.inbox[-1].summary == "そちらへ", "the newest one is the other"
    assert second.inbox[-1].summary != "そちらへ"


async def test_nobody_chooses_an_account_of_somebody_else(world: World) -> None:
    misaki, other = await alumnus(world), await on_teams(world)
    with world.store.begin() as db:
        foreign = db.session.exec(select(Account.id).where(Account.platform == "teams")).one()
    await misaki.press_action(Prefer(foreign or 0))
    assert misaki.member().preferred_account_id is None
    assert best(world, misaki) == "chat"
    assert other.member().preferred_account_id is None
