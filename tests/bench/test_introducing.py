"""The benchmark of introductions measures what it says."""

from pathlib import Path

import pytest

from bench.introducing import POLICY, Community, check, measure_introducing
from bench.rounds import measure_latency_meanwhile
from storage.migrate import migrate
from storage.models import Delivery, RelayedRoom, Room
from storage.uow import Store
from tests.support.rows import list_rows


async def test_both_ways_introduce_everybody(tmp_path: Path) -> None:
    ratio, rate, whole = await measure_introducing(tmp_path, 20, 1)
    assert ratio.aim is not None
    assert ratio.value > 0
    assert rate.value > 0
    assert whole.value > 10_000 / 10 * 0.02, "the breaths are counted"


async def test_half_of_the_pairs_are_in_one_workspace(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    community = Community(store, 40)
    await community.introduce(community.begin(), 10)
    rooms, relays = len(list_rows(store, Room)), len(list_rows(store, RelayedRoom))
    assert 15 <= rooms <= 20
    assert 15 <= relays <= 20
    letters = [delivery.key for delivery in list_rows(store, Delivery)]
    assert len(letters) == len(set(letters)) == 2 * (rooms + relays) + rooms + 2 * relays
    assert POLICY.zone == "Asia/Tokyo"
    store.close()


def test_a_round_that_tells_nobody_stops_the_benchmark(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    migrate(url)
    store = Store(url)
    with store.begin() as db, pytest.raises(RuntimeError, match="only 0 people of 4"):
        check(db, 1, 2)
    store.close()


async def test_commands_are_answered_meanwhile(tmp_path: Path) -> None:
    figure = await measure_latency_meanwhile(tmp_path, 10)
    assert figure.value > 0
    assert figure.unit == "×"
