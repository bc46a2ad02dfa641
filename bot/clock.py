"""The clock. Nothing else in Musubi asks what time it is."""

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """The machine's clock, moved forward: for the browser workspace, where the nudge of day 3 is seen today."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The present moment plus the offset, in UTC."""
        return datetime.now(UTC) + self.offset

    def move(self, by: timedelta) -> None:
        """Moves the clock forward. Raises ValueError if `by` is negative: time never goes back."""
        if by < timedelta():
            raise ValueError("the clock moves forward only")
        self.offset += by


class FrozenClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Moves the moment by `by`."""
        self.at += by
