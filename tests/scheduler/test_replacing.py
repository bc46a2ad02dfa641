"""Messages that take the place of earlier ones."""

from datetime import timedelta

from storage.queries import outbox
from tests.scheduler.postroom import BUG, GONE, RETRY, START, PostRoom, Wire


async def test_the_earlier_message_is_changed(room: PostRoom) -> None:
    member = room.member("misaki")
    room.post(member, "card")
    await room.worker.drain()
    room.post(member, "done", replaces="card")
    await room.worker.drain()
    assert room.chat.read("misaki") == ["card"]
    assert room.chat.edits == {"m1": "done"}
    assert room.rows()["done"].message == "m1"


async def test_a_change_of_a_change_reaches_the_same_message(room: PostRoom) -> None:
    member = room.member("misaki")
    for text, earlier in (("card", ""), ("asked", "card"), ("done", "asked")):
        room.post(member, text, replaces=earlier)
    await room.worker.drain()
    await room.pass_time(seconds=30)
    assert room.chat.edits == {"m1": "done"}


async def test_a_change_waits_until_its_message_is_out(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [RETRY]
    room.post(member, "card")
    await room.worker.drain()
    room.post(member, "done", replaces="card")
    await room.pass_time(seconds=1)
    assert room.states() == {"card": "pending", "done": "pending"}
    await room.pass_time(seconds=30)
    await room.pass_time(seconds=30)
    assert room.chat.read("misaki") == ["card"]
    assert room.chat.edits == {"m1": "done"}


async def test_a_change_does_not_overtake_a_message_that_is_still_to_come(room: PostRoom) -> None:
    member = room.member("misaki")
    room.post(member, "card", at=START + timedelta(hours=1))
    room.post(member, "done", replaces="card")
    await room.worker.drain()
    assert room.chat.sent == []
    await room.pass_time(hours=1)
    await room.pass_time(seconds=10)
    assert room.chat.read("misaki") == ["card"]
    assert room.chat.edits == {"m1": "done"}


async def test_there_is_nothing_to_change_where_nothing_arrived(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [BUG]
    room.post(member, "card")
    await room.worker.drain()
    room.post(member, "done", replaces="card")
    room.post(member, "lost", replaces="never posted")
    await room.worker.drain()
    rows = room.rows()
    assert [(rows[key].state, rows[key].reason) for key in ("done", "lost")] == [("skipped", "nothing_to_replace")] * 2
    assert room.chat.sent == []


async def test_a_change_goes_where_the_message_went_not_where_the_person_was_seen_last(room: PostRoom) -> None:
    room.wires["teams"] = Wire("teams")
    member = room.member("misaki")
    room.post(member, "card")
    await room.worker.drain()
    room.account(member, "misaki", "teams")
    room.post(member, "done", replaces="card")
    room.post(member, "news")
    await room.worker.drain()
    assert room.chat.edits == {"m1": "done"}
    assert room.wires["teams"].read("misaki") == ["news"]
    assert room.wires["teams"].edits == {}


async def test_a_change_follows_a_message_that_went_to_the_next_account(room: PostRoom) -> None:
    room.wires["teams"] = Wire("teams")
    member = room.member("misaki", platform="teams")
    room.account(member, "misaki")
    room.chat.failures["misaki"] = [GONE]
    room.post(member, "card")
    await room.worker.drain()
    room.post(member, "done", replaces="card")
    await room.worker.drain()
    assert room.wires["teams"].read("misaki") == ["card"]
    assert room.wires["teams"].edits == {"m1": "done"}


async def test_a_message_taken_back_is_not_sent(room: PostRoom) -> None:
    member = room.member("misaki")
    room.post(member, "card")
    with room.store.begin() as db:
        outbox.cancel(db, "card", "called_off")
    await room.worker.drain()
    assert room.chat.sent == []
    assert (room.rows()["card"].state, room.rows()["card"].reason) == ("skipped", "called_off")


async def test_what_is_out_can_not_be_taken_back(room: PostRoom) -> None:
    member = room.member("misaki")
    room.post(member, "card")
    await room.worker.drain()
    with room.store.begin() as db:
        outbox.cancel(db, "card", "called_off")
    assert room.states() == {"card": "sent"}


async def test_a_message_on_its_second_way_can_be_taken_back(room: PostRoom) -> None:
    room.wires["teams"] = Wire("teams")
    member = room.member("misaki", platform="teams")
    room.account(member, "misaki")
    room.wires["teams"].failures["misaki"] = [RETRY]
    room.chat.failures["misaki"] = [GONE]
    room.post(member, "card")
    await room.worker.drain()
    with room.store.begin() as db:
        outbox.cancel(db, "card", "called_off")
    await room.pass_time(days=1)
    assert room.wires["teams"].sent == []
