"""The rounds' benchmark measures what it says: both solvers the same data, and a wrong certificate stops it."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from bench.figures import Aim
from bench.invented import invent, invent_limits
from bench.rounds import (
    check,
    compare,
    find_dense_size,
    find_memory,
    find_p99,
    measure_latency,
    race,
    run_apart,
)
from bench.solvers import Run, read_peak, run_here

OURS = Run(wall=1, processor=1, memory=100, pairs=10, worth=990, bound=1000)
THEIRS = Run(wall=4, processor=5, memory=1000, pairs=10, worth=995)


async def test_both_solvers_find_the_same_in_processes_of_their_own() -> None:
    runs = await race(120, 120, tied=False, repeats=1)
    ours, theirs = runs["sparse"][0], runs["dense"][0]
    assert (ours.pairs, ours.worth) == (theirs.pairs, theirs.worth)
    assert (ours.missing, ours.gap) == (0, 0)
    assert ours.memory > 30
    assert runs["full"] == runs["sparse"]


async def test_what_does_not_fit_is_measured_smaller_and_says_so() -> None:
    runs = await race(80, 40, tied=True, repeats=1)
    assert runs["full"][0].pairs > runs["sparse"][0].pairs
    names = [figure.name for figure in compare(runs, 80, 40, tied=True)]
    assert names[0] == "round of 80 × 80, tied scores: certified gap"
    assert names[1] == "round of 40 × 40, tied scores (what fits): time ÷ scipy's dense solver"


async def test_a_solver_that_ends_badly_stops_the_benchmark() -> None:
    with pytest.raises(RuntimeError, match="sparse ended with 1"):
        await run_apart("sparse", -1, tied=False)


def test_the_figures_are_ours_by_theirs() -> None:
    runs = {"full": [OURS], "sparse": [OURS], "dense": [THEIRS]}
    figures = {figure.name.partition(": ")[2]: figure for figure in compare(runs, 10, 10, tied=False)}
    assert figures["certified gap"].value == pytest.approx(1)
    assert figures["certified gap"].aim == Aim(0.01, "less")
    assert figures["time ÷ scipy's dense solver"].value == 0.25
    assert figures["processor time ÷ scipy's"].value == 0.2
    assert figures["memory ÷ scipy's"].value == 0.1


@pytest.mark.parametrize(
    "theirs",
    [Run(1, 1, 1, pairs=11, worth=0), Run(1, 1, 1, pairs=10, worth=1001)],
)
def test_a_wrong_certificate_stops_the_benchmark(theirs: Run) -> None:
    check(OURS, THEIRS)
    with pytest.raises(RuntimeError, match="certificate is wrong"):
        check(OURS, theirs)


def test_pairs_that_may_be_missing_are_no_small_gap() -> None:
    assert Run(1, 1, 1, 10, 990, 1000, missing=1).gap == float("inf")


def test_the_dense_size_is_halved_until_it_fits() -> None:
    assert find_dense_size(10_000, 10 * 2**30) == 10_000
    assert find_dense_size(10_000, 2 * 2**30) == 5_000
    assert find_dense_size(10_000, 0) == 1
    assert find_memory() > 2**20


def test_the_peak_is_what_was_held_and_not_what_is() -> None:
    before = read_peak()
    block = np.ones(2**24)
    assert block.sum() == 2**24
    del block
    assert read_peak() >= before
    assert read_peak() > 100


def test_the_slowest_hundredth() -> None:
    assert find_p99([1.0]) == 1
    assert find_p99([1.0] * 99 + [5.0] * 2) == 5


def test_the_community_has_everything_that_makes_it_hard() -> None:
    people = invent(300, 200)
    assert (int((people.employee == 0).sum()), people.count) == (300, 500)
    assert len(people.apart) > 6 * 200
    assert len(people.shuns) == 2
    assert len(set(people.values.tolist())) > 20
    assert set(invent(300, 200, tied=True).values.tolist()) == {100}
    assert set(invent_limits(500).tolist()) == {0, 1, 2}
    assert np.array_equal(invent(300, 200).topics, people.topics)


def test_a_run_in_this_process_says_the_same() -> None:
    assert run_here("sparse", 60, tied=True).worth == run_here("dense", 60, tied=True).worth


async def test_waiting_is_measured_while_a_round_is_solved(tmp_path: Path) -> None:
    figure = await asyncio.wait_for(measure_latency(tmp_path, 30, 1), 50)
    assert figure.value > 0
    assert figure.aim == Aim(3, "less")
