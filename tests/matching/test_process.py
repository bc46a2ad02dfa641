"""The solver as a program of its own."""

import asyncio
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.invented import invent
from matching import process
from matching.people import pack, unpack_groups, unpack_people
from matching.process import SolverFailed, make_groups_apart
from matching.rounds import make_groups


async def test_the_program_answers_what_the_function_does() -> None:
    people = invent(80, 50)
    groups, here = await make_groups_apart(people, 60), make_groups(people)
    assert np.array_equal(groups.pairs, here.pairs)
    assert groups.gap == here.gap


async def test_whoever_waits_goes_on_meanwhile() -> None:
    """The event loop turns while the solver works: a turn takes far less than the solver."""
    task, turns = asyncio.create_task(make_groups_apart(invent(1200, 1200), 60)), 0
    while not task.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert len((await task).pairs) == 1200
    assert turns > 3


async def test_a_solver_that_takes_too_long_is_ended() -> None:
    with pytest.raises(SolverFailed, match=r"within 0\.05 s"):
        await make_groups_apart(invent(3000, 3000), 0.05)
    assert not list_children()


async def test_a_solver_is_ended_with_whoever_waited_for_it() -> None:
    task = asyncio.create_task(make_groups_apart(invent(3000, 3000), 60))
    while not list_children():  # noqa: ASYNC110 - nobody tells of another program's start
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not list_children()


def list_children() -> list[int]:
    """This process' children that are solvers."""
    tasks = Path("/proc/self/task").glob("*/children")
    children = {int(id) for task in tasks for id in task.read_text().split()}
    return [id for id in children if b"matching" in Path(f"/proc/{id}/cmdline").read_bytes().split(b"\0")]


async def test_a_solver_that_breaks_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "matching.py").write_text("import sys\nsys.stdin.buffer.read()\nsys.exit('out of luck')\n")
    monkeypatch.setattr(process, "ROOT", tmp_path)
    with pytest.raises(SolverFailed, match="exit code 1: out of luck"):
        await make_groups_apart(invent(4, 4), 30)


def test_arrays_go_there_and_back_as_they_are() -> None:
    people = invent(20, 10)
    there = unpack_people(pack(people))
    for name in ("employee", "department", "starts", "topics", "values", "apart", "shuns", "change"):
        assert np.array_equal(getattr(there, name), getattr(people, name))
    groups = make_groups(people)
    assert np.array_equal(unpack_groups(pack(groups)).pairs, groups.pairs)


def test_what_others_import_loads_no_solver() -> None:
    """The bot's own process needs neither OR-tools' memory nor the time to load it."""
    code = "import sys, matching.process, matching.people; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=process.ROOT).returncode == 0
