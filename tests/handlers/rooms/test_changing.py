"""What a writer edits or deletes is edited or deleted where it was passed on."""

from datetime import timedelta

from storage.models import DeliveryState
from tests.handlers.rooms.people import (
    block,
    bodies,
    deliveries,
    make_room,
    messages,
    read,
    say,
    shown,
)


async def test_an_edit_changes_the_copy_and_says_so(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    await say(sho, "明日", "s1")
    await sho.edit("s1", "明後日")
    await sho.edit("s1", "来週")
    assert len(misaki.inbox) == 2
    assert "来週" in read(misaki.inbox[-1])
    assert "編集済み" in read(misaki.inbox[-1])
    assert "明日" not in bodies(misaki.screen)
    assert len(sho.inbox) == 1
    world.close()


async def test_the_same_text_again_is_no_edit(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "明日", "s1")
    before = len(world.platforms["teams"].sent)
    await sho.edit("s1", "明日")
    assert len(world.platforms["teams"].sent) == before
    assert "編集済み" not in read(misaki.inbox[-1])
    world.close()


async def test_a_deletion_leaves_only_that_there_was_something(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    await say(sho, "言わなければよかった", "s1")
    await sho.delete("s1")
    await sho.delete("s1")
    assert shown(misaki)[1:] == ["高橋 翔さん：（書いた方が削除しました）"]
    assert "言わなければ" not in bodies(misaki.screen)
    assert messages(world)[0].text == ""
    world.close()


async def test_what_was_deleted_can_come_back(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "やはり", "s1")
    await sho.delete("s1")
    await sho.edit("s1", "やはり")
    assert shown(misaki)[1:] == ["高橋 翔さん：やはり"]
    world.close()


async def test_what_nobody_relayed_is_passed_over(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "一", "s1")
    for message in ("", "s99"):
        await sho.edit(message, "二")
        await sho.delete(message)
    await misaki.edit("s1", "他人の")
    await misaki.delete("s1")
    assert (shown(misaki)[1:], len(sho.inbox)) == (["高橋 翔さん：一"], 1)
    world.close()


async def test_before_it_has_gone_out_nobody_sees_the_first_wording(database_url: str) -> None:
    world, sho, misaki = await make_room(database_url)
    world.clock.move(timedelta(hours=13))  # 23:00 in Tokyo
    for message in ("s1", "s2"):
        await say(sho, "乱暴な言葉", message)
    await sho.edit("s1", "ていねいな言葉")
    await sho.delete("s2")
    await world.pass_time(hours=12)
    assert shown(misaki)[1:] == ["高橋 翔さん：ていねいな言葉"]
    assert "編集済み" not in read(misaki.inbox[-1]), "nobody read anything else"
    assert deliveries(world)["room:1:m2:2"].state == DeliveryState.SKIPPED
    world.close()


async def test_what_was_deleted_before_it_went_out_can_come_back_too(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    world.clock.move(timedelta(hours=13))
    await say(sho, "やはり", "s1")
    await sho.delete("s1")
    await sho.edit("s1", "やはり")
    await world.pass_time(hours=12)
    assert shown(misaki)[1:] == ["高橋 翔さん：やはり"]
    world.close()


async def test_an_edit_that_cannot_be_passed_on_is_refused(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "短い", "s1")
    await sho.edit("s1", "長" * 10_001)
    assert shown(sho)[-1].startswith("長いため")
    assert shown(misaki)[-1] == "高橋 翔さん：短い"
    world.close()


async def test_in_a_closed_room_nothing_is_edited_but_a_deletion_is_followed(sqlite_url: str) -> None:
    world, sho, misaki = await make_room(sqlite_url)
    await say(sho, "一", "s1")
    await say(sho, "二", "s2")
    block(world, misaki, sho)
    await world.settle()
    await sho.edit("s1", "いやがらせ")
    await sho.delete("s2")
    assert "いやがらせ" not in bodies(misaki.screen)
    assert "終わっているため" in shown(sho)[-1]
    assert shown(misaki)[1:3] == ["高橋 翔さん：一", "（書いた方が削除しました）"]
    world.close()
