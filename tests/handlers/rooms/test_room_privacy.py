"""What stays between the two: no address, no word for HR, nothing kept longer than promised."""

import logging

import pytest
from structlog.testing import capture_logs

from bot.failures import FailureKind, SendFailed
from bot.ports import Person
from handlers.moderation.actions import Decide, Decided
from handlers.rooms.actions import Close, Drop, Pick, Reply, Report, Reported, Send
from storage.models import Content, HeldText
from storage.models import Report as ReportRow
from tests.handlers.rooms.people import (
    add_account,
    add_member,
    bodies,
    deliveries,
    make_room,
    messages,
    open_for,
    say,
    shown,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

SECRET = "これは二人だけの話です"
MAIL = "misaki.private@example.org"


async def talk(url: str) -> tuple[World, Actor, Actor, Actor]:
    """A world in which Sho and Misaki have talked, and Yuka is of HR."""
    world, sho, misaki = await make_room(url)
    yuka = await add_member(world, "山本 由佳", is_hr=True)
    await say(sho, SECRET, "s1")
    await say(misaki, SECRET, "t1")
    return world, sho, misaki, yuka


async def test_no_address_of_one_reaches_the_other(database_url: str) -> None:
    world, sho, misaki, _yuka = await talk(database_url)
    add_account(world, misaki, "email", MAIL, email=MAIL)
    await sho.edit("s1", "直しました")
    await misaki.delete("t1")
    await sho.press("終える")
    for person, other in ((sho, misaki), (misaki, sho)):
        parcels = world.find_platform(person.platform).sent
        mine = [each for each in parcels if isinstance(each.target, Person) and each.target.user == person.user]
        sent = [(each.message, each.reader, each.thread) for each in mine]
        assert len(sent) >= 3
        assert other.user not in repr(sent), "neither in words nor as a mention nor as a place"
        assert MAIL not in repr(sent)
    world.close()


async def test_hr_gets_nothing_by_any_button(database_url: str) -> None:
    world, _sho, _misaki, yuka = await talk(database_url)
    before = len(yuka.inbox)
    for action in (Reply(1), Send(1, "k"), Close(1), Report(1, 1), Report(1, 0), Reported(1), Pick(1, 1), Drop(1)):
        await yuka.press_action(action)
        assert SECRET not in repr((yuka.answer, yuka.form))
        assert "佐藤" not in repr((yuka.answer, yuka.form)), "not even who talks"
    for action in (Decide(1, "fine"), Decide(1, "suspended"), Decided(1, "warned")):
        await yuka.press_action(action)
        assert SECRET not in repr((yuka.answer, yuka.form))
    assert len(yuka.inbox) == before
    assert SECRET not in bodies(yuka.screen)
    assert list_rows(world.store, ReportRow) == []
    world.close()


async def test_only_the_reported_message_reaches_hr(database_url: str) -> None:
    world, sho, misaki, yuka = await talk(database_url)
    await say(misaki, "うちの製品を買いませんか", "t2")
    await sho.press("通報")
    await sho.submit(message=str(messages(world)[-1].id), note="営業です")
    assert sho.answer is not None
    assert "人事がこのメッセージだけを確かめ" in sho.answer.summary
    assert "うちの製品を買いませんか" in bodies(yuka.screen)
    assert SECRET not in bodies(yuka.screen)
    (report,) = list_rows(world.store, ReportRow)
    assert (report.text, report.note) == ("うちの製品を買いませんか", "営業です")
    world.close()


async def test_nobody_reports_what_they_wrote_themselves_or_could_not_read(sqlite_url: str) -> None:
    world, sho, _misaki, _yuka = await talk(sqlite_url)
    jiro = await add_member(world, "鈴木 次郎", "teams")
    hana = await add_member(world, "田中 花")
    await open_for(world, jiro, hana, key="consultation:2", topic="別の話")
    await say(jiro, "別の秘密", "j1")
    await sho.press("通報")
    form = sho.form
    for message in (1, 3, 99, "x", "9" * 30):
        sho.form = form
        await sho.submit(message=str(message))
        assert sho.answer is not None
        assert "通報できるメッセージがありません" in sho.answer.summary
    assert list_rows(world.store, ReportRow) == []
    world.close()


async def test_before_anything_was_written_there_is_nothing_to_report(sqlite_url: str) -> None:
    world, sho, _misaki = await make_room(sqlite_url)
    await sho.press("通報")
    assert sho.answer is not None
    assert "まだ届いていない" in sho.answer.summary
    world.close()


async def test_reporting_is_possible_in_a_closed_room_and_twice_counts_once(sqlite_url: str) -> None:
    world, sho, _misaki, yuka = await talk(sqlite_url)
    await sho.press("終える")
    for _turn in range(2):
        await sho.press("通報")
        await sho.submit(note="")
    assert len(list_rows(world.store, ReportRow)) == 1
    assert [text for text in shown(yuka) if "通報" in text] == ["メッセージの通報がありました"]
    world.close()


async def test_words_are_kept_no_longer_than_promised(database_url: str) -> None:
    world, sho, misaki, _yuka = await talk(database_url)
    await world.app.slots.prepare()
    await sho.edit("s1", SECRET + "（訂正）")
    await world.pass_time(days=5)
    assert SECRET in "".join(message.text for message in messages(world))
    await world.pass_time(days=2)
    assert {message.text for message in messages(world)} == {""}
    assert not any(SECRET in content.body for content in list_rows(world.store, Content))
    assert SECRET in bodies(misaki.screen), "what was delivered is the reader's"
    world.close()


async def test_what_still_waits_is_not_erased_and_given_up_in_time(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await world.app.slots.prepare()
    world.platforms["teams"].failures += [_throttled() for _turn in range(5000)]
    await say(sho, SECRET, "s1")
    await world.pass_time(days=5)
    assert any(SECRET in content.body for content in list_rows(world.store, Content))
    await world.pass_time(days=2)
    assert not any(SECRET in content.body for content in list_rows(world.store, Content))
    world.platforms["teams"].failures.clear()
    await world.pass_time(days=1)
    assert "届いていないかもしれません" in "".join(shown(sho))
    assert SECRET not in bodies(misaki.screen)
    world.close()


def _throttled() -> SendFailed:
    return SendFailed(FailureKind.RETRY, "down")


async def test_a_reported_message_is_erased_after_the_decision(sqlite_url: str) -> None:
    world, sho, _misaki, yuka = await talk(sqlite_url)
    await world.app.slots.prepare()
    await sho.press("通報")
    await sho.submit(note="メモ")
    await world.pass_time(days=20)
    assert list_rows(world.store, ReportRow)[0].text == SECRET, "it waits for HR"
    await yuka.press("問題なし")
    await yuka.submit(reason="特に問題はありません。")
    await world.pass_time(days=8)
    (report,) = list_rows(world.store, ReportRow)
    assert (report.text, report.note, report.reason) == ("", "", "特に問題はありません。")
    assert not any(SECRET in content.body for content in list_rows(world.store, Content))
    world.close()


@pytest.mark.usefixtures("caplog")
async def test_no_log_line_carries_a_word_or_an_address(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        world, sho, misaki, _yuka = await talk(sqlite_url)
        add_account(world, misaki, "email", MAIL, email=MAIL)
        await sho.edit("s1", SECRET + "。")
        await sho.delete("s1")
        await sho.press("終える")
        world.close()
    assert SECRET not in repr(lines) + caplog.text
    assert MAIL not in repr(lines) + caplog.text


async def test_a_text_that_waits_for_a_choice_is_forgotten_with_it(sqlite_url: str) -> None:
    world, sho, misaki, _yuka = await talk(sqlite_url)
    await open_for(world, sho, misaki, key="consultation:2", topic="別の話")
    await sho.write(SECRET, message="s9")
    assert [held.text for held in list_rows(world.store, HeldText)] == [SECRET]
    assert not any("held" in key and SECRET in key for key in deliveries(world))
    await world.pass_time(hours=1)
    assert list_rows(world.store, HeldText) == []
    world.close()
