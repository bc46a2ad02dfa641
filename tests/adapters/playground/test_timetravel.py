"""Moving the clock: everything due by then happens, and the clock stays where it was left."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground.keeper import Keeper
from adapters.playground.store import BOT, Post, Store
from adapters.playground.timetravel import FARTHEST, TimeTravel
from bot.clock import MovableClock
from tests.adapters.playground.browser import Browser
from tests.adapters.playground.conftest import Client
from tests.adapters.playground.small_bot import SmallBot

SOON = timedelta(seconds=5)


class Agenda:
    """Things that are due, and when they were seen to."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self.due: datetime | None = None
        self.settled: list[datetime] = []

    async def next_due(self) -> datetime | None:
        return self.due

    async def settle(self) -> None:
        await asyncio.sleep(0)
        self.settled.append(self.clock.now())


@pytest.fixture
def agenda(clock: MovableClock) -> Agenda:
    return Agenda(clock)


@pytest.fixture
def travel(keeper: Keeper, clock: MovableClock, agenda: Agenda) -> TimeTravel:
    return TimeTravel(keeper, clock, agenda.next_due, agenda.settle)


def shift(clock: MovableClock) -> timedelta:
    return clock.now() - datetime.now(UTC)


async def test_a_move_moves_and_lets_everything_happen(travel: TimeTravel, clock: MovableClock, agenda: Agenda) -> None:
    answer = await travel.move("a", timedelta(days=1))
    assert answer["moved"] is True
    assert abs(shift(clock) - timedelta(days=1)) < SOON
    assert abs(datetime.fromisoformat(answer["now"]) - agenda.settled[0]) < SOON


async def test_the_next_event_is_reached_and_not_passed(
    travel: TimeTravel, clock: MovableClock, agenda: Agenda
) -> None:
    agenda.due = due = clock.now() + timedelta(days=3)
    await travel.move("a", None)
    assert timedelta() <= agenda.settled[0] - due < SOON


async def test_what_nobody_notices_is_passed(keeper: Keeper, clock: MovableClock, agenda: Agenda) -> None:
    """A daily job that finds nothing to do is no event; the message of the fourth day is."""
    days = [clock.now() + timedelta(days=day) for day in (1, 2, 3, 4, 5)]

    async def next_due() -> datetime | None:
        return next((day for day in days if day > clock.now()), None)

    async def settle() -> None:
        agenda.settled.append(clock.now())
        if len(agenda.settled) == 4:
            await keeper(Store.post, Post("dm:misaki-sato", BOT, "card", {}), clock.now())

    assert (await TimeTravel(keeper, clock, next_due, settle).move("a", None))["moved"] is True
    assert len(agenda.settled) == 4
    assert timedelta() <= clock.now() - days[3] < SOON


async def test_when_nobody_ever_notices_anything_there_is_an_end(
    keeper: Keeper, clock: MovableClock, agenda: Agenda
) -> None:
    async def next_due() -> datetime | None:
        return clock.now() + timedelta(days=1)

    assert (await TimeTravel(keeper, clock, next_due, agenda.settle).move("a", None))["moved"] is True
    assert FARTHEST - timedelta(days=2) <= clock.offset <= FARTHEST
    assert len(agenda.settled) >= FARTHEST.days - 1


async def test_what_is_far_away_is_still_the_next_event(
    travel: TimeTravel, clock: MovableClock, agenda: Agenda
) -> None:
    agenda.due = clock.now() + 4 * FARTHEST
    assert (await travel.move("a", None))["moved"] is True
    assert abs(clock.offset - 4 * FARTHEST) < SOON


async def test_a_changed_card_is_noticed_too(keeper: Keeper, clock: MovableClock, agenda: Agenda) -> None:
    placed = await keeper(Store.post, Post("dm:misaki-sato", BOT, "card", {}), clock.now())

    async def next_due() -> datetime | None:
        return clock.now() + timedelta(days=1)

    async def settle() -> None:
        agenda.settled.append(clock.now())
        await keeper(Store.replace, placed.message, {"new": True}, clock.now())

    await TimeTravel(keeper, clock, next_due, settle).move("a", None)
    assert len(agenda.settled) == 1


async def test_what_is_overdue_happens_without_moving(travel: TimeTravel, clock: MovableClock, agenda: Agenda) -> None:
    agenda.due = clock.now() - timedelta(hours=2)
    assert (await travel.move("a", None))["moved"] is True
    assert clock.offset == timedelta()
    assert len(agenda.settled) == 1


async def test_with_nothing_planned_the_clock_stays(travel: TimeTravel, clock: MovableClock, agenda: Agenda) -> None:
    assert (await travel.move("a", None))["moved"] is False
    assert clock.offset == timedelta()
    assert agenda.settled == []


async def test_a_move_sent_again_counts_once(travel: TimeTravel, clock: MovableClock) -> None:
    await travel.move("a", timedelta(days=1))
    await travel.move("a", timedelta(days=1))
    assert abs(shift(clock) - timedelta(days=1)) < SOON


async def test_moves_at_once_add_up(travel: TimeTravel, clock: MovableClock) -> None:
    await asyncio.gather(*(travel.move(str(n), timedelta(hours=1)) for n in range(5)))
    assert abs(shift(clock) - timedelta(hours=5)) < SOON


async def test_over_http_the_reminder_of_day_three_is_seen_today(client: Client) -> None:
    sho = Browser(client, "sho-takahashi")
    await sho.say("/remind")
    async with client.post("/playground/api/clock", json={"key": "key-12345678"}) as response:
        assert (await response.json())["moved"] is True
    assert await sho.read() == ["/remind", "3日後にお知らせします。", "3日たちました。"]


async def test_the_clock_stands_where_it_was_left_after_a_restart(tmp_path: Path) -> None:
    first = SmallBot(MovableClock(), tmp_path)
    travel = TimeTravel(first.adapter._keeper, first.clock, first.next_due, first.settle)  # pyright: ignore[reportPrivateUsage]
    await travel.move("a", timedelta(days=7))
    await first.adapter.close()
    clock = MovableClock()
    second = SmallBot(clock, tmp_path)
    assert abs(shift(clock) - timedelta(days=7)) < SOON
    assert second.adapter.begun_on == first.adapter.begun_on
    await second.adapter.close()


@pytest.mark.parametrize("seconds", [0, -60, 367 * 86400, 1.5, "3600"])
async def test_only_whole_steps_forward_are_taken(client: Client, bot: SmallBot, seconds: object) -> None:
    async with client.post("/playground/api/clock", json={"key": "key-12345678", "seconds": seconds}) as response:
        assert response.status == 400
    assert bot.clock.offset == timedelta()
