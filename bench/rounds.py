"""The coffee rounds' solver beside scipy's dense one, and what somebody who writes to the bot meanwhile notices of it.

Both solve the same invented community in a process of its own each: alumni as rows, employees as columns, rows with
limits of none to two, pairs that must not meet. What is compared is the time from the arrays to the answer and the most
memory the process held. On scipy's account goes only its own work, not the table of all scores that it is given; on
ours everything, with the certificate over all pairs.
"""

import asyncio
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from bench.commands import HELP, NAME, STORE, check_message, open_musubi
from bench.figures import Aim, Figure, divide, summarise
from bench.introducing import Community, measure_introducing
from bench.invented import invent
from bench.requests import Sender, answer, read
from bench.solvers import Run
from bot.clock import SystemClock
from handlers import FEATURES
from handlers.coffee.introducing import AT_ONCE
from handlers.coffee.rounds import BREATH
from matching.process import make_groups_apart
from tests.fake_slack import FakeSlack

ROOT = Path(__file__).resolve().parents[1]
_DENSE_BYTES = 24
"""Memory that the dense solver takes for each pair, and some to spare; measured: 17."""

_PAUSE = 0.02
"""Seconds between two commands: fifty a second, more than a large community writes."""


async def measure_rounds(folder: Path, people: int, repeats: int) -> list[Figure]:
    """All figures, with so many alumni and as many employees."""
    dense = find_dense_size(people, find_memory())
    figures: list[Figure] = []
    for tied in (False, True):
        figures += compare(await race(people, dense, tied=tied, repeats=repeats), people, dense, tied=tied)
    figures.append(await measure_latency(folder, people, repeats))
    pairs = max(10, people // 20)
    return [
        *figures,
        *await measure_introducing(folder, pairs, repeats),
        await measure_latency_meanwhile(folder, pairs),
    ]


def find_memory() -> int:
    """The bytes that the machine can spare."""
    found = re.search(r"MemAvailable:\s*(\d+) kB", Path("/proc/meminfo").read_text())
    return int(found[1]) * 1024 if found else 0


def find_dense_size(people: int, memory: int) -> int:
    """The size at which the dense solver fits into memory: that of ours, or half of it, and so on."""
    while people > 1 and people * people * _DENSE_BYTES > memory:
        people //= 2
    return people


async def race(people: int, dense: int, *, tied: bool, repeats: int) -> dict[str, list[Run]]:
    """Every solver in turn: ours at its full size, and both at the size at which the dense one fits."""
    runs: dict[str, list[Run]] = {"full": [], "sparse": [], "dense": []}
    for _ in range(repeats):
        runs["dense"].append(await run_apart("dense", dense, tied=tied))
        runs["sparse"].append(await run_apart("sparse", dense, tied=tied))
        runs["full"].append(runs["sparse"][-1] if dense == people else await run_apart("sparse", people, tied=tied))
    for ours, theirs in zip(runs["sparse"], runs["dense"], strict=True):
        check(ours, theirs)
    return runs


def check(ours: Run, theirs: Run) -> None:
    """Raises RuntimeError if the dense solver has found more than our certificate allows, or more pairs."""
    if ours.pairs + ours.missing < theirs.pairs or (ours.pairs == theirs.pairs and ours.bound < theirs.worth):
        raise RuntimeError(f"the certificate is wrong: {ours} beside {theirs}")


def compare(runs: dict[str, list[Run]], people: int, dense: int, *, tied: bool) -> list[Figure]:
    """What was promised, and what it is made of."""
    what = f"round of {people:,} × {people:,}{', tied scores' if tied else ''}"
    sized = what if dense == people else f"round of {dense:,} × {dense:,}{', tied scores' if tied else ''} (what fits)"

    def ratio(pick: Callable[[Run], float]) -> list[float]:
        return divide([pick(run) for run in runs["sparse"]], [pick(run) for run in runs["dense"]])

    return [
        summarise(f"{what}: certified gap", [run.gap for run in runs["full"]], "%", Aim(0.01, "less")),
        summarise(f"{sized}: time ÷ scipy's dense solver", ratio(lambda run: run.wall), "×", Aim(0.5, "less")),
        summarise(f"{sized}: processor time ÷ scipy's", ratio(lambda run: run.processor), "×"),
        summarise(f"{sized}: memory ÷ scipy's", ratio(lambda run: run.memory), "×", Aim(0.4, "less")),
        summarise(f"{what}: time", [run.wall for run in runs["full"]], "s"),
        summarise(f"{what}: memory", [run.memory for run in runs["full"]], "MiB"),
        summarise(f"{sized}: scipy's time", [run.wall for run in runs["dense"]], "s"),
    ]


async def run_apart(solver: str, people: int, *, tied: bool) -> Run:
    """One run in a process of its own. Raises RuntimeError when that fails."""
    arguments = [sys.executable, "-m", "bench.solvers", solver, str(people), *(["tied"] if tied else [])]
    child = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    said, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"{solver} ended with {child.returncode}")
    return Run(**json.loads(said))


# Meanwhile


async def measure_latency(folder: Path, people: int, repeats: int) -> Figure:
    """How much longer the slowest hundredth of commands waits while a round is solved than when nothing is."""
    community = invent(people, people)
    quiet: list[float] = []
    busy: list[float] = []
    async with FakeSlack(now=SystemClock().now) as slack:
        person = slack.add_person("佐藤 美咲", email="misaki@bench.example")
        sender = Sender(slack.workspace, slack.workspace.users[person.id], person.direct, slack.signing_secret)
        async with open_musubi(slack, folder / "rounds", FEATURES) as application:
            await ask_during(application, sender, asyncio.sleep(0.5))
            for _ in range(repeats):
                begun = time.perf_counter()
                busy += await ask_during(application, sender, make_groups_apart(community, 600))
                quiet += await ask_during(application, sender, asyncio.sleep(time.perf_counter() - begun))
    what = f"a command's p99 while a round of {people:,} × {people:,} is solved ÷ when idle"
    return summarise(what, [find_p99(busy) / find_p99(quiet)], "×", Aim(3, "less"))


async def measure_latency_meanwhile(folder: Path, groups: int) -> Figure:
    """The same while people are introduced, in the very database that the commands need."""
    async with FakeSlack(now=SystemClock().now) as slack:
        person = slack.add_person("佐藤 美咲", email="misaki@bench.example")
        sender = Sender(slack.workspace, slack.workspace.users[person.id], person.direct, slack.signing_secret)
        async with open_musubi(slack, folder / "introductions", FEATURES) as application:
            community = Community(application[STORE], groups)
            await ask_during(application, sender, asyncio.sleep(0.5))
            begun = time.perf_counter()
            busy = await ask_during(application, sender, community.introduce(community.begin(), AT_ONCE, BREATH))
            quiet = await ask_during(application, sender, asyncio.sleep(time.perf_counter() - begun))
    what = f"a command's p99 while {groups} groups are introduced ÷ when idle"
    return summarise(what, [find_p99(busy) / find_p99(quiet)], "×")


async def ask_during(application: web.Application, sender: Sender, work: Any) -> list[float]:
    """The seconds that each command took while `work` was under way."""
    task, took = asyncio.ensure_future(work), list[float]()
    while not task.done():
        begun = time.perf_counter()
        check_message(read(await answer(application, sender.make(NAME, HELP))))
        took.append(time.perf_counter() - begun)
        await asyncio.sleep(_PAUSE)
    await task
    return took


def find_p99(seconds: Sequence[float]) -> float:
    """The time within which 99 of 100 were answered."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
