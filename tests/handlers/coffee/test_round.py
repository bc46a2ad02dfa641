"""A round as its people see it."""


from storage.models import Role
from tests.handlers.coffee.people import (
    add_member,
    hold_round,
    list_groups,
    make_world,
)
from tests.support.world import text_of


async def test_two_are_introduced_to_each_other(database_url: str) -> None:
    world = make_world(database_url)
    misaki = await add_member(world, "佐藤 美咲", topics=["電池開発"], employer="海風電力")
    sho = await add_member(world, "高橋 翔", role=Role.EMPLOYEE, topics=["バッテリー開発"], department="設計2課")
    await hold_round(world)
    assert list_groups(world) == [{misaki.member().id, sho.member().id}]
    assert "高橋 翔" in text_of(misaki.inbox[-1])
    assert "設計2課" in text_of(misaki.inbox[-1])
    assert "佐藤 美咲" in text_of(sho.inbox[-1])
    assert misaki.groups == sho.groups != []
    world.close()
