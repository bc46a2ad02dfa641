"""Writes to a workspace's file without end, and says what it has kept: for tests that kill it in the middle."""

import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from adapters.playground.store import BOT, Post, Settler, Store


def write_forever(path: Path) -> None:
    """One line on standard output for each message that is on the disk."""
    store = Store(path)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    store.settle([Settler("misaki", True)], [], [], now)
    for number in count():
        key = f"delivery:{number}"
        body = {"text": "縁" * (1 + number % 2000)}
        store.post_and_queue(Post("dm:misaki", BOT, "card", body, key=key), {"n": number}, now)
        sys.stdout.write(f"{key}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    write_forever(Path(sys.argv[1]))
