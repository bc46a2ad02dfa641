"""The bot as a process of its own, served as it is deployed, on the machine's clock, with the fakes for platforms."""

import asyncio
import contextlib
import os
import signal
import socket
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench.sending import Platforms, build_app, make_context
from bot.cli.serve import run
from bot.clock import SystemClock
from bot.logs import set_up_logs

_PATIENCE = 60


def serve(platforms: Platforms, port: int) -> None:
    """Serves until killed."""
    set_up_logs("json", "info", Path(os.devnull).open("w"))  # noqa: SIM115 - open as long as the process
    asyncio.run(run(build_app(platforms, SystemClock()), "127.0.0.1", port))


class Bot:
    """The process."""

    def __init__(self, platforms: Platforms) -> None:
        self._platforms = platforms
        with socket.create_server(("127.0.0.1", 0)) as held:
            self._port = int(held.getsockname()[1])
        self._process: BaseProcess | None = None

    @property
    def url(self) -> str:
        """Where Slack's requests go."""
        return f"http://127.0.0.1:{self._port}/slack/events"

    async def start(self) -> None:
        """Returns when its port is open. Raises TimeoutError when it does not open."""
        self._process = make_context().Process(target=serve, args=(self._platforms, self._port), daemon=True)
        self._process.start()
        async with asyncio.timeout(_PATIENCE):
            while not await self._is_open():  # noqa: ASYNC110 - another process tells nothing
                await asyncio.sleep(0.05)

    async def _is_open(self) -> bool:
        with contextlib.suppress(OSError):  # not yet: that is the answer
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.close()
            await writer.wait_closed()
            return True
        return False

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None and self._process.pid is not None and self._process.is_alive():
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.join()
