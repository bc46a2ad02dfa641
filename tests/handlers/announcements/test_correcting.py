"""What many people have before them is corrected only once a second person of HR has agreed to the new words."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import File, TextInput
from handlers.announcements import actions
from handlers.announcements.corrections import cut_out, write_down
from storage.models import CORRECTION, Announcement, AnnouncementState, AuditEntry, Status
from tests.handlers.announcements.people import (
    SMALL,
    TITLE,
    add_hr,
    add_people,
    change,
    go_on,
    got,
    hand_in,
    send_now,
    words,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of

NEW = "夏の集い（日付の訂正）"
OTHER = "夏の集い（場所の訂正）"


@pytest_asyncio.fixture
async def small(sqlite_url: str) -> AsyncIterator[World]:
    """A community in which four people are many."""
    world = World(sqlite_url, policy=SMALL)
    yield world
    world.close()


async def send_to_many(world: World) -> tuple[Actor, Actor, list[Actor]]:
    """Its author, the one who agreed to it, and four who have it."""
    hr, other, readers = add_hr(world), add_hr(world, "大野 健"), add_people(world, 4)
    await hand_in(hr)
    await other.press("送ってよい")
    await go_on(world)
    assert [got(reader) for reader in readers] == [[TITLE]] * 4
    return hr, other, readers


async def write_anew(hr: Actor, title: str = NEW, **more: str) -> None:
    """[Correct…], and its form."""
    await hr.press_action(actions.AskCorrect(1))
    await hr.submit(title_ja=title, **more)


def shown(readers: list[Actor]) -> list[list[str]]:
    return [[message.summary for message in reader.inbox] for reader in readers]


def corrections(world: World) -> list[Announcement]:
    return [row for row in list_rows(world.store, Announcement) if row.kind == CORRECTION]


def states(world: World) -> list[str]:
    return [row.state for row in corrections(world)]


def sent(world: World) -> Announcement:
    return next(row for row in list_rows(world.store, Announcement) if row.kind != CORRECTION)


async def test_nothing_changes_until_a_second_person_has_agreed(database_url: str) -> None:
    world = World(database_url, policy=SMALL)
    hr, other, readers = await send_to_many(world)
    await write_anew(hr)
    await go_on(world, 600)
    assert shown(readers) == [[TITLE]] * 4
    assert "確認をお願いしました" in words(hr)
    card = text_of(other.inbox[-1])
    for line in (f"Quote(text='{TITLE}\\n…'", f"Quote(text='{NEW}\\n…'"):
        assert line in card, "the old and the new words"
    await other.press("訂正してよい")
    await go_on(world)
    assert shown(readers) == [[NEW]] * 4
    assert "訂正を確認しました" in hr.inbox[-1].summary
    assert (sent(world).edition, sent(world).replacing, states(world)) == (1, "", ["sent"])
    assert corrections(world)[0].approver_id == other.member().id
    acts = [entry.act for entry in list_rows(world.store, AuditEntry)]
    assert acts[-2:] == ["announcement.ask_to_correct", "announcement.agree_to_correction"]
    world.close()


async def test_at_the_limit_it_is_corrected_at_once(small: World) -> None:
    hr, other, readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 3)
    await send_now(small, hr)
    await write_anew(hr)
    await small.settle()
    assert (shown(readers), corrections(small), other.inbox) == ([[NEW]] * 3, [], [])


async def test_what_reached_more_than_was_thought_needs_a_second_person_too(small: World) -> None:
    hr, other, readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 3)
    await send_now(small, hr)
    with small.store.begin() as db:
        db.session.get_one(Announcement, 1).planned = 4  # somebody came while it was being sent
    await write_anew(hr)
    assert (shown(readers), states(small)) == ([[TITLE]] * 3, ["waiting"])
    assert NEW in text_of(other.inbox[-1])


async def test_the_author_of_the_new_words_is_no_second_person(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    await write_anew(other)  # who agreed to the sending may correct it, and then the author agrees
    await other.press_action(actions.AgreeToCorrection(1, 2))
    assert "ご自身では確認できません" in words(other)
    await other.press_action(actions.AskDeclineCorrection(1, 2))
    assert other.form is None
    assert (shown(readers), states(small)) == ([[TITLE]] * 4, ["waiting"])
    await hr.press("訂正してよい")
    await small.settle()
    assert shown(readers) == [[NEW]] * 4


async def test_alone_in_hr_nobody_corrects_but_anybody_withdraws(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    await hr.press_action(actions.AskCorrect(1))
    change(small, other, is_hr=False)
    await hr.submit(title_ja=NEW)  # the form was open by then: its words stay in it
    assert "もう一人の確認が必要" in hr.errors["title_ja"]
    await hr.press_action(actions.AskCorrect(1))
    assert (hr.form, corrections(small)) == (None, [])
    assert "もう一人の確認が必要" in words(hr)
    await hr.press_action(actions.Withdraw(1))
    await small.settle()
    assert shown(readers) == [["このお知らせは取り下げられました。"]] * 4


async def test_what_is_declined_comes_back_with_the_reason_and_its_words(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    await write_anew(hr)
    await other.press("直してほしい…")
    await other.submit(reason="")
    assert list(other.errors) == ["reason"]
    await other.submit(reason="曜日が違います")
    await go_on(small, 60)
    assert (shown(readers), states(small)) == ([[TITLE]] * 4, ["draft"])
    assert "曜日が違います" in text_of(hr.inbox[-1])
    await hr.press("訂正…")
    assert title_in(hr) == NEW
    await hr.submit(title_ja=OTHER)
    await other.press_action(actions.AgreeToCorrection(1, 3))
    await small.settle()
    assert (shown(readers), states(small)) == ([[OTHER]] * 4, ["withdrawn", "sent"])


async def test_declined_words_are_nobody_elses(small: World) -> None:
    hr, other, _readers = await send_to_many(small)
    await write_anew(hr)
    await other.press("直してほしい…")
    await other.submit(reason="曜日が違います")
    await other.press_action(actions.AskCorrect(1))
    assert title_in(other) == TITLE


async def test_pressed_twice_and_by_two_it_is_corrected_once(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    third = add_hr(small, "森 恵")
    await hr.press_action(actions.AskCorrect(1))
    form = hr.form
    for _time in range(2):
        hr.form = form
        await hr.submit(title_ja=NEW)
    assert states(small) == ["waiting"]
    for who in (other, other, third):
        await who.press_action(actions.AgreeToCorrection(1, 2))
    await small.settle()
    assert (shown(readers), sent(small).edition) == ([[NEW]] * 4, 1)
    await third.press_action(actions.AskDeclineCorrection(1, 2))
    assert third.form is None


async def test_two_at_once_agree_once(postgres_url: str) -> None:
    """The second waits for the first, and then finds what it did."""
    world = World(postgres_url, policy=SMALL)
    hr, other, readers = await send_to_many(world)
    third = add_hr(world, "森 恵")
    await write_anew(hr)
    presses = (who.press_action(actions.AgreeToCorrection(1, 2)) for who in (other, third))
    await asyncio.gather(*presses)
    await world.settle()
    assert (shown(readers), sent(world).edition, states(world)) == ([[NEW]] * 4, 1, ["sent"])
    world.close()


async def test_another_correction_takes_the_place_of_the_one_that_waits(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    third = add_hr(small, "森 恵")
    await write_anew(hr)
    await other.press_action(actions.AskCorrect(1))
    assert title_in(other) == NEW
    assert "山本 由佳さんが書いた" in text_of_form(other)
    await other.submit(title_ja=OTHER)
    assert "別の訂正文" in hr.inbox[-2].summary
    await third.press_action(actions.AgreeToCorrection(1, 2))  # the card with the first words
    assert (shown(readers), states(small)) == ([[TITLE]] * 4, ["withdrawn", "waiting"])
    assert OTHER in words(third), "the page says what it is about now"
    await hr.press("訂正してよい")
    await small.settle()
    assert shown(readers) == [[OTHER]] * 4


def title_in(actor: Actor) -> str:
    """With what the form begins."""
    assert actor.form is not None
    return next(item.value for item in actor.form.items if isinstance(item, TextInput) and item.name == "title_ja")


async def test_where_the_limit_was_raised_meanwhile_another_correction_is_made_at_once(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    await write_anew(hr)
    with small.store.begin() as db:
        it = db.session.get_one(Announcement, 1)
        it.needs_approval, it.planned = False, 3
    await other.press_action(actions.AskCorrect(1))
    await other.submit(title_ja=OTHER)
    assert "別の訂正文" in text_of(hr.inbox[-1]) + text_of(hr.inbox[-2])
    await small.settle()
    assert (shown(readers), states(small)) == ([[OTHER]] * 4, ["withdrawn"])


def text_of_form(actor: Actor) -> str:
    assert actor.form is not None
    return str(actor.form.items[0])


async def test_withdrawn_meanwhile_there_is_nothing_to_agree_to(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    await write_anew(hr)
    await other.press_action(actions.Withdraw(1))
    assert "不要になりました" in hr.inbox[-1].summary
    await other.press_action(actions.AgreeToCorrection(1, 2))
    await small.settle()
    assert shown(readers) == [["このお知らせは取り下げられました。"]] * 4
    assert (sent(small).state, states(small)) == (AnnouncementState.WITHDRAWN, ["withdrawn"])


@pytest.mark.parametrize("lost", [{"is_hr": False}, {"status": Status.SUSPENDED}])
async def test_an_author_who_lost_the_role_corrects_nothing(small: World, lost: Mapping[str, object]) -> None:
    hr, other, readers = await send_to_many(small)
    third = add_hr(small, "森 恵")
    await write_anew(hr)
    change(small, hr, **lost)
    await other.press("訂正してよい")
    await small.settle()
    assert (shown(readers), states(small)) == ([[TITLE]] * 4, ["withdrawn"])
    assert "人事の役割から外れた" in text_of(third.inbox[-1])


async def test_taken_back_by_the_author_or_by_another(small: World) -> None:
    hr, other, readers = await send_to_many(small)
    await write_anew(hr)
    await hr.press("訂正を取りやめる")
    told = len(hr.inbox)
    await other.press_action(actions.AgreeToCorrection(1, 2))
    assert (shown(readers), states(small)) == ([[TITLE]] * 4, ["draft"])
    await write_anew(hr, OTHER)
    await other.press_action(actions.TakeCorrectionBack(1, 3))
    assert "訂正を取りやめました" in hr.inbox[told].summary
    assert (shown(readers), states(small)) == ([[TITLE]] * 4, ["withdrawn", "draft"])


async def test_who_is_not_in_hr_agrees_to_nothing(small: World) -> None:
    hr, _other, readers = await send_to_many(small)
    await write_anew(hr)
    for action in (
        actions.AgreeToCorrection(1, 2),
        actions.AskDeclineCorrection(1, 2),
        actions.TakeCorrectionBack(1, 2),
        actions.SendWords(1, 2),
    ):
        await readers[0].press_action(action)
    await small.settle()
    assert (shown(readers), states(small), readers[0].form) == ([[TITLE]] * 4, ["waiting"], None)


async def test_whoever_comes_into_hr_later_finds_it_on_the_page(small: World) -> None:
    hr, _other, readers = await send_to_many(small)
    await write_anew(hr)
    third = add_hr(small, "森 恵")
    await third.command("/announce")
    assert "訂正は人事のもう一人の確認待ち" in words(third)
    assert words(third).count("確認待ち") == 1, "the correction is no announcement of its own in the list"
    await third.press("見る")
    await third.press("訂正してよい")
    await small.settle()
    assert shown(readers) == [[NEW]] * 4


async def test_a_correction_is_no_announcement_of_its_own(small: World) -> None:
    hr, other, _readers = await send_to_many(small)
    await write_anew(hr)
    for action in (actions.Open(2), actions.Agree(2, 0), actions.Undo(2), actions.Withdraw(2), actions.AskEdit(2)):
        await other.press_action(action)
        assert "使えなくなりました" in words(other)
    assert states(small) == ["waiting"]


async def test_what_is_too_long_to_be_shown_is_in_a_file(small: World) -> None:
    hr, other, _readers = await send_to_many(small)
    body = "\n".join(f"{number}行目です。" for number in range(200))
    await write_anew(hr, body_ja=body)
    [file] = [block for block in other.inbox[-1].blocks if isinstance(block, File)]
    assert body in file.text
    assert "七月に集まります。" in file.text
    await hr.press("全文をファイルで")
    [mine] = [block for block in hr.inbox[-1].blocks if isinstance(block, File)]
    assert mine.text == file.text


async def test_an_old_form_that_changes_nothing_asks_nobody(small: World) -> None:
    hr, other, _readers = await send_to_many(small)
    told = len(other.inbox)
    await hr.press_action(actions.AskCorrect(1))
    await hr.submit()
    assert (len(other.inbox), corrections(small)) == (told, [])
    assert "変わったところはありません" in words(hr)


# What is shown of old and new words


@pytest.mark.parametrize(
    ("old", "new", "cut"),
    [
        ("a\nb\nc", "a\nx\nc", ("…\nb\n…", "…\nx\n…")),
        ("a\nb", "a\nb\nc", ("…", "…\nc")),
        ("a", "b", ("a", "b")),
        ("", "b", ("", "b")),
        ("a\na", "a", ("…\na", "…")),
    ],
)
def test_only_lines_that_differ_are_shown(old: str, new: str, cut: tuple[str, str]) -> None:
    assert cut_out(old, new) == cut


def test_what_differs_far_into_a_long_line_is_shown() -> None:
    long = "長い一文が続きます" * 200
    old, new = cut_out(f"{long}七月四日{long}", f"{long}七月五日{long}")
    assert "七月四日" in old
    assert "七月五日" in new
    assert max(len(old), len(new)) < 100


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_nothing_that_differs_is_left_out(old: str, new: str) -> None:
    """What stands for the same before and after is the same in both: put back, it gives the texts."""
    first, second = cut_out(old, new)
    if old == new:
        return
    assert first != second or "\n\n" in f"\n{old}\n{new}\n"
    for text, part in ((old, first), (new, second)):
        assert part.strip("…\n") in text


def test_words_are_compared_with_their_title() -> None:
    assert (write_down({"title": "a", "body": "b"}), write_down({"title": "a", "body": ""}), write_down(None)) == (
        "a\n\nb",
        "a",
        "",
    )
