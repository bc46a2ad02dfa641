"""`python -m bench`: runs the benchmarks, prints a table and writes var/bench.json."""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.broadcast import measure_broadcast
from bench.commands import measure_commands
from bench.digests import measure_digests
from bench.exposure import measure_exposure
from bench.figures import Figure, make_table, write_json
from bench.load import Load, measure_load
from bench.outbox import measure_outbox
from bench.rounds import measure_rounds
from bench.topics import measure_topics
from bot.logs import set_up_logs


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. A figure is the median of `repeats`; each has so many commands and outbox rows, or looks
    through so many profiles. Coffee rounds have so many people on each of two sides, digests so many readers; both a
    third of the repeats. A broadcast goes to so many members, once; while it and digests for so many readers are under
    way, slash commands are timed, once on each database. 0 leaves either out."""

    repeats: int = 9
    commands: int = 200
    rows: int = 1000
    profiles: int = 10_000
    people: int = 10_000
    readers: int = 100_000
    members: int = 50_000
    load: int = 100_000


async def measure(sizes: Sizes, place: Path) -> list[Figure]:
    """All figures, in databases below `place` that are removed afterwards: on a disk, for in memory a flush is free."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=place) as name:
        folder = Path(name)
        commands = await measure_commands(folder, sizes.commands, sizes.repeats)
        outbox = await measure_outbox(folder, sizes.rows, sizes.repeats)
        rounds = await measure_rounds(folder, sizes.people, max(1, sizes.repeats // 3))
        digests = await measure_digests(folder, sizes.readers, max(1, sizes.repeats // 3))
        digests += await measure_broadcast(folder, sizes.members) if sizes.members else []
        digests += await measure_load(folder, Load(sizes.load // 2, sizes.load)) if sizes.load else []
    topics = measure_topics(sizes.profiles, 100, sizes.repeats)
    return commands + outbox + topics + measure_exposure(range(sizes.repeats)) + rounds + digests


def run(arguments: Sequence[str] | None = None) -> list[Figure]:
    """Measures, prints and writes as the arguments say."""
    parsed = read_arguments(arguments)
    sizes = Sizes(**{name: value for name, value in vars(parsed).items() if name != "out"})
    parsed.out.parent.mkdir(parents=True, exist_ok=True)
    with Path(os.devnull).open("w") as nowhere:
        set_up_logs("json", "info", nowhere)  # log lines are made, as in life; only the terminal is spared
        figures = asyncio.run(measure(sizes, parsed.out.parent))
    Console().print(make_table(figures))
    write_json(figures, parsed.out)
    return figures


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The sizes, and where the JSON goes."""
    usual = Sizes()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--repeats", type=int, default=usual.repeats, help="how often each thing is measured")
    parser.add_argument("--commands", type=int, default=usual.commands, help="slash commands in each measurement")
    parser.add_argument("--rows", type=int, default=usual.rows, help="outbox rows in each measurement")
    parser.add_argument("--profiles", type=int, default=usual.profiles, help="profiles among which people are found")
    parser.add_argument("--people", type=int, default=usual.people, help="people on each side of a coffee round")
    parser.add_argument("--readers", type=int, default=usual.readers, help="readers of a month's digests")
    parser.add_argument("--members", type=int, default=usual.members, help="members who get a broadcast; 0: none")
    parser.add_argument("--load", type=int, default=usual.load, help="readers of digests while commands are timed")
    parser.add_argument("--out", type=Path, default=Path("var/bench.json"), help="where the figures are kept")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    run()
