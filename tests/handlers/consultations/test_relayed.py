"""A consultation of two people in different places: the relayed room from acceptance to its end."""

from datetime import timedelta
from typing import Any

import pytest

from handlers import consultations, moderation, rooms
from storage.models import ConsultationState, RelayedRoom, Status
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask_first,
    change,
    consultation,
    read,
    wait,
)
from tests.handlers.rooms.people import add_account, bodies, close_account, say, shown
from tests.support.rows import list_rows
from tests.support.world import Actor, World

FEATURES = (consultations.FEATURE, rooms.FEATURE, moderation.FEATURE)


async def accepted(url: str, **options: Any) -> tuple[World, Actor, Actor]:
    """Sho at his desk (on Teams) has asked Misaki (in the workspace of the alumni), who has just said yes."""
    world = World(url, features=FEATURES, others=("teams",), **options)
    sho, misaki = await add_asker(world), await add_mentor(world)
    at_teams = add_account(world, sho, "teams", "U-sho-teams")
    close_account(world, sho)
    await world.settle()
    await ask_first(at_teams)
    await misaki.press("引き受ける")
    await wait(world, hours=1)
    return world, at_teams, misaki


def room(world: World) -> RelayedRoom:
    """The one room."""
    (found,) = list_rows(world.store, RelayedRoom)
    return found


async def test_acceptance_opens_a_room_and_both_learn_how_to_talk(database_url: str) -> None:
    world, sho, misaki = await accepted(database_url)
    assert room(world).key == "consultation:1"
    for person, name in ((sho, "佐藤 美咲"), (misaki, "高橋 翔")):
        assert f"{name}さんとの会話：{TOPIC}" in shown(person)
        assert "お二人の会話を用意しました" in bodies(person.screen)
        assert "連絡先を伝える" in person.buttons(), "sharing an address stays a choice"
    assert sho.groups == misaki.groups == []
    await say(misaki, "こんにちは", "m1")
    await sho.write("よろしくお願いします", message="s1", thread=sho.screen[-1].id)
    assert "こんにちは" in bodies(sho.screen)
    assert "よろしくお願いします" in bodies(misaki.screen)
    world.close()


async def test_in_one_workspace_there_is_a_group_and_no_relay(sqlite_url: str) -> None:
    world = World(sqlite_url, features=FEATURES)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    assert len(sho.groups) == 1
    assert AIM in read(sho.groups[0][0])
    assert list_rows(world.store, RelayedRoom) == []
    world.close()


async def test_in_one_workspace_without_groups_they_find_each_other(sqlite_url: str) -> None:
    world = World(sqlite_url, features=FEATURES, opens_groups=False)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    assert list_rows(world.store, RelayedRoom) == []
    world.close()


@pytest.mark.parametrize("who", [0, 1])
async def test_calling_it_off_closes_the_room(sqlite_url: str, who: int) -> None:
    world, *people = await accepted(sqlite_url)
    await people[who].press("取りやめる")
    await wait(world, hours=1)
    assert room(world).closed_at is not None
    assert any("いまは続けることができません" in text for text in shown(people[1 - who]))
    await people[0].write("まだ？", message="s9", thread=people[0].screen[0].id)
    assert "まだ？" not in bodies(people[1].screen)
    world.close()


@pytest.mark.parametrize("status", [Status.PAUSED, Status.SUSPENDED, Status.WITHDRAWN])
async def test_whoever_leaves_meanwhile_closes_the_room(sqlite_url: str, status: Status) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    change(world, misaki, status=status)
    await wait(world, hours=1)
    assert room(world).closed_at is not None
    assert consultation(world).state == ConsultationState.CLOSED
    assert "いまは続けることができません" in "".join(shown(sho))
    world.close()


async def test_after_the_talk_the_room_stays_for_a_while(database_url: str) -> None:
    world, sho, misaki = await accepted(database_url)
    while "はい" not in misaki.buttons():
        await wait(world, days=1)
    await misaki.press("はい")
    await misaki.submit(useful="5")
    assert consultation(world).state == ConsultationState.HELD
    await say(misaki, "ありがとうございました", "m1")
    assert "ありがとうございました" in bodies(sho.screen)
    await wait(world, days=13, hours=20)
    assert room(world).closed_at is None
    await wait(world, hours=8)
    assert room(world).closed_at is not None
    assert any(text.startswith("期間が終わったため") for text in shown(sho))
    world.close()


async def test_who_has_only_mail_left_goes_on_talking(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    mail = add_account(world, misaki, "email", "misaki@example.org")
    close_account(world, misaki)
    await world.settle()
    assert consultation(world).state == ConsultationState.ACCEPTED
    await sho.write("届いていますか", message="s1", thread=sho.screen[0].id)
    await wait(world, hours=1)
    assert "届いていますか" in bodies(mail.screen)
    world.clock.move(timedelta(minutes=1))
    close_account(world, mail)
    await wait(world, hours=1)
    assert consultation(world).state == ConsultationState.CLOSED
    assert room(world).closed_at is not None
    world.close()


async def test_neither_learns_the_address_of_the_other(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    await say(misaki, "こんにちは", "m1")
    assert misaki.user not in bodies(sho.screen)
    assert sho.user not in bodies(misaki.screen)
    world.close()
