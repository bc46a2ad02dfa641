"""What meetings are for: a feature whose people meet says so here, and hears when a time is agreed on.

    class TalkHost:
        def hold(self, acting, subject_id): ...

    meetings.add_host("consultation", TalkHost())

Meetings knows its hosts by their kind only, so that it depends on none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.installation import Installation
from bot.policy import Policy
from bot.ui import Button
from storage.models import Member
from storage.queries.outbox import Make
from storage.uow import UnitOfWork


@dataclass(slots=True)
class Acting:
    """What every step needs: the transaction, the time and the rules; and who acts (0: nobody, a reminder), by the
    button of which message. `said` becomes the answer to that person."""

    db: UnitOfWork
    now: datetime
    policy: Policy
    installation: Installation
    actor: int = 0
    pressed: str = ""
    said: Make | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What a meeting is for, as one of the two may know it: the other's name, a line for the calendar in the current
    language, and the button with which a day that was agreed on elsewhere can be told, if there is one."""

    other: str
    title: Callable[[], str]
    by_hand: Callable[[], Button] | None = None


class Host(Protocol):
    """A feature whose people meet."""

    def hold(self, acting: Acting, subject_id: int) -> tuple[int, int] | None:
        """Holds the subject until the end of the transaction; the ids of the two, or None when they may not meet now:
        it has ended, somebody has gone, a block stands between them. Whatever follows from that, the host does."""
        ...

    def describe(self, acting: Acting, subject_id: int, reader: Member) -> Matter | None:
        """What it is for, as `reader` may know it; None when the other may not be shown to them."""
        ...

    def note_time(self, acting: Acting, subject_id: int, starts_at: datetime | None) -> None:
        """A time was agreed on, changed, or given up (None). Called while the subject is held."""
        ...


_hosts: dict[str, Host] = {}


def add_host(kind: str, host: Host) -> None:
    """Makes a host known. Raises ValueError when the kind is taken by another one."""
    if _hosts.setdefault(kind, host) is not host:
        raise ValueError(f"two features call their meetings {kind}")


def find_host(kind: str) -> Host | None:
    """The host of that kind; None for a forged button."""
    return _hosts.get(kind)
