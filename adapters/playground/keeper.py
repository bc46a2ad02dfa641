"""The store in its own thread, and those who wait for what changes in it."""

import asyncio
import contextlib
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from adapters.playground.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class Keeper:
    """Calls the store without blocking the event loop, one call after another, and tells who waits of every change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="playground")
        self._seq = store.change()
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def seq(self) -> int:
        """The number of the last change."""
        return self._seq

    @property
    def closed(self) -> bool:
        """Whether the workspace is being shut down."""
        return self._closed

    async def __call__(self, work: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `work(store, ...)`; what it wrote is on the disk when this returns. Passes its exceptions on."""
        loop = asyncio.get_running_loop()
        call = functools.partial(work, self._store, *args, **kwargs)
        result, seq = await loop.run_in_executor(self._thread, lambda: (call(), self._store.change()))
        self._announce(seq)
        return result

    def _announce(self, seq: int) -> None:
        if seq > self._seq:
            self._seq = seq
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_beyond(self, seq: int, patience: float) -> int:
        """The number of the last change, as soon as it is above `seq`; after `patience` seconds, or when the workspace
        closes, whatever it is then.
        """
        with contextlib.suppress(TimeoutError):  # nothing changed: an answer as well
            async with asyncio.timeout(patience):
                while self._seq <= seq and not self._closed:
                    await self._changed.wait()
        return self._seq

    def let_go(self) -> None:
        """Tells those who wait that the workspace closes."""
        self._closed = True
        self._wake()

    async def close(self) -> None:
        """Lets those who wait go, ends what is under way, and closes the file."""
        self.let_go()
        await asyncio.to_thread(self._thread.shutdown, wait=True)
        self._store.close()
