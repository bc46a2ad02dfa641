"""A small broadcast through the whole bot, killed on the way; simulated time; and how commands under load are timed."""

import asyncio
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bench.announcing import find_planned, is_open
from bench.broadcast import measure_broadcast
from bench.crowd import Crowd, Noting, count_states
from bench.figures import Figure
from bench.load import Waits, find_p99, make_figures
from bench.simulated import EPOCH, SimulatedLoop, Time
from bot.feature import Due
from bot.policy import Policy
from handlers.announcements.desk import Office
from handlers.announcements.jobs import make_next
from handlers.announcements.sending import SEND, begin_sending
from storage.models import DeliveryState
from storage.uow import Store
from tests.fake_slack import FakeSlack
from tests.fake_teams import FakeTeams


class Value:
    """A moment in this process's own memory."""

    def __init__(self) -> None:
        self.value = 0.0


@pytest.mark.timeout(240)
async def test_everybody_gets_it_once_although_the_bot_is_killed(tmp_path: Path) -> None:
    figures = await measure_broadcast(tmp_path, 200, kills=2)
    found = {figure.name: figure for figure in figures}

    def find(words: str) -> Figure:
        return next(figure for name, figure in found.items() if words in name)

    for words in ("lost", "doubled", "another language", "allows (50 a second)"):
        assert find(words).aim is not None
    assert find("lost").value == find("doubled").value == find("another language").value == 0
    assert find("of these never").value <= find("uncertain").value < 40
    assert find("Slack refuses everything").value > 0.9
    assert find("Slack refused with 429").value < 3


def test_waiting_costs_nothing_on_simulated_time() -> None:
    simulated = Time(Value())

    async def wait_an_hour() -> list[str]:
        done: list[str] = []

        async def note(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            done.append(name)

        await asyncio.gather(note("late", 3600), note("early", 10))
        return done

    begin = time.perf_counter()
    with asyncio.Runner(loop_factory=lambda: SimulatedLoop(simulated)) as runner:
        assert runner.run(wait_an_hour()) == ["early", "late"]
    assert simulated.now() - EPOCH >= timedelta(hours=1)
    assert time.perf_counter() - begin < 600


def test_simulated_time_stands_still_while_something_outside_is_under_way() -> None:
    simulated = Time(Value())

    async def work() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        come = loop.create_future()
        alarm = asyncio.create_task(asyncio.sleep(100))
        await asyncio.sleep(0)
        before = simulated.moment.value
        with simulated.hold():
            threading.Timer(0.05, lambda: loop.call_soon_threadsafe(come.set_result, None)).start()
            await come
            during = simulated.moment.value - before
        await alarm
        return during, simulated.moment.value - before

    with asyncio.Runner(loop_factory=lambda: SimulatedLoop(simulated)) as runner:
        during, after = runner.run(work())
    assert (during, round(after)) == (0, 100)


async def test_the_crowd_is_on_its_platforms_and_in_the_database(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    async with FakeSlack() as slack, FakeTeams() as teams:
        crowd = Crowd(slack, teams, 4, 3)
        crowd.move_in(store, EPOCH)
        batch = crowd.announce(store, EPOCH)
        with store.begin() as db:
            assert is_open(db)
            office = Office(db, EPOCH, Policy())
            begin_sending(Due(SEND, int(batch.rpartition(":")[2]), 1, EPOCH), office)
            while make_next(office):
                assert is_open(db) or find_planned(db) == 7
            states = count_states(db, batch)
            assert not is_open(db)
        pending = DeliveryState.PENDING.value
        assert states == {("slack", pending): 4, ("teams", pending): 3}
        assert (crowd.arrived, crowd.doubled, crowd.misspoken) == (0, 0, 0)
    store.close()


def test_what_teams_let_through_is_noted() -> None:
    limits = Noting()
    waits = [limits.take("send", f"a{number}", 0.5) for number in range(52)]
    assert (limits.taken, limits.refused, limits.last) == (50, 2, 0.5)
    assert waits[-1] > 0


def test_the_busy_bot_is_told_beside_the_idle_one() -> None:
    idle, busy = [0.01] * 99 + [0.02], [0.02] * 90 + [0.04] * 10
    figures = make_figures("SQLite", Waits(idle, busy, 12.0, 500))
    assert find_p99(busy) == 0.04
    assert [figure.unit for figure in figures] == ["×", "s", "ms", "ms", "s", "messages"]
    assert 3 < figures[0].value < 4
    assert figures[0].met is False
    assert figures[1].met is True
