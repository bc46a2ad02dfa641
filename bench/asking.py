"""Somebody who sends slash commands over HTTP at a steady rate, and notes how long each answer took.

In a process of its own: beside the fakes of the platforms, which have much to do during a broadcast, a command would
wait for them and not for the bot.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import aiohttp

from bench.commands import HELP, HOME, NAME, check_message
from bench.requests import Sender
from bench.sending import make_context
from bot.clock import SystemClock
from tests.fake_slack.workspace import Channel, User, Workspace

A_SECOND = 20
"""Commands that are sent every second: help and the home page in turn."""
_PATIENCE = 30
"""Seconds for which an answer is waited for."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where: what the process is told when it starts."""

    url: str
    user: User
    channel: Channel
    secret: str


class Client:
    """The process. Commands are sent whether or not the earlier ones were answered, as people send them."""

    def __init__(self, asker: Asker) -> None:
        self._line, other = make_context().Pipe()
        self._process: BaseProcess = make_context().Process(target=_serve, args=(other, asker), daemon=True)
        self._process.start()
        other.close()

    async def ask_for(self, is_over: Callable[[], bool]) -> list[float]:
        """Until it is over; gives the seconds that each answer took, in the order in which they came. Raises
        RuntimeError when one was none."""
        self._line.send("ask")
        while not is_over():  # noqa: ASYNC110 - another process tells nothing
            await asyncio.sleep(0.1)
        self._line.send("stop")
        found = await asyncio.to_thread(self._line.recv)
        if isinstance(found, str):
            raise RuntimeError(found)
        return found

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.join()


def _serve(line: Connection, asker: Asker) -> None:
    asyncio.run(_answer(line, asker))


async def _answer(line: Connection, asker: Asker) -> None:
    """Asks from each word to the next one, until killed."""
    sender = Sender(Workspace(SystemClock().now), asker.user, asker.channel, asker.secret)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_PATIENCE)) as session:
        while True:
            await asyncio.to_thread(line.recv)
            try:
                line.send(await _Round(session, asker.url, sender).ask_until(line.poll))
            except (RuntimeError, aiohttp.ClientError, TimeoutError) as error:
                line.send(f"{type(error).__name__}: {error}")
            if line.poll():
                line.recv()


@dataclass(slots=True)
class _Round:
    session: aiohttp.ClientSession
    url: str
    sender: Sender
    waits: list[float] = field(default_factory=list[float])

    async def ask_until(self, is_over: Callable[[], bool]) -> list[float]:
        asking: list[asyncio.Task[None]] = []
        begin, number = time.perf_counter(), 0
        while not is_over():
            asking.append(asyncio.create_task(self._ask(HELP if number % 2 else HOME)))
            number += 1
            await asyncio.sleep(max(0.0, begin + number / A_SECOND - time.perf_counter()))
        await asyncio.gather(*asking)
        return self.waits

    async def _ask(self, words: str) -> None:
        body, headers = self.sender.write(NAME, words)
        begin = time.perf_counter()
        async with self.session.post(self.url, data=body, headers=headers) as response:
            answer = await response.text()
        self.waits.append(time.perf_counter() - begin)
        if response.status != 200:
            raise RuntimeError(f"{response.status} {answer[:80]}")
        check_message(answer.replace('"response_type":"ephemeral"', '"response_type": "ephemeral"'))
