"""Delivery: who gets what, in which order, once."""

import asyncio
import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, event
from structlog.testing import capture_logs

from scheduler.pace import LaneLimits
from storage.models import Account, Content, Member, Room, Urgency
from storage.queries import outbox
from storage.queries.deliveries import Lease, claim
from storage.queries.outbox import Terms
from storage.uow import Store
from tests.scheduler.postroom import START, PostRoom, Wire, say, settled
from tests.support.rows import list_rows

DAY = timedelta(days=1)


async def test_a_message_goes_out_with_its_receipt(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    assert await room.worker.run_once() == 1
    await room.worker.finish()
    row = room.rows()["hello"]
    assert (row.state, row.conversation, row.message) == ("sent", "dm-misaki", "m1")
    assert (row.lease_token, row.attempts, row.settled_at) == ("", 1, START)
    assert await room.worker.run_once() == 0


async def test_one_persons_messages_keep_their_order(room: PostRoom) -> None:
    people = [room.member(f"u{number}") for number in range(5)]
    for turn in range(6):
        for member in people:
            room.post(member, f"{member.name}-{turn}")
    await room.worker.drain()
    for member in people:
        assert room.chat.read(member.name) == [f"{member.name}-{turn}" for turn in range(6)]


async def test_what_somebody_waits_for_goes_before_a_broadcast(room: PostRoom) -> None:
    for number in range(40):
        room.post(room.member(f"u{number}"), f"news{number}", urgency=Urgency.PUSH)
    room.clock.move(timedelta(minutes=1))
    room.post(room.member("asker"), "accepted", urgency=Urgency.ANSWER)
    narrow = room.make_worker(room.store, LaneLimits(rate=1000, ceiling=1000, at_once=3))
    await narrow.run_once()
    await narrow.finish()
    assert room.chat.sent[0][2] == "accepted"
    await narrow.drain()
    assert len(room.chat.sent) == 41


async def test_an_answer_goes_before_the_same_persons_news_and_the_change_of_a_card_after_the_card(
    room: PostRoom,
) -> None:
    misaki = room.member("misaki")
    room.post(misaki, "news", urgency=Urgency.PUSH)
    room.post(misaki, "card", urgency=Urgency.NUDGE)
    room.post(misaki, "changed", urgency=Urgency.ANSWER, replaces="card")
    room.post(misaki, "answer", urgency=Urgency.ANSWER)
    for _moment in range(5):
        await room.pass_time(seconds=30)
    assert room.chat.read("misaki") == ["answer", "news", "card"]
    assert list(room.chat.edits.values()) == ["changed"]


def test_a_claim_finds_what_is_urgent_past_a_broadcast_and_the_rest_in_its_order(sqlite_url: str) -> None:
    store, asked = Store(sqlite_url), list[tuple[str, Any]]()
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    with store.begin() as db:
        claim(db, ("slack", "T1"), Lease("token", START), START, 5)
        plans = [
            str(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            for statement, parameters in asked[:2]
        ]
    store.close()
    assert [name for plan in plans for name in _INDEX.findall(plan)][:2] == ["ix_delivery_urgent", "ix_delivery_due"]
    assert "TEMP B-TREE" not in plans[0]
    assert "TEMP B-TREE" not in plans[1]


_INDEX = re.compile(r"SEARCH delivery USING INDEX (\w+)")


async def test_one_persons_many_messages_hold_up_nobody(room: PostRoom) -> None:
    flood, other = room.member("flood"), room.member("other")
    gate = room.chat.gates["flood"] = asyncio.Event()
    for number in range(20):
        room.post(flood, f"f{number}")
    room.post(other, "for another")
    narrow = room.make_worker(room.store, LaneLimits(rate=1000, ceiling=1000, at_once=3))
    await narrow.run_once()
    await settled(room, "for another")
    gate.set()
    await narrow.drain()
    assert room.chat.read("flood") == [f"f{number}" for number in range(20)]


async def test_a_hanging_send_delays_nobody_else(room: PostRoom) -> None:
    stuck, free = room.member("stuck"), room.member("free")
    gate = room.chat.gates["stuck"] = asyncio.Event()
    room.post(stuck, "s1")
    room.post(free, "f1")
    await room.worker.run_once()
    room.post(stuck, "s2")
    room.post(free, "f2")
    await settled(room, "f1")
    await room.worker.run_once()
    await settled(room, "f2")
    assert room.states() == {"s1": "sending", "s2": "pending", "f1": "sent", "f2": "sent"}
    gate.set()
    await room.worker.drain()
    assert room.chat.read("stuck") == ["s1", "s2"]


async def test_a_lane_that_waits_for_its_pace_goes_on_without_a_whole_round(sqlite_url: str) -> None:
    room = PostRoom(sqlite_url, LaneLimits(rate=2, ceiling=2, burst=1, ahead=0))
    for number in range(3):
        room.post(room.member(f"u{number}"), f"m{number}")
    assert await room.worker.run_once() == 1
    assert await room.worker.run_held() == 0
    room.post(room.member("other", tenant="T2"), "elsewhere")
    asked: list[str] = []

    def note(*given: Any) -> None:
        if "FROM" in given[2]:
            asked.append(given[2])

    event.listen(Engine, "before_cursor_execute", note)  # the writer's engine is its own
    room.clock.move(timedelta(seconds=0.5))
    assert await room.worker.run_held() == 1
    await room.worker.finish()
    event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 1, "the claim's: nobody looked around"
    assert list(room.states().values()) == ["sent", "sent", "pending", "pending"]
    assert await room.worker.run_once() == 1
    await room.worker.finish()
    assert room.states()["elsewhere"] == "sent"
    room.close()


async def test_the_same_key_counts_once_and_leaves_nothing_behind(room: PostRoom) -> None:
    member = room.member("misaki")
    for _turn in range(3):
        room.post(member, "once")
    await room.worker.drain()
    assert room.chat.read("misaki") == ["once"]
    assert len(list_rows(room.store, Content)) == 1


async def test_who_has_no_account_is_listed_for_hr(room: PostRoom) -> None:
    with room.store.begin() as db:
        member = Member(name="nobody", language="en", created_at=START)
        db.session.add(member)
        db.session.flush()
        outbox.post(db, member, lambda: say("k"), Terms("k", START))
    await room.worker.drain()
    row = room.rows()["k"]
    assert (row.state, row.reason) == ("failed", "no_account")


async def test_what_is_not_due_yet_waits(room: PostRoom) -> None:
    room.post(room.member("misaki"), "tomorrow", at=START + DAY)
    await room.worker.drain()
    assert room.chat.sent == []
    await room.pass_time(days=1)
    assert room.chat.read("misaki") == ["tomorrow"]


async def test_what_would_come_too_late_is_not_sent(room: PostRoom) -> None:
    member = room.member("misaki")
    room.post(member, "just in time", not_after=START)
    room.post(member, "late", not_after=START + timedelta(seconds=10), at=START + timedelta(seconds=5))
    room.post(member, "any time")
    await room.worker.drain()
    assert room.chat.read("misaki") == ["just in time", "any time"]
    await room.pass_time(seconds=11)
    row = room.rows()["late"]
    assert (row.state, row.reason, row.attempts) == ("skipped", "too_late", 0)


async def test_what_is_outdated_is_cleared_away_even_where_nothing_is_sent(room: PostRoom) -> None:
    member = room.member("misaki", platform="mail")
    room.post(member, "by mail", not_after=START)
    await room.pass_time(days=1)
    assert room.states() == {"by mail": "skipped"}


@pytest.mark.parametrize(("hours", "arrives"), [(10.9, True), (11, False), (21.9, False), (22, True)])
async def test_a_nudge_keeps_to_quiet_hours(room: PostRoom, hours: float, arrives: bool) -> None:
    member = room.member("misaki")  # quiet from 21:00 to 8:00; it is 10:00
    room.clock.move(timedelta(hours=hours))
    room.post(member, "nudge", urgency=Urgency.NUDGE)
    room.post(member, "answer")
    await room.worker.drain()
    assert ("nudge" in room.chat.read("misaki")) is arrives
    assert "answer" in room.chat.read("misaki")


async def test_a_nudge_goes_out_when_the_quiet_hours_end(room: PostRoom) -> None:
    room.clock.move(timedelta(hours=12))
    room.post(room.member("misaki"), "nudge", urgency=Urgency.NUDGE)
    await room.worker.drain()
    row = room.rows()["nudge"]
    assert (row.state, row.available_at, row.attempts) == ("pending", START + timedelta(hours=22), 0)
    await room.pass_time(hours=10)
    assert room.chat.read("misaki") == ["nudge"]


async def test_a_zone_that_is_none_stops_nothing(room: PostRoom) -> None:
    room.post(room.member("lost", zone="Mars/Olympus"), "nudge", urgency=Urgency.NUDGE)
    room.post(room.member("misaki"), "hello")
    await room.worker.drain()
    assert room.states()["hello"] == "sent"
    await room.pass_time(hours=7)  # eight o'clock in UTC
    assert room.states()["nudge"] == "sent"


async def test_a_body_that_nobody_can_read_any_more_fails_alone(room: PostRoom) -> None:
    room.post(room.member("a"), "broken")
    with room.store.begin() as db:
        content = db.session.get_one(Content, 1)
        content.body = '{"summary":"s","blocks":[{"kind":"hologram"}]}'
    room.post(room.member("b"), "fine")
    await room.worker.drain()
    assert room.states() == {"broken": "failed", "fine": "sent"}
    assert room.rows()["broken"].reason == "unreadable"


async def test_what_a_platform_tells_is_kept(room: PostRoom) -> None:
    room.post(room.member("misaki"), "hello")
    await room.worker.drain()
    (account,) = list_rows(room.store, Account)
    assert account.address == "address-of-misaki"


async def test_a_room_is_opened_once_and_kept(sqlite_url: str) -> None:
    room = PostRoom(sqlite_url)
    accounts = [room.account(None, user) for user in ("a", "b")]
    with room.store.begin() as db:
        group = outbox.add_room(db, "r1", accounts, START)
    for number in range(3):
        room.post_to_room(group, f"g{number}")
    await room.worker.drain()
    assert room.chat.read("a,b") == ["g0", "g1", "g2"]
    assert room.chat.opened == 1
    assert list_rows(room.store, Room)[0].conversation == "group-1"
    room.close()


async def test_results_are_written_in_groups(room: PostRoom) -> None:
    for number in range(200):
        room.post(room.member(f"u{number}"), f"m{number}")
    with capture_logs() as logs:
        await room.worker.drain()
    assert set(room.states().values()) == {"sent"}
    groups = [len(line["sent"]) for line in logs if line["event"] == "delivery.settled"]
    assert sum(groups) == 200
    assert len(groups) < 20


async def test_two_workers_never_take_the_same_row(room: PostRoom) -> None:
    for number in range(60):
        room.post(room.member(f"u{number}"), f"m{number}")
    stores = [Store(room.url) for _replica in range(2)]
    workers = [room.make_worker(store, LaneLimits(rate=1000, ceiling=1000, at_once=7)) for store in stores]
    while set(room.states().values()) != {"sent"}:
        await asyncio.gather(*(worker.run_once() for worker in workers))
        await asyncio.gather(*(worker.finish() for worker in workers))
    assert sorted(key for _user, key, _text in room.chat.sent) == sorted(f"m{number}" for number in range(60))
    for store in stores:
        store.close()


async def test_two_workers_keep_one_persons_order(room: PostRoom) -> None:
    people = [room.member(f"u{number}") for number in range(4)]
    for turn in range(8):
        for member in people:
            room.post(member, f"{member.name}-{turn}")
    stores = [Store(room.url) for _replica in range(2)]
    workers = [room.make_worker(store) for store in stores]
    await asyncio.gather(*(worker.drain() for worker in workers))
    await asyncio.gather(*(worker.drain() for worker in workers))
    for member in people:
        assert room.chat.read(member.name) == [f"{member.name}-{turn}" for turn in range(8)]
    for store in stores:
        store.close()


async def test_a_person_whose_message_is_under_way_elsewhere_waits(room: PostRoom) -> None:
    member = room.member("misaki")
    gate = room.chat.gates["misaki"] = asyncio.Event()
    room.post(member, "first")
    await room.worker.run_once()
    room.post(member, "second")
    other = Store(room.url)
    replica = room.make_worker(other)
    assert await replica.run_once() == 0
    gate.set()
    await room.worker.finish()
    await replica.drain()
    assert room.chat.read("misaki") == ["first", "second"]
    other.close()


async def test_an_idle_worker_does_nothing_and_waits_for_nothing(room: PostRoom) -> None:
    assert await room.worker.run_once() == 0
    await room.worker.drain()
    assert room.worker.next_free() is None
    assert room.worker.seconds_until_free() is None


async def test_a_platform_that_is_not_connected_keeps_its_messages(room: PostRoom) -> None:
    room.post(room.member("misaki", platform="teams"), "for Teams")
    room.post(room.member("sho"), "for chat")
    await room.worker.drain()
    assert room.states() == {"for Teams": "pending", "for chat": "sent"}
    room.wires["teams"] = Wire("teams")
    await room.worker.drain()
    assert room.states()["for Teams"] == "sent"


async def test_sends_keep_the_pace(sqlite_url: str) -> None:
    room = PostRoom(sqlite_url, LaneLimits(rate=5, ceiling=5, at_once=20))
    for number in range(12):
        room.post(room.member(f"u{number}"), f"m{number}")
    counts = [0]
    for _second in range(3):
        await room.worker.drain()
        counts.append(len(room.chat.sent))
        room.clock.move(timedelta(seconds=1))
    assert [after - before for before, after in pairwise(counts)] == [5, 5, 2]
    assert room.worker.next_free() is None
    room.close()


async def test_a_lane_that_waits_for_its_pace_says_until_when(sqlite_url: str) -> None:
    room = PostRoom(sqlite_url, LaneLimits(rate=2, ceiling=2, at_once=20))
    for number in range(5):
        room.post(room.member(f"u{number}"), f"m{number}")
    await room.worker.drain()
    assert len(room.chat.sent) == 2
    at = room.worker.next_free()
    assert at is not None
    assert timedelta(seconds=0.5) <= at - START <= timedelta(seconds=0.501)
    assert room.worker.seconds_until_free() == (at - START).total_seconds()
    await room.pass_time(seconds=0.501)
    assert len(room.chat.sent) == 3
    room.close()


async def test_no_more_are_under_way_than_allowed(sqlite_url: str) -> None:
    room = PostRoom(sqlite_url, LaneLimits(rate=1000, ceiling=1000, at_once=4))
    people = [room.member(f"u{number}") for number in range(10)]
    room.chat.gates = {member.name: asyncio.Event() for member in people}
    for member in people:
        room.post(member, member.name)
    await room.worker.run_once()
    await asyncio.sleep(0.05)
    assert len(room.chat.attempts) == 4
    for gate in room.chat.gates.values():
        gate.set()
    await room.worker.drain()
    assert len(room.chat.sent) == 10
    room.close()
