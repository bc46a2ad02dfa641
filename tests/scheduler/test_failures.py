"""What comes of failed sends: who waits, who is tried again, who is given up, and who is not concerned."""

import asyncio
from datetime import timedelta

from bot.ports import Person
from scheduler.retry import MOST_ATTEMPTS, wait_before
from storage.models import Account, Reminder
from storage.uow import Store
from tests.scheduler.postroom import BUG, GONE, RETRY, START, PostRoom, Wire, throttled
from tests.support.rows import list_rows

SECOND = timedelta(seconds=1)


async def test_passing_trouble_is_tried_again_later_and_later(room: PostRoom) -> None:
    room.chat.failures["misaki"] = [RETRY] * 3
    room.post(room.member("misaki"), "hello")
    await room.worker.drain()
    row = room.rows()["hello"]
    assert (row.state, row.reason, row.attempts) == ("pending", "trouble", 1)
    assert row.available_at == START + wait_before(2)
    for attempt in (3, 4):
        await room.pass_time(seconds=wait_before(attempt - 1).total_seconds())
        assert room.rows()["hello"].available_at == room.clock.now() + wait_before(attempt)
    await room.pass_time(hours=1)
    row = room.rows()["hello"]
    assert (row.state, row.reason, row.attempts) == ("sent", "", 4)


async def test_lasting_trouble_is_given_up_with_its_reason(room: PostRoom) -> None:
    room.chat.failures["misaki"] = [RETRY] * 20
    room.post(room.member("misaki"), "hello")
    for _turn in range(12):
        await room.pass_time(hours=7)
    row = room.rows()["hello"]
    assert (row.state, row.reason, row.attempts) == ("failed", "trouble", MOST_ATTEMPTS)
    assert len(room.chat.attempts) == MOST_ATTEMPTS


