"""What a lane has learned: kept in the database, and used by the next process."""

from datetime import timedelta

import pytest

from scheduler.pace import LaneLimits
from storage.models import LanePace
from storage.queries.lanes import LIMIT_LASTS, RATE_LASTS, find_pace, keep_pace, list_recent
from tests.scheduler.postroom import START, PostRoom, throttled
from tests.support.rows import list_rows

LIMITS = LaneLimits(rate=10, ceiling=100, burst=1)
LANE = ("chat", "T1")


async def fill(room: PostRoom, count: int) -> None:
    for number in range(count):
        room.post(room.member(f"u{number}"), f"m{number}")


async def test_the_next_process_goes_on_at_the_learned_rate(room: PostRoom) -> None:
    with room.store.begin() as db:
        keep_pace(db, LANE, 48.0, 50.0, START)
    await fill(room, 10)
    worker = room.make_worker(room.store, LIMITS)
    await worker.run_once()
    at = worker.next_free()
    assert at is not None
    assert at - START < timedelta(seconds=0.2), "six of ten at 48 a second; at ten a second it were two, and 0.2 s"
    await worker.finish()
    assert len(room.chat.sent) == 5


async def test_what_a_lane_learns_is_kept(sqlite_url: str) -> None:
    room = PostRoom(sqlite_url, LIMITS)
    await fill(room, 4)
    room.chat.failures["u1"] = [throttled(5)]
    await room.worker.drain()
    (first,) = list_rows(room.store, LanePace)
    assert (first.platform, first.tenant, first.rate, first.allowed) == (*LANE, 10.0, None)
    for _second in range(8):
        await room.pass_time(seconds=1)
    (kept,) = list_rows(room.store, LanePace)
    assert kept.rate < 10
    assert {row.state for row in room.rows().values()} == {"sent"}
    room.close()


async def test_what_was_claimed_when_the_lane_closes_is_put_back_untried(sqlite_url: str) -> None:
    room = PostRoom(sqlite_url, LaneLimits(rate=60, ceiling=60, burst=1))
    await fill(room, 5)
    room.chat.failures["u0"] = [throttled(5)]
    await room.worker.run_once()
    await room.worker.finish()
    assert [parcel.key for parcel in room.chat.attempts] == ["m0"]
    assert {(row.state, row.attempts) for row in room.rows().values()} == {("pending", 0)}
    for _turn in range(20):
        await room.pass_time(seconds=1)
    assert sorted(key for _user, key, _text in room.chat.sent) == [f"m{number}" for number in range(5)]
    room.close()


@pytest.mark.parametrize(
    ("allowed", "age", "known"),
    [
        (None, RATE_LASTS, True),
        (None, RATE_LASTS + timedelta(seconds=1), False),
        (10.0, LIMIT_LASTS, True),
        (10.0, LIMIT_LASTS + timedelta(seconds=1), False),
    ],
)
def test_what_is_too_old_is_not_believed(room: PostRoom, allowed: float | None, age: timedelta, known: bool) -> None:
    with room.store.begin() as db:
        keep_pace(db, LANE, 5.0, allowed, START)
        keep_pace(db, LANE, 9.7, allowed, START)
        assert find_pace(db, LANE, START + age) == ((9.7, allowed) if known else None)
        assert find_pace(db, ("chat", "T2"), START) is None


async def test_what_was_sent_lately_is_known_in_its_order(room: PostRoom) -> None:
    await fill(room, 3)
    for _second in range(3):
        room.clock.move(timedelta(seconds=1))
        await room.worker.drain()
    room.post(room.member("other", tenant="T2"), "elsewhere")
    await room.pass_time(seconds=1)
    with room.store.begin() as db:
        assert list_recent(db, LANE, START) == [START + timedelta(seconds=1)] * 3
        assert list_recent(db, LANE, START + timedelta(seconds=1)) == []
        assert list_recent(db, ("chat", "T2"), START) == [START + timedelta(seconds=4)]
