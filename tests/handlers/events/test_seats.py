"""Seats, the waiting list and its offers, as people press."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.i18n import use_locale
from bot.ui import Button
from handlers.events import actions
from storage.models import Rsvp, Status
from tests.handlers.events.people import (
    BEGINS,
    add_hr,
    add_member,
    add_members,
    answer_of,
    change_member,
    entries_of,
    event_of,
    jump,
    make_event,
    make_world,
    newest,
    pass_to,
    press,
    read,
    say,
    standings,
    summaries,
)
from tests.support.world import Actor, World, list_buttons

DAY = timedelta(days=1)


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def fill(world: World, people: int, capacity: int, **fields: object) -> tuple[list[Actor], int]:
    """An event of so many seats, and people who have pressed Going one after another."""
    event = make_event(world, await add_hr(world), capacity=capacity, **fields)
    actors = await add_members(world, people)
    for actor in actors:
        await say(actor, event)
    return actors, event


async def test_who_comes_after_the_last_seat_waits_in_order(world: World) -> None:
    people, _event = await fill(world, 4, 2)
    assert standings(world, people) == ["going", "going", "waiting", "waiting"]
    assert "キャンセル待ちの1番目です" in read(people[2])
    assert "前に1名の方がいます" in read(people[3])
    assert summaries(people[3])[1:] == []


async def test_a_freed_seat_is_offered_to_the_first_alone(world: World) -> None:
    (a, b, c, d), event = await fill(world, 4, 2)
    await say(a, event, Rsvp.NOT_GOING)
    assert standings(world, [a, b, c, d]) == ["not_going", "going", "offered", "waiting"]
    assert "11月20日（金）22:00までお取りしています" in newest(c)
    assert summaries(d) == []
    await c.press("参加する")
    assert standings(world, [a, b, c, d])[2:] == ["going", "waiting"]
    assert entries_of(c) == [("0", "CONFIRMED")]
    assert not [button for button in buttons_of(c) if isinstance(button.action, actions.AnswerOffer)]


def buttons_of(actor: Actor) -> list[Button]:
    """All buttons on somebody's screen."""
    return [button for message in actor.inbox for button in list_buttons(message)]


async def test_an_offer_that_is_let_go_reaches_the_next(world: World) -> None:
    (a, b, c), event = await fill(world, 3, 1)
    await say(a, event, Rsvp.MAYBE)
    await b.press("見送る")
    assert standings(world, [a, b, c]) == ["maybe", "not_going", "offered"]


async def test_an_offer_that_nobody_answers_passes_on_after_twelve_hours(world: World) -> None:
    (a, b, c), event = await fill(world, 3, 1)
    await say(a, event, Rsvp.NOT_GOING)
    await world.pass_time(hours=11.5)
    assert standings(world, [b, c]) == ["offered", "waiting"]
    await world.pass_time(hours=1)
    assert standings(world, [b, c]) == ["lapsed", "offered"]
    await world.pass_time(hours=11)
    assert "次の方にご案内しました" in newest(b)
    assert "参加する" not in b.buttons()
    await say(b, event)
    assert standings(world, [b, c]) == ["waiting", "offered"]


async def test_an_old_offer_takes_no_seat(world: World) -> None:
    (a, b, c), event = await fill(world, 3, 1)
    await say(a, event, Rsvp.NOT_GOING)
    await world.pass_time(hours=13)
    await press(b, actions.AnswerOffer(event, 1, 1))
    assert standings(world, [b, c]) == ["lapsed", "offered"]
    assert "キャンセル待ちに入る" in read(b)


async def test_offers_that_end_while_musubi_is_down_are_over_when_it_is_back(world: World) -> None:
    (a, b, c), event = await fill(world, 3, 1)
    await say(a, event, Rsvp.NOT_GOING)
    world.clock.at += timedelta(days=3)
    await press(b, actions.AnswerOffer(event, 1, 1))  # before any reminder has rung
    assert standings(world, [b, c]) == ["lapsed", "offered"]


async def test_pressed_twice_it_counts_once(world: World) -> None:
    (a, b), event = await fill(world, 2, 1)
    for _ in range(3):
        await say(a, event)
        await say(b, event)
    assert standings(world, [a, b]) == ["going", "waiting"]
    assert entries_of(a) == [("0", "CONFIRMED")]
    assert event_of(world).queue == 1


async def test_an_answer_can_be_changed_in_any_direction(world: World) -> None:
    (a,), event = await fill(world, 1, 1)
    for rsvp in (Rsvp.MAYBE, Rsvp.GOING, Rsvp.NOT_GOING, Rsvp.MAYBE, Rsvp.NOT_GOING, Rsvp.GOING):
        await say(a, event, rsvp)
        assert standings(world, [a]) == [rsvp.value]
    assert [state for _number, state in entries_of(a)] == ["CONFIRMED", "CANCELLED"] * 2 + ["CONFIRMED"]
    assert [number for number, _state in entries_of(a)] == list("01234")


