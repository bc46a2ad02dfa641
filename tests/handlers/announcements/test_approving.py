"""The second person of HR: when one is asked, who it may be, and what becomes of it meanwhile."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from handlers.announcements import actions
from storage.models import AnnouncementState, Status
from tests.handlers.announcements.people import (
    SMALL,
    TITLE,
    add_hr,
    add_member,
    add_people,
    change,
    go_on,
    got,
    hand_in,
    only,
    words,
    write,
)
from tests.support.world import World, text_of


@pytest_asyncio.fixture
async def small(sqlite_url: str) -> AsyncIterator[World]:
    """A community in which four people are many."""
    world = World(sqlite_url, policy=SMALL)
    yield world
    world.close()


async def test_above_the_limit_a_second_person_must_agree(small: World) -> None:
    hr, other, readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 4)
    await hand_in(hr)
    assert only(small).state == AnnouncementState.WAITING
    await go_on(small, 600)
    assert got(readers[0]) == []
    assert TITLE in text_of(other.inbox[-1])
    await other.press("送ってよい")
    assert "確認しました" in hr.inbox[-1].summary
    await go_on(small, 9)
    assert got(readers[0]) == []
    await go_on(small, 1)
    assert [got(reader) for reader in readers] == [[TITLE]] * 4
    assert only(small).approver_id == other.member().id


async def test_at_the_limit_nobody_is_asked(small: World) -> None:
    hr, other, _readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 3)
    await hand_in(hr)
    assert (only(small).state, other.inbox) == (AnnouncementState.SCHEDULED, [])


async def test_the_author_is_no_second_person(small: World) -> None:
    hr, _other, _readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 4)
    await hand_in(hr)
    await hr.press_action(actions.Agree(1, 1))
    assert only(small).state == AnnouncementState.WAITING
    assert "ご自身では確認できません" in words(hr)


async def test_alone_in_hr_it_cant_be_handed_in(small: World) -> None:
    hr, _readers = add_hr(small), add_people(small, 4)
    await write(hr)
    await hr.press("送る…")
    assert (hr.form, only(small).state) == (None, AnnouncementState.DRAFT)
    assert "もう一人の確認が必要" in words(hr)


async def test_what_is_declined_is_a_draft_with_the_reason(small: World) -> None:
    hr, other, readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 4)
    await hand_in(hr)
    await other.press("直してほしい…")
    await other.submit(reason="")
    assert list(other.errors) == ["reason"]
    await other.submit(reason="日付が違います")
    assert "日付が違います" in text_of(hr.inbox[-1])
    await go_on(small, 60)
    assert (got(readers[0]), only(small).state) == ([], AnnouncementState.DRAFT)


async def test_an_agreement_to_what_was_taken_back_counts_for_nothing(small: World) -> None:
    hr, other, _readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 4)
    await hand_in(hr)
    await hr.press_action(actions.Undo(1))
    await hr.press("送る…")
    await hr.submit()
    await other.press_action(actions.Agree(1, 1))  # the card of the first handing in
    assert only(small).state == AnnouncementState.WAITING


async def test_two_who_agree_at_once_send_it_once(small: World) -> None:
    hr, one, two = add_hr(small), add_hr(small, "大野 健"), add_hr(small, "森 恵")
    readers = add_people(small, 4)
    await hand_in(hr)
    await one.press("送ってよい")
    await two.press("送ってよい")
    assert only(small).approver_id == one.member().id
    await go_on(small)
    assert [got(reader) for reader in readers] == [[TITLE]] * 4


@pytest.mark.parametrize("who", ["author", "approver"])
@pytest.mark.parametrize("lost", [{"is_hr": False}, {"status": Status.SUSPENDED}])
async def test_who_lost_the_role_before_it_was_sent_sends_nothing(
    small: World, who: str, lost: dict[str, object]
) -> None:
    hr, other, third = add_hr(small), add_hr(small, "大野 健"), add_hr(small, "森 恵")
    readers = add_people(small, 4)
    await hand_in(hr)
    await other.press("送ってよい")
    change(small, hr if who == "author" else other, **lost)
    await go_on(small, 60)
    assert [got(reader) for reader in readers] == [[]] * 4
    assert only(small).state == AnnouncementState.DRAFT
    assert "送られませんでした" in text_of(third.inbox[-1])
    assert "人事の役割から外れた" in text_of(third.inbox[-1])


async def test_everybody_reads_why_in_their_own_language(small: World) -> None:
    hr, other, english, japanese = (add_hr(small, name) for name in ("山本 由佳", "大野 健", "Emily Carter", "森 恵"))
    change(small, english, language="en")
    add_people(small, 4)
    await hand_in(hr)
    await other.press("送ってよい")
    change(small, hr, is_hr=False)
    await go_on(small, 60)
    assert "does not have the HR role any more" in text_of(english.inbox[-1])
    assert "人事の役割から外れた" in text_of(japanese.inbox[-1])


async def test_agreeing_when_the_author_has_lost_the_role_sends_nothing(small: World) -> None:
    hr, other, _readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 4)
    await hand_in(hr)
    change(small, hr, is_hr=False)
    await other.press("送ってよい")
    assert only(small).state == AnnouncementState.DRAFT


async def test_an_audience_that_has_grown_above_the_limit_waits_for_a_second_person(small: World) -> None:
    hr, other, readers = add_hr(small), add_hr(small, "大野 健"), add_people(small, 3)
    await hand_in(hr)
    with small.store.begin() as db:
        add_member(db, "四人目")
    await go_on(small)
    assert (only(small).state, got(readers[0])) == (AnnouncementState.WAITING, [])
    await other.press("送ってよい")
    await go_on(small)
    assert got(readers[0]) == [TITLE]
