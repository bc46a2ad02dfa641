"""When digests are due, and what each reader gets. Pure.

**When.** Every zone has its own slot: Tuesdays at 10:00 of its wall clock. Weekly readers get a digest on each, monthly
ones on the first of a month, those of every two months on the first of an even month. What was missed while Musubi was
down is made up for once when it is back: one digest for each reader whose rhythm it was on any of the missed Tuesdays.

**What.** At most seven items, three at least, of what the features offer (`bot.digest`): never across a block, never of
the reader, never without the consent that it needs, never twice to the same reader. Latest news come first, and the one
that was shown to the fewest readers before comes first among them; of equals the one that has waited longest. HR's
items are at most a third of any digest.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from heapq import heapify, heappop, heappush, heapreplace
from typing import Any
from zoneinfo import ZoneInfo

from bot.dates import get_zone
from bot.digest import DigestItem, DigestOffer, DigestReader, Fit, ItemKind
from bot.recurrence import Rule, next_run

WEEKLY = Rule(time(10), frozenset({1}))
MONTHLY = Rule(time(10), frozenset({1}), nth=1)
LATE = timedelta(days=7)
"""A digest that couldn't be delivered for so long isn't: the next one comes."""
NEW_FOR = timedelta(days=31)

MOST, FEWEST = 7, 3
HR_PART = 3
"""HR's items are at most one in so many."""
REMEMBERED = 60
"""So many items a reader was shown are remembered: two years of monthly digests, two months of weekly ones."""

_NEWS_FIRST = 3
"""So many news before the other kinds have their turn; when there is room left, more follow."""
_QUOTA = {
    ItemKind.QUESTION: 1,
    ItemKind.NEWCOMER: 2,
    ItemKind.ANNIVERSARY: 1,
    ItemKind.THANKS: 1,
    ItemKind.SPOTLIGHT: 1,
    ItemKind.EVENT: 1,
    ItemKind.JOB: 2,
}
_PLACE = {kind: place for place, kind in enumerate(ItemKind)}


@dataclass(frozen=True, slots=True)
class Round:
    """What is due in a zone: whose rhythm it is, the last moment that is due, and its name for the deliveries' keys."""

    rhythms: frozenset[str]
    at: datetime
    period: str


def next_moment(zone: str, after: datetime) -> datetime:
    """When a zone's next digests are due, strictly after `after` (UTC). A zone that is none counts as UTC."""
    return next_run(WEEKLY, get_zone(zone).key, after)


def find_round(zone: str, seen: datetime, now: datetime) -> Round:
    """What is due when the zone's slot stands at `seen` and it is `now`: all Tuesdays from the one to the other. A zone
    that is none counts as UTC."""
    zone = get_zone(zone).key
    last = seen
    while (following := next_run(WEEKLY, zone, last)) <= now:
        last = following
    rhythms = {"weekly"}
    first = next_run(MONTHLY, zone, seen - timedelta(seconds=1))
    while first <= last:
        rhythms |= {"monthly"} if first.astimezone(ZoneInfo(zone)).month % 2 else {"monthly", "bimonthly"}
        first = next_run(MONTHLY, zone, first)
    return Round(frozenset(rhythms), last, last.astimezone(ZoneInfo(zone)).date().isoformat())


class Chooser:
    """Chooses for one reader after another, and counts what was shown, so that turns go round.

    Readers come in chunks: `meet` lets the features read what they need of them, and takes back what was counted since
    the last `keep`, for a transaction may be begun anew.
    """

    def __init__(self, offers: Iterable[DigestOffer]) -> None:
        self._offers = tuple(offers)
        self.items: list[DigestItem] = [item for offer in self._offers for item in offer.items]
        self._fits: list[Fit | None] = [None] * len(self.items)
        self._shown = [item.shown for item in self.items]
        self._kept = list(self._shown)
        self._shelves: dict[tuple[str, frozenset[str]], _Shelves] = {}
        self._numbers = {item.key: number for number, item in enumerate(self.items)}
        self.subjects = frozenset(item.about for item in self.items if item.about)
        """The members of whom something is told."""

    def meet(self, db: Any, readers: Sequence[DigestReader]) -> None:
        """These readers are chosen for next. To be called before the first of each chunk."""
        self._fits.clear()
        for offer in self._offers:
            fit = offer.fit_for(db, readers) if offer.fit_for and offer.items else None
            self._fits += [fit] * len(offer.items)
        if self._shown != self._kept:
            self._shown[:] = self._kept
            self._shelves.clear()

    def keep(self) -> None:
        """What was chosen counts."""
        self._kept = list(self._shown)

    def choose(
        self, reader: DigestReader, parted: Collection[int] = frozenset(), seen: Collection[str] = ()
    ) -> tuple[int, ...]:
        """What the reader gets, () when it is not worth a digest. `parted` are the members from whom a block parts the
        reader, `seen` the keys of what was shown before."""
        numbers, items, own = self._numbers, self.items, reader.id
        refused = {numbers[key] for key in seen if key in numbers}

        def takes(number: int) -> bool:
            about = items[number].about
            return number not in refused and (not about or (about != own and about not in parted))

        chosen = self._compose(self._find_shelves(reader), reader, takes)
        for number in chosen:
            self._shown[number] += 1
        return chosen

    def note_shown(self, db: Any) -> None:
        """Tells the features how many readers were shown what, as far as it was kept. To be called once, at the end."""
        shown = {item.key: kept - item.shown for item, kept in zip(self.items, self._kept, strict=True)}
        for offer in self._offers:
            offer.note_shown(db, {item.key: count for item in offer.items if (count := shown[item.key])})

    def _find_shelves(self, reader: DigestReader) -> "_Shelves":
        """The items that readers of this role and these consents may get, sorted for choosing."""
        key = (reader.role, reader.agreed)
        if key not in self._shelves:
            fitting = [number for number, item in enumerate(self.items) if _is_for(item, reader)]
            self._shelves[key] = _Shelves(self.items, self._fits, self._shown, fitting)
        return self._shelves[key]

    def _compose(self, shelves: "_Shelves", reader: DigestReader, takes: Callable[[int], bool]) -> tuple[int, ...]:
        news = shelves.take(ItemKind.NEWS, MOST, reader, takes)
        others = [n for kind in shelves.kinds for n in shelves.take(kind, _QUOTA[kind], reader, takes)]
        ranked = [*news[:_NEWS_FIRST], *others, *news[_NEWS_FIRST:]]
        own = [n for n in ranked if not self.items[n].from_hr]
        chosen = weigh(own, [n for n in ranked if self.items[n].from_hr])
        return tuple(sorted(chosen, key=lambda n: _PLACE[self.items[n].kind]))


