"""What a test and the bot's process both see: the time, and whether messages may go out just now."""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

_LAYOUT = struct.Struct("<d?")


class SharedClock:
    """A clock in a file that stands still until the test moves it, wherever it is read. `is_open` says whether
    messages may go out."""

    def __init__(self, path: Path, at: datetime | None = None) -> None:
        if at is not None:
            path.write_bytes(_LAYOUT.pack(at.timestamp(), True))
        with path.open("r+b") as file:
            self._kept = mmap.mmap(file.fileno(), _LAYOUT.size)

    def now(self) -> datetime:
        """The moment it stands at."""
        return datetime.fromtimestamp(self._read()[0], UTC)

    def move(self, by: timedelta) -> None:
        """Moves the moment by `by`."""
        self._write((self.now() + by).timestamp(), self.is_open)

    @property
    def is_open(self) -> bool:
        """Whether messages may go out."""
        return self._read()[1]

    @is_open.setter
    def is_open(self, value: bool) -> None:
        self._write(self._read()[0], value)

    def _read(self) -> tuple[float, bool]:
        return _LAYOUT.unpack(self._kept[:])

    def _write(self, at: float, is_open: bool) -> None:
        self._kept[:] = _LAYOUT.pack(at, is_open)
