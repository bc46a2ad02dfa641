"""Casual talks: to whom they go, every step told, double clicks, two at once, and people who go."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from bot.actions import encode
from bot.incoming import ButtonPressed, FormSubmitted, FormValues
from handlers.jobs.actions import AskEnd, AskTalk, End, Move, PassOn, TakeUp, Talk, Withdraw
from storage.models import AuditEntry, Block, Member, RelayedRoom
from storage.queries.changes import announce_change
from tests.handlers.jobs.people import (
    add_job,
    change,
    employee,
    hr,
    interests,
    make_world,
    second_hr,
    seeker,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def ask(actor: Actor, job: int = 1, **values: str) -> None:
    """Presses [Talk casually] and sends the form off."""
    await actor.press_action(AskTalk(job))
    await actor.submit(**values)


def stage(world: World) -> str:
    (interest,) = interests(world)
    return interest.stage


def told(actor: Actor) -> str:
    return actor.inbox[-1].summary if actor.inbox else ""


async def test_it_goes_to_hr_and_on_to_hired_with_every_step_told(world: World) -> None:
    yuka, ken = await hr(world), await second_hr(world)
    add_job(world)
    misaki = await seeker(world)
    await ask(misaki, words="安全設計について")
    assert "人事だけ" in text_of(misaki.answer or misaki.inbox[-1])
    for reader in (yuka, ken):
        assert "佐藤 美咲さんが「電池パックの量産立ち上げ」" in told(reader)
        assert "安全設計について" in text_of(reader.inbox[-1])
    await yuka.press("お話しする")
    assert "山本 由佳さんが喜んでお話しします" in text_of(misaki.inbox[-2]) + text_of(misaki.inbox[-1])
    assert len(list_rows(world.store, RelayedRoom)) == 1
    await ken.press("お話しする")
    assert "山本 由佳さんが佐藤 美咲さんとお話ししています" in text_of(ken.answer or ken.inbox[-1])
    await yuka.press("進み具合")
    for label, said, at in (("選考へ", "選考に進みます", "interviewing"), ("採用", "心から歓迎します", "hired")):
        await yuka.press(label)
        assert said in told(misaki)
        assert stage(world) == at
    assert [entry.act for entry in list_rows(world.store, AuditEntry) if entry.act.startswith("job")] == [
        "job.talk",
        "job.move",
        "job.move",
    ]
    await misaki.command("/jobs")
    assert "採用" in text_of(misaki.answer or misaki.inbox[-1])


async def test_the_named_contact_hears_of_it_and_hr_does_not_read_the_words(world: World) -> None:
    yuka, sho = await hr(world), await employee(world)
    add_job(world, contact_id=sho.member().id)
    misaki = await seeker(world)
    await ask(misaki, words="内緒の質問")
    assert "内緒の質問" in text_of(sho.inbox[-1])
    assert "カジュアル" not in told(yuka)
    await yuka.command("/jobs")
    await yuka.press("人事の画面")
    await yuka.press("進み具合")
    assert "佐藤 美咲" in text_of(yuka.answer or yuka.inbox[-1])
    assert "内緒の質問" not in text_of(yuka.answer or yuka.inbox[-1])
    await sho.press("お話しする")
    assert stage(world) == "talking"
    room = list_rows(world.store, RelayedRoom)[0]
    assert room.topic == "電池パックの量産立ち上げ"


async def test_the_contact_can_leave_it_to_hr(world: World) -> None:
    yuka, sho = await hr(world), await employee(world)
    add_job(world, contact_id=sho.member().id)
    await ask(await seeker(world), words="質問")
    await sho.press("人事に任せる")
    assert "佐藤 美咲さん" in told(yuka)
    await sho.press_action(TakeUp(1))
    assert "使えなくなりました" in text_of(sho.answer or sho.inbox[-1])
    assert stage(world) == "interested"


@pytest.mark.parametrize(
    ("department", "joined", "goes_to_hr"),
    [
        ("設計2課", "2005-04-01", True),
        ("設計２課", None, True),
        ("設計2課", "2026-05-01", False),
        ("営業部", None, False),
        ("", None, False),
    ],
)
async def test_never_to_a_former_manager_as_far_as_anybody_knows(
    world: World, department: str, joined: str | None, goes_to_hr: bool
) -> None:

    yuka, sho = await hr(world), await employee(world, department=department)
    change(world, sho, joined_on=date.fromisoformat(joined) if joined else None)
    add_job(world, contact_id=sho.member().id)
    misaki = await seeker(world)  # of 設計2課, until March 2026
    await misaki.press_action(AskTalk(1))
    assert misaki.form is not None
    assert ("to" in {field.name for field in misaki.form.fields}) is not goes_to_hr
    await misaki.submit()
    assert ("佐藤 美咲" in told(yuka)) is goes_to_hr
    assert ("佐藤 美咲" in told(sho)) is not goes_to_hr


async def test_who_would_rather_not_chooses_hr(world: World) -> None:
    yuka, sho = await hr(world), await employee(world)
    add_job(world, contact_id=sho.member().id)
    misaki = await seeker(world)
    await ask(misaki, to="hr")
    assert "佐藤 美咲" in told(yuka)
    assert "佐藤 美咲" not in told(sho)


@pytest.mark.parametrize("owner", ["misaki", "sho"])
async def test_a_block_keeps_the_contact_out_without_a_word(world: World, owner: str) -> None:
    yuka, sho = await hr(world), await employee(world)
    add_job(world, contact_id=sho.member().id)
    misaki = await seeker(world)
    one, other = (misaki, sho) if owner == "misaki" else (sho, misaki)
    with world.store.begin() as db:
        db.session.add(Block(owner_id=one.member().id or 0, member_id=other.member().id, created_at=world.clock.now()))
    await misaki.press_action(AskTalk(1))
    assert misaki.form is not None
    assert "高橋" not in text_of_form(misaki)
    await misaki.submit()
    assert "佐藤 美咲" in told(yuka)
    assert "佐藤 美咲" not in told(sho)


def text_of_form(actor: Actor) -> str:
    return repr(actor.form)


@pytest.mark.parametrize("fields", [{"status": "paused"}, {"role": "alumnus"}, {"status": "suspended"}])
async def test_a_contact_who_is_not_there_is_no_contact(world: World, fields: dict[str, str]) -> None:
    yuka, sho = await hr(world), await employee(world)
    add_job(world, contact_id=sho.member().id)
    change(world, sho, **fields)
    await ask(await seeker(world))
    assert "佐藤 美咲" in told(yuka)


async def test_sent_off_twice_it_counts_once(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await ask(misaki)
    before = len(yuka.inbox)
    payload = encode(Talk(1))
    await misaki.world.dispatch(
        FormSubmitted(misaki.origin(world.next_key()), payload, FormValues({"words": "二度目"}))
    )
    assert len(yuka.inbox) == before
    assert [one.words for one in interests(world)] == [""]
    await misaki.press_action(AskTalk(1))
    assert "興味あり" in text_of(misaki.answer or misaki.inbox[-1])


async def test_four_presses_at_once_begin_one_interest(database_url: str) -> None:
    world = make_world(database_url)
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    forms = [
        FormSubmitted(misaki.origin(world.next_key()), encode(Talk(1)), FormValues({"words": str(number)}))
        for number in range(4)
    ]
    await asyncio.gather(*(world.app.dispatch(form) for form in forms))
    await world.settle()
    assert len(interests(world)) == 1
    assert sum("カジュアルに話したい" in message.summary for message in yuka.inbox) == 1
    world.close()


async def test_two_of_hr_at_once_one_talks(database_url: str) -> None:
    world = make_world(database_url)
    yuka, ken = await hr(world), await second_hr(world)
    add_job(world)
    misaki = await seeker(world)
    await ask(misaki)
    presses = [ButtonPressed(one.origin(world.next_key()), encode(TakeUp(1))) for one in (yuka, ken, yuka, ken)]
    await asyncio.gather(*(world.app.dispatch(press) for press in presses))
    await world.settle()
    assert len(list_rows(world.store, RelayedRoom)) == 1
    assert sum("喜んでお話しします" in message.summary for message in misaki.inbox) == 1
    moves = [
        ButtonPressed(one.origin(world.next_key()), encode(Move(1, "talking", "interviewing", 0, 0)))
        for one in (yuka, ken)
    ]
    await asyncio.gather(*(world.app.dispatch(move) for move in moves))
    await world.settle()
    assert sum("選考に進みます" in message.summary for message in misaki.inbox) == 1
    world.close()


@pytest.mark.parametrize(
    ("seen", "to"),
    [
        ("interested", "hired"),
        ("talking", "interviewing"),
        ("interested", "interested"),
        ("", "talking"),
        ("hired", "talking"),
        ("interested", "odd"),
    ],
)
async def test_only_steps_that_follow_are_taken(world: World, seen: str, to: str) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await ask(misaki)
    before = len(misaki.inbox)
    await yuka.press_action(Move(1, seen, to, 0, 0))
    assert stage(world) == "interested"
    assert len(misaki.inbox) == before


async def test_it_ends_with_a_kind_sentence_and_hrs_own_word(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await ask(misaki)
    await yuka.press("進み具合")
    await yuka.press("見送り…")
    await yuka.submit(words="募集の条件が変わりました。")
    assert "今回は見送りとなりました" in told(misaki)
    assert "募集の条件が変わりました。" in text_of(misaki.inbox[-1])
    assert stage(world) == "closed"
    await yuka.press_action(AskEnd(1, "interested", 0, 0))
    assert yuka.form is None
    await misaki.press_action(AskTalk(1))
    assert misaki.form is None  # HR has closed it: the same job isn't asked for again
    assert "終了" in text_of(misaki.answer or misaki.inbox[-1])


async def test_a_word_that_is_too_long_stays_in_the_form(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await misaki.press_action(AskTalk(1))
    await misaki.submit(words="あ" * 10_000)
    assert "10000文字あります" in misaki.errors["words"]
    await misaki.submit(words="短く")
    await yuka.press_action(AskEnd(1, "interested", 0, 0))
    await yuka.submit(words="あ" * 301)
    assert "301文字" in yuka.errors["words"]
    assert stage(world) == "interested"


async def test_i_can_call_it_off_and_begin_anew(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await ask(misaki, words="質問")
    await misaki.press("取りやめる")
    assert stage(world) == "closed"
    assert "お話しできなくなりました" in told(yuka)
    assert "佐藤" not in text_of(yuka.inbox[-1])
    assert [one.words for one in interests(world)] == [""]
    await misaki.press_action(Withdraw(1))
    assert "終了" in text_of(misaki.answer or misaki.inbox[-1])
    await ask(misaki, words="もう一度")
    assert stage(world) == "interested"
    assert "もう一度" in text_of(yuka.inbox[-1])


async def test_nobody_else_calls_mine_off_or_moves_anybody(world: World) -> None:
    await hr(world)
    sho = await employee(world)
    add_job(world)
    misaki = await seeker(world)
    other = await seeker(world, "別の 人", "00999")
    await ask(misaki)
    payloads = (
        Withdraw(1),
        TakeUp(1),
        PassOn(1),
        Move(1, "interested", "talking", 0, 0),
        AskEnd(1, "interested", 0, 0),
    )
    for actor in (other, sho):
        for action in payloads:
            await actor.press_action(action)
            assert "佐藤" not in text_of(actor.answer or actor.inbox[-1])
        end = FormSubmitted(actor.origin(world.next_key()), encode(End(1, "interested", 0, 0)), FormValues({}))
        await world.dispatch(end)
    assert stage(world) == "interested"


@pytest.mark.parametrize("status", ["paused", "suspended", "withdrawn"])
async def test_who_pauses_or_leaves_is_let_go_neutrally(world: World, status: str) -> None:

    yuka = await hr(world)
    add_job(world)
    misaki = await seeker(world)
    await ask(misaki)
    await yuka.press("お話しする")
    with world.store.begin() as db:
        member = db.session.get_one(Member, misaki.member().id)
        member.status = status
        announce_change(db, member.id or 0, world.clock.now())
    await world.settle()
    assert stage(world) == "closed"
    assert [one.ended for one in interests(world)] == ["gone"]
    assert any("お話しできなくなりました" in message.summary for message in yuka.inbox)
    rooms = list_rows(world.store, RelayedRoom)
    assert all(room.closed_at is not None for room in rooms)


async def test_a_contact_who_goes_hands_over_to_hr(world: World) -> None:

    yuka, sho = await hr(world), await employee(world)
    add_job(world, contact_id=sho.member().id)
    await ask(await seeker(world))
    with world.store.begin() as db:
        member = db.session.get_one(Member, sho.member().id)
        member.status = "withdrawn"
        announce_change(db, member.id or 0, world.clock.now())
    await world.settle()
    assert "佐藤 美咲さん" in told(yuka)
    (interest,) = interests(world)
    assert (interest.stage, interest.handler_id) == ("interested", None)
    await yuka.press("お話しする")
    assert stage(world) == "talking"


async def test_hrs_home_page_says_who_waits(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    await ask(await seeker(world))
    await yuka.open_home()
    assert "ご連絡を待っている方が1人います" in text_of(yuka.home or yuka.inbox[-1])
