"""The monthly push budget where deliveries are claimed: on both databases, over accounts, replicas and retries."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from random import Random

import pytest_asyncio
from sqlmodel import select

from bot.budget import MONTH, MOST_A_MONTH
from storage.models import Account, Urgency
from tests.scheduler.postroom import GONE, RETRY, START, PostRoom, Wire

DAY = timedelta(days=1)


@pytest_asyncio.fixture
async def room(database_url: str) -> AsyncIterator[PostRoom]:
    room = PostRoom(database_url, mail=Wire("mail"))
    yield room
    room.close()


async def test_the_fifth_unasked_message_waits_and_everything_else_goes_on(room: PostRoom) -> None:
    misaki, sho = room.member("misaki"), room.member("sho")
    for number in range(5):
        room.post(misaki, f"push{number}", urgency=Urgency.PUSH)
    room.post(misaki, "answer")
    room.post(misaki, "nudge", urgency=Urgency.NUDGE)
    room.post(sho, "for another", urgency=Urgency.PUSH)
    await room.worker.drain()
    assert room.chat.read("misaki") == ["answer", "push0", "push1", "push2", "push3", "nudge"]
    assert room.chat.read("sho") == ["for another"]
    waiting = room.rows()["push4"]
    assert (waiting.state, waiting.available_at, waiting.attempts) == ("pending", START + MONTH, 0)
    await room.pass_time(days=31)
    assert room.chat.read("misaki")[-1] == "push4"


async def test_what_would_come_too_late_is_given_up_with_the_reason(room: PostRoom) -> None:
    misaki = room.member("misaki")
    for number in range(5):
        room.post(misaki, f"push{number}", urgency=Urgency.PUSH, not_after=START + 7 * DAY)
    await room.worker.drain()
    row = room.rows()["push4"]
    assert (row.state, row.reason) == ("skipped", "month_full")


async def test_two_accounts_of_one_person_share_the_budget(room: PostRoom) -> None:
    misaki = room.member("misaki")
    for number in range(3):
        room.post(misaki, f"push{number}", urgency=Urgency.PUSH)
    await room.worker.drain()
    with room.store.begin() as db:
        for account in db.session.exec(select(Account)).all():
            account.reachable = False
    room.account(misaki, "misaki@example.com", "mail")
    for number in range(3, 6):
        room.post(misaki, f"push{number}", urgency=Urgency.PUSH)
    await room.worker.drain()
    assert len(room.chat.read("misaki")) + len(room.wires["mail"].read("misaki@example.com")) == MOST_A_MONTH


async def test_what_never_arrived_doesnt_count_and_a_second_try_counts_once(room: PostRoom) -> None:
    misaki = room.member("misaki")
    room.account(misaki, "misaki@example.com", "mail")
    room.chat.failures["misaki"] = [RETRY]
    for number in range(4):
        room.post(misaki, f"push{number}", urgency=Urgency.PUSH)
    await room.worker.drain()
    for _turn in range(4):
        await room.pass_time(minutes=20)
    arrived = room.chat.read("misaki") + room.wires["mail"].read("misaki@example.com")
    assert sorted(arrived) == [f"push{number}" for number in range(4)]


async def test_an_account_that_is_gone_hands_on_and_counts_once(room: PostRoom) -> None:
    room.chat.failures["sho"] = [GONE]
    sho = room.member("sho")
    room.account(sho, "sho@example.com", "mail")
    for number in range(4):
        room.post(sho, f"push{number}", urgency=Urgency.PUSH)
    for _turn in range(3):
        await room.pass_time(minutes=20)
    arrived = room.chat.read("sho") + room.wires["mail"].read("sho@example.com")
    assert sorted(set(arrived)) == sorted(arrived) == [f"push{number}" for number in range(4)]


async def test_random_months_of_three_replicas_never_hold_more_than_four(room: PostRoom) -> None:
    random = Random(7)
    people = [room.member(f"u{number}") for number in range(4)]
    workers = [room.worker, room.make_worker(room.store), room.make_worker(room.store)]
    sent: dict[str, list[datetime]] = {member.name: [] for member in people}
    for day in range(65):  # two months and a little
        room.clock.at = START + day * DAY
        for number in range(random.randint(0, 3)):
            room.post(random.choice(people), f"{day}-{number}", urgency=Urgency.PUSH)
        before = {member.name: len(room.chat.read(member.name)) for member in people}
        await asyncio.gather(*(worker.drain() for worker in workers))
        for name in sent:
            sent[name] += [room.clock.at] * (len(room.chat.read(name)) - before[name])
    assert sum(map(len, sent.values())) > 25
    for moments in sent.values():
        assert all(sum(first <= at < first + MONTH for at in moments) <= MOST_A_MONTH for first in moments)
