"""What can go wrong, told apart by who can do something about it."""

from enum import StrEnum


class UserError(Exception):
    """Something the person can put right. `str(error)` is the sentence they read, in their language.

    The unit of work is rolled back.
    """


class SettingsError(Exception):
    """Settings are missing or contradict each other. `problems` are sentences, each with what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class FailureKind(StrEnum):
    """The four kinds of failed sends; each asks for another next step."""

    THROTTLED = "throttled"
    """The platform asks to wait: everybody in `scope` waits, nobody else is delayed."""
    RETRY = "retry"
    """Passing trouble: this delivery is tried again later."""
    GONE = "gone"
    """This address takes nothing any more: stop writing there, try the person's next account."""
    BUG = "bug"
    """The platform refuses what we made: a human must look."""


class SendFailed(Exception):
    """A send did not succeed.

    `retry_after` (seconds) comes from the platform. `channel_only` says that a throttle concerns one conversation and
    not the whole tenant. `maybe_sent` says that the answer was lost, so that the platform may have accepted the
    message: it must be asked before anything is sent again.
    """

    def __init__(
        self,
        kind: FailureKind,
        reason: str,
        *,
        retry_after: float = 0.0,
        channel_only: bool = False,
        maybe_sent: bool = False,
    ) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.retry_after = retry_after
        self.channel_only = channel_only
        self.maybe_sent = maybe_sent


class CannotAsk(Exception):
    """The platform has no way to tell whether a message arrived."""


class ProfileUnavailable(Exception):
    """The platform did not tell who the person is; worth another try."""


class FetchFailed(Exception):
    """Something could not be fetched. `reason` is one of `bot.ports.Fetcher`'s words, `detail` a value that goes with
    it, such as the status."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
