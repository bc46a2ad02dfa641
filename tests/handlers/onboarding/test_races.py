"""Things that happen at the same moment: one effect, whichever database puts them in order."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from sqlmodel import col, select

from bot.actions import Action, encode
from bot.incoming import AccountKind, ButtonPressed, FormSubmitted, FormValue, FormValues, MemberJoined
from bot.replies import FormErrors, OpenForm, Private, Reply
from handlers.onboarding.actions import Choose, Identify
from handlers.pause.actions import ComeBack, Pause
from storage.models import Application, Delivery, Member, Reminder, Status
from storage.queries.consents import list_consents
from tests.support.people import add_leaver, alumnus
from tests.support.world import Actor, World

AT_ONCE = 6


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    world = World(database_url)
    yield world
    world.close()


async def newcomers(world: World, count: int) -> list[Actor]:
    actors = [world.person(f"guest {number}", kind=AccountKind.GUEST) for number in range(count)]
    for actor in actors:
        await actor.join()
    return actors


async def send(actor: Actor, action: Action, **values: FormValue) -> Reply:
    """A form sent off, without waiting for anybody else."""
    incoming = FormSubmitted(actor.origin(actor.world.next_key()), encode(action), FormValues(values))
    return await actor.world.app.dispatch(incoming)


async def test_of_many_with_one_code_one_comes_in(world: World) -> None:
    code = add_leaver(world)
    guests = await newcomers(world, AT_ONCE)
    replies = await asyncio.gather(*(send(guest, Identify(), code=code) for guest in guests))
    assert sum(isinstance(reply, OpenForm) for reply in replies) == 1
    refused = [reply for reply in replies if isinstance(reply, FormErrors)]
    assert len(refused) == AT_ONCE - 1
    assert all("すでに使われています" in reply.errors["code"] for reply in refused)
    assert sum(guest.member().registration_step for guest in guests) == 1


async def test_of_many_with_one_number_one_comes_in_and_the_others_go_to_hr(world: World) -> None:
    add_leaver(world)
    guests = await newcomers(world, 3)
    details = {"number": "00123", "name": "佐藤 美咲", "left": "2026-03"}
    await asyncio.gather(*(send(guest, Identify(), **details) for guest in guests))
    assert sorted(guest.member().registration_step for guest in guests) == [0, 0, 1]
    with world.store.begin() as db:
        assert len(db.session.exec(select(Application)).all()) == 2


async def test_the_form_locks_at_the_fifth_however_fast_they_come(world: World) -> None:
    yuka, (guesser,) = world.hr(), await newcomers(world, 1)
    await yuka.join()
    before = len(yuka.inbox)
    replies = await asyncio.gather(*(send(guesser, Identify(), code="0000-0000") for _ in range(9)))
    await world.settle()
    assert sum(isinstance(reply, FormErrors) for reply in replies) == 4
    assert sum(isinstance(reply, Private) for reply in replies) == 5
    assert len(yuka.inbox) == before + 1


async def test_one_application_however_often_the_form_is_sent_at_once(world: World) -> None:
    (ken,) = await newcomers(world, 1)
    details = {"number": "9", "name": "田中 健一", "left": "2024-09"}
    await asyncio.gather(*(send(ken, Identify(), **details) for _ in range(AT_ONCE)))
    with world.store.begin() as db:
        assert len(db.session.exec(select(Application)).all()) == 1


async def test_the_last_step_sent_many_times_at_once_greets_once(world: World) -> None:
    code = add_leaver(world)
    (misaki,) = await newcomers(world, 1)
    await misaki.press("登録する")
    await misaki.submit(code=code)
    await misaki.submit()
    values: dict[str, FormValue] = {"guidelines": ("accepted",), "consents": ("news", "jobs")}
    replies = await asyncio.gather(*(send(misaki, Choose(), **values) for _ in range(AT_ONCE)))
    await world.settle()
    assert all(isinstance(reply, Private) for reply in replies)
    assert misaki.member().status == Status.ACTIVE
    assert len(misaki.inbox) == 2
    id = misaki.member().id or 0
    with world.store.begin() as db:
        assert len(list_consents(db, id)) == 2


async def test_both_events_of_a_joining_at_once_are_one_welcome(world: World) -> None:
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    events = [MemberJoined(misaki.origin(world.next_key())) for _ in range(2)]
    await asyncio.gather(*(world.app.dispatch(event) for event in events))
    await world.settle()
    assert len(misaki.inbox) == 1
    with world.store.begin() as db:
        nudges = db.session.exec(select(Reminder).where(Reminder.kind == "welcome.nudge")).all()
        assert len(db.session.exec(select(Member)).all()) == 1
    assert len(nudges) == 2


async def test_pausing_and_coming_back_at_once_ends_in_one_of_the_two(world: World) -> None:
    misaki = await alumnus(world)
    actions = (Pause(1), ComeBack(), Pause(1), ComeBack())
    presses = [ButtonPressed(misaki.origin(world.next_key()), encode(action)) for action in actions]
    await asyncio.gather(*(world.app.dispatch(press) for press in presses))
    member = misaki.member()
    assert (member.status, member.paused_until is None) in ((Status.ACTIVE, True), (Status.PAUSED, False))
    with world.store.begin() as db:
        ends = db.session.exec(select(Reminder).where(Reminder.kind == "pause.end", Reminder.state == "pending")).all()
        failed = db.session.exec(select(Delivery).where(col(Delivery.state) == "failed")).all()
    assert len(ends) == (1 if member.status == Status.PAUSED else 0)
    assert failed == []
