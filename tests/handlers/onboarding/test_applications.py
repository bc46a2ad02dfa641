"""Whoever the roster doesn't know goes to HR, hears what happens next and by when, and always has a way on."""

from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta

import pytest
import pytest_asyncio
from sqlmodel import col, select

from bot.actions import encode
from bot.incoming import AccountKind, FormSubmitted, FormValues
from bot.replies import Private
from bot.ui import Message, When, list_inlines
from handlers import onboarding
from handlers.actions import Register
from handlers.onboarding.actions import EnterCode, Identify
from storage.models import Application, Member, RosterEntry, Status
from storage.queries.registration import find_waiting_application
from storage.uow import UnitOfWork
from tests.support.people import add_leaver, alumnus, find_entry, moment
from tests.support.world import Actor, World, list_buttons, text_of

UNKNOWN = {"number": "99999", "name": "田中 健一", "left": "2024年9月"}


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


async def applicant(world: World, **values: str) -> Actor:
    """Somebody whom the roster doesn't know and who has sent step 1 off."""
    actor = world.person("ken", kind=AccountKind.GUEST)
    await actor.join()
    await actor.press("登録する")
    await actor.submit(**(UNKNOWN | values))
    return actor


def applications(world: World) -> list[Application]:
    with world.store.begin() as db:
        return list(db.session.exec(select(Application).order_by(col(Application.id))).all())


def decide(world: World, actor: Actor, work: Callable[[UnitOfWork, Member, Application], bool]) -> bool:
    """What HR does with the actor's latest application."""
    member_id, application_id = actor.member().id, applications(world)[-1].id
    with world.store.begin() as db:
        member = db.session.get_one(Member, member_id)
        return work(db, member, db.session.get_one(Application, application_id))


def approve(world: World, actor: Actor, entry_id: int | None = None) -> bool:
    def work(db: UnitOfWork, member: Member, application: Application) -> bool:
        entry = db.session.get_one(RosterEntry, entry_id) if entry_id else None
        return onboarding.approve(db, member, entry, world.clock.now())

    return decide(world, actor, work)


def decline(world: World, actor: Actor, reason: str) -> bool:
    return decide(
        world, actor, lambda db, me, application: onboarding.decline(db, application, reason, world.clock.now())
    )


def days_in(message: Message) -> list[object]:
    return [piece.at for piece in list_inlines(message) if isinstance(piece, When)]


def labels(message: Message | None) -> list[str]:
    assert message is not None
    return [button.label for button in list_buttons(message)]


async def test_no_match_goes_to_hr_and_the_person_hears_by_when(database_url: str) -> None:
    world = World(database_url)
    yuka = world.hr()
    await yuka.join()
    ken = await applicant(world)
    assert ken.answer is not None
    assert days_in(ken.answer) == [moment(25)]
    assert labels(ken.answer) == ["コードを入力"]
    (application,) = applications(world)
    assert (application.employee_number, application.name, application.left_month) == ("99999", "田中 健一", "2024-09")
    assert (application.state, application.member_id) == ("waiting", ken.member().id)
    assert "田中 健一" in text_of(yuka.inbox[-1])
    assert ken.member().status == Status.UNVERIFIED
    world.close()


async def test_while_hr_looks_the_way_in_says_how_it_stands_and_takes_a_code(world: World) -> None:
    add_leaver(world)
    ken = await applicant(world)
    await ken.press_action(Register())
    assert ken.answer is not None
    assert days_in(ken.answer) == [moment(25)]
    await ken.press("コードを入力")
    assert ken.form is not None
    assert [item.name for item in ken.form.fields] == ["code"]
    await ken.submit(code="0000-0000")
    assert "社員番号" not in ken.errors["code"]
    assert len(applications(world)) == 1


async def test_a_form_that_was_still_open_makes_no_second_application(world: World) -> None:
    add_leaver(world)
    ken = await applicant(world)
    for values in (UNKNOWN, {"number": "00123", "name": "佐藤 美咲", "left": "2026-03"}):
        form = FormSubmitted(ken.origin(world.next_key()), encode(Identify()), FormValues(values))
        assert isinstance(await world.dispatch(form), Private)
    assert len(applications(world)) == 1
    assert ken.member().registration_step == 0, "nobody tries out numbers while HR looks"


async def test_a_code_found_meanwhile_lets_in_and_leaves_hr_nothing_to_decide(world: World) -> None:
    code = add_leaver(world)
    ken = await applicant(world)
    await ken.press("コードを入力")
    await ken.submit(code=code)
    assert ken.form is not None
    assert ken.form.title.startswith("あなたについて")
    assert applications(world)[0].state == "closed"
    assert not approve(world, ken)
    assert not decline(world, ken, "名簿にありません")
    await world.settle()
    assert len(ken.inbox) == 1
    await world.pass_time(days=6)
    assert not [message for message in ken.inbox if "お待たせ" in text_of(message)]


