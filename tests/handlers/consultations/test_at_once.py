"""At the same moment: presses that really run side by side, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.actions import Action, encode
from bot.incoming import ButtonPressed, FormSubmitted, FormValues
from bot.replies import Private, ReplaceMessage, Reply
from handlers.consultations import actions
from storage.models import Consultation, ConsultationState, RequestState
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    ask_first,
    consultation,
    make_world,
    requests,
    timers,
    wait,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World


def press(actor: Actor, action: Action) -> Awaitable[Reply]:
    """Presses a button without waiting for what it causes."""
    origin = actor.origin(actor.world.next_key())
    return actor.world.app.dispatch(ButtonPressed(origin, encode(action)))


def submit(actor: Actor, action: Action, **values: str) -> Awaitable[Reply]:
    """Sends a form off likewise."""
    origin = actor.origin(actor.world.next_key())
    return actor.world.app.dispatch(FormSubmitted(origin, encode(action), FormValues(values)))


async def all_at_once(world: World, *presses: Awaitable[Reply]) -> list[Reply]:
    """Everything at the same moment; then what it caused is delivered."""
    replies = await asyncio.gather(*presses)
    await world.settle()
    await world.settle()
    for reply in replies:
        assert not (isinstance(reply, Private) and "番号" in reply.message.summary), reply
    return list(replies)


def check_whole(world: World) -> None:
    """What must hold whatever happened: one open request at most, and a timer for everything open."""
    for one in list_rows(world.store, Consultation):
        open_requests = [r for r in requests(world) if r.consultation_id == one.id and r.state == RequestState.OPEN]
        assert len(open_requests) == (1 if one.state == ConsultationState.ASKING else 0)
        assert (one.id in timers(world)) == (one.ended_at is None)


async def test_two_mentors_accept_at_once(database_url: str) -> None:
    """The first one's time has just run out; both press."""
    world = make_world(database_url)
    sho = await add_asker(world)
    misaki, kenichi = await add_mentor(world, topics=(TOPIC,)), await add_mentor(world, "田中 健一")
    await ask_first(sho)
    await wait(world, days=10)
    replies = await all_at_once(world, press(misaki, actions.Accept(1)), press(kenichi, actions.Accept(2)))
    assert all(isinstance(reply, ReplaceMessage) for reply in replies)
    assert [row.state for row in requests(world)] == [RequestState.EXPIRED, RequestState.ACCEPTED]
    assert consultation(world).mentor_id == kenichi.member().id
    check_whole(world)
    world.close()


async def test_accept_against_the_deadline(database_url: str) -> None:
    """The mentor presses while the timer passes the request on: one of the two happens, whole."""
    world = make_world(database_url)
    sho = await add_asker(world)
    misaki, kenichi = await add_mentor(world, topics=(TOPIC,)), await add_mentor(world, "田中 健一")
    await ask_first(sho)
    world.clock.at += world.policy.request_expires
    await asyncio.gather(press(misaki, actions.Accept(1)), world.app.reminders.run_due())
    await world.settle()
    check_whole(world)
    if consultation(world).state == ConsultationState.ACCEPTED:
        assert consultation(world).mentor_id == misaki.member().id
        assert kenichi.inbox == []
    else:
        assert [row.state for row in requests(world)] == [RequestState.EXPIRED, RequestState.OPEN]
        assert len(kenichi.inbox) == 1
    world.close()


@pytest.mark.parametrize("times", [2, 6])
async def test_the_same_person_clicks_many_times(database_url: str, times: int) -> None:
    world = make_world(database_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(sho)
    await all_at_once(world, *(press(sho, actions.Ask(1, 1)) for _ in range(times)))
    assert len(misaki.inbox) == 1
    await all_at_once(world, *(press(misaki, actions.Accept(1)) for _ in range(times)))
    assert [message.summary for message in sho.inbox].count("佐藤 美咲さんが引き受けてくれました") == 1
    assert len(sho.groups) == 1
    check_whole(world)
    world.close()


async def test_a_form_sent_many_times_is_one_consultation(database_url: str) -> None:
    world = make_world(database_url)
    sho, _ = await add_asker(world), await add_mentor(world)
    values = {"topic": TOPIC, "aim": AIM, "language": "ja", "timing": "month"}
    await all_at_once(world, *(submit(sho, actions.Wish("one form"), **values) for _ in range(5)))
    assert [one.id for one in list_rows(world.store, Consultation)] == [consultation(world).id]
    assert len(sho.inbox) == 1
    check_whole(world)
    world.close()


async def test_many_forms_at_once_keep_to_the_limit(database_url: str) -> None:
    world = make_world(database_url)
    sho = await add_asker(world)
    values = {"aim": AIM, "language": "ja", "timing": "month"}
    await all_at_once(world, *(submit(sho, actions.Wish(f"form {n}"), topic=f"話題{n}", **values) for n in range(6)))
    assert len(list_rows(world.store, Consultation)) == 3
    check_whole(world)
    world.close()


Rivals = Callable[[Actor, Actor], list[Awaitable[Reply]]]

RIVALS: list[tuple[str, Rivals]] = [
    ("accept and call off", lambda sho, misaki: [press(misaki, actions.Accept(1)), press(sho, actions.CallOff(1))]),
    ("accept and decline", lambda sho, misaki: [press(misaki, actions.Accept(1)), submit(misaki, actions.Reason(1))]),
    ("decline and call off", lambda sho, misaki: [submit(misaki, actions.Reason(1)), press(sho, actions.CallOff(1))]),
    ("accept and rest", lambda sho, misaki: [press(misaki, actions.Accept(1)), press(misaki, actions.Rest())]),
    ("accept and leave", lambda sho, misaki: [press(misaki, actions.Accept(1)), misaki.leave()]),
    ("accept and the asker leaves", lambda sho, misaki: [press(misaki, actions.Accept(1)), sho.leave()]),
]


@pytest.mark.parametrize(("name", "rivals"), RIVALS, ids=[name for name, _ in RIVALS])
async def test_rival_presses(
    database_url: str, name: str, rivals: Callable[[Actor, Actor], list[Awaitable[Reply]]]
) -> None:
    world = make_world(database_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await all_at_once(world, *rivals(sho, misaki))
    check_whole(world)
    world.close()


async def test_two_ask_the_same_person_who_takes_one(database_url: str) -> None:
    """Capacity is not exceeded by asking at the same moment."""
    world = make_world(database_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki = await add_mentor(world, capacity=1)
    await ask(sho)
    await ask(rei)
    await all_at_once(world, press(sho, actions.Ask(1, 1)), press(rei, actions.Ask(2, 2)))
    assert [row.state for row in requests(world)] == [RequestState.OPEN]
    assert len(misaki.inbox) == 1
    states = sorted(one.state for one in list_rows(world.store, Consultation))
    assert states == [ConsultationState.ASKING, ConsultationState.SEARCHING]
    check_whole(world)
    world.close()


async def test_both_say_yes_at_once(database_url: str) -> None:
    world = make_world(database_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    await wait(world, days=15)
    await all_at_once(world, press(sho, actions.Talked(1)), press(misaki, actions.Talked(1)))
    assert consultation(world).state == ConsultationState.HELD
    await all_at_once(
        world,
        *(submit(sho, actions.Feedback(1), useful="5", line="ありがとう", share="share") for _ in range(3)),
    )
    told = [message for message in misaki.inbox if "ひとこと" in message.summary]
    assert len(told) == 1
    check_whole(world)
    world.close()
