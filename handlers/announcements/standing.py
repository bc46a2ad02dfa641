"""How an announcement stands, as values for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handlers.announcements.rules import Abilities
from storage.models import Announcement, DeliveryState
from storage.queries.batches import NO_ACCOUNT, Tally


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom it reaches now: how many, and a few of their names."""

    people: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What became of it: people by state, reasons with their number, and channels. `on_the_way` has been handed to
    the outbox and waits: for quiet hours, the platform's pace, or a month with room. `planned` is the sum of what
    became of each; channels are counted apart."""

    planned: int = 0
    sent: int = 0
    on_the_way: int = 0
    uncertain: int = 0
    failed: Mapping[str, int] = field(default_factory=dict[str, int])
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    channels: int = 0
    channels_failed: Mapping[str, int] = field(default_factory=dict[str, int])
    channels_uncertain: int = 0
    pressed: int = 0

    @property
    def all_failed(self) -> int:
        """How many did not get it because it failed."""
        return sum(self.failed.values())

    @property
    def all_skipped(self) -> int:
        """To how many it was not sent, for whatever reason."""
        return sum(self.skipped.values())

    @property
    def all_channels_failed(self) -> int:
        """In how many channels it does not stand because it failed."""
        return sum(self.channels_failed.values())


_ON_THE_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)


def make_report(tallies: list[Tally], pressed: int) -> Report:
    """The report of an announcement's deliveries, added up."""
    people = [tally for tally in tallies if not tally.to_room]
    rooms = [tally for tally in tallies if tally.to_room]
    return Report(
        planned=sum(tally.number for tally in people),
        sent=_count(people, DeliveryState.SENT),
        on_the_way=_count(people, *_ON_THE_WAY),
        uncertain=_count(people, DeliveryState.UNCERTAIN),
        failed=_add_up(tally for tally in people if has_failed(tally.state, tally.reason)),
        skipped=_add_up(tally for tally in people if _was_skipped(tally)),
        channels=_count(rooms, DeliveryState.SENT),
        channels_failed=_add_up(tally for tally in rooms if has_failed(tally.state, tally.reason)),
        channels_uncertain=_count(rooms, DeliveryState.UNCERTAIN),
        pressed=pressed,
    )


def has_failed(state: str, reason: str) -> bool:
    """As `batches.is_failed`: why it did not arrive lies with the account or the platform."""
    return state == DeliveryState.FAILED or (state == DeliveryState.SKIPPED and reason in NO_ACCOUNT)


def _was_skipped(tally: Tally) -> bool:
    return tally.state == DeliveryState.SKIPPED and not has_failed(tally.state, tally.reason)


def _add_up(tallies: Iterable[Tally]) -> dict[str, int]:
    """By reason."""
    found: dict[str, int] = {}
    for tally in tallies:
        found[tally.reason] = found.get(tally.reason, 0) + tally.number
    return found


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
    can: Abilities = field(default_factory=Abilities)
