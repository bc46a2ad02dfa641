"""The pages under test: the small bot in a thread of this process, or a real process that can be killed."""

import asyncio
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.clock import MovableClock
from tests.adapters.playground.small_bot import SmallBot, make_app

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


def find_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(slots=True)
class SmallServer:
    """The small bot's page."""

    bot: SmallBot
    address: str


@contextmanager
def serve_small_bot(folder: Path) -> Generator[SmallServer]:
    """Serves the page in front of the small bot, in a thread with an event loop of its own."""
    loop, port = asyncio.new_event_loop(), find_port()
    thread = threading.Thread(target=loop.run_forever, name="small-bot")
    thread.start()

    async def start() -> tuple[SmallBot, web.AppRunner]:
        bot = SmallBot(MovableClock(), folder)
        runner = web.AppRunner(make_app(bot), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return bot, runner

    bot, runner = asyncio.run_coroutine_threadsafe(start(), loop).result(PATIENCE)
    try:
        yield SmallServer(bot, f"http://127.0.0.1:{port}/playground")
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Process:
    """A server in a process of its own, that can be killed and started again on the same port and folder."""

    def __init__(self, command: Sequence[str], port: int, log: Path, environment: dict[str, str] | None = None) -> None:
        self.address = f"http://127.0.0.1:{port}/playground"
        self._port = port
        self._command = command
        self._log = log
        self._environment = {**os.environ, "MUSUBI_PORT": str(port), **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until the page is served."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start:\n{self._log.read_text(encoding='utf-8')}")
            time.sleep(0.05)

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
def run_process(
    command: Sequence[str], port: int, log: Path, environment: dict[str, str] | None = None
) -> Generator[Process]:
    """A running server, ended at the end."""
    process = Process(command, port, log, environment)
    try:
        process.start()
        yield process
    finally:
        process.kill()


@contextmanager
def run_small_bot(folder: Path) -> Generator[Process]:
    """The small bot in a process of its own."""
    port = find_port()
    command = [sys.executable, "-m", "tests.adapters.playground.small_bot", str(port), str(folder)]
    with run_process(command, port, folder.with_suffix(".log")) as process:
        yield process


@contextmanager
def run_demo(folder: Path) -> Generator[Process]:
    """The real thing: `python -m bot demo`."""
    command = [sys.executable, "-m", "bot", "demo", "--folder", str(folder)]
    with run_process(command, find_port(), folder.with_suffix(".log")) as process:
        yield process
