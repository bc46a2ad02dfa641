"""The solver in a process of its own, so that whoever waits for it can go on answering meanwhile."""

import asyncio
import contextlib
import sys
from pathlib import Path

from matching.people import Groups, People, pack, unpack_groups

ROOT = Path(__file__).resolve().parents[1]


class SolverFailed(Exception):
    """The child ended without an answer, or took too long. The argument says which, and what it said last."""


async def make_groups_apart(people: People, seconds: float) -> Groups:
    """`matching.rounds.make_groups` in a new process. It is given `seconds` and then ended, as it is when the
    caller is cancelled. Raises SolverFailed.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "matching"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        answer, complaint = await asyncio.wait_for(child.communicate(pack(people)), seconds)
    except TimeoutError as error:
        raise SolverFailed(f"no answer within {seconds:g} s") from error
    finally:
        await _end(child)
    if child.returncode:
        raise SolverFailed(f"exit code {child.returncode}: {_last_line(complaint)}")
    return unpack_groups(answer)


async def _end(child: asyncio.subprocess.Process) -> None:
    """Nothing is left running, whatever happened."""
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _last_line(complaint: bytes) -> str:
    return (complaint.decode(errors="replace").strip().splitlines() or [""])[-1][:300]
