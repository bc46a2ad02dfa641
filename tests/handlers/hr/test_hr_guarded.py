"""HR's acts under pressure: by others, twice, four times, at once, in English, on both databases."""

import asyncio
import dataclasses
from typing import Any, get_type_hints

import pytest

from bot.actions import Action, encode, list_actions
from bot.incoming import AccountKind, ButtonPressed, FormSubmitted, FormValues
from bot.replies import Private
from handlers.hr.actions import Approve, Decline, Grant, SendAgain, Unlock
from handlers.hr.cards import ENTRY, NOBODY, REASON
from storage.models import RosterEntry
from tests.handlers.hr.scene import acts, applicant, hr, world
from tests.support.golden import as_text
from tests.support.people import add_leaver, find_entry
from tests.support.world import Actor, World, text_of

__all__ = ["world"]

HR_ACTIONS = [action for action in list_actions() if action.action_name.startswith("hr.")]


def make(action: type[Action]) -> Action:
    """A payload that points to the first row of whatever it is about."""
    hints = get_type_hints(action)
    fields: tuple[Any, ...] = dataclasses.fields(action)  # type: ignore[arg-type]
    return action(*(1 if hints[field.name] is int else "waiting" for field in fields))


def test_there_are_actions_to_guard() -> None:
    assert len(HR_ACTIONS) >= 20


@pytest.mark.parametrize("action", HR_ACTIONS, ids=lambda action: action.action_name)
async def test_nobody_else_does_or_sees_any_of_it(world: World, action: type[Action]) -> None:
    await hr(world)
    add_leaver(world, email="misaki@mail.example")
    await applicant(world, "田中 一郎", "00777")
    before = find_entry(world).model_dump()
    sho, guest = world.employee("高橋 翔"), world.person("客", kind=AccountKind.GUEST)
    values = FormValues({ENTRY: NOBODY, REASON: "理由", "who": "高橋", "employee_number": "1", "name": "x"})
    for actor in (sho, guest):
        await actor.join()
        payload = encode(make(action))
        for incoming in (
            ButtonPressed(actor.origin(world.next_key()), payload),
            FormSubmitted(actor.origin(world.next_key()), payload, values),
        ):
            reply = await world.dispatch(incoming)
            assert isinstance(reply, Private)
            shown = text_of(reply.message)
            assert not [told for told in ("佐藤", "田中", "00123", "misaki@mail") if told in shown]
    assert acts(world) == []
    assert find_entry(world).model_dump() == before
    assert not sho.member().is_hr


async def deliver(world: World, actor: Actor, action: Action, times: int = 4) -> None:
    """One press that the platform delivers several times at once."""
    pressed = ButtonPressed(actor.origin("one and the same"), encode(action))
    await asyncio.gather(*(world.app.dispatch(pressed) for _ in range(times)))
    await world.settle()


def with_address(world: World) -> RosterEntry:
    add_leaver(world, email="misaki@mail.example")
    return find_entry(world)


async def test_a_press_that_is_delivered_four_times_sends_once(database_url: str) -> None:
    world = World(database_url)
    yuka = await hr(world)
    entry = with_address(world)
    await deliver(world, yuka, SendAgain(entry.id or 0, entry.code_serial, "invited", 0))
    assert len(world.mail.direct["misaki@mail.example"]) == 1
    assert len(acts(world)) == 1
    world.close()


async def test_two_people_who_press_at_once_send_once(database_url: str) -> None:
    world = World(database_url)
    yuka, ken = await hr(world), world.employee("中村 健")
    await ken.join()
    await yuka.press_action(Grant(ken.member().id or 0))
    entry = with_address(world)
    action = encode(SendAgain(entry.id or 0, entry.code_serial, "invited", 0))
    pressed = [ButtonPressed(actor.origin(world.next_key()), action) for actor in (yuka, ken)]
    await asyncio.gather(*(world.app.dispatch(press) for press in pressed))
    await world.settle()
    assert len(world.mail.direct["misaki@mail.example"]) == 1
    assert [act.act for act in acts(world)].count("invitation.mail") == 1
    world.close()


async def test_two_decisions_at_once_are_one(database_url: str) -> None:
    world = World(database_url)
    yuka, ken = await hr(world), world.employee("中村 健")
    await ken.join()
    await yuka.press_action(Grant(ken.member().id or 0))
    misaki = await applicant(world)
    told = len(misaki.inbox)
    yes = FormSubmitted(yuka.origin(world.next_key()), encode(Approve(1, 0)), FormValues({ENTRY: NOBODY}))
    no = FormSubmitted(ken.origin(world.next_key()), encode(Decline(1, 0)), FormValues({REASON: "理由です。"}))
    await asyncio.gather(world.app.dispatch(yes), world.app.dispatch(no))
    await world.settle()
    decisions = [act for act in acts(world) if act.act.startswith("application.")]
    assert len(decisions) == 1
    assert misaki.member().registration_step == (1 if decisions[0].act == "application.approved" else 0)
    assert len(misaki.inbox) == told + 1, "one answer"
    world.close()


async def test_unlocking_what_is_not_locked_is_no_act(world: World) -> None:
    yuka = await hr(world)
    await yuka.press_action(Unlock(4711))
    assert acts(world) == []


async def test_all_of_it_in_english(world: World) -> None:
    jane = world.person("Jane Smith", email="hr@sample-seiki.example", locale="en-US")
    await jane.join()
    await applicant(world)
    assert "asks to be let in" in jane.inbox[-1].summary
    await jane.command("/hr")
    for button in ("Approvals", "Approve"):
        await jane.press(button)
    await jane.submit(entry=NOBODY)
    assert jane.answer is not None
    assert "Jane Smith approved." in as_text(jane.answer)
    await jane.press("Back")
    await jane.press("Add a leaver")
    await jane.submit(employee_number="1", name="Taro", left_on="2026-01-31", email="nowhere")
    assert jane.errors == {"email": "“nowhere” is no mail address. Please correct it, or leave the cell empty."}


async def test_hostile_names_stay_names(world: World) -> None:
    yuka = await hr(world)
    await applicant(world, "<!channel> {x} *名*\u202e", "1" * 200, "2026/3")
    await yuka.command("/hr")
    await yuka.press("承認待ち")
    await yuka.press("承認")
    assert yuka.form is not None
    await yuka.submit(entry=NOBODY)
    assert "<!channel> {x} *名*" in text_of(yuka.inbox[-1])
