"""Chunks that are broken off, and everything that can be done to what was sent."""

import csv
from collections.abc import AsyncIterator
from io import StringIO

import pytest
import pytest_asyncio
from sqlalchemy import event
from sqlmodel import select

from bot.failures import FailureKind, SendFailed
from bot.ui import File
from handlers.announcements import actions, jobs
from handlers.announcements.desk import Office
from storage.models import (
    Account,
    Announcement,
    AnnouncementState,
    Delivery,
    DeliveryState,
    Member,
)
from storage.queries import announcements
from tests.handlers.announcements.people import (
    TEXT,
    TITLE,
    actor_of,
    add_hr,
    add_member,
    add_people,
    begin_sending,
    change,
    go_on,
    got,
    hand_in,
    make_chunk,
    only,
    send_now,
    words,
    write,
)
from tests.support.rows import list_rows
from tests.support.world import POLICY, START, Actor, World, text_of


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


def batch(world: World) -> list[Delivery]:
    return [row for row in list_rows(world.store, Delivery) if row.batch]


def make_uncertain(world: World, readers: list[Actor]) -> None:
    """As if the bot had been killed while it sent to them."""
    ids = {reader.member().id for reader in readers}
    with world.store.begin() as db:
        for row in db.session.exec(select(Delivery).where(Delivery.batch == "announcement:1")).all():
            if row.member_id in ids:
                row.state, row.reason = DeliveryState.UNCERTAIN, "cannot_ask"


class Killed(Exception):
    pass


# Chunks


async def test_killed_in_the_middle_of_a_chunk_nothing_is_lost_and_nothing_doubled(database_url: str) -> None:
    world = World(database_url)
    hr, readers = add_hr(world), add_people(world, 7)
    await begin_sending(world, hr)
    assert make_chunk(world, 3)
    with pytest.raises(Killed):
        make_chunk(world, 3, then=Killed)
    assert len(batch(world)) == 3
    assert make_chunk(world, 3)
    await world.settle()
    assert [got(reader) for reader in readers] == [[TITLE]] * 7
    assert (only(world).planned, len(batch(world))) == (7, 7)
    world.close()


async def test_a_chunk_begun_again_from_an_old_cursor_doubles_nobody(world: World) -> None:
    hr, readers = add_hr(world), add_people(world, 4)
    await begin_sending(world, hr)
    make_chunk(world, 3)
    with world.store.begin() as db:
        db.session.get_one(Announcement, 1).cursor = 0
    await world.settle()
    assert [got(reader) for reader in readers] == [[TITLE]] * 4
    assert only(world).planned == 4


