"""At the same moment: presses that really run side by side, on both databases. Never two people in one seat."""

import asyncio
from collections.abc import Awaitable, Iterator
from datetime import timedelta

import pytest

from bot.actions import Action, encode
from bot.incoming import ButtonPressed, FormSubmitted, FormValues
from bot.replies import Private, Reply
from handlers.events import actions
from handlers.events.forms import Entered
from storage.models import EventState, Rsvp
from tests.handlers.events.people import (
    add_hr,
    add_members,
    answer_of,
    entries_of,
    event_of,
    make_event,
    make_world,
    say,
    standings,
)
from tests.support.world import Actor, World


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = make_world(database_url)
    yield world
    world.close()


def press(actor: Actor, action: Action) -> Awaitable[Reply]:
    """Presses a button without waiting for what it causes."""
    return actor.world.app.dispatch(ButtonPressed(actor.origin(actor.world.next_key(), "m"), encode(action)))


async def at_once(world: World, *presses: Awaitable[Reply]) -> None:
    """Everything at the same moment; then what it caused is delivered."""
    replies = await asyncio.gather(*presses)
    await world.settle()
    await world.settle()
    for reply in replies:
        assert not (isinstance(reply, Private) and "番号" in reply.message.summary), reply


async def test_six_press_for_two_seats(world: World) -> None:
    event = make_event(world, await add_hr(world), capacity=2)
    people = await add_members(world, 6)
    going = actions.Answer(event, Rsvp.GOING.value)
    await at_once(world, *(press(actor, going) for actor in people for _ in range(2)))
    assert sorted(standings(world, people)) == ["going"] * 2 + ["waiting"] * 4
    places = sorted(answer_of(world, actor).place for actor in people if answer_of(world, actor).rsvp == "waiting")
    assert places == [1, 2, 3, 4]
    assert sum(len(entries_of(actor)) for actor in people) == 2


async def test_a_freed_seat_while_somebody_new_comes(world: World) -> None:
    event = make_event(world, await add_hr(world), capacity=1)
    a, b, c = await add_members(world, 3)
    await say(a, event)
    await say(b, event)
    await at_once(world, press(a, actions.Answer(event, "not_going")), press(c, actions.Answer(event, "going")))
    assert standings(world, [a, b, c]) == ["not_going", "offered", "waiting"]


async def test_taken_in_the_moment_in_which_the_offer_ends(world: World) -> None:
    event = make_event(world, await add_hr(world), capacity=1)
    a, b, c = await add_members(world, 3)
    for actor in (a, b, c):
        await say(actor, event)
    await say(a, event, Rsvp.NOT_GOING)
    world.clock.at = answer_of(world, b).offered_until or world.clock.at
    take = actions.AnswerOffer(event, 1, 1)
    await asyncio.gather(world.app.ticker.tick(), press(b, take), press(b, take), press(c, actions.Show(event)))
    await world.settle()
    assert standings(world, [b, c]) == ["lapsed", "offered"]


async def test_fewer_seats_while_somebody_takes_the_last(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=2)
    a, b = await add_members(world, 2)
    await say(a, event)
    values = dict(Entered.of(event_of(world)).values) | {"capacity": "1"}
    form = FormSubmitted(hr.origin(world.next_key()), encode(actions.Save(event, 0)), FormValues(values))
    await at_once(world, world.app.dispatch(form), press(b, actions.Answer(event, "going")))
    taken = standings(world, [a, b]).count("going")
    assert (event_of(world).capacity, taken) in ((1, 1), (2, 2))


async def test_answers_while_it_is_cancelled(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=2)
    a, b, c = await add_members(world, 3)
    await say(a, event)
    form = FormSubmitted(hr.origin(world.next_key()), encode(actions.Cancel(event)), FormValues({"reason": ""}))
    going = actions.Answer(event, "going")
    await at_once(world, world.app.dispatch(form), press(b, going), press(c, going), press(a, going))
    await world.pass_time(hours=2)
    assert event_of(world).state == EventState.CANCELLED
    for actor in (a, b, c):
        assert not entries_of(actor) or entries_of(actor)[-1][1] == "CANCELLED", "nobody keeps it in the calendar"


async def test_the_reminder_rings_while_it_is_cancelled(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    (a,) = await add_members(world, 1)
    await say(a, event)
    world.clock.at = event_of(world).starts_at - timedelta(hours=1)
    form = FormSubmitted(hr.origin(world.next_key()), encode(actions.Cancel(event)), FormValues({"reason": ""}))
    await asyncio.gather(world.app.ticker.tick(), world.app.dispatch(form))
    await world.settle()
    assert "取りやめ" in a.inbox[-1].summary, "whatever came before, the last word is that it is cancelled"
    assert entries_of(a)[-1][1] == "CANCELLED"
