"""After a crash: what was begun and not settled is asked for, never sent again blindly."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from scheduler.retry import MOST_ATTEMPTS
from storage.models import Content, DeliveryState
from storage.queries import deliveries
from storage.queries.deliveries import Lease, Row, claim, list_troubled
from storage.queries.outcomes import Outcome, settle
from storage.uow import Store
from tests.scheduler.postroom import BUG, GONE, LOST, RETRY, START, PostRoom, settled

TIMEOUT = 30.0
DEADLINE = START + timedelta(seconds=TIMEOUT + 5)


def crash_before_sending(room: PostRoom) -> None:
    """A worker claimed what is due, and died."""
    with room.store.begin() as db:
        rows = claim(db, ("chat", "T1"), Lease("dead", DEADLINE), room.clock.now(), 100)
    assert rows


def crash_after_sending(room: PostRoom, user: str, key: str) -> None:
    """A worker claimed what is due, sent one message, and died before writing that down."""
    crash_before_sending(room)
    room.chat.sent.append((user, key, key))


async def test_what_was_sent_is_settled_and_not_sent_again(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    crash_after_sending(room, "misaki", "hello")
    await room.pass_time(seconds=TIMEOUT + 6)
    row = room.rows()["hello"]
    assert (row.state, row.conversation, row.message) == ("sent", "dm-misaki", "m1")
    assert room.chat.read("misaki") == ["hello"]


async def test_what_was_not_sent_is_sent_once(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    crash_before_sending(room)
    await room.pass_time(seconds=TIMEOUT + 6)
    assert room.chat.read("misaki") == ["hello"]
    assert room.chat.asked == ["hello"]


async def test_nobody_is_asked_before_the_deadline(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    crash_before_sending(room)
    await room.pass_time(seconds=TIMEOUT + 5)
    assert room.chat.asked == []
    assert room.states() == {"hello": "sending"}


async def test_the_persons_next_message_waits_until_it_is_clear(room: PostRoom) -> None:
    member, other = room.member("misaki"), room.member("sho")
    room.post(member, "first")
    crash_before_sending(room)
    room.post(member, "second")
    room.post(other, "for sho")
    await room.worker.drain()
    assert room.chat.sent == [("sho", "for sho", "for sho")]
    await room.pass_time(minutes=1)
    assert room.chat.read("misaki") == ["first", "second"]


async def test_where_nobody_can_be_asked_it_stays_uncertain(room: PostRoom) -> None:
    room.chat.can_be_asked = False
    member = room.member("misaki")
    room.post(member, "hello")
    crash_before_sending(room)
    room.post(member, "next")
    await room.pass_time(days=1)
    await room.pass_time(days=1)
    assert room.states() == {"hello": "uncertain", "next": "sent"}
    assert room.chat.read("misaki") == ["next"]
    with room.store.begin() as db:
        (troubled,) = list_troubled(db)
    assert (troubled["key"], troubled["state"], troubled["name"]) == ("hello", "uncertain", "misaki")


async def test_when_asking_fails_it_is_asked_again_later(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    crash_after_sending(room, "misaki", "hello")
    room.chat.trouble_asking = [RETRY, RETRY]
    await room.pass_time(minutes=1)
    assert room.states() == {"hello": "sending"}
    for _turn in range(2):
        await room.pass_time(minutes=1)
    assert room.states() == {"hello": "sent"}
    assert room.chat.asked == ["hello"] * 3
    assert room.chat.read("misaki") == ["hello"]


@pytest.mark.parametrize("trouble", [GONE, BUG, ZeroDivisionError("in an adapter")])
async def test_what_can_never_be_answered_is_uncertain(room: PostRoom, trouble: Exception) -> None:
    room.post(room.member("misaki"), "hello")
    crash_before_sending(room)
    room.chat.trouble_asking = [trouble]
    await room.pass_time(minutes=1)
    row = room.rows()["hello"]
    assert row.state == "uncertain"
    assert row.reason.startswith("cannot_ask: ")


async def test_a_lost_answer_is_asked_for_after_the_deadline(room: PostRoom) -> None:
    room.chat.after["misaki"] = [LOST]
    room.post(room.member("misaki"), "hello")
    await room.worker.drain()
    row = room.rows()["hello"]
    assert (row.state, row.reason) == ("sending", "no answer")
    await room.pass_time(minutes=1)
    assert room.states() == {"hello": "sent"}
    assert room.chat.read("misaki") == ["hello"]


async def test_what_is_lost_every_time_is_given_up(room: PostRoom) -> None:
    room.chat.failures["misaki"] = [LOST] * 50
    room.post(room.member("misaki"), "hello")
    for _turn in range(20):
        await room.pass_time(minutes=1)
    row = room.rows()["hello"]
    assert (row.state, row.attempts, row.reason) == ("failed", MOST_ATTEMPTS, "no answer")


async def test_a_sender_that_does_not_keep_its_time_is_broken_off(room: PostRoom) -> None:
    room.chat.timeout = 0.05
    room.chat.gates["misaki"] = asyncio.Event()
    room.post(room.member("misaki"), "hello")
    await room.worker.run_once()
    await room.worker.finish()
    row = room.rows()["hello"]
    assert (row.state, row.reason) == ("sending", "no answer in time")


async def test_questions_delay_nobody(room: PostRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.post(room.member("misaki"), "hello")
    crash_before_sending(room)
    room.clock.move(timedelta(minutes=1))
    asked, answer = asyncio.Event(), asyncio.Event()

    async def think(parcel: object) -> None:
        asked.set()
        await answer.wait()

    monkeypatch.setattr(room.chat, "find_sent", think)
    room.post(room.member("sho"), "for sho")
    await room.worker.run_once()
    await asked.wait()
    await settled(room, "for sho")
    assert room.states() == {"hello": "sending", "for sho": "sent"}
    answer.set()
    await room.worker.drain()
    assert room.states()["hello"] == "sent"


async def test_a_worker_thought_dead_changes_nothing_any_more(room: PostRoom) -> None:
    """The first worker hangs past its deadline; the second finds the message arrived; then the first wakes up."""
    member = room.member("misaki")
    room.post(member, "hello")
    gate = room.chat.gates["misaki"] = asyncio.Event()
    room.chat.failures["misaki"] = [GONE]
    await room.worker.run_once()
    room.chat.sent.append(("misaki", "hello", "hello"))
    room.clock.move(timedelta(minutes=1))
    store = Store(room.url)
    await room.make_worker(store).drain()
    assert room.states() == {"hello": "sent"}
    gate.set()
    await room.worker.finish()
    row = room.rows()["hello"]
    assert (row.state, row.message) == ("sent", "m1")
    assert set(room.rows()) == {"hello"}, "nothing was handed to another account"
    store.close()


def test_a_settlement_without_the_lease_is_ignored(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    crash_before_sending(room)
    with room.store.begin() as db:
        outcome = Outcome(1, "another", DeliveryState.FAILED, START, "zombie")
        assert settle(db, [outcome], START) == 0
    assert room.states() == {"hello": "sending"}


async def test_two_replicas_recover_a_row_once(postgres_url: str) -> None:
    room = PostRoom(postgres_url)
    for number in range(20):
        room.post(room.member(f"u{number}"), f"m{number}")
    crash_before_sending(room)
    room.clock.move(timedelta(minutes=1))
    stores = [Store(room.url) for _replica in range(3)]
    await asyncio.gather(*(room.make_worker(store).drain() for store in stores))
    await room.worker.drain()
    assert sorted(key for _user, key, _text in room.chat.sent) == sorted(f"m{number}" for number in range(20))
    assert sorted(room.chat.asked) == sorted(f"m{number}" for number in range(20))
    for store in stores:
        store.close()
    room.close()


async def test_a_send_that_could_outlive_its_deadline_is_not_begun(
    room: PostRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.post(room.member("misaki"), "hello")

    def claim_slowly(*arguments: Any) -> list[Row]:
        rows = claim(*arguments)
        room.clock.move(timedelta(seconds=6))
        return rows

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "claim", claim_slowly)
        await room.worker.run_once()
    await room.worker.finish()
    row = room.rows()["hello"]
    assert (row.state, row.attempts, room.chat.attempts) == ("pending", 0, [])
    await room.worker.drain()
    assert room.chat.read("misaki") == ["hello"]
    assert room.chat.asked == []


async def test_a_change_of_a_message_is_made_again_without_asking(room: PostRoom) -> None:
    room.chat.can_be_asked = False
    member = room.member("misaki")
    room.post(member, "card")
    await room.worker.drain()
    room.post(member, "new card", replaces="card")
    crash_before_sending(room)
    await room.pass_time(minutes=1)
    assert room.states() == {"card": "sent", "new card": "sent"}
    assert room.chat.edits == {"m1": "new card"}
    assert room.chat.asked == []


async def test_what_nobody_can_read_any_more_is_still_asked_for(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    crash_after_sending(room, "misaki", "hello")
    with room.store.begin() as db:
        db.session.get_one(Content, 1).body = "{}"
    await room.pass_time(minutes=1)
    assert room.states() == {"hello": "sent"}
