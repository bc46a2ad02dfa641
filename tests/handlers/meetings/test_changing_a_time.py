"""What becomes of a time: changed, kept, taken off, and what happens to it when somebody goes or nobody answers."""

import pytest

from handlers.meetings import actions
from storage.models import Block, ConsultationState, EndReason, MeetingState, Status
from storage.queries.changes import announce_change
from tests.handlers.consultations.people import change, consultation, read, read_all, wait
from tests.handlers.meetings.talks import (
    KIND,
    accept_talk,
    agree,
    alarms,
    at,
    clear,
    files_of,
    meeting,
    newest,
    read_entry,
    slot_labels,
    suggest,
)

# Changing and giving up


async def test_a_change_is_asked_and_the_time_stands_until_then(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await misaki.press("日時を変える")
    await misaki.submit(day1="2026-11-27", time1="19:00", day2="", day3="")
    clear(sho, misaki)
    assert meeting(world).starts_at == at(24, 12)
    assert "別の日時が選ばれるまでは、11月24日（火）12:00のままです" in newest(sho)
    await sho.press("11月27日（金）19:00")
    assert (meeting(world).starts_at, meeting(world).sequence) == (at(27, 19), 1)
    assert str(consultation(world).talk_on) == "2026-11-27"
    for actor in (sho, misaki):
        first, second = (read_entry(file).vevent for file in files_of(actor))
        assert first.uid.value == second.uid.value
        assert (first.sequence.value, second.sequence.value) == ("0", "1")
        assert second.dtstart.value == at(27, 19)
        assert "前の日時も残っているときは" in newest(actor), "a link makes a second entry"


async def test_keeping_the_time_answers_a_change_too(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await sho.press("日時を変える")
    await sho.submit()
    clear(sho, misaki)
    await misaki.press("いまの日時のまま")
    assert (meeting(world).state, meeting(world).starts_at) == (MeetingState.FIXED, at(24, 12))
    assert [len(files_of(actor)) for actor in (sho, misaki)] == [1, 1]
    assert "11月24日（火）12:00" in newest(sho)


async def test_taking_a_time_off_cancels_the_entry(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    fixed = misaki.inbox[-1]
    await misaki.press("取りやめる")
    clear(sho, misaki)
    assert (meeting(world).state, meeting(world).starts_at, alarms(world)) == (MeetingState.OPEN, None, {})
    assert consultation(world).state == ConsultationState.ACCEPTED, "the talk itself is still wanted"
    assert consultation(world).talk_on is None
    assert "取りやめました" in newest(misaki) or "取りやめ、" in newest(misaki)
    assert "佐藤 美咲さんのご都合がつかなくなりました" in newest(sho)
    for actor in (sho, misaki):
        entry = read_entry(files_of(actor)[-1])
        assert (entry.method.value, entry.vevent.status.value) == ("CANCEL", "CANCELLED")
        assert entry.vevent.uid.value == read_entry(files_of(actor)[0]).vevent.uid.value
        assert entry.vevent.sequence.value == "1"
    assert fixed is not misaki.inbox[-1]
    await suggest(sho)
    await misaki.press(slot_labels(misaki)[0])
    assert read_entry(files_of(sho)[-1]).vevent.sequence.value == "2"


async def test_taking_off_twice_cancels_once(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    press = actions.TakeOff(meeting(world).id or 0, meeting(world).round)
    await misaki.press_action(press)
    await sho.press_action(press)
    assert [len(files_of(actor)) for actor in (sho, misaki)] == [2, 2]


async def test_calling_the_consultation_off_takes_the_time_along(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await sho.press("取りやめる", index=1)
    assert consultation(world).state == ConsultationState.CALLED_OFF
    assert (meeting(world).state, alarms(world)) == (MeetingState.ENDED, {})
    for actor in (sho, misaki):
        assert read_entry(files_of(actor)[-1]).vevent.status.value == "CANCELLED"
        assert not {"日時を変える", "日程を提案"} & set(actor.buttons())


# When somebody goes


@pytest.mark.parametrize("status", [Status.PAUSED, Status.SUSPENDED])
async def test_when_one_goes_the_other_is_free_again(sqlite_url: str, status: Status) -> None:
    world, sho, misaki = await agree(sqlite_url)
    change(world, misaki, status=status)
    await world.settle()
    assert consultation(world).state == ConsultationState.CLOSED
    assert meeting(world).state == MeetingState.ENDED
    assert read_entry(files_of(sho)[-1]).vevent.status.value == "CANCELLED"
    await world.pass_time(days=6)
    assert not any("1時間後" in message.summary for message in sho.inbox)


async def test_a_block_in_between_is_seen_at_the_next_press(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    owner, other = misaki.member().id or 0, sho.member().id
    with world.store.begin() as db:
        db.session.add(Block(owner_id=owner, member_id=other, created_at=world.clock.now()))
    await misaki.press(slot_labels(misaki)[0])
    assert meeting(world).state == MeetingState.ENDED
    assert consultation(world).end_reason == EndReason.MENTOR_GONE
    assert files_of(sho) == files_of(misaki) == []


async def test_a_block_after_the_agreement_names_nobody(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    owner, other = misaki.member().id or 0, sho.member().id
    with world.store.begin() as db:
        db.session.add(Block(owner_id=owner, member_id=other, created_at=world.clock.now()))
        announce_change(db, owner, world.clock.now())
    await world.settle()
    last = files_of(sho)[-1]
    assert read_entry(last).vevent.status.value == "CANCELLED"
    assert "佐藤" not in last.text.replace("\r\n ", "")
    said = next(message for message in reversed(sho.inbox) if "行われないことに" in message.summary)
    assert "佐藤" not in read(said)


async def test_who_has_left_the_workspace_gets_nothing(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    count = len(misaki.inbox)
    await misaki.leave()
    await world.settle()
    assert meeting(world).state == MeetingState.ENDED
    assert len(misaki.inbox) == count
    assert read_entry(files_of(sho)[-1]).vevent.status.value == "CANCELLED"


async def test_after_the_talk_nothing_can_be_moved(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await world.pass_time(days=6)
    clear(sho, misaki)
    await sho.press("はい")
    assert consultation(world).state == ConsultationState.HELD
    assert meeting(world).state == MeetingState.ENDED
    assert len(files_of(sho)) == 1, "what has been is not cancelled"
    clear(misaki)
    await misaki.press_action(actions.Suggest(KIND, 1, 1))
    assert misaki.form is None


# Nobody answers


async def test_an_unanswered_proposal_is_brought_up_once(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho, day1="2026-12-01", day2="", day3="")
    before = len(misaki.inbox)
    await world.pass_time(days=4)
    assert len(misaki.inbox) == before + 1
    assert "ご返事をお待ちです" in newest(misaki)
    assert slot_labels(misaki) == ["12月1日（火）12:00"], "the earlier card has no buttons any more"
    await world.pass_time(days=8)
    assert meeting(world).state == MeetingState.OPEN
    for actor in (sho, misaki):
        assert "すべて過ぎました" in read_all(actor)
    await suggest(misaki, day1="2026-12-08", time1="12:00", day2="", day3="")
    assert slot_labels(sho) == ["12月8日（火）12:00"]


async def test_a_slot_that_has_passed_can_not_be_picked(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    await world.pass_time(days=4)
    await misaki.press_action(actions.Pick(meeting(world).id or 0, 1, 1))
    assert meeting(world).state == MeetingState.PROPOSED
    assert misaki.answer is not None
    assert "11月24日" not in read(misaki.answer)


async def test_an_unanswered_change_leaves_the_time_as_it_was(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await sho.press("日時を変える")
    await sho.submit(day1="2026-11-22", time1="12:00", day2="", day3="")
    await wait(world, days=3)
    assert (meeting(world).state, meeting(world).starts_at) == (MeetingState.FIXED, at(24, 12))
    assert "11月24日（火）12:00" in newest(misaki)