def weigh(own: Sequence[int], hr: Sequence[int]) -> list[int]:
    """The first of the members' own items and of HR's: at most MOST, HR's at most a third, [] for fewer than FEWEST."""
    most = min(len(hr), MOST // HR_PART)
    kept = list(own[: MOST - most])
    chosen = kept + list(hr[: min(most, len(kept) // (HR_PART - 1))])
    return chosen if len(chosen) >= FEWEST else []


def _is_for(item: DigestItem, reader: DigestReader) -> bool:
    return reader.role in item.roles and (not item.purpose or item.purpose in reader.agreed)


class _Shelves:
    """What one class of readers may get, by kind: turns go round among what fits everybody alike, news among them."""

    def __init__(
        self, items: Sequence[DigestItem], fits: Sequence[Fit | None], shown: list[int], fitting: Sequence[int]
    ) -> None:
        self._items, self._fits, self._shown = items, fits, shown
        self._turns: dict[ItemKind, _Turns] = {}
        self._scored: dict[ItemKind, list[int]] = {}
        by_kind: dict[ItemKind, list[int]] = {kind: [] for kind in (ItemKind.NEWS, *_QUOTA)}
        for number in fitting:
            by_kind[items[number].kind].append(number)
        for kind, numbers in by_kind.items():
            if any(fits[number] is not None for number in numbers):
                self._scored[kind] = numbers
            elif numbers:
                self._turns[kind] = _Turns(shown, numbers)
        self.kinds = [kind for kind in _QUOTA if by_kind[kind]]
        """Those of which there is something, besides news, in their order."""

    def take(self, kind: ItemKind, most: int, reader: DigestReader, takes: Callable[[int], bool]) -> list[int]:
        """Up to `most` of a kind: what fits best, of equals the least shown."""
        if kind in self._turns:
            return self._turns[kind].take(most, takes)
        scored = [
            (-score, self._shown[n], n)
            for n in self._scored.get(kind, ())
            if (score := self._score(n, reader)) > 0 and takes(n)
        ]
        scored.sort()
        return [n for _score, _shown, n in scored[:most]]

    def _score(self, number: int, reader: DigestReader) -> float:
        fit = self._fits[number]
        return 1.0 if fit is None else fit(reader, self._items[number])


class _Turns:
    """Items in a heap, the least shown on top; counts that grew since they were put there are set right when they come
    up. Hundreds of items then cost a reader no more than those that are taken."""

    def __init__(self, shown: list[int], numbers: Sequence[int]) -> None:
        self._shown = shown
        self._heap = [(shown[n], n) for n in numbers]
        heapify(self._heap)

    def take(self, most: int, takes: Callable[[int], bool]) -> list[int]:
        """Up to `most`, the least shown first."""
        heap, shown = self._heap, self._shown
        taken: list[int] = []
        looked_at: list[tuple[int, int]] = []
        while heap and len(taken) < most:
            count, number = heap[0]
            if shown[number] != count:
                heapreplace(heap, (shown[number], number))
                continue
            looked_at.append(heappop(heap))
            if takes(number):
                taken.append(number)
        for entry in looked_at:
            heappush(heap, entry)
        return taken


def read_seen(text: str) -> tuple[str, ...]:
    """The keys that a reader was shown, the oldest first."""
    return tuple(text.split("\n")) if text else ()


def add_seen(text: str, keys: Iterable[str]) -> str:
    """The same with what is shown now; the oldest are forgotten."""
    return "\n".join((*read_seen(text), *keys)[-REMEMBERED:])