async def test_hr_s_yes_goes_on_with_the_second_step(database_url: str) -> None:
    world = World(database_url)
    ken = await applicant(world)
    add_leaver(world, "田中 健一", "88888", left_on=date(2024, 9, 30), email="ken@home.example", department="営業1課")
    assert approve(world, ken, find_entry(world, "88888").id)
    assert not approve(world, ken, find_entry(world, "88888").id), "twice is once"
    await world.settle()
    member = ken.member()
    assert (member.name, member.department, member.registration_step) == ("田中 健一", "営業1課", 1)
    assert labels(ken.inbox[-1]) == ["続ける"]
    assert len(ken.inbox) == 2
    await ken.press("続ける")
    assert ken.form is not None
    assert ken.form.title.startswith("あなたについて")
    world.close()


async def test_hr_may_let_somebody_in_whom_the_roster_doesn_t_have(world: World) -> None:
    ken = await applicant(world)
    assert approve(world, ken)
    member = ken.member()
    assert (member.name, member.left_on, member.roster_id) == ("田中 健一", date(2024, 9, 30), None)


async def test_an_entry_that_somebody_came_in_with_stays_theirs(world: World) -> None:
    misaki = await alumnus(world)
    other = await applicant(world, number="00123", name="佐藤 美咲", left="2026-03")
    assert len(applications(world)) == 1, "the same details a second time are for HR to see"
    assert approve(world, other, find_entry(world).id)
    assert other.member().roster_id is None
    assert misaki.member().roster_id == find_entry(world).id


async def test_a_no_comes_with_its_reason_and_may_be_tried_again(database_url: str) -> None:
    world = World(database_url)
    ken = await applicant(world)
    assert decline(world, ken, "社員番号が名簿と違うようです。")
    await world.settle()
    assert "社員番号が名簿と違うようです。" in text_of(ken.inbox[-1])
    add_leaver(world, "田中 健一", "99998", left_on=date(2024, 9, 30))
    await ken.press("もう一度")
    assert ken.form is not None
    assert [item.name for item in ken.form.fields] == ["code", "number", "name", "left"]
    await ken.submit(**UNKNOWN)
    assert [application.state for application in applications(world)] == ["declined", "waiting"]
    assert approve(world, ken, find_entry(world, "99998").id)
    world.close()


async def test_the_day_is_kept_even_if_hr_does_nothing(world: World) -> None:
    ken = await applicant(world)
    world.clock.move(timedelta(days=5))
    await world.settle()
    assert "お待たせして" in ken.inbox[-1].summary
    assert days_in(ken.inbox[-1]) == [moment(30)]
    for _ in range(2):
        world.clock.move(timedelta(days=5))
        await world.settle()
    told = [message for message in ken.inbox if "お待たせして" in message.summary]
    assert [days_in(message) for message in told] == [[moment(30)], [moment(30) + timedelta(days=5)], []]
    await ken.press_action(Register())
    assert ken.answer is not None
    assert days_in(ken.answer) == []
    world.clock.move(timedelta(days=10))
    await world.settle()
    assert len([message for message in ken.inbox if "お待たせして" in message.summary]) == 3


async def test_who_waits_for_hr_is_not_nudged_to_register(world: World) -> None:
    ken = await applicant(world)
    await world.pass_time(days=4)
    assert len(ken.inbox) == 1


async def test_after_a_decision_nobody_is_told_to_wait(world: World) -> None:
    ken = await applicant(world)
    decline(world, ken, "")
    await world.pass_time(days=6)
    assert not [message for message in ken.inbox if "お待たせ" in message.summary]


@pytest.mark.parametrize("press", [EnterCode(), Register()])
async def test_too_many_wrong_codes_close_the_form_for_those_who_wait_too(
    world: World, press: EnterCode | Register
) -> None:
    ken = await applicant(world)
    for _ in range(5):
        await ken.press_action(EnterCode())
        await ken.submit(code="0000-0000")
    await ken.press_action(press)
    assert ken.form is None
    id = ken.member().id or 0
    with world.store.begin() as db:
        assert find_waiting_application(db, id) is not None


async def test_enter_a_code_is_register_for_those_who_don_t_wait(world: World) -> None:
    misaki, other = await alumnus(world), world.person("ken")
    await misaki.press_action(EnterCode())
    assert misaki.answer is not None
    assert misaki.answer.summary.startswith("登録はお済みです")
    await other.press_action(EnterCode())
    assert other.form is not None
    assert len(other.form.fields) == 4
