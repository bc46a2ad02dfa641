"""The benchmarks run, side by side and with tiny sizes, and measure what they say."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bench.__main__ import Sizes, read_arguments, run
from bench.commands import check_empty, check_message, make_feature
from bench.outbox import Outbox
from bench.stopwatch import race
from storage.models import DeliveryState
from storage.uow import Store


async def test_works_take_turns_and_the_warm_up_is_not_counted() -> None:
    done: list[str] = []

    def note(name: str) -> Callable[[int], Awaitable[Callable[[], Awaitable[None]]]]:
        async def prepare(count: int) -> Callable[[], Awaitable[None]]:
            async def do() -> None:
                done.append(f"{name}{count}")

            return do

        return prepare

    laps = await race({"a": note("a"), "b": note("b")}, 5, 3)
    assert done == ["a5", "b5", "a5", "b5", "b5", "a5", "a5", "b5"]
    assert {name: len(each) for name, each in laps.items()} == {"a": 3, "b": 3}


@pytest.mark.parametrize("way", ["worker", "one by one", "unsafe"])
async def test_every_way_empties_the_outbox(sqlite_url: str, way: str) -> None:
    store = Store(sqlite_url)
    outbox = Outbox(store)
    outbox.add_people(7)
    ways = {"worker": outbox.empty_by_worker, "one by one": outbox.empty_one_by_one, "unsafe": outbox.empty_unsafely}
    empty = await ways[way](7)
    assert outbox.count(DeliveryState.PENDING) == 7
    await empty()
    assert (outbox.count(DeliveryState.PENDING), outbox.count(DeliveryState.SENT)) == (0, 7)
    store.close()


def test_there_are_as_many_handlers_as_asked_for() -> None:
    first, second = make_feature(100), make_feature(100)
    keys = {route.key for route in (*first.router.routes, *second.router.routes)}
    assert len(keys) == 200


def test_wrong_answers_stop_the_benchmark() -> None:
    with pytest.raises(RuntimeError, match="bare Bolt said"):
        check_empty("sorry")
    with pytest.raises(RuntimeError, match="no message"):
        check_message("")


@pytest.mark.timeout(240)  # much is done once before it is timed
def test_the_whole_benchmark_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.json"
    sizes = {
        "repeats": 2,
        "commands": 3,
        "rows": 20,
        "profiles": 50,
        "people": 40,
        "readers": 60,
        "members": 0,
        "load": 0,
    }
    figures = run([*(f"--{name}={size}" for name, size in sizes.items()), f"--out={out}"])
    kept = json.loads(out.read_text("utf-8"))
    assert [each["name"] for each in kept] == [figure.name for figure in figures]
    assert all(each["value"] > 0 or "certified gap" in each["name"] for each in kept)
    rounds = ["≤ 0.01", "≤ 0.5", "≤ 0.4"] * 2 + ["≤ 3"]
    assert [each["aim"] for each in kept if each["aim"]] == [
        "≤ 6",
        "≤ 6",
        "≤ 1.1",
        "≥ 20",
        "≤ 5",
        "≤ 0.3",
        *rounds,
        "≥ 2",
        "≥ 20",
    ]
    assert "Musubi: benchmarks" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["bench.json"]


def test_without_arguments_the_usual_sizes_are_measured() -> None:
    parsed = read_arguments([])
    assert Sizes(**{name: value for name, value in vars(parsed).items() if name != "out"}) == Sizes()
    assert parsed.out == Path("var/bench.json")
    assert isinstance(parsed.commands, int)
