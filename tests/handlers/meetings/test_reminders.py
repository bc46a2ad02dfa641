"""Reminders a day and an hour before: of the time as it stands, once, and in whose night they may come."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.ports import Person
from handlers.meetings import actions
from storage.models import Delivery, DeliveryState
from storage.queries import meetings as queries
from tests.handlers.consultations.people import consultation, read
from tests.handlers.meetings.talks import accept_talk, agree, alarms, at, clear, files_of, meeting, slot_labels, suggest
from tests.support.rows import list_rows
from tests.support.world import Actor, World


def reminders_of(actor: Actor) -> list[str]:
    """The reminders on somebody's screen."""
    said = [read(message) for message in actor.inbox]
    return [text for text in said if "1時間後" in text.splitlines()[0] or "日時のお知らせです" in text]


async def pass_until(world: World, moment: datetime) -> None:
    """Hour by hour up to that moment."""
    await world.pass_time(hours=(moment - world.clock.now()) / timedelta(hours=1))


async def test_a_day_and_an_hour_before(database_url: str) -> None:
    world, sho, misaki = await agree(database_url)
    assert {kind: row.due_at for kind, row in alarms(world).items()} == {
        queries.DAY_BEFORE: at(23, 12),
        queries.HOUR_BEFORE: at(24, 11),
    }
    await pass_until(world, at(23, 13))
    for actor, name in ((sho, "佐藤 美咲"), (misaki, "高橋 翔")):
        (day,) = reminders_of(actor)
        assert f"{name}さんとお話しする日時のお知らせです：11月24日（火）12:00" in day
    await pass_until(world, at(24, 11))
    for actor in (sho, misaki):
        assert len(reminders_of(actor)) == 2
        assert "1時間後の12:00から" in reminders_of(actor)[-1]
    await world.pass_time(days=3)
    assert [len(reminders_of(actor)) for actor in (sho, misaki)] == [2, 2]


async def test_a_moved_time_takes_its_reminders_along(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await sho.press("日時を変える")
    await sho.submit(day1="2026-11-26", time1="15:00", day2="", day3="")
    clear(sho, misaki)
    assert queries.DAY_BEFORE in alarms(world), "the time stands until the other is picked"
    await misaki.press("11月26日（木）15:00")
    await pass_until(world, at(25, 14))
    assert reminders_of(sho) == []
    await pass_until(world, at(26, 14))
    assert [text.count("15:00") > 0 for text in reminders_of(sho)] == [True, True]


async def test_a_time_moved_after_the_days_reminder_gets_another(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await pass_until(world, at(23, 13))
    await misaki.press("日時を変える")
    await misaki.submit(day1="2026-11-27", time1="12:00", day2="", day3="")
    clear(sho, misaki)
    await sho.press("11月27日（金）12:00")
    await pass_until(world, at(27, 12))
    assert len(reminders_of(sho)) == 3
    assert "11月27日（金）12:00" in reminders_of(sho)[1]


async def test_taken_off_there_is_nothing_to_remind_of(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await misaki.press_action(actions.TakeOff(meeting(world).id or 0, meeting(world).round))
    assert alarms(world) == {}
    await pass_until(world, at(25, 9))
    assert reminders_of(sho) == reminders_of(misaki) == []


async def test_agreed_on_a_few_hours_before_there_is_one_reminder(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho, day1="2026-11-21", time1="12:00", day2="", day3="")
    await misaki.press("11月21日（土）12:00")
    assert set(alarms(world)) == {queries.HOUR_BEFORE}


async def test_the_days_reminder_keeps_quiet_hours_and_the_hours_one_does_not(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    await suggest(sho, day1="2026-11-25", time1="07:00", day2="", day3="")
    await misaki.press("11月25日（水）7:00")
    clear(sho, misaki)
    await pass_until(world, at(24, 7))
    assert reminders_of(sho) == [], "seven in the morning is quiet"
    await pass_until(world, at(24, 8))
    assert len(reminders_of(sho)) == 1
    await pass_until(world, at(25, 6))
    assert len(reminders_of(sho)) == 2, "they agreed to be awake at seven"


@pytest.mark.parametrize(
    ("late", "heard"),
    [(timedelta(0), "1時間後"), (timedelta(minutes=50), "1時間後"), (timedelta(hours=1), "")],
)
async def test_after_a_standstill_what_still_helps_is_sent(sqlite_url: str, late: timedelta, heard: str) -> None:
    world, sho, _misaki = await agree(sqlite_url)
    world.clock.at = at(24, 11) + late
    await world.settle()
    await world.settle()
    assert len(reminders_of(sho)) == bool(heard), "the day's is too late in any case"
    assert all(heard in text for text in reminders_of(sho))


async def test_a_reminder_of_an_older_time_does_nothing(sqlite_url: str) -> None:
    """As when it fires in the very moment in which the time moves."""
    world, sho, misaki = await agree(sqlite_url)
    with world.store.begin() as db:
        found = queries.find_locked(db, 1)
        assert found is not None
        found.starts_at = at(27, 12)
    await pass_until(world, at(24, 13))
    assert reminders_of(sho) == reminders_of(misaki) == []


async def test_the_next_sign_of_life_is_always_set(sqlite_url: str) -> None:
    """Whatever happens to the time, the consultation goes on asking."""
    world, sho, misaki = await agree(sqlite_url)
    await misaki.press_action(actions.TakeOff(meeting(world).id or 0, meeting(world).round))
    next_at = consultation(world).next_at
    assert next_at is not None
    assert next_at >= world.clock.now() + timedelta(days=7)
    await pass_until(world, next_at + timedelta(hours=20))
    assert "話せましたか" in read(sho.inbox[-1])
    assert "話せましたか" in read(misaki.inbox[-1])


# What goes out


async def test_nothing_fails_on_the_way(sqlite_url: str) -> None:
    world, sho, misaki = await agree(sqlite_url)
    await sho.press("日時を変える")
    await sho.submit()
    clear(sho, misaki)
    await misaki.press(slot_labels(misaki)[0])
    await world.pass_time(days=9)
    states = {row.state for row in list_rows(world.store, Delivery)}
    assert states <= {DeliveryState.SENT, DeliveryState.SKIPPED}


async def test_no_address_of_the_other_side_is_in_anything(sqlite_url: str) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    own = {sho.user: "sho.private@example.org", misaki.user: "misaki.private@example.net"}
    for actor in (sho, misaki):
        await actor.change_profile(replace(actor.profile, email=own[actor.user], email_verified=True))
    await suggest(sho)
    await misaki.press(slot_labels(misaki)[0])
    clear(sho, misaki)
    await misaki.press("日時を変える")
    await misaki.submit()
    clear(sho, misaki)
    await sho.press(slot_labels(sho)[0])
    await sho.press_action(actions.TakeOff(meeting(world).id or 0, meeting(world).round))
    for actor, other in ((sho, misaki), (misaki, sho)):
        files = files_of(actor)
        assert [file.media_type.split("; ")[1] for file in files] == [
            "method=REQUEST",
            "method=REQUEST",
            "method=CANCEL",
        ]
        for file in files:
            text = file.text.replace("\r\n ", "")
            assert own[other.user] not in text
            assert f"mailto:{own[actor.user]}" in text
            assert other.user not in text, "nor what the platform calls them"
        parcels = [repr(parcel.message) for parcel in world.chat.sent if parcel.target == Person("T1", actor.user)]
        assert not any(own[other.user] in text for text in parcels)
