"""Demos that start in a fraction of a second: forked from one process that has read all the code, on a copy of a
community that was settled once.

    python -m tests.e2e.nursery     reads an order a line (JSON: folder, port, log), answers each with the child's pid

What runs in the child is what `python -m bot demo` runs, in a process of its own that can be killed; a start from
nothing costs three seconds of a processor, and the tests take some thirty demos. The start itself is tested where
`servers.command_of_demo` is used. When the input ends, because the tests have ended or were killed, so do the children.
"""

import gc
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tests.e2e.servers import ROOT, Process, serve_process
from tests.support.ports import hold_port


class Child:
    """A process that another one has forked: like `subprocess.Popen`, by its pid."""

    def __init__(self, pid: int) -> None:
        self._handle: int | None = os.pidfd_open(pid)

    def send_signal(self, number: int) -> None:
        """Sends it a signal, if it still runs."""
        if self._handle is not None:
            with suppress(ProcessLookupError):  # it has ended by itself
                signal.pidfd_send_signal(self._handle, number)

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known."""
        return None if not self._has_ended(0) else 0

    def wait(self, timeout: float) -> int:
        """Waits until it has ended. Raises TimeoutError after so many seconds."""
        if not self._has_ended(timeout):
            raise TimeoutError(f"the process still runs after {timeout} s")
        return 0

    def _has_ended(self, timeout: float) -> bool:
        if self._handle is None:
            return True
        ended, _, _ = select.select([self._handle], [], [], timeout)
        if ended:
            os.close(self._handle)
            self._handle = None
        return bool(ended)


class Nursery:
    """Starts demos; see `open_nursery`."""

    def __init__(self, program: "subprocess.Popen[bytes]", folder: Path) -> None:
        self._program = program
        self._settled = folder / "settled"
        self._settle()

    def _settle(self) -> None:
        """Opens a workspace once, so that the community is there, and ends it in order."""
        with hold_port() as port, serve_process(self._fork(self._settled, port), port, self._log(self._settled)) as one:
            one.stop()

    @contextmanager
    def run_demo(self, folder: Path) -> Generator[Process]:
        """A demo of its own, in the folder."""
        shutil.copytree(self._settled, folder)
        with hold_port() as port, serve_process(self._fork(folder, port), port, self._log(folder)) as process:
            yield process

    def _log(self, folder: Path) -> Path:
        return folder.with_suffix(".log")

    def _fork(self, folder: Path, port: int) -> "Fork":
        return Fork(self._program, {"folder": str(folder), "port": port, "log": str(self._log(folder))})


class Fork:
    """An order to the nursery, that can be given again after a kill."""

    def __init__(self, program: "subprocess.Popen[bytes]", order: dict[str, str | int]) -> None:
        self._program = program
        self._order = order

    def __call__(self) -> Child:
        """Starts it."""
        pipe_in, pipe_out = self._program.stdin, self._program.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(json.dumps(self._order).encode() + b"\n")
        pipe_in.flush()
        return Child(int(pipe_out.readline()))


@contextmanager
def open_nursery(folder: Path) -> Generator[Nursery]:
    """The process that forks demos. The folder keeps the settled community."""
    command = [sys.executable, "-m", "tests.e2e.nursery"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        yield Nursery(program, folder)


# The program


def main(orders: IO[bytes]) -> None:
    """Forks a demo for every order."""
    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    children: list[Child] = []
    while line := orders.readline():
        order = json.loads(line)
        pid = os.fork()
        if not pid:
            run(**order)
        children.append(Child(pid))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for child in children:
        child.send_signal(signal.SIGKILL)


def warm_up() -> None:
    """Loads what every demo loads."""
    from bot.cli import demo
    from bot.i18n import LANGUAGES, load_translations
    from handlers.topics import get_working_reader

    assert demo
    for language in LANGUAGES:
        load_translations(language)
    get_working_reader("").prepare()
    gc.collect()
    gc.freeze()  # what is shared with the children stays shared


def run(folder: str, port: int, log: str) -> None:
    """`python -m bot demo`, in the child. Ends the process."""
    from bot.__main__ import app

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ["MUSUBI_PORT"] = str(port)
    _write_to(Path(log))
    app(["demo", "--folder", folder])


def _write_to(log: Path) -> None:
    """What it says goes to the log, and the orders are not its own to read."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for target, source in ((0, nothing), (1, written), (2, written)):
        os.dup2(source, target)


if __name__ == "__main__":
    main(sys.stdin.buffer)
