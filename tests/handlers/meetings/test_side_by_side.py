"""At the same moment: presses that really run side by side, on both databases. Afterwards both know the same."""

import asyncio
from collections.abc import Awaitable

import pytest

from bot.actions import Action, encode
from bot.incoming import ButtonPressed, FormSubmitted, FormValues
from bot.replies import Private, Reply
from handlers.consultations import actions as consultations
from handlers.meetings import actions
from storage.models import ConsultationState, MeetingState
from tests.handlers.consultations.people import consultation
from tests.handlers.meetings.talks import KIND, accept_talk, alarms, files_of, meeting, read_entry, suggest
from tests.support.world import Actor, World

DAY = {"day1": "2026-12-01", "time1": "12:00"}
OTHER_DAY = {"day1": "2026-12-02", "time1": "12:00"}


def press(actor: Actor, action: Action) -> Awaitable[Reply]:
    """Presses a button without waiting for what it causes."""
    return actor.world.app.dispatch(ButtonPressed(actor.origin(actor.world.next_key()), encode(action)))


def submit(actor: Actor, action: Action, values: dict[str, str]) -> Awaitable[Reply]:
    """Sends a form off likewise."""
    origin = actor.origin(actor.world.next_key())
    return actor.world.app.dispatch(FormSubmitted(origin, encode(action), FormValues(values)))


async def at_once(world: World, *presses: Awaitable[Reply]) -> None:
    """Everything at the same moment; then what it caused is delivered."""
    replies = await asyncio.gather(*presses)
    await world.settle()
    await world.settle()
    for reply in replies:
        assert not (isinstance(reply, Private) and "番号" in reply.message.summary), reply


async def test_both_send_their_times_off(database_url: str) -> None:
    world, sho, misaki = await accept_talk(database_url)
    form = actions.Times(KIND, 1, 0, 0)
    await at_once(world, submit(sho, form, DAY), submit(misaki, form, OTHER_DAY), submit(sho, form, DAY))
    assert (meeting(world).round, meeting(world).turns, len(meeting(world).slots)) == (1, 1, 1)


async def test_one_time_is_picked_however_often_it_is_pressed(database_url: str) -> None:
    world, sho, misaki = await accept_talk(database_url)
    await suggest(sho)
    id = meeting(world).id or 0
    picks = [press(misaki, actions.Pick(id, 1, number)) for number in (1, 2, 3, 1, 2, 3)]
    await at_once(world, *picks, press(sho, actions.Pick(id, 1, 1)))
    (mine,), (hers,) = files_of(sho), files_of(misaki)
    assert read_entry(mine).vevent.dtstart.value == read_entry(hers).vevent.dtstart.value == meeting(world).starts_at
    assert (meeting(world).sequence, len(alarms(world))) == (0, 2)


async def test_picked_while_other_times_are_sent(database_url: str) -> None:
    world, sho, misaki = await accept_talk(database_url)
    await suggest(sho)
    id = meeting(world).id or 0
    form = actions.Times(KIND, 1, 1, 1)
    await at_once(world, press(misaki, actions.Pick(id, 1, 1)), submit(sho, form, DAY))
    assert meeting(world).state in (MeetingState.FIXED, MeetingState.PROPOSED)
    if meeting(world).state == MeetingState.FIXED:
        assert meeting(world).round == 1
    else:
        assert meeting(world).proposer_id == sho.member().id


@pytest.mark.parametrize("who", ["sho", "misaki"])
async def test_picked_while_the_consultation_is_called_off(database_url: str, who: str) -> None:
    world, sho, misaki = await accept_talk(database_url)
    await suggest(sho)
    caller = sho if who == "sho" else misaki
    pick = actions.Pick(meeting(world).id or 0, 1, 1)
    await at_once(world, press(misaki, pick), press(caller, consultations.CallOff(1)))
    assert consultation(world).state == ConsultationState.CALLED_OFF
    assert (meeting(world).state, alarms(world)) == (MeetingState.ENDED, {})
    for actor in (sho, misaki):
        entries = [read_entry(file).vevent.status.value for file in files_of(actor)]
        assert not entries or entries[-1] == "CANCELLED", "nobody keeps an appointment with nobody"


async def test_taken_off_by_both(database_url: str) -> None:
    world, sho, misaki = await accept_talk(database_url)
    await suggest(sho)
    await misaki.press_action(actions.Pick(meeting(world).id or 0, 1, 1))
    off = actions.TakeOff(meeting(world).id or 0, meeting(world).round)
    await at_once(world, press(sho, off), press(misaki, off), press(sho, off))
    assert (meeting(world).state, meeting(world).sequence) == (MeetingState.OPEN, 1)
    assert [len(files_of(actor)) for actor in (sho, misaki)] == [2, 2]


async def test_the_reminder_rings_while_the_time_moves(database_url: str) -> None:
    world, sho, misaki = await accept_talk(database_url)
    await suggest(sho)
    await misaki.press_action(actions.Pick(meeting(world).id or 0, 1, 1))
    await sho.press("日時を変える")
    await sho.submit(**DAY, day2="", day3="")
    starts_at = meeting(world).starts_at
    assert starts_at is not None
    world.clock.at = starts_at.replace(hour=starts_at.hour - 1)
    pick = actions.Pick(meeting(world).id or 0, meeting(world).round, 1)
    await asyncio.gather(world.app.ticker.tick(), press(misaki, pick))
    await world.settle()
    assert meeting(world).sequence == 1
    assert len(alarms(world)) == 2
