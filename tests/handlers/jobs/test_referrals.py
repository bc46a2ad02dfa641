"""Referred friends: asked, agreed, declined, forgotten; forged, old and altered links; friends who are members."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.actions import encode
from bot.incoming import FormSubmitted, FormValues
from bot.pages import Page
from handlers.jobs.actions import AskRefer, AskTalk, Hide, Refer
from handlers.jobs.links import VALID, make_token, read_token
from storage.models import Account, Block, Content, Delivery, Member, RosterEntry
from storage.queries.changes import announce_change
from tests.handlers.jobs.people import (
    PUBLIC,
    add_job,
    agree,
    change,
    friends,
    hr,
    interests,
    make_world,
    seeker,
    visit,
    wait,
)
from tests.support.people import SECRET, alumnus
from tests.support.rows import list_rows
from tests.support.world import START, Actor, World, text_of

TORU = "toru@mail.example"


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def refer(
    actor: Actor, email: str = TORU, name: str = "北川 透", words: str = "きっと合います", job: int = 1
) -> None:
    await actor.press_action(AskRefer(job))
    await actor.submit(name=name, email=email, words=words)


def has_address(world: World, actor: Actor, email: str) -> None:
    """HR's list has a private address of this former employee."""
    id = actor.member().roster_id
    with world.store.begin() as db:
        db.session.get_one(RosterEntry, id).email = email


def link(world: World, email: str = TORU) -> str:
    """The link in the friend's mail."""
    text = repr(world.mail.direct[email][0].message)
    found = re.search(rf"{PUBLIC}/p/friend/[\w-]+", text)
    assert found is not None
    return found[0]


def said(page: Page) -> str:
    return repr(page.parts)


def choices(page: Page) -> list[str]:
    return [choice.name for choice in page.parts[0].choices]


def everything(world: World) -> str:
    """All that is kept anywhere about the friend."""
    rows = (*list_rows(world.store, Content), *friends(world), *list_rows(world.store, Account))
    return repr(rows) + repr(list_rows(world.store, Delivery))


