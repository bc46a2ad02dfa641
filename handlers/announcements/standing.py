"""How an announcement stands, as values for its page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.models import Announcement, DeliveryState
from storage.queries.batches import UNREACHABLE, Tally


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom it reaches now: how many, and a few of their names."""

    people: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of it: people by state, reasons with their number, and channels. `on_the_way` has been handed to
    the outbox and waits: for quiet hours, the platform's pace, or a month with room."""

    planned: int = 0
    sent: int = 0
    on_the_way: int = 0
    uncertain: int = 0
    failed: Mapping[str, int] = field(default_factory=dict[str, int])
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    channels: int = 0
    pressed: int = 0

    @property
    def all_failed(self) -> int:
        """How many did not get it because it failed."""
        return sum(self.failed.values())


_ON_THE_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)


def make_report(tallies: list[Tally], pressed: int) -> Report:
    """The report of an announcement's deliveries, added up."""
    people = [tally for tally in tallies if not tally.to_room]
    failed: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for tally in people:
        kind = _find_kind(tally, failed, skipped)
        if kind is not None:
            kind[tally.reason] = kind.get(tally.reason, 0) + tally.number
    return Report(
        planned=sum(tally.number for tally in people),
        sent=_count(people, DeliveryState.SENT),
        on_the_way=_count(people, *_ON_THE_WAY),
        uncertain=_count(people, DeliveryState.UNCERTAIN),
        failed=failed,
        skipped=skipped,
        channels=_count([tally for tally in tallies if tally.to_room], DeliveryState.SENT),
        pressed=pressed,
    )


def _find_kind(tally: Tally, failed: dict[str, int], skipped: dict[str, int]) -> dict[str, int] | None:
    gone = tally.state == DeliveryState.SKIPPED and tally.reason == UNREACHABLE
    if tally.state == DeliveryState.FAILED or gone:
        return failed
    return skipped if tally.state == DeliveryState.SKIPPED else None


def _count(tallies: list[Tally], *states: DeliveryState) -> int:
    return sum(tally.number for tally in tallies if tally.state in states)


@dataclass(frozen=True, slots=True)
class Correction:
    """New words for what was sent, which wait for a second person. `author` is a name; `mine`: I can't agree to it."""

    id: int
    author: str
    texts: Mapping[str, Mapping[str, str]]
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """One announcement as its page shows it. `kind` is the word for its kind; `author` and `approver` are names."""

    announcement: Announcement
    kind: str
    author: str
    approver: str = ""
    reach: Reach = field(default_factory=lambda: Reach(0))
    report: Report = field(default_factory=Report)
    mine: bool = True
    correction: Correction | None = None
