"""Calendar entries, changes and cancellation: who hears of what, and what the calendars show afterwards."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.installation import Installation
from bot.ui import list_files
from handlers.desk import Desk
from handlers.events import actions, flow
from handlers.events.rules import Details
from storage.models import Delivery, DeliveryState, EventState, Reminder, Rsvp
from storage.queries import events as queries
from tests.handlers.events.people import (
    BEGINS,
    add_hr,
    add_member,
    add_members,
    answer_of,
    entries_of,
    event_of,
    files_of,
    jump,
    make_event,
    make_world,
    newest,
    pass_to,
    press,
    read,
    read_entry,
    say,
    standings,
    summaries,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

LATER = {"day": "2026-12-18", "starts": "18:30", "ends": "20:00"}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def change(hr: Actor, event: int, **values: str) -> None:
    """[Change], and the form as it was with other values."""
    await press(hr, actions.AskChange(event))
    await hr.submit(**values)


async def cancel(hr: Actor, event: int, reason: str = "") -> None:
    """[Cancel the event…], and the form."""
    await press(hr, actions.AskCancel(event))
    await hr.submit(reason=reason)


def alarms(world: World) -> dict[tuple[str, int], Reminder]:
    """The reminders of events that are still to ring, by kind and answer."""
    rows = list_rows(world.store, Reminder)
    return {(row.kind, row.subject_id): row for row in rows if row.kind.startswith("event.") and row.state == "pending"}


async def test_the_entry_says_what_and_when_and_where(world: World) -> None:
    event = make_event(world, await add_hr(world), link="https://meet.example.com/abc")
    a = await add_member(world, "佐藤 美咲")
    await say(a, event)
    entry = read_entry(files_of(a)[0])
    assert entry.uid.value == f"{event_of(world).uid}@musubi.invalid"
    assert (entry.dtstart.value, entry.dtend.value) == (BEGINS, BEGINS + timedelta(hours=2))
    assert (entry.summary.value, entry.location.value) == ("電池の夕べ", "本社1階 ホール")
    assert "https://meet.example.com/abc" in entry.description.value


async def test_another_time_changes_the_same_entry_of_those_who_come_and_of_nobody_else(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=1)
    a, b, c, d = await add_members(world, 4)
    silent = await add_member(world, "田中 健一")
    for actor, rsvp in ((a, Rsvp.GOING), (b, Rsvp.GOING), (c, Rsvp.MAYBE), (d, Rsvp.NOT_GOING)):
        await say(actor, event, rsvp)
    before = [len(actor.inbox) for actor in (b, c, d, silent)]
    await change(hr, event, **LATER, place="別館2階")
    assert "参加する1名に変更をお知らせします" in read(hr)
    await world.settle()
    first, second = (read_entry(file) for file in files_of(a))
    assert first.uid.value == second.uid.value
    assert (first.sequence.value, second.sequence.value) == ("0", "1")
    assert second.dtstart.value == BEGINS + timedelta(days=7, minutes=-30)
    assert second.location.value == "別館2階"
    assert "変更のお知らせ" in newest(a)
    assert [len(actor.inbox) for actor in (b, c, d, silent)] == before


async def test_other_words_are_told_to_nobody(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    (a,) = await add_members(world, 1)
    await say(a, event)
    before = len(a.inbox)
    await change(hr, event, title_ja="電池の夜", text_ja="お酒もあります。", capacity="30")
    await world.settle()
    assert len(a.inbox) == before
    assert "保存しました" in read(hr)
    await press(a, actions.Show(event))
    assert "電池の夜" in read(a)


async def test_two_changes_in_a_row_are_told_once_as_it_is_now(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    (a,) = await add_members(world, 1)
    await say(a, event)
    with world.store.begin() as db:  # both before the next tick
        desk = Desk(db, world.clock.now(), world.policy, Installation(b""))
        held = queries.find_locked(db, event)
        assert held is not None
        for days in (1, 2):
            at = BEGINS + timedelta(days=days)
            words = {"ja": "電池の夕べ", "en": ""}
            flow.change(desk, held, Details(words, words, at, at + timedelta(hours=1), "Asia/Tokyo", "別館"))
    await world.settle()
    assert [number for number, _state in entries_of(a)] == ["0", "1"]
    assert read_entry(files_of(a)[-1]).dtstart.value == BEGINS + timedelta(days=2)


async def test_moved_events_move_their_reminders(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    a, b = await add_members(world, 2)
    await say(a, event)
    await say(b, event, Rsvp.MAYBE)
    mine, theirs = answer_of(world, a).id or 0, answer_of(world, b).id or 0
    assert alarms(world)["event.hour_before", mine].due_at == BEGINS - timedelta(hours=1)
    await change(hr, event, **LATER)
    starts_at = event_of(world).starts_at
    assert alarms(world)["event.hour_before", mine].due_at == starts_at - timedelta(hours=1)
    assert alarms(world)["event.undecided", theirs].due_at == starts_at - timedelta(days=7, hours=6, minutes=30)
    world.clock.at = BEGINS - timedelta(minutes=20)
    await world.settle()
    assert not [text for text in summaries(a) if "明日は" in text or "1時間後" in text]
    await pass_to(world, starts_at)
    assert len([text for text in summaries(a) if "明日は" in text]) == 1
    assert len([text for text in summaries(a) if "1時間後" in text]) == 1


async def test_more_seats_go_to_the_waiting_list_at_once(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=1)
    people = await add_members(world, 4)
    for actor in people:
        await say(actor, event)
    await change(hr, event, capacity="3")
    assert standings(world, people) == ["going", "offered", "offered", "waiting"]
    await change(hr, event, capacity="")
    assert standings(world, people) == ["going", "offered", "offered", "offered"]


async def test_fewer_seats_than_are_taken_cant_be_saved(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=3)
    people = await add_members(world, 4)
    for actor in people:
        await say(actor, event)
    await say(people[0], event, Rsvp.NOT_GOING)
    await change(hr, event, capacity="2")
    assert "すでに3名分の席が決まっています" in hr.errors["capacity"]
    assert event_of(world).capacity == 3
    await hr.submit(capacity="3")
    assert "保存しました" in read(hr)


async def test_an_offer_doesnt_reach_beyond_an_event_that_is_now_earlier(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=1)
    a, b = await add_members(world, 2)
    await say(a, event)
    await say(b, event)
    await say(a, event, Rsvp.NOT_GOING)
    await change(hr, event, day="2026-11-20", starts="18:00", ends="20:00")
    assert answer_of(world, b).offered_until == event_of(world).starts_at - timedelta(hours=1)
    await world.pass_time(hours=7.5)
    assert standings(world, [b]) == ["lapsed"]


async def test_a_change_that_waits_for_the_morning_is_not_told_to_who_has_gone_meanwhile(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    (a,) = await add_members(world, 1)
    await say(a, event)
    world.clock.at += timedelta(hours=12)  # 22:00
    await change(hr, event, **LATER)
    await world.settle()
    assert [number for number, _state in entries_of(a)] == ["0"]
    await say(a, event, Rsvp.NOT_GOING)
    await world.pass_time(hours=14)
    assert entries_of(a) == [("0", "CONFIRMED"), ("2", "CANCELLED")]
    assert not [text for text in summaries(a) if "変更がありました" in text]


# Cancellation


async def test_cancelled_it_is_told_to_all_who_had_to_do_with_it(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=1)
    a, b, c, d, e = await add_members(world, 5)
    for actor in (a, b, c):
        await say(actor, event)
    await say(d, event, Rsvp.MAYBE)
    await say(e, event, Rsvp.NOT_GOING)
    before = len(e.inbox)
    await cancel(hr, event, "台風が近づいているためです。")
    assert "取りやめになりました" in read(hr)
    await world.settle()
    for actor in (a, b, c, d):
        assert "取りやめのお知らせ" in newest(actor)
        assert "台風が近づいているためです。" in newest(actor)
    assert len(e.inbox) == before
    assert entries_of(a) == [("0", "CONFIRMED"), ("1", "CANCELLED")]
    assert [list_files(actor.inbox[-1]) for actor in (b, c, d)] == [(), (), ()]
    assert alarms(world) == {}
    await jump(world, 25)
    assert not [text for text in summaries(a) if "明日は" in text or "いかがでしたか" in text]


async def test_cancelled_while_an_offer_is_out_its_buttons_go(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=1)
    a, b = await add_members(world, 2)
    await say(a, event)
    await say(b, event)
    await say(a, event, Rsvp.NOT_GOING)
    await cancel(hr, event)
    await world.settle()
    assert "参加する" not in b.buttons()
    await press(b, actions.AnswerOffer(event, 1, 1))
    assert "取りやめになりました" in read(b)
    assert standings(world, [b]) == ["offered"]


async def test_cancelled_while_the_reminder_waits_to_be_sent(world: World) -> None:
    """The reminder is in the outbox already: it is taken back, and only the cancellation arrives."""
    hr = await add_hr(world)
    event = make_event(world, hr)
    a = await add_member(world, "佐藤 美咲", quiet_from=17, quiet_to=20)
    await say(a, event)
    await pass_to(world, BEGINS - timedelta(hours=24, minutes=30))  # 18:30 of the day before; quiet until 20:00
    waiting = [row for row in list_rows(world.store, Delivery) if ":day_before:" in row.key]
    assert [row.state for row in waiting] == [DeliveryState.PENDING]
    await cancel(hr, event)
    await world.pass_time(hours=3)
    rows = {row.key: row for row in list_rows(world.store, Delivery)}
    assert (rows[waiting[0].key].state, rows[waiting[0].key].reason) == (DeliveryState.SKIPPED, "event_cancelled")
    assert "取りやめのお知らせ" in newest(a)
    assert not [text for text in summaries(a) if "明日は" in text]


async def test_cancelled_in_the_moment_in_which_the_reminder_rings(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    a = await add_member(world, "佐藤 美咲")
    await say(a, event)
    await pass_to(world, BEGINS - timedelta(hours=1, minutes=30))
    rows = [row for row in list_rows(world.store, Reminder) if row.kind == "event.hour_before"]
    await cancel(hr, event)
    with world.store.begin() as db:  # as if it had been claimed before the cancellation was committed
        merged = db.session.merge(Reminder(**rows[0].model_dump()))
        merged.state, merged.due_at = "pending", world.clock.now()
    await world.pass_time(hours=1)
    assert not [text for text in summaries(a) if "1時間後" in text]


async def test_what_is_cancelled_cant_be_changed_or_cancelled_again(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    (a,) = await add_members(world, 1)
    await say(a, event)
    await press(hr, actions.AskCancel(event))
    form = hr.form
    await hr.submit(reason="")
    await world.settle()
    told, hr.form = len(a.inbox), form
    await hr.submit(reason="もう一度")
    await world.settle()
    assert len(a.inbox) == told
    assert event_of(world).reason == ""
    await press(hr, actions.AskChange(event))
    assert hr.form is None
    assert event_of(world).state == EventState.CANCELLED


async def test_a_cancellation_of_today_is_told_in_the_quiet_hours_too(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    a = await add_member(world, "佐藤 美咲")
    await say(a, event)
    await pass_to(world, BEGINS - timedelta(hours=11, minutes=50))  # 7:10 in the morning
    await cancel(hr, event)
    await world.settle()
    assert "取りやめのお知らせ" in newest(a)
