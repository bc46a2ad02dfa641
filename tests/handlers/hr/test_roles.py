"""The HR role: given and taken back, never from oneself, and everybody concerned hears of it."""

import pytest

from handlers.hr.actions import Grant, Revoke
from tests.handlers.hr.scene import acts, hr, newest, shown, world
from tests.support.people import alumnus
from tests.support.world import Actor, World, text_of

__all__ = ["world"]


async def colleague(world: World, name: str = "中村 健") -> Actor:
    ken = world.employee(name)
    await ken.join()
    return ken


async def give(yuka: Actor, who: str) -> None:
    await yuka.command("/hr")
    await yuka.press("人事の担当")
    await yuka.press("担当を追加…")
    await yuka.submit(who=who)


@pytest.mark.parametrize("who", ["中村 健", "中村健", "中村", "address"])
async def test_the_role_is_given_to_an_employee_who_was_found(world: World, who: str) -> None:
    yuka, ken = await hr(world), await colleague(world)
    await give(yuka, ken.profile.email.upper() if who == "address" else who)
    assert "中村 健" in shown(yuka)
    assert not ken.member().is_hr, "not before the press"
    await yuka.press("渡す")
    assert ken.member().is_hr
    assert "中村 健さんが人事の担当になりました" in text_of(newest(ken))
    assert "中村 健さんが人事の担当になりました" in text_of(newest(yuka))
    assert [(act.act, act.subject) for act in acts(world)] == [("role.grant", f"member:{ken.member().id}")]
    await ken.command("/hr")
    assert "人事のページ" in shown(ken)


async def test_twice_is_once(world: World) -> None:
    yuka, ken = await hr(world), await colleague(world)
    id = ken.member().id or 0
    await yuka.press_action(Grant(id))
    told = len(ken.inbox)
    await yuka.press_action(Grant(id))
    assert len(ken.inbox) == told
    assert len(acts(world)) == 1


async def test_nobody_found_is_said_beside_the_field(world: World) -> None:
    yuka = await hr(world)
    for who in ("存在 しない", "", "%"):
        await give(yuka, who)
        assert set(yuka.errors) == {"who"}


async def test_many_found_are_shown_in_part(world: World) -> None:
    yuka = await hr(world)
    for number in range(7):
        await colleague(world, f"中村 {number}")
    await give(yuka, "中村")
    assert yuka.buttons().count("渡す") == 5
    assert "ほかにも該当する方がいます" in shown(yuka)


async def test_alumni_can_not_have_it(world: World) -> None:
    yuka = await hr(world)
    misaki = await alumnus(world)
    await give(yuka, "佐藤")
    assert set(yuka.errors) == {"who"}
    await yuka.press_action(Grant(misaki.member().id or 0))
    assert "渡せません" in shown(yuka)
    assert not misaki.member().is_hr


async def test_the_role_is_taken_back(world: World) -> None:
    yuka, ken = await hr(world), await colleague(world)
    await yuka.press_action(Grant(ken.member().id or 0))
    await yuka.press("外す")
    assert not ken.member().is_hr
    assert "人事の担当から外れました" in text_of(newest(ken))
    assert acts(world)[0].act == "role.revoke"
    await ken.command("/hr")
    assert "人事のページ" not in shown(ken)
    await yuka.press_action(Revoke(ken.member().id or 0))
    assert len(acts(world)) == 2, "pressed again, nothing more is done"


async def test_not_from_oneself(world: World) -> None:
    yuka = await hr(world)
    await yuka.press_action(Revoke(yuka.member().id or 0))
    assert "ご自分を外すことはできません" in shown(yuka)
    assert yuka.member().is_hr


async def test_not_from_whom_the_settings_name(world: World) -> None:
    yuka, ken = await hr(world), await colleague(world)
    await yuka.press_action(Grant(ken.member().id or 0))
    await ken.press_action(Revoke(yuka.member().id or 0))
    assert "MUSUBI_HR" in shown(ken)
    assert yuka.member().is_hr
