"""An employee who leaves and stays in the workspace as a guest: no longer an employee, and welcomed as one who left."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.incoming import AccountKind
from storage.models import Account, Member, Role, Status
from tests.support.people import add_leaver, alumnus
from tests.support.world import Actor, World, list_buttons


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    world = World(database_url)
    yield world
    world.close()


async def become_guest(actor: Actor) -> None:
    """The platform makes a guest of a full member; the old address often stays."""
    await actor.change_profile(replace(actor.profile, kind=AccountKind.GUEST))


def state(actor: Actor) -> tuple[str, str, bool]:
    member = actor.member()
    return member.status, member.role, member.is_hr


async def test_a_guest_is_no_employee_and_no_hr_any_more(world: World) -> None:
    yuka = world.hr()
    await yuka.join()
    assert state(yuka) == (Status.ACTIVE, Role.EMPLOYEE, True)
    await become_guest(yuka)
    assert state(yuka) == (Status.UNVERIFIED, Role.ALUMNUS, False)
    await yuka.command("/hr")
    assert yuka.buttons()[0] == "登録する"


async def test_the_former_employee_is_welcomed_once_and_registers_like_everybody(world: World) -> None:
    code = add_leaver(world, "高橋 翔")
    sho = world.employee("高橋 翔")
    await sho.join()
    await become_guest(sho)
    await become_guest(sho)
    assert [list_buttons(message)[0].label for message in sho.inbox] == ["相談する", "登録する"]
    await sho.join()
    assert len(sho.inbox) == 2
    await sho.press("登録する")
    for values in ({"code": code}, {}, {"guidelines": ("accepted",)}):
        await sho.submit(**values)
    assert state(sho) == (Status.ACTIVE, Role.ALUMNUS, False)
    assert sho.member().department == "設計2課"


async def test_the_nudges_come_as_after_a_joining(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.join()
    await become_guest(sho)
    await world.pass_time(days=7.5)
    assert len(sho.inbox) == 4


async def test_during_a_break_it_is_the_same(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.command("/alumni pause")
    await sho.press("6か月")
    await become_guest(sho)
    assert state(sho)[:2] == (Status.UNVERIFIED, Role.ALUMNUS)
    assert sho.member().paused_until is None


async def test_the_suspended_stay_suspended(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.join()
    id = sho.member().id
    with world.store.begin() as db:
        db.session.get_one(Member, id).status = Status.SUSPENDED
    await become_guest(sho)
    assert state(sho) == (Status.SUSPENDED, Role.ALUMNUS, False)
    assert len(sho.inbox) == 1


@pytest.mark.parametrize(("platform", "stays"), [("teams", True), ("email", False)])
async def test_who_has_another_account_of_the_company_stays_an_employee(
    world: World, platform: str, stays: bool
) -> None:
    sho = world.employee("高橋 翔")
    await sho.join()
    id = sho.member().id
    with world.store.begin() as db:
        db.session.add(Account(platform=platform, external_id="x", member_id=id, created_at=world.clock.now()))
    await become_guest(sho)
    assert (sho.member().role == Role.EMPLOYEE) is stays


@pytest.mark.parametrize("kind", [AccountKind.GUEST, AccountKind.MEMBER])
async def test_a_member_who_has_left_long_ago_stays_one_whatever_the_account(world: World, kind: AccountKind) -> None:
    misaki = await alumnus(world)
    before = len(misaki.inbox)
    await misaki.change_profile(replace(misaki.profile, kind=kind))
    await world.settle()
    assert state(misaki) == (Status.ACTIVE, Role.ALUMNUS, False)
    assert len(misaki.inbox) == before