async def test_who_leaves_the_waiting_list_goes_to_its_end_when_coming_back(world: World) -> None:
    (a, b, c), event = await fill(world, 3, 1)
    await say(b, event, Rsvp.NOT_GOING)
    await say(b, event)
    await say(a, event, Rsvp.NOT_GOING)
    assert standings(world, [b, c]) == ["waiting", "offered"]


async def test_nobody_hears_of_it_when_somebody_else_answers(world: World) -> None:
    silent = await add_member(world, "田中 健一")
    people, event = await fill(world, 3, 5)
    await say(people[0], event, Rsvp.NOT_GOING)
    await jump(world, 22)
    assert summaries(silent) == []


@pytest.mark.parametrize("status", [Status.PAUSED, Status.SUSPENDED, Status.WITHDRAWN])
async def test_the_seat_of_whoever_pauses_or_leaves_goes_on(world: World, status: Status) -> None:
    (a, b, c), _event = await fill(world, 3, 1)
    before = len(a.inbox)
    change_member(world, a, status=status)
    await world.settle()
    assert standings(world, [a, b, c]) == ["not_going", "offered", "waiting"]
    change_member(world, b, status=status)
    await world.settle()
    assert standings(world, [b, c]) == ["not_going", "offered"]
    await world.pass_time(days=1)
    assert len(a.inbox) == before, "who wants to hear nothing hears nothing"
    assert "参加する" not in b.buttons()


async def test_who_waits_and_leaves_is_passed_over(world: World) -> None:
    (a, b, c), event = await fill(world, 3, 1)
    change_member(world, b, status=Status.PAUSED)
    await world.settle()
    await say(a, event, Rsvp.NOT_GOING)
    assert standings(world, [b, c]) == ["not_going", "offered"]


async def test_after_the_last_day_only_not_going_is_heard(world: World) -> None:
    (a, b), event = await fill(world, 2, 1, answer_by=BEGINS - 5 * DAY)
    late = await add_member(world, "田中 健一")
    await pass_to(world, BEGINS - 4 * DAY)
    await say(late, event)
    assert "回答期限を過ぎたため" in read(late)
    await say(a, event, Rsvp.MAYBE)
    assert "回答期限を過ぎたため" in read(a)
    await say(a, event, Rsvp.NOT_GOING)
    assert standings(world, [a, b]) == ["not_going", "offered"]
    await b.press("参加する")
    assert standings(world, [b]) == ["going"]


async def test_when_it_has_begun_nothing_is_to_be_answered(world: World) -> None:
    (a, b), event = await fill(world, 2, 1)
    await pass_to(world, BEGINS + timedelta(minutes=10))
    await say(a, event, Rsvp.NOT_GOING)
    assert "始まっているため" in read(a)
    assert standings(world, [a, b]) == ["going", "waiting"]


async def test_right_before_it_begins_no_seat_is_offered(world: World) -> None:
    (a, b), event = await fill(world, 2, 1)
    await pass_to(world, BEGINS - timedelta(minutes=40))
    await say(a, event, Rsvp.NOT_GOING)
    assert standings(world, [a, b]) == ["not_going", "waiting"]


@pytest.mark.parametrize("said", ["offered", "waiting", "lapsed", "", "GOING"])
async def test_a_forged_answer_changes_nothing(world: World, said: str) -> None:
    (a,), event = await fill(world, 1, 1)
    await press(a, actions.Answer(event, said))
    assert "使えなくなりました" in read(a)
    assert standings(world, [a]) == ["going"]


async def test_events_that_are_not_there_are_out_of_date(world: World) -> None:
    (a,), _event = await fill(world, 1, 1)
    for action in (
        actions.Show(99),
        actions.Answer(99, "going"),
        actions.AnswerOffer(99, 1, 1),
        actions.ShowPeople(99, 0),
    ):
        await press(a, action)
        assert "使えなくなりました" in read(a)


async def test_the_offer_speaks_the_language_of_its_reader(world: World) -> None:
    event = make_event(world, await add_hr(world), capacity=1)
    (a,) = await add_members(world, 1)
    emily = await add_member(world, "Emily Carter", locale="en-US", zone="America/Detroit", quiet_from=0, quiet_to=0)
    await say(a, event)
    await say(emily, event)
    await say(a, event, Rsvp.NOT_GOING)
    with use_locale("en"):
        assert "A seat is free for you: Battery evening" in newest(emily)
    assert answer_of(world, emily).offered_until == world.clock.now() + timedelta(hours=12)
