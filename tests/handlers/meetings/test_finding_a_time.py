"""From the first suggestion to an agreed time, and every way there: once, twice, at once, too late, and not at all."""

from datetime import timedelta

import pytest

from handlers.meetings import actions
from storage.models import MeetingState
from tests.handlers.consultations.people import add_mentor, consultation, read, read_all
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
    read_home,
    slot_labels,
    suggest,
)

# The ordinary way


async def test_one_suggests_and_the_other_picks(database_url: str) -> None:
    world, sho, misaki = await accept_talk(database_url)
    await sho.press("日程を提案")
    assert sho.form is not None
    await sho.submit()
    assert sho.answer is not None
    assert "佐藤 美咲さんに日程の候補をお送りしました" in read(sho.answer)
    assert slot_labels(misaki) == ["11月24日（火）12:00", "11月25日（水）16:00", "11月26日（木）12:00"]
    await misaki.press("11月25日（水）16:00")
    found = meeting(world)
    assert (found.state, found.starts_at, found.sequence) == (MeetingState.FIXED, at(25, 16), 0)
    for actor in (sho, misaki):
        assert "お話しする日時が決まりました" in newest(actor)
        assert actor.buttons().count("日時を変える") == 1


async def test_both_get_the_same_entry_in_their_own_words(sqlite_url: str) -> None:
    _world, sho, misaki = await agree(sqlite_url)
    (mine,), (hers,) = files_of(sho), files_of(misaki)
    one, other = read_entry(mine).vevent, read_entry(hers).vevent
    assert one.uid.value == other.uid.value
    assert one.dtstart.value == other.dtstart.value == at(24, 12)
    assert one.dtend.value - one.dtstart.value == timedelta(minutes=30)
    assert (one.summary.value, other.summary.value) == (
        "相談：電池の量産立ち上げ（佐藤 美咲さん）",
        "相談：電池の量産立ち上げ（高橋 翔さん）",
    )