async def test_what_the_platform_refuses_is_not_tried_again(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [BUG]
    room.post(member, "odd")
    room.post(member, "plain")
    await room.pass_time(days=1)
    assert room.states() == {"odd": "failed", "plain": "sent"}
    assert room.rows()["odd"].reason == "refused"


async def test_the_next_messages_wait_for_one_that_is_tried_again(room: PostRoom) -> None:
    member, other = room.member("misaki"), room.member("sho")
    room.chat.failures["misaki"] = [RETRY, RETRY]
    for number in range(3):
        room.post(member, f"m{number}")
    room.post(other, "o")
    await room.worker.drain()
    assert room.chat.sent == [("sho", "o", "o")]
    room.post(member, "m3")
    await room.worker.drain()
    assert room.chat.read("misaki") == []
    await room.pass_time(minutes=2)
    await room.pass_time(minutes=2)
    assert room.chat.read("misaki") == ["m0", "m1", "m2", "m3"]


async def test_what_fails_again_and_again_is_overtaken(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [RETRY] * 4
    room.post(member, "poor")
    room.post(member, "next")
    for _turn in range(4):
        await room.pass_time(minutes=5)
    assert room.states() == {"poor": "pending", "next": "sent"}


async def test_a_throttled_tenant_waits_and_no_other_does(room: PostRoom) -> None:
    here = [room.member(f"here{number}") for number in range(3)]
    there = room.member("there", tenant="T2")
    room.chat.failures["here0"] = [throttled(30)]
    for member in (*here, there):
        room.post(member, member.name)
    await room.worker.drain()
    room.post(here[1], "later")
    room.post(there, "at once")
    await room.worker.drain()
    assert room.states()["there"] == room.states()["at once"] == "sent"
    assert room.states()["later"] == "pending"
    row = room.rows()["here0"]
    assert (row.state, row.attempts, row.available_at) == ("pending", 0, START + 30 * SECOND)
    await room.pass_time(seconds=29)
    assert room.states()["later"] == "pending"
    await room.pass_time(seconds=1)
    await room.pass_time(seconds=1)
    assert set(room.states().values()) == {"sent"}


async def test_a_throttled_conversation_delays_nobody_else(room: PostRoom) -> None:
    busy, free = room.member("busy"), room.member("free")
    room.chat.failures["busy"] = [throttled(5, channel_only=True)]
    room.post(busy, "b1")
    room.post(busy, "b2")
    await room.worker.drain()
    room.post(free, "f1")
    await room.worker.drain()
    assert room.chat.sent == [("free", "f1", "f1")]
    await room.pass_time(seconds=5)
    assert room.chat.read("busy") == ["b1", "b2"]


async def test_being_throttled_counts_as_no_attempt(room: PostRoom) -> None:
    room.chat.failures["misaki"] = [throttled(1)] * 30
    room.post(room.member("misaki"), "patient")
    for _turn in range(31):
        await room.pass_time(seconds=2)
    assert room.states() == {"patient": "sent"}


async def test_an_address_that_is_gone_is_left_and_the_next_one_taken(room: PostRoom) -> None:
    room.wires["teams"] = Wire("teams")
    member = room.member("misaki", platform="teams")
    room.account(member, "misaki")  # seen last: written to first
    room.chat.failures["misaki"] = [GONE]
    for number in range(3):
        room.post(member, f"m{number}")
    await room.worker.drain()
    assert room.chat.sent == []
    assert room.wires["teams"].read("misaki") == ["m0", "m1", "m2"]
    assert room.states() == {
        "m0": "sent",
        "m1": "sent",
        "m2": "sent",
        "m0~1": "failed",
        "m1~2": "skipped",
        "m2~3": "skipped",
    }
    teams, chat = list_rows(room.store, Account)
    assert (teams.reachable, chat.reachable, chat.unreachable_reason) == (True, False, "gone")


async def test_features_hear_once_of_an_address_that_is_gone(room: PostRoom) -> None:
    member = room.member("misaki")
    room.account(member, "second")
    room.chat.failures["second"] = [GONE]
    room.post(member, "m0")
    room.post(member, "m1")
    await room.worker.drain()
    reminders = [(reminder.kind, reminder.subject_id) for reminder in list_rows(room.store, Reminder)]
    assert reminders == [("member.changed", member.id)]


async def test_mail_is_the_last_resort(room: PostRoom) -> None:
    room.wires["email"] = mail = Wire("email")
    member = room.member("a@example.com", platform="email")
    room.account(member, "chat-1")
    room.account(member, "chat-2")
    room.chat.failures = {"chat-2": [GONE], "chat-1": [GONE]}
    room.post(member, "hello")
    await room.worker.drain()
    tried = [parcel.target.user for parcel in room.chat.attempts if isinstance(parcel.target, Person)]
    assert tried == ["chat-2", "chat-1"]
    assert mail.read("a@example.com") == ["hello"]


async def test_nobody_is_left_to_write_to(room: PostRoom) -> None:
    member = room.member("misaki")
    room.chat.failures["misaki"] = [GONE]
    room.post(member, "m0")
    room.post(member, "m1")
    await room.worker.drain()
    assert room.states() == {"m0": "failed", "m1": "skipped"}
    assert room.rows()["m1"].reason == "unreachable"


async def test_an_invitation_never_goes_to_somebody_else(room: PostRoom) -> None:
    """Mail accounts of leavers who have not joined belong to no member: they are not each other's next address."""
    room.wires["email"] = mail = Wire("email")
    first = room.account(None, "first@example.com", "email", "")
    room.account(None, "second@example.com", "email", "")
    mail.failures["first@example.com"] = [GONE]
    room.post_to_account(first, "code of the first")
    room.post_to_account(first, "another one")
    await room.pass_time(days=1)
    assert mail.sent == []
    assert room.states() == {"code of the first": "failed", "another one": "skipped"}


async def test_what_surprises_the_worker_is_bounded_and_stops_nobody(room: PostRoom) -> None:
    room.chat.failures["odd"] = [ZeroDivisionError("somewhere in an adapter")] * 3
    room.post(room.member("odd"), "odd")
    room.post(room.member("misaki"), "plain")
    await room.worker.drain()
    assert room.states() == {"odd": "sending", "plain": "sent"}
    await room.pass_time(minutes=1)
    row = room.rows()["odd"]
    assert (row.state, row.reason) == ("failed", "broken: ZeroDivisionError")
    assert room.chat.asked == ["odd"]


async def test_results_survive_a_database_that_refuses_for_a_moment(postgres_url: str) -> None:
    room = PostRoom(postgres_url)
    room.post(room.member("misaki"), "hello")
    gate = room.chat.gates["misaki"] = asyncio.Event()
    await room.worker.run_once()
    blocker = Store(postgres_url)
    with blocker.engine.connect() as connection:
        connection.exec_driver_sql("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE")
        gate.set()
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not connection.exec_driver_sql(waiting).scalar():  # noqa: ASYNC110 - until the settling one waits for it
            await asyncio.sleep(0.01)
        ended = connection.exec_driver_sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        )
        assert ended.scalar() == 1
    await room.worker.finish()
    assert room.states() == {"hello": "sent"}
    blocker.close()
    room.close()
