"""Ports that stay ours while nobody listens at them: for servers that are stopped, or killed, and come back."""

import socket
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def hold_port() -> Generator[int]:
    """A free port of 127.0.0.1, kept for the time of the block.

    It is bound and not listened at: whoever calls is refused, and the system gives it to no connection of another
    program in between, as it may with a port that was only looked up. Our servers may listen there all the same, since
    they say that they share it (SO_REUSEADDR, asyncio's default).
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
