"""Messages of one thread: which message begins it, and in which order they go out."""

from datetime import timedelta

from bot.ports import Receipt, Thread
from storage.models import Urgency
from tests.scheduler.postroom import BUG, GONE, RETRY, START, PostRoom, Wire


def threads(room: PostRoom) -> dict[str, Thread | None]:
    """The thread of every parcel that was handed to the platform."""
    return {parcel.key: parcel.thread for parcel in room.chat.attempts}


async def test_what_follows_knows_the_message_that_begins_the_thread(room: PostRoom) -> None:
    member = room.member("misaki")
    room.post(member, "opening", thread="opening")
    room.post(member, "first", thread="opening")
    room.post(member, "elsewhere")
    await room.worker.drain()
    assert threads(room) == {
        "opening": Thread("opening"),
        "first": Thread("opening", Receipt("dm-misaki", "m1")),
        "elsewhere": None,
    }


async def test_in_another_account_the_thread_begins_nowhere(room: PostRoom) -> None:
    room.wires["teams"] = teams = Wire("teams")
    member = room.member("misaki")
    room.post(member, "opening", thread="opening")
    await room.worker.drain()
    room.account(member, "misaki", "teams")
    room.post(member, "first", thread="opening")
    await room.worker.drain()
    assert [parcel.thread for parcel in teams.attempts] == [Thread("opening")]


async def test_a_thread_whose_first_message_failed_goes_on_without_it(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [BUG]
    room.post(member, "opening", thread="opening")
    room.post(member, "first", thread="opening")
    await room.worker.drain()
    assert room.states() == {"opening": "failed", "first": "sent"}
    assert threads(room)["first"] == Thread("opening")


async def test_a_later_message_waits_however_often_the_earlier_one_fails(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [RETRY] * 5
    room.post(member, "one", thread="opening")
    await room.worker.drain()
    room.post(member, "two", thread="opening")
    for _turn in range(60):
        await room.pass_time(minutes=2)
    assert room.chat.read("misaki") == ["one", "two"]
    assert room.rows()["one"].attempts == 6


async def test_outside_a_thread_a_message_that_fails_often_is_overtaken(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [RETRY] * 5
    room.post(member, "one")
    await room.worker.drain()
    for _turn in range(5):
        await room.pass_time(minutes=2)
    room.post(member, "two")
    for _turn in range(60):
        await room.pass_time(minutes=2)
    assert room.chat.read("misaki") == ["two", "one"]


async def test_an_answer_does_not_overtake_what_waits_for_the_morning(room: PostRoom) -> None:
    member = room.member("misaki")
    room.clock.at = START + timedelta(hours=13)  # 23:00 in Tokyo
    room.post(member, "nudge", thread="opening", urgency=Urgency.NUDGE)
    await room.worker.drain()
    room.post(member, "answer", thread="opening")
    room.post(member, "of another thread", thread="other")
    await room.worker.drain()
    assert room.chat.read("misaki") == ["of another thread"]
    await room.pass_time(hours=9)
    assert room.chat.read("misaki") == ["of another thread", "nudge", "answer"]


async def test_the_order_survives_the_move_to_another_account(room: PostRoom) -> None:
    room.wires["mail"] = mail = Wire("mail")
    member = room.member("misaki", "mail")
    room.account(member, "misaki")
    room.chat.failures["misaki"] = [GONE]
    for number in range(3):
        room.post(member, f"message {number}", thread="message 0")
        room.clock.move(timedelta(seconds=1))
    await room.worker.drain()
    room.post(member, "message 3", thread="message 0")
    await room.pass_time(seconds=30)
    assert [text for _user, _key, text in mail.sent] == [f"message {number}" for number in range(4)]
    thread = mail.attempts[3].thread
    assert thread is not None
    assert thread.receipt is not None
    assert thread.receipt.message == "m1"


async def test_threads_of_different_people_do_not_wait_for_each_other(room: PostRoom) -> None:
    stuck, free = room.member("stuck"), room.member("free")
    room.chat.failures["stuck"] = [RETRY] * 3
    for member in (stuck, free):
        for number in range(2):
            room.post(member, f"{member.name} {number}", thread=f"{member.name} 0")
    await room.worker.drain()
    assert room.chat.read("free") == ["free 0", "free 1"]
    assert room.chat.read("stuck") == []