async def test_a_friend_agrees_and_only_then_hr_sees_the_name(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await refer(misaki)
    assert "北川 透さんに" in text_of(misaki.answer or misaki.inbox[-1])
    await yuka.command("/jobs")
    await yuka.press("人事の画面")
    assert "北川" not in repr(world.shown[-1]) + repr(yuka.inbox)
    for _look in range(2):  # mail programs look first
        page = await visit(world, link(world))
        assert choices(page) == ["agree", "decline"]
        assert [part.locale for part in page.parts] == ["ja", "en"]
        assert "電池パックの量産立ち上げ" in said(page)
        assert "Ramping up a battery pack line" in said(page)
        assert "きっと合います" in said(page)
    assert interests(world) == []
    page = await visit(world, link(world), "agree")
    assert choices(page) == ["withdraw"]
    await visit(world, link(world), "agree")
    assert len(interests(world)) == 1
    assert "話を聞きたいそうです" in text_of(misaki.inbox[-1])
    assert sum("佐藤 美咲さんのお知り合い" in message.summary for message in yuka.inbox) == 1
    await yuka.press("お話しする")
    assert TORU in text_of(yuka.inbox[-1])
    await yuka.press("進み具合")
    assert "北川 透" in text_of(yuka.answer or yuka.inbox[-1])
    for label, told in (("選考へ", "選考に進みました"), ("採用", "入社が決まりました")):
        await yuka.press(label)
        assert told in text_of(misaki.inbox[-1])
        assert "北川" not in text_of(misaki.inbox[-1])
    letters = [shown.message.summary for shown in world.mail.direct[TORU]]
    assert len(letters) == 4
    assert "ご一緒できることになりました" in letters[-1]
    assert "Welcome" in letters[-1]


@pytest.mark.parametrize("how", ["decline", "silence", "withdraw", "closed", "paused"])
async def test_a_friend_who_won_t_is_forgotten_and_the_referrer_told(world: World, how: str) -> None:
    yuka = await hr(world)
    add_job(world, closes_on=START.date() + timedelta(days=7 if how == "closed" else 60))
    misaki = await seeker(world)
    await refer(misaki)
    address = link(world)
    match how:
        case "decline":
            await visit(world, address, "decline")
            await visit(world, address, "decline")
        case "withdraw":
            await visit(world, address, "agree")
            await visit(world, address, "withdraw")
        case "silence":
            await wait(world, days=13.9)
            assert friends(world)[0].name == "北川 透"
            await wait(world, days=0.2)
        case "closed":
            await wait(world, days=9)
        case _:
            with world.store.begin() as db:
                member = db.session.get_one(Member, misaki.member().id)
                member.status = "withdrawn"
                announce_change(db, member.id or 0, world.clock.now())
            await world.settle()
    assert "北川" not in everything(world)
    assert TORU not in everything(world)
    assert "きっと合います" not in everything(world)
    if how != "paused":
        ends = [message for message in misaki.inbox if "今回は進まないことになりました" in text_of(message)]
        assert len(ends) == 1
    page = await visit(world, address)
    assert choices(page) == []
    assert "お名前とアドレスは削除しました" in said(page)
    assert "北川" not in repr(yuka.inbox)
    await visit(world, address, "agree")
    assert all(one.stage == "closed" for one in interests(world))


async def test_nobody_is_asked_twice_about_one_job(world: World) -> None:
    add_job(world)
    add_job(world, title_ja="別の求人")
    misaki = await seeker(world)
    other = await seeker(world, "別の 人", "00999")
    await refer(misaki)
    for actor in (misaki, other):
        await refer(actor, email="Toru@Mail.Example ")
        assert "すでに声をかけています" in actor.errors["email"]
        assert actor.form is not None  # what was written stays
    await visit(world, link(world), "decline")
    await refer(other)
    assert "すでに声をかけています" in other.errors["email"]
    await refer(other, job=2)
    assert len(friends(world)) == 2


async def test_two_who_refer_one_friend_at_once_ask_once(database_url: str) -> None:

    world = make_world(database_url)
    add_job(world)
    people = [await seeker(world), await seeker(world, "別の 人", "00999")]
    values = FormValues({"name": "北川 透", "email": TORU})
    forms = [FormSubmitted(one.origin(world.next_key()), encode(Refer(1)), values) for one in (*people, *people)]
    await asyncio.gather(*(world.app.dispatch(form) for form in forms))
    await world.settle()
    assert len(friends(world)) == 1
    assert len(world.mail.direct[TORU]) == 1
    world.close()


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b", "a b@mail.example", "a@c.example, b@c.example", "<a@c.example>", "x" * 300 + "@c.example"],
)
async def test_what_is_no_address_stays_in_the_form(world: World, email: str) -> None:
    add_job(world)
    misaki = await seeker(world)
    await refer(misaki, email=email, name="", words="あ" * 301)
    assert set(misaki.errors) == {"email", "name", "words"}
    assert friends(world) == []


async def test_five_friends_a_day_and_more_tomorrow(world: World) -> None:
    add_job(world)
    misaki = await seeker(world)
    for number in range(5):
        await refer(misaki, email=f"friend{number}@mail.example")
        assert misaki.errors == {}
    await refer(misaki, email="one.more@mail.example")
    assert "明日" in misaki.errors["email"]
    await wait(world, days=1.1)
    await refer(misaki, email="one.more@mail.example")
    assert len(friends(world)) == 6


@pytest.mark.parametrize("change_to", ["consent", "no_consent", "blocked", "paused", "busy"])
async def test_a_friend_who_is_a_member_is_asked_here_and_nothing_shows_it(world: World, change_to: str) -> None:
    add_job(world)
    misaki = await seeker(world)
    toru = await alumnus(world, "北川 透", "00555")
    has_address(world, toru, TORU.upper())
    if change_to == "blocked":
        block = Block(owner_id=toru.member().id or 0, member_id=misaki.member().id, created_at=START)
        with world.store.begin() as db:
            db.session.add(block)
    agree(world, toru, yes=change_to != "no_consent")
    if change_to == "paused":
        change(world, toru, status="paused")
    if change_to == "busy":
        await toru.press_action(AskTalk(1))
        await toru.submit()
    await refer(misaki)
    assert "北川 透さんにメールが届き" in text_of(misaki.answer or misaki.inbox[-1]).replace(
        "「電池パックの量産立ち上げ」についての", ""
    )
    assert TORU not in world.mail.direct
    asked = [message for message in toru.inbox if "合うのではと紹介" in message.summary]
    assert len(asked) == (1 if change_to == "consent" else 0)
    if change_to != "consent":
        await wait(world, days=14.1)
        assert "今回は進まないことになりました" in text_of(misaki.inbox[-1])
        return
    await toru.press("カジュアルに話す")
    await toru.submit()
    assert "話を聞きたいそうです" in text_of(misaki.inbox[-1])
    assert friends(world)[0].state == "agreed"


