"""Measuring things side by side: each repeat runs all of them once, in turn, the order turning round every time."""

import gc
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

Work = Callable[[int], Awaitable[Callable[[], Awaitable[None]]]]
"""Prepares `count` pieces of work, unmeasured, and gives what does them, measured."""


@dataclass(frozen=True, slots=True)
class Lap:
    """What one piece of work cost, in seconds: of the processor (all threads of the process), and by the wall."""

    processor: float
    wall: float


async def race(works: Mapping[str, Work], count: int, repeats: int) -> dict[str, list[Lap]]:
    """Runs every work `repeats` times, interleaved, after one unmeasured warm-up each; the laps are per piece."""
    laps: dict[str, list[Lap]] = {name: [] for name in works}
    for work in works.values():
        await (await work(count))()
    for repeat in range(repeats):
        names = list(works) if repeat % 2 == 0 else list(works)[::-1]
        for name in names:
            laps[name].append(await time_once(works[name], count))
    return laps


async def time_once(work: Work, count: int) -> Lap:
    """One measurement. The garbage of earlier ones is collected before, not on its account."""
    run = await work(count)
    gc.collect()
    processor, wall = time.process_time(), time.perf_counter()
    await run()
    return Lap((time.process_time() - processor) / count, (time.perf_counter() - wall) / count)
