"""What failed, to whom and why: only what HR can do something about, and never what was said."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.failures import FailureKind, SendFailed
from bot.ui import Message, Para
from handlers.hr.trouble import explain, name_message
from storage.models import Account, Delivery, DeliveryState, Member, Status
from storage.queries import outbox
from storage.queries.deliveries import list_stuck, list_troubled
from storage.queries.outbox import Terms, post, post_to_account
from storage.uow import UnitOfWork
from tests.handlers.hr.scene import hr, shown, world
from tests.support.people import add_leaver
from tests.support.world import Actor, World

__all__ = ["world"]

SECRET_WORDS = "ここだけの話です"


def message() -> outbox.Make:
    return lambda: Message(SECRET_WORDS, (Para((SECRET_WORDS,)),))


async def look(yuka: Actor) -> str:
    await yuka.command("/hr")
    if "届かなかったもの" not in yuka.buttons():
        return ""
    await yuka.press("届かなかったもの")
    return shown(yuka)


async def send(world: World, to: Actor, key: str, failure: SendFailed | None) -> None:
    with world.store.begin() as db:
        post(db, to.member(), message(), Terms(key, world.clock.now()))
    if failure is not None:
        world.chat.failures.append(failure)
    await world.settle()


async def test_what_the_platform_has_refused_for_a_day_is_told_and_goes_out_once_it_lets_us_in(world: World) -> None:
    yuka, sho = await hr(world), world.employee("高橋 翔")
    await sho.join()
    refused = SendFailed(FailureKind.THROTTLED, "invalid_auth", retry_after=600)
    await send(world, sho, "welcome:99", refused)
    assert await look(yuka) == "", "a moment ago"
    world.clock.at += timedelta(days=1)
    world.chat.failures.append(refused)
    told = await look(yuka)
    assert all(word in told for word in ("高橋 翔", "送信待ち：", "invalid_auth", "パスワードやトークン"))
    assert SECRET_WORDS not in told
    world.clock.at += timedelta(minutes=20)
    await world.settle()
    assert sho.inbox[-1].summary == SECRET_WORDS
    assert await look(yuka) == ""


def test_what_waits_for_its_time_is_not_stuck_and_what_nobody_serves_is(database_url: str) -> None:
    world = World(database_url)
    now = world.clock.now()
    with world.store.begin() as db:
        member = Member(name="高橋 翔", created_at=now)
        db.session.add(member)
        db.session.flush()
        account = Account(platform="gone", external_id="x", member_id=member.id, created_at=now)
        db.session.add(account)
        db.session.flush()
        post_to_account(db, account, "ja", message(), Terms("nobody serves it", now))
        post_to_account(db, account, "ja", message(), Terms("tomorrow", now + timedelta(days=3)))
        assert list_stuck(db, now + timedelta(hours=23)) == []
        stuck = list_stuck(db, now + timedelta(days=1))
        assert [(row["key"], row["platform"], row["name"]) for row in stuck] == [
            ("nobody serves it", "gone", "高橋 翔")
        ]
        (trouble,) = explain(db, stuck)
        assert trouble.waits_since == now
    world.close()


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (SendFailed(FailureKind.BUG, "invalid_blocks"), "invalid_blocks"),
        (SendFailed(FailureKind.GONE, "user_not_found"), "退会や停止のため"),
    ],
)
async def test_a_failure_is_told_without_what_was_said(world: World, failure: SendFailed, why: str) -> None:
    yuka, sho = await hr(world), world.employee("高橋 翔")
    await sho.join()
    await send(world, sho, "consultation:1:asker:1", failure)
    told = await look(yuka)
    assert all(word in told for word in ("高橋 翔", "届かず：メッセージ", why))
    assert SECRET_WORDS not in told
    assert "相談" not in told, "that the two talk is no business of HR's"


async def test_what_arrived_is_no_trouble(world: World) -> None:
    yuka, sho = await hr(world), world.employee("高橋 翔")
    await sho.join()
    await send(world, sho, "reply:1", None)
    assert await look(yuka) == ""


async def test_what_arrived_by_another_account_is_no_trouble(world: World) -> None:
    yuka, sho = await hr(world), world.employee("高橋 翔")
    await sho.join()
    with world.store.begin() as db:
        member = sho.member()
        mail = Account(
            platform="email", external_id="sho@mail.example", member_id=member.id, created_at=world.clock.now()
        )
        db.session.add(mail)
    await send(world, sho, "welcome:9", SendFailed(FailureKind.GONE, "user_not_found"))
    assert len(world.mail.direct["sho@mail.example"]) == 1
    assert await look(yuka) == ""


async def test_who_has_no_account_left_is_told(world: World) -> None:
    yuka = await hr(world)
    with world.store.begin() as db:
        lost = Member(name="田中 一郎", status=Status.ACTIVE, created_at=world.clock.now())
        db.session.add(lost)
        db.session.flush()
        post(db, lost, message(), Terms("onboarding.approved:9", world.clock.now()))
    told = await look(yuka)
    assert "届かず：登録についてのお知らせ" in told
    assert "送り先になるアカウントがありません" in told


async def test_old_trouble_is_let_go(world: World) -> None:
    yuka, sho = await hr(world), world.employee("高橋 翔")
    await sho.join()
    await send(world, sho, "reply:1", SendFailed(FailureKind.BUG, "invalid_blocks"))
    assert "高橋 翔" in await look(yuka)
    world.clock.move(timedelta(days=31))
    assert "高橋 翔" not in await look(yuka)


async def test_what_is_uncertain_is_said_to_be(world: World) -> None:
    yuka, sho = await hr(world), world.employee("高橋 翔")
    await sho.join()
    await send(world, sho, "welcome:77", None)
    with world.store.begin() as db:
        set_state(db, "welcome:77", DeliveryState.UNCERTAIN, "cannot_ask")
    told = await look(yuka)
    assert "届いたか不明：最初のご案内" in told
    assert "届いたかどうかを確かめられませんでした" in told


def set_state(db: UnitOfWork, key: str, state: DeliveryState, reason: str) -> None:
    delivery = db.session.exec(select(Delivery).where(Delivery.key == key)).one()
    delivery.state, delivery.reason = state, reason


def test_an_invitation_is_told_by_the_name_on_the_list(world: World) -> None:
    add_leaver(world, email="misaki@mail.example")
    now = world.clock.now()
    with world.store.begin() as db:
        account = Account(platform="email", external_id="misaki@mail.example", created_at=now)
        db.session.add(account)
        db.session.flush()
        post_to_account(db, account, "ja", message(), Terms("invitation:1:1", now))
        post_to_account(db, account, "ja", message(), Terms("invitation:4711:1", now))
        post_to_account(db, account, "ja", message(), Terms("invitation:x", now))
        for key in ("invitation:1:1", "invitation:4711:1", "invitation:x"):
            set_state(db, key, DeliveryState.FAILED, "(550)")
        db.session.flush()
        known = {trouble.key: trouble for trouble in explain(db, list_troubled(db))}
    assert known["invitation:1:1"].name == "佐藤 美咲"
    assert known["invitation:1:1"].entry is not None
    assert (known["invitation:4711:1"].name, known["invitation:x"].entry) == ("", None)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("invitation:7:1", "ご招待"),
        ("welcome:1", "最初のご案内"),
        ("welcome.nudge:1:2", "最初のご案内"),
        ("onboarding.waiting:1:1", "登録についてのお知らせ"),
        ("application:1:2", "人事への参加申請"),
        ("hr.week:2026-11-23:1", "人事へのお知らせ"),
        ("reply:chat:T1:K1:1", "操作への返事"),
        ("consultation:1:room", "メッセージ"),
        ("something.else", "メッセージ"),
    ],
)
def test_messages_are_named_by_their_keys(key: str, name: str) -> None:
    assert name_message(key) == name
