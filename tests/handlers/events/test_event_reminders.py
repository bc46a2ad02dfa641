"""Reminders by the reader's own clock, the questions afterwards, and what HR sees of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.events import actions, rules
from storage.models import EventOpinion, Rsvp
from tests.handlers.events.people import (
    BEGINS,
    add_hr,
    add_member,
    add_members,
    answer_of,
    event_of,
    make_event,
    make_world,
    pass_to,
    press,
    read,
    say,
    summaries,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

AFTER = BEGINS + timedelta(hours=17)
"""Noon of the next day in Tokyo."""


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def times_of(actor: Actor, words: str) -> int:
    """How often somebody was sent something that begins with these words or holds them."""
    return len([text for text in summaries(actor) if words in text])


async def test_a_week_before_only_the_undecided_are_asked(world: World) -> None:
    event = make_event(world, await add_hr(world))
    a, b, c = await add_members(world, 3)
    silent = await add_member(world, "田中 健一")
    for actor, rsvp in ((a, Rsvp.GOING), (b, Rsvp.MAYBE), (c, Rsvp.NOT_GOING)):
        await say(actor, event, rsvp)
    await pass_to(world, BEGINS - timedelta(days=6))
    assert [times_of(actor, "あと1週間です") for actor in (a, b, c, silent)] == [0, 1, 0, 0]
    await b.press("参加")
    assert answer_of(world, b).rsvp == Rsvp.GOING


async def test_the_evening_before_and_an_hour_before_who_comes_is_reminded(world: World) -> None:
    event = make_event(world, await add_hr(world))
    a, b = await add_members(world, 2)
    await say(a, event)
    await say(b, event, Rsvp.MAYBE)
    await pass_to(world, BEGINS - timedelta(hours=25, minutes=30))
    assert times_of(a, "明日は") == 0
    await pass_to(world, BEGINS - timedelta(hours=24, minutes=30))
    assert times_of(a, "明日は") == 1
    await pass_to(world, BEGINS)
    assert (times_of(a, "明日は"), times_of(a, "1時間後")) == (1, 1)
    assert (times_of(b, "明日は"), times_of(b, "1時間後")) == (0, 0)


async def test_it_is_six_in_the_evening_where_the_reader_is(world: World) -> None:
    event = make_event(world, await add_hr(world), ends_at=BEGINS + timedelta(hours=1))
    emily = await add_member(world, "Emily Carter", locale="en-US", zone="America/Detroit")
    await say(emily, event)
    eve = BEGINS - timedelta(hours=11)  # 18:00 on the 10th in Detroit; there it begins at 5:00 on the 11th
    await pass_to(world, eve - timedelta(minutes=30))
    assert times_of(emily, "Tomorrow:") == 0
    await pass_to(world, eve)
    assert times_of(emily, "Tomorrow: Battery evening") == 1


async def test_who_has_changed_their_mind_is_not_reminded(world: World) -> None:
    event = make_event(world, await add_hr(world))
    a, b = await add_members(world, 2)
    await say(a, event)
    await say(a, event, Rsvp.NOT_GOING)
    await say(b, event, Rsvp.MAYBE)
    await say(b, event, Rsvp.NOT_GOING)
    before = [len(actor.inbox) for actor in (a, b)]
    await pass_to(world, AFTER + timedelta(hours=1))
    assert [len(actor.inbox) for actor in (a, b)] == before


async def test_after_a_long_standstill_nothing_late_is_told(world: World) -> None:
    event = make_event(world, await add_hr(world))
    (a,) = await add_members(world, 1)
    await say(a, event)
    before = len(a.inbox)
    world.clock.at = BEGINS + timedelta(minutes=30)
    await world.settle()
    assert len(a.inbox) == before
    world.clock.at = AFTER + timedelta(days=4)
    await world.settle()
    assert len(a.inbox) == before


# Afterwards


async def hold_event(world: World, people: int) -> tuple[Actor, list[Actor], int]:
    """An event that has taken place; those who came are about to be asked."""
    hr = await add_hr(world)
    event = make_event(world, hr)
    actors = await add_members(world, people)
    for actor in actors:
        await say(actor, event)
    world.clock.at = BEGINS + timedelta(hours=3)
    return hr, actors, event


async def tell(actor: Actor, useful: str = "5") -> None:
    """The three questions, answered."""
    await actor.press("3つの質問に答える")
    await actor.submit(useful=useful, liked=("talk", "people"), wished=("again",))


async def test_the_day_after_three_questions_and_hr_sees_counts_only(world: World) -> None:
    hr, actors, event = await hold_event(world, 5)
    await pass_to(world, AFTER)
    for actor, useful in zip(actors, "55443", strict=True):
        await tell(actor, useful)
        assert "ありがとうございました" in read(actor)
    await press(hr, actions.ShowResults(event))
    assert "5名が回答しました" not in read(hr), "one after another, each answer would stand alone"
    world.clock.at = rules.find_results_day(event_of(world))
    await press(hr, actions.Open(event))
    await press(hr, actions.ShowResults(event))
    assert "5名が回答しました。満足度は5点満点で平均4.2点です。" in read(hr)
    assert "人との再会や出会い: 5" in read(hr)
    assert "オンラインの会: 5名未満" in read(hr)


async def test_of_four_answers_nothing_is_shown(world: World) -> None:
    hr, actors, event = await hold_event(world, 5)
    await pass_to(world, AFTER)
    for actor in actors[:4]:
        await tell(actor)
    world.clock.at = rules.find_results_day(event_of(world))
    await press(hr, actions.ShowResults(event))
    assert "5名に満たない" in read(hr)


async def test_what_was_said_leads_to_nobody_and_counts_once(world: World) -> None:
    _hr, (a,), event = await hold_event(world, 1)
    await pass_to(world, AFTER)
    await a.press("3つの質問に答える")
    form = a.form
    await a.submit(useful="4", liked=("talk", "forged", "talk"), wished=())
    a.form = form
    await a.submit(useful="1")
    (opinion,) = list_rows(world.store, EventOpinion)
    assert opinion.model_dump() == {"id": 1, "event_id": event, "useful": 4, "liked": ["talk"], "wished": []}
    await press(a, actions.AskOpinion(event))
    assert "回答済み" in read(a)


async def test_without_a_choice_the_questions_stay(world: World) -> None:
    _hr, (a,), _event = await hold_event(world, 1)
    await pass_to(world, AFTER)
    await a.press("3つの質問に答える")
    await a.submit(useful="6")
    assert a.form is not None
    assert list_rows(world.store, EventOpinion) == []


async def test_where_hr_has_marked_who_was_there_only_they_are_asked(world: World) -> None:
    hr, (a, b), event = await hold_event(world, 2)
    await press(hr, actions.AskAttendance(event, 0))
    await hr.submit(came0=(str(a.member().id),))
    await pass_to(world, AFTER)
    assert (times_of(a, "いかがでしたか"), times_of(b, "いかがでしたか")) == (1, 0)
    await press(b, actions.AskOpinion(event))
    assert b.form is None


async def test_when_the_time_for_it_is_over_no_answer_is_taken(world: World) -> None:
    _hr, (a,), _event = await hold_event(world, 1)
    await pass_to(world, AFTER)
    await a.press("3つの質問に答える")
    world.clock.at += rules.ASKED_FOR + timedelta(minutes=1)
    await a.submit(useful="5")
    assert "受付を終えています" in read(a)
    assert list_rows(world.store, EventOpinion) == []


async def test_nobody_else_is_asked(world: World) -> None:
    _hr, _people, event = await hold_event(world, 1)
    stranger = await add_member(world, "田中 健一")
    await press(stranger, actions.AskOpinion(event))
    assert stranger.form is None
    assert "使えなくなりました" in read(stranger)
