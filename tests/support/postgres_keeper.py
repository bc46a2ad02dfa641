"""Keeps one PostgreSQL server alive exactly as long as its starter: `python postgres_keeper.py PGDATA UID BIN_FOLDER`.

A program of its own, because a test run that is killed can't clean up: its end of the pipe closes, and for that this
waits. Prints `ready` once the server takes connections. Standard library only, so that it starts at once.
"""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

# The data is worthless after the run, so nothing waits for the disk.
SERVER_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
START_SECONDS = 30.0
STOP_SECONDS = 10.0


def make_cluster(binaries: Path, data: Path, uid: int | None) -> None:
    """Runs initdb. The built-in C.UTF-8 locale needs none of the machine's and knows the case of every letter."""
    command = [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    command += ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8", "--no-instructions"]
    subprocess.run(command, check=True, user=uid, cwd=data, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def start_server(binaries: Path, data: Path, uid: int | None) -> subprocess.Popen[bytes]:
    """Starts the server in a group of its own, so that Ctrl-C in the terminal reaches pytest alone."""
    options = [part for name, value in SERVER_OPTIONS.items() for part in ("-c", f"{name}={value}")]
    command = [binaries / "postgres", "-D", data, "-k", data, *options]
    with (data / "server.log").open("wb") as log:
        return subprocess.Popen(
            command, user=uid, cwd=data, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def wait_until_ready(data: Path, server: subprocess.Popen[bytes]) -> None:
    """Waits for `ready` in the server's pid file. Raises RuntimeError with the server's log if it doesn't come."""
    deadline = time.monotonic() + START_SECONDS
    pid_file = data / "postmaster.pid"
    while time.monotonic() < deadline and server.poll() is None:
        if pid_file.exists() and "ready" in pid_file.read_text():
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL did not start:\n{(data / 'server.log').read_text()}")


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """Ends the server at once, open connections or not, and waits until it is gone."""
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def keep(data: Path, uid: int | None, binaries: Path) -> None:
    """Makes the cluster, runs the server until standard input closes, then removes everything."""
    try:
        make_cluster(binaries, data, uid)
        server = start_server(binaries, data, uid)
        try:
            wait_until_ready(data, server)
            print("ready", flush=True)
            sys.stdin.read()
        finally:
            stop_server(server)
    finally:
        shutil.rmtree(data.parent, ignore_errors=True)


def leave(number: int, frame: FrameType | None) -> None:
    """Ends this program by way of its `finally` blocks."""
    sys.exit(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    keep(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2] != "-" else None, Path(sys.argv[3]))