async def test_a_member_for_whom_it_is_not_is_like_any_friend(world: World) -> None:
    add_job(world)
    misaki, toru = await seeker(world), await seeker(world, "北川 透", "00555")
    has_address(world, toru, TORU)
    await refer(misaki)
    await toru.press_action(Hide(1, -1))
    assert "今回は進まないことになりました" in text_of(misaki.inbox[-1])
    assert friends(world)[0].email == ""


async def test_my_own_address_is_no_friends(world: World) -> None:
    add_job(world)
    misaki = await seeker(world)
    has_address(world, misaki, TORU)
    await refer(misaki)
    assert "ご自身のアドレス" in misaki.errors["email"]


async def test_without_a_mail_server_the_referrer_hands_the_link_over(sqlite_url: str) -> None:
    world = make_world(sqlite_url, mail=False)
    add_job(world)
    misaki = await seeker(world)
    await refer(misaki)
    text = text_of(misaki.answer or misaki.inbox[-1])
    found = re.search(rf"{PUBLIC}/p/friend/[\w-]+", text)
    assert found is not None
    assert choices(await visit(world, found[0], "agree")) == ["withdraw"]
    world.close()


async def test_without_pages_nobody_is_asked(sqlite_url: str) -> None:
    world = make_world(sqlite_url, public="")
    add_job(world)
    misaki = await seeker(world)
    await misaki.command("/jobs")
    assert "知人を紹介" not in misaki.buttons()
    await misaki.press_action(AskRefer(1))
    assert misaki.form is None
    assert "人事にお知らせ" in text_of(misaki.answer or misaki.inbox[-1])
    world.close()


async def test_what_an_agreed_friend_told_is_erased_some_time_after_the_end(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await refer(misaki)
    await visit(world, link(world), "agree")
    await yuka.press("進み具合")
    await yuka.press("見送り…")
    await yuka.submit()
    assert "今回は見送りとなりました" in text_of(misaki.inbox[-1])
    await world.app.slots.prepare()
    await wait(world, days=89)
    assert friends(world)[0].name == "北川 透"
    await wait(world, days=3)
    assert friends(world)[0].name == ""
    assert "北川" not in everything(world)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "1",
        "1-2-3",
        "a" * 400,
        *(f"{id}-{until}-{'A' * 24}" for id, until in (("1", "9" * 11), ("１", "2"), ("9" * 30, "1"))),
    ],
)
async def test_forged_links_lead_nowhere(world: World, token: str) -> None:
    add_job(world)
    await refer(await seeker(world))
    page = await visit(world, f"{PUBLIC}/p/friend/{token}", "agree")
    assert not page.found
    assert "電池" not in said(page)
    assert interests(world) == []


async def test_altered_and_old_links_lead_nowhere(world: World) -> None:
    add_job(world)
    misaki = await seeker(world)
    await refer(misaki)
    await refer(misaki, email="other@mail.example")
    address = link(world)
    body, _, signature = address.rpartition("-")
    for altered in (f"{body}-{signature[::-1]}", address.replace("friend/1-", "friend/2-"), address + "A"):
        assert not (await visit(world, altered, "agree")).found
    await visit(world, address, "agree")
    await wait(world, days=364)
    assert (await visit(world, address)).found
    await wait(world, days=2)
    assert not (await visit(world, address)).found


def test_a_token_is_for_one_purpose_and_ends() -> None:
    token = make_token(SECRET, 12, START)
    assert read_token(SECRET, token, START) == 12
    assert read_token(SECRET, token, START + VALID - timedelta(seconds=1)) == 12
    assert read_token(SECRET, token, START + VALID) is None
    assert read_token(b"another", token, START) is None
