"""What can be made to go wrong, on demand: throttling, failures, silence, lost answers."""

from collections import deque
from dataclasses import dataclass
from typing import Literal

Kind = Literal["throttle", "fail", "hang", "drop", "cut", "refuse"]


@dataclass
class Fault:
    """One kind of trouble for the next `times` calls that fit `method` and `channel` ("" fits all)."""

    kind: Kind
    times: int = 1
    method: str = ""
    channel: str = ""
    status: int = 500
    seconds: float = 0.0
    code: str = ""
    accepts: bool = False

    def fits(self, method: str, channel: str) -> bool:
        """Whether this call is meant."""
        return self.times > 0 and self.method in ("", method) and self.channel in ("", channel)


class Faults:
    """The troubles that wait for a call. The first that fits is taken."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.taken = 0
        """How many calls have met one."""

    def throttle(self, times: int = 1, *, retry_after: int = 30, method: str = "", channel: str = "") -> None:
        """The next calls are answered 429 with `Retry-After` (seconds), and not carried out."""
        self._waiting.append(Fault("throttle", times, method, channel, status=429, seconds=retry_after))

    def fail(self, times: int = 1, *, status: int = 500, method: str = "", channel: str = "") -> None:
        """The next calls are answered with `status` and a page of HTML, and not carried out."""
        self._waiting.append(Fault("fail", times, method, channel, status=status))

    def hang(
        self, seconds: float, times: int = 1, *, method: str = "", channel: str = "", accepts: bool = False
    ) -> None:
        """The next calls are answered after `seconds`; with `accepts` they are carried out first."""
        self._waiting.append(Fault("hang", times, method, channel, seconds=seconds, accepts=accepts))

    def drop(self, times: int = 1, *, method: str = "", channel: str = "") -> None:
        """The next calls are carried out, but the connection breaks before the answer."""
        self._waiting.append(Fault("drop", times, method, channel, accepts=True))

    def cut(self, times: int = 1, *, method: str = "", channel: str = "") -> None:
        """The connection breaks and the next calls are not carried out."""
        self._waiting.append(Fault("cut", times, method, channel))

    def refuse(self, code: str, times: int = 1, *, method: str = "", channel: str = "") -> None:
        """The next calls are answered `{"ok": false, "error": code}`, and not carried out."""
        self._waiting.append(Fault("refuse", times, method, channel, code=code))

    def clear(self) -> None:
        """All is well again."""
        self._waiting.clear()

    def take(self, method: str, channel: str) -> Fault | None:
        """The trouble for this call, or None."""
        for fault in self._waiting:
            if fault.fits(method, channel):
                fault.times -= 1
                self.taken += 1
                return fault
        return None


class Pace:
    """Slack's pace for posting: about one message a second in each conversation, with short bursts, and some hundreds a
    minute in the whole workspace.

    `burst` posts may come at once; after that one a second. `workspace` is how many in how many seconds, None for no
    limit. Seconds are the workspace's time.
    """

    def __init__(self, burst: int = 5, per_second: float = 1.0, workspace: tuple[int, float] | None = None) -> None:
        self._burst, self._rate, self._workspace = burst, per_second, workspace
        self._left: dict[str, tuple[float, float]] = {}
        self._posted: deque[float] = deque()

    def wait_for(self, channel: str, now: float) -> float:
        """0 if a post is fine now, else the seconds until the next one is."""
        wait = max(self._wait_for_workspace(now), self._wait_for_channel(channel, now))
        if not wait:
            self._posted.append(now)
        return wait

    def _wait_for_workspace(self, now: float) -> float:
        if self._workspace is None:
            return 0.0
        most, seconds = self._workspace
        while self._posted and self._posted[0] <= now - seconds:
            self._posted.popleft()
        return self._posted[0] + seconds - now if len(self._posted) >= most else 0.0

    def _wait_for_channel(self, channel: str, now: float) -> float:
        left, seen = self._left.get(channel, (float(self._burst), now))
        left = min(float(self._burst), left + (now - seen) * self._rate)
        if left < 1:
            self._left[channel] = (left, now)
            return (1 - left) / self._rate
        self._left[channel] = (left - 1, now)
        return 0.0
