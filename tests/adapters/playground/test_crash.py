"""kill -9 in the middle of writing: what was said to be kept is kept, and nothing is kept by halves."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.playground.store import Store

ROOT = Path(__file__).parents[3]


def write_until_killed(path: Path, after: float) -> list[str]:
    """The keys that the writer reported before it was killed, `after` seconds into its writing."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.adapters.playground.writer", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    reported = [writer.stdout.readline().strip()]
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    reported += writer.stdout.read().split("\n")[:-1]
    assert writer.wait() == -signal.SIGKILL
    writer.stdout.close()
    return [key.strip() for key in reported]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_that_was_reported_is_lost(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "playground.sqlite3"
    reported = write_until_killed(path, random.Random(seed).uniform(0.02, 0.3))
    store = Store(path)
    assert [key for key in reported if store.find_delivery(key) is None] == []
    with store.database.read() as connection:
        assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"
        messages = connection.execute("select count(*) from messages").fetchone()[0]
        keys = connection.execute("select count(*) from deliveries").fetchone()[0]
    # A message, its key and its event are one: all of them or none.
    assert messages == keys == len(store.list_queued())
    assert len(reported) <= messages <= len(reported) + 1
    store.close()


def test_a_second_writer_goes_on_where_the_first_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "playground.sqlite3"
    first = write_until_killed(path, 0.05)
    second = write_until_killed(path, 0.3)
    with sqlite3.connect(path) as connection:
        kept = {key for (key,) in connection.execute("select key from deliveries")}
        messages = connection.execute("select count(*) from messages").fetchone()[0]
    connection.close()
    assert kept >= {*first, *second}
    assert messages == len(kept)
