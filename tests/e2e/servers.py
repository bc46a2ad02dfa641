"""The pages under test: the small bot in a thread of this process, or a real process that can be killed."""

import asyncio
import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import web

from bot.clock import MovableClock
from tests.adapters.playground.small_bot import SmallBot, make_app
from tests.support.ports import hold_port

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0
"""Seconds for a start: it takes three of a processor, of which a busy machine has little to give."""


@dataclass(slots=True)
class SmallServer:
    """The small bot's page."""

    bot: SmallBot
    address: str


@contextmanager
def serve_small_bot(folder: Path) -> Generator[SmallServer]:
    """Serves the page in front of the small bot, in a thread with an event loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="small-bot")
    thread.start()

    async def start() -> tuple[SmallBot, web.AppRunner, int]:
        bot = SmallBot(MovableClock(), folder)
        runner = web.AppRunner(make_app(bot), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return bot, runner, runner.addresses[0][1]

    bot, runner, port = asyncio.run_coroutine_threadsafe(start(), loop).result(PATIENCE)
    try:
        yield SmallServer(bot, f"http://127.0.0.1:{port}/playground")
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Running(Protocol):
    """What `Process` asks of a process: `subprocess.Popen` can do it."""

    def send_signal(self, number: int, /) -> None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float) -> int: ...


def launch(command: Sequence[str], port: int, log: Path) -> Running:
    """Begins a program that serves at the port, writing to the log."""
    environment = {**os.environ, "MUSUBI_PORT": str(port)}
    with log.open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)


def command_of_demo(folder: Path) -> list[str]:
    """As anybody starts it."""
    return [sys.executable, "-m", "bot", "demo", "--folder", str(folder)]


class Process:
    """A server in a process of its own, that can be killed and started again on the same port and folder. `begin`
    begins it."""

    def __init__(self, begin: Callable[[], Running], port: int, log: Path) -> None:
        self.address = f"http://127.0.0.1:{port}/playground"
        self._port = port
        self._begin = begin
        self._log = log
        self._process: Running | None = None

    def start(self, command: Sequence[str] = ()) -> None:
        """Starts it, or this command in its place, and waits until the page is served."""
        self._process = launch(command, self._port, self._log) if command else self._begin()
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start:\n{self.read_log()}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=1)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):  # not there yet
            connection.request("GET", "/playground")
            return connection.getresponse().status == 200
        return False

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As Ctrl+C does; gives the exit code."""
        return self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> int:
        if self._process is None or self._process.poll() is not None:
            return 0
        self._process.send_signal(how)
        return self._process.wait(PATIENCE)

    def read_log(self) -> str:
        """What it wrote so far."""
        return self._log.read_text(encoding="utf-8")


@contextmanager
def serve_process(begin: Callable[[], Running], port: int, log: Path) -> Generator[Process]:
    """A running server, ended at the end."""
    process = Process(begin, port, log)
    try:
        process.start()
        yield process
    finally:
        process.kill()


@contextmanager
def run_process(command: Sequence[str], port: int, log: Path) -> Generator[Process]:
    """A program that serves at the port, writing to the log."""
    with serve_process(lambda: launch(command, port, log), port, log) as process:
        yield process


@contextmanager
def run_small_bot(folder: Path) -> Generator[Process]:
    """The small bot in a process of its own."""
    with hold_port() as port:
        command = [sys.executable, "-m", "tests.adapters.playground.small_bot", str(port), str(folder)]
        with run_process(command, port, folder.with_suffix(".log")) as process:
            yield process


@contextmanager
def run_demo(folder: Path) -> Generator[Process]:
    """The real thing, begun from nothing: `python -m bot demo`."""
    log = folder.with_suffix(".log")
    with hold_port() as port, run_process(command_of_demo(folder), port, log) as process:
        yield process