async def test_a_chunk_takes_as_many_statements_for_many_as_for_few(world: World) -> None:
    hr, _readers = add_hr(world), add_people(world, 40)
    await begin_sending(world, hr)
    statements: list[str] = []
    event.listen(world.store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counts: list[int] = []
    for limit in (2, 30):
        make_chunk(world, limit)
        counts.append(len(statements) - sum(counts))
    assert counts[0] == counts[1] <= 9


async def test_it_is_stopped_in_the_middle(world: World) -> None:
    hr, readers = add_hr(world), add_people(world, 6)
    await begin_sending(world, hr)
    make_chunk(world, 2)
    await world.app.worker.drain()
    make_chunk(world, 2)
    await hr.press_action(actions.Stop(1))
    await world.settle()
    assert [len(got(reader)) for reader in readers] == [1, 1, 0, 0, 0, 0]
    assert only(world).state == AnnouncementState.STOPPED
    await hr.press_action(actions.Stop(1))
    assert "途中で止めました" in words(hr)
    assert "届く前に止めました" in words(hr)


async def test_whoever_pauses_on_the_way_is_left_out(world: World) -> None:
    hr, readers = add_hr(world), add_people(world, 3)
    await begin_sending(world, hr)
    make_chunk(world, 1)
    with world.store.begin() as db:
        db.session.get_one(Member, readers[2].member().id).status = "paused"
    await world.settle()
    assert [len(got(reader)) for reader in readers] == [1, 1, 0]


# After the sending


async def test_a_correction_changes_what_was_sent_once(database_url: str) -> None:
    world = World(database_url)
    hr, readers = add_hr(world), add_people(world, 3)
    with world.store.begin() as db:
        add_member(db, "Emily", language="en")
        add_member(db, "夜の人", quiet_from=9, quiet_to=12)
        add_member(db, "m@home.example", platform="email")
    await send_now(world, hr)
    emily, late = actor_of(world, "Emily"), actor_of(world, "夜の人")
    assert late.inbox == []
    await hr.press_action(actions.AskCorrect(1))
    await hr.submit(title_ja="夏の集い（訂正）", title_en="Summer party, corrected")
    await world.pass_time(hours=3)
    assert [[message.summary for message in reader.inbox] for reader in readers] == [["夏の集い（訂正）"]] * 3
    assert [message.summary for message in emily.inbox] == ["Summer party, corrected"]
    assert [message.summary for message in late.inbox] == ["夏の集い（訂正）"]
    assert "訂正しました" in text_of(readers[0].inbox[0])
    assert [shown.message.summary for shown in world.mail.direct["m@home.example"]] == [TITLE]
    assert (only(world).replacing, only(world).planned) == ("", 6)
    world.close()


async def test_a_correction_that_changes_nothing_sends_nothing(world: World) -> None:
    hr, _readers = add_hr(world), add_people(world, 1)
    await send_now(world, hr)
    sent = len(world.chat.sent)
    await hr.press_action(actions.AskCorrect(1))
    await hr.submit()
    assert (len(world.chat.sent), only(world).edition) == (sent, 0)
    await hr.press_action(actions.AskCorrect(1))
    await hr.submit(title_ja="", body_ja="", title_en="", body_en="")
    assert list(hr.errors) == ["title_ja"]


async def test_the_author_hears_that_somebody_else_corrected_it(world: World) -> None:
    hr, other, _readers = add_hr(world), add_hr(world, "大野 健"), add_people(world, 1)
    await send_now(world, hr)
    await other.press_action(actions.AskCorrect(1))
    await other.submit(body_ja="八月に集まります。")
    assert "訂正しました" in hr.inbox[-1].summary
    assert other.inbox == []


async def test_withdrawn_a_line_stands_in_its_place_and_nobody_gets_it_later(database_url: str) -> None:
    world = World(database_url)
    hr, readers = add_hr(world), add_people(world, 2)
    with world.store.begin() as db:
        add_member(db, "夜の人", quiet_from=9, quiet_to=12)
    await send_now(world, hr)
    for _press in range(2):
        await hr.press_action(actions.Withdraw(1))
    await world.pass_time(hours=4)
    assert [[message.summary for message in reader.inbox] for reader in readers] == [
        ["このお知らせは取り下げられました。"]
    ] * 2
    assert actor_of(world, "夜の人").inbox == []
    assert (only(world).state, only(world).edition) == (AnnouncementState.WITHDRAWN, 1)
    await hr.press_action(actions.AskCorrect(1))
    assert hr.form is None
    world.close()


async def test_withdrawn_while_it_is_being_sent_it_reaches_nobody_else(world: World) -> None:
    hr, readers = add_hr(world), add_people(world, 4)
    await begin_sending(world, hr)
    make_chunk(world, 2)
    await hr.press_action(actions.Withdraw(1))
    await world.settle()
    assert [got(reader) for reader in readers] == [[]] * 4


async def test_the_failed_get_it_again_and_the_others_do_not(database_url: str) -> None:
    world = World(database_url)
    hr, readers = add_hr(world), add_people(world, 3)
    with world.store.begin() as db:
        add_member(db, "どこにもいない人", platform="")
    await hand_in(hr)
    world.chat.failures = [SendFailed(FailureKind.BUG, "invalid_blocks")]
    await go_on(world)
    assert sum(len(got(reader)) for reader in readers) == 2
    await hr.press_action(actions.Open(1))
    assert "届けられるアカウントがありません" in words(hr)
    assert "invalid_blocks" in words(hr)
    await hr.press("失敗分だけ再送")
    assert "1名" in words(hr)
    assert [got(reader) for reader in readers] == [[TITLE]] * 3
    with world.store.begin() as db:
        member = db.session.exec(select(Member).where(Member.name == "どこにもいない人")).one()
        db.session.add(
            Account(platform="chat", tenant="T1", external_id="新しい", member_id=member.id, created_at=START)
        )
    for _press in range(2):
        await hr.press_action(actions.SendAgain(1))
    assert got(actor_of(world, "新しい")) == [TITLE]
    assert "どなたにも届けられません" in words(hr)
    assert [row.state for row in batch(world)] == [DeliveryState.SENT] * 4
    world.close()


async def test_what_may_have_arrived_is_never_sent_again(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await send_now(world, hr)
    with world.store.begin() as db:
        row = db.session.exec(select(Delivery).where(Delivery.batch == "announcement:1")).one()
        row.state = DeliveryState.UNCERTAIN
    await hr.press_action(actions.SendAgain(1))
    assert got(reader) == [TITLE]
    await hr.press_action(actions.Open(1))
    assert "不明" in words(hr)


async def test_hr_may_send_what_is_uncertain_again(world: World) -> None:
    hr, readers = add_hr(world), add_people(world, 3)
    await send_now(world, hr)
    make_uncertain(world, readers[:2])
    change(world, readers[1], status="withdrawn")
    await hr.press_action(actions.Open(1))
    assert "届いたかどうかが分からない" in words(hr)
    for _press in range(2):
        await hr.press_action(actions.SendUncertain(1))
        await world.settle()
    assert [len(got(reader)) for reader in readers] == [2, 1, 1]
    states = {row.member_id: row.state for row in batch(world)}
    assert states[readers[1].member().id] == DeliveryState.UNCERTAIN


async def test_only_hr_may_send_what_is_uncertain_again(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await send_now(world, hr)
    make_uncertain(world, [reader])
    await reader.press_action(actions.SendUncertain(1))
    await world.settle()
    assert got(reader) == [TITLE]


async def test_nothing_is_uncertain_nothing_is_offered(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await send_now(world, hr)
    await hr.press_action(actions.Open(1))
    assert "不明分だけ再送" not in words(hr)
    await hr.press_action(actions.SendUncertain(1))
    await world.settle()
    assert got(reader) == [TITLE]


async def test_whoever_left_since_is_not_sent_it_again(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await hand_in(hr)
    world.chat.failures = [SendFailed(FailureKind.BUG, "invalid_blocks")]
    await go_on(world)
    change(world, reader, status="withdrawn")
    await hr.press_action(actions.SendAgain(1))
    assert got(reader) == []


async def test_the_report_is_a_file_that_no_spreadsheet_reckons_with(world: World) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "=HYPERLINK(1)", platform="")
    await send_now(world, hr)
    await hr.press_action(actions.SendFile(1))
    [file] = [block for block in hr.inbox[-1].blocks if isinstance(block, File)]
    rows = list(csv.reader(StringIO(file.text.removeprefix("\ufeff"))))
    assert rows[0] == ["項目", "数"]
    assert ["届かなかった", "1"] in rows
    assert rows[-1][0] == "'=HYPERLINK(1)"


async def test_two_replicas_make_each_chunk_once(postgres_url: str) -> None:
    """The second one passes over what the first one holds."""
    world = World(postgres_url)
    hr, _readers = add_hr(world), add_people(world, 2)
    await begin_sending(world, hr)
    with world.store.begin() as first, world.store.begin() as second:
        assert announcements.find_open(first) is not None
        assert announcements.find_open(second) is None
        assert not jobs.make_next(Office(second, world.clock.now(), POLICY))
    assert TEXT
    world.close()


async def test_a_draft_is_not_correctable(world: World) -> None:
    hr = add_hr(world)
    await write(hr)
    for action in (actions.AskCorrect(1), actions.Withdraw(1), actions.Stop(1), actions.SendAgain(1)):
        await hr.press_action(action)
        assert (hr.form, only(world).state) == (None, AnnouncementState.DRAFT)