async def test_the_consultation_knows_the_day_and_asks_the_day_after(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    assert str(consultation(world).talk_on) == "2026-11-24"
    assert consultation(world).next_at == at(25, 10)
    assert all("お話の日時は11月24日（火）12:00です" in read_all(actor) for actor in (sho, misaki))
    await world.pass_time(days=5)
    assert "話せましたか" in newest(sho)


async def test_the_person_asked_may_suggest_as_well(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(misaki)
    await sho.press(slot_labels(sho)[0])
    assert meeting(world).state == MeetingState.FIXED


async def test_each_reads_the_time_of_their_own_zone(sqlite_url: str) -> None:
    _world, sho, misaki = await accept_talk(sqlite_url, zone="Europe/Berlin")
    await suggest(sho)
    assert slot_labels(misaki)[0] == "11月24日（火）9:00（東京 17:00）"
    assert "11月24日（火）17:00（ベルリン 9:00）" in newest(sho)
    await misaki.press(slot_labels(misaki)[0])
    assert "TZID=Europe/Berlin:20261124T090000" in files_of(misaki)[0].text
    assert "TZID=Asia/Tokyo:20261124T170000" in files_of(sho)[0].text


async def test_the_times_may_be_ones_own(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho, day1="2026-11-28", time1="20:30", day2="", day3="2026-11-29", time3="10:00")
    assert slot_labels(misaki) == ["11月28日（土）20:30", "11月29日（日）10:00"]
    await misaki.press("11月29日（日）10:00")
    assert meeting(world).starts_at == at(29, 10)


async def test_a_form_with_mistakes_stays_open(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await sho.press("日程を提案")
    await sho.submit(day1="2026-11-01", day2="", day3="")
    assert set(sho.errors) == {"day1"}
    await sho.submit(day1="2026-11-30", time1="12:00")
    assert slot_labels(misaki)[-1] == "11月30日（月）12:00"
    assert meeting(world).round == 1


# To and fro


async def test_other_times_turn_the_table(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    await misaki.press("ほかの日時")
    await misaki.submit(day1="2026-12-01", time1="19:00", day2="", day3="")
    clear(misaki)
    assert "高橋 翔さんに日程の候補をお送りしました" in newest(misaki)
    assert slot_labels(sho) == ["12月1日（火）19:00"]
    await sho.press("12月1日（火）19:00")
    assert meeting(world).starts_at == at(1, 19, month=12)


async def test_after_a_few_rounds_they_settle_it_themselves(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    for turn in range(3):
        actor = misaki if turn % 2 == 0 else sho
        clear(sho, misaki)
        await actor.press("ほかの日時")
        await actor.submit()
    clear(sho, misaki)
    assert meeting(world).turns == 4
    last = newest(sho)
    assert "ほかの日時" not in last
    assert "お二人で直接決めて" in last
    assert "日にちを伝える" in last
    await sho.press_action(actions.OtherTimes(meeting(world).id or 0, meeting(world).round))
    assert sho.form is None, "the old way in is closed too"


async def test_a_day_told_by_hand_ends_the_search(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    await misaki.press("日にちを伝える")
    await misaki.submit(day="2026-12-03")
    clear(sho, misaki)
    assert (meeting(world).state, alarms(world)) == (MeetingState.OPEN, {})
    assert slot_labels(misaki) == []
    assert str(consultation(world).talk_on) == "2026-12-03"


async def test_another_day_told_by_hand_takes_the_agreed_time_off(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await sho.press("日にちを伝える")
    await sho.submit(day="2026-12-03")
    assert meeting(world).starts_at is None
    assert read_entry(files_of(misaki)[-1]).vevent.status.value == "CANCELLED"
    assert str(consultation(world).talk_on) == "2026-12-03"


async def test_the_same_day_told_by_hand_leaves_the_time(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await sho.press("日にちを伝える")
    await sho.submit(day="2026-11-24")
    assert meeting(world).starts_at == at(24, 12)
    assert len(files_of(misaki)) == 1


# Twice, at once, late


async def test_a_second_press_changes_nothing(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    pick = actions.Pick(meeting(world).id or 0, 1, 1)
    for _again in range(3):
        await misaki.press_action(pick)
    await misaki.press_action(actions.Pick(meeting(world).id or 0, 1, 2))
    assert meeting(world).starts_at == at(24, 12)
    assert [len(files_of(actor)) for actor in (sho, misaki)] == [1, 1]


async def test_a_form_sent_off_twice_is_one_proposal(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await sho.press("日程を提案")
    form = sho.form
    await sho.submit()
    sho.form = form
    await sho.submit(day1="2026-12-10")
    assert meeting(world).round == 1
    assert slot_labels(misaki)[0] == "11月24日（火）12:00"


async def test_of_two_who_suggest_at_once_the_second_sees_the_first(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await sho.press("日程を提案")
    await misaki.press("日程を提案")
    await sho.submit()
    await misaki.submit(day1="2026-12-10")
    assert misaki.answer is not None
    assert "高橋 翔さんから、お話しする日時のご提案です" in read(misaki.answer)
    assert meeting(world).proposer_id == sho.member().id
    clear(misaki)
    await misaki.press("日程を提案")
    assert misaki.form is None, "the times that wait come first"


async def test_old_buttons_mean_nothing(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    await suggest(sho, day1="2026-12-01", day2="", day3="")
    await misaki.press_action(actions.Pick(meeting(world).id or 0, 1, 1))
    assert meeting(world).state == MeetingState.PROPOSED
    assert misaki.answer is not None
    assert "12月1日（火）12:00" in read(misaki.answer)


async def test_only_the_other_side_picks(sqlite_url: str) -> None:
    world, sho, _misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    await sho.press_action(actions.Pick(meeting(world).id or 0, 1, 1))
    assert meeting(world).state == MeetingState.PROPOSED


@pytest.mark.parametrize("number", [-1, 0, 4])
async def test_a_forged_number_picks_nothing(sqlite_url: str, number: int) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    await misaki.press_action(actions.Pick(meeting(world).id or 0, 1, number))
    assert meeting(world).state == MeetingState.PROPOSED


async def test_strangers_press_in_vain(sqlite_url: str) -> None:
    world, sho, _misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    stranger = await add_mentor(world, "森 大地")
    id = meeting(world).id or 0
    for forged in (
        actions.Pick(id, 1, 1),
        actions.OtherTimes(id, 1),
        actions.TakeOff(id, 1),
        actions.Show(id),
        actions.Suggest(KIND, 1, 0),
        actions.Suggest("nothing", 1, 0),
        actions.Show(99),
    ):
        await stranger.press_action(forged)
        assert stranger.answer is not None
        assert "佐藤" not in read(stranger.answer)
        assert "高橋" not in read(stranger.answer)
        assert stranger.form is None
    assert meeting(world).state == MeetingState.PROPOSED


# At home


async def test_what_waits_and_what_comes_stands_at_home(sqlite_url: str) -> None:
    _world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho)
    assert "ご提案が届いています" in await read_home(misaki)
    assert "お話" not in (await read_home(sho)).replace("お話しする", "")
    await misaki.press("11月24日（火）12:00")
    for actor, name in ((sho, "佐藤 美咲"), (misaki, "高橋 翔")):
        assert f"11月24日（火）12:00：{name}さんとのお話" in await read_home(actor)
    await sho.open_home()
    await sho.press("見る", index=1)
    assert sho.answer is not None
    assert "日時を変える" in read(sho.answer)
