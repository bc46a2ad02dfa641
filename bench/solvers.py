"""One solver's run on the invented community, as a program that loads nothing else: its memory is to be measured.
`python -m bench.solvers sparse 10000` runs ours, `dense` scipy's; `tied` behind it takes the community of tied scores.
"""

import json
import re
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from bench.invented import invent, invent_limits
from matching.scores import NEVER, Table, iterate, list_forbidden, make_table


@dataclass(frozen=True, slots=True)
class Run:
    """One solver's run: seconds by the wall and of the processor, the most memory in MiB, and what it found. `bound`
    is 0 where nothing is proved."""

    wall: float
    processor: float
    memory: float
    pairs: int
    worth: int
    bound: int = 0
    missing: int = 0

    @property
    def gap(self) -> float:
        """How far from the best it can be at most, in percent."""
        return float("inf") if self.missing else 100 * (self.bound - self.worth) / self.bound


def run_here(solver: str, people: int, *, tied: bool) -> Run:
    """Makes the community, solves it, and says what that took."""
    table = make_sides(people, tied=tied)
    solve = solve_sparsely if solver == "sparse" else solve_densely
    wall, processor, found = solve(table)
    return Run(wall, processor, read_peak(), **found)


def make_sides(people: int, *, tied: bool) -> Table:
    """Alumni as rows, with limits, and employees as columns."""
    everybody = invent(people, people, tied=tied)
    one, other = list_forbidden(everybody)
    across = (one < people) & (other >= people)
    rows, columns = everybody.pick(np.arange(people)), everybody.pick(np.arange(people, 2 * people))
    return make_table(rows, columns, (one[across], other[across] - people), invent_limits(people))


def solve_sparsely(table: Table) -> tuple[float, float, dict[str, int]]:
    """Ours."""
    from matching.assignment import assign

    wall, processor = time.perf_counter(), time.process_time()
    choice = assign(table)
    found = {"pairs": choice.arcs.count, "worth": choice.worth, "bound": choice.bound, "missing": choice.missing}
    return time.perf_counter() - wall, time.process_time() - processor, found


def solve_densely(table: Table) -> tuple[float, float, dict[str, int]]:
    """scipy's: a row stands in its table as often as it may be paired. The table holds what scipy works with, negative
    scores as floating-point numbers, so that it need not make another one."""
    from scipy import optimize

    costs = np.empty((int(table.row_limit.sum()), table.shape[1]))
    bonus = float(table.highest + 1)
    place = 0
    for first, block in iterate(table):
        for row, scores in enumerate(block, first):
            for _ in range(int(table.row_limit[row])):
                costs[place] = np.where(scores > NEVER, -(scores + bonus), 0)
                place += 1
    wall, processor = time.perf_counter(), time.process_time()
    rows, columns = cast(Any, optimize).linear_sum_assignment(costs)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    taken = -costs[rows, columns]
    pairs = int((taken > 0).sum())
    return wall, processor, {"pairs": pairs, "worth": int(taken.sum() - pairs * bonus)}


def read_peak() -> float:
    """The most memory that this process has held, in MiB. Unlike getrusage's, it doesn't begin with the parent's."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    name, size, *rest = sys.argv[1:]
    print(json.dumps(asdict(run_here(name, int(size), tied=bool(rest)))))
