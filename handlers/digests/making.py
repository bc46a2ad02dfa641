"""From a run to the outbox: one chunk of readers, in one transaction, with a fixed number of queries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.digest import DigestReader, DigestReaders, DigestSources, dump_blocks, join_message
from bot.i18n import use_locale
from bot.policy import Policy
from bot.ui import Block
from handlers.digests import views
from handlers.digests.rules import LATE, NEW_FOR, Chooser, add_seen, read_seen
from storage.models import DigestRun, Urgency
from storage.queries import digests
from storage.queries.bulk import Address, list_addresses
from storage.queries.digests import Digest
from storage.uow import UnitOfWork

CHUNK = 25
"""Readers in the first transaction, in which whatever they are shown has yet to be drawn: with 200 it took 100 ms. The
following ones have twice as many, and then as many as the time allows."""

_SMALLEST, _LARGEST = 200, 1000
"""Below the smallest most of a chunk's time goes into what it takes however small it is, on a slow machine as well."""

_SECONDS = 0.02
"""What a transaction should take: who presses a button meanwhile waits for it on SQLite."""


def choose_chunk(size: int, seconds: float) -> int:
    """How many readers the next chunk should have, when one of `size` took so many seconds. Towards it by half or
    double at most: one chunk may have been disturbed."""
    factor = min(2.0, max(0.5, _SECONDS / max(seconds, 1e-6)))
    return min(_LARGEST, max(min(_SMALLEST, 2 * size), round(size * factor)))


_SAME_PERIOD = timedelta(days=6)
"""Whoever had a digest of the same period had it within this time; of the last one, a week has passed. Only then are
the deliveries asked: on PostgreSQL reading them collides with those that are being sent, and all is done again."""

PIECES: dict[object, str] = {}
"""What is drawn while runs go on; `handlers.digests.jobs.work` empties it when they are done."""


@dataclass
class Words:
    """The pieces of messages, each made once for each language and, where it matters, role."""

    policy: Policy
    chooser: Chooser
    pieces: dict[object, str] = field(default_factory=dict[object, str])
    """What was drawn in earlier chunks of the run, by `DigestItem.like`, language and role."""
    _items: dict[tuple[int, str, str], str] = field(default_factory=dict[tuple[int, str, str], str])
    _others: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def write(self, reader: DigestReader, chosen: tuple[int, ...], tail: str) -> str:
        """The whole message's JSON; `tail` is the reader's rhythm, or "channel"."""
        locale, role = reader.locale, reader.role
        items = [self._items.get((number, locale, role)) or self._draw(number, locale, role) for number in chosen]
        pieces = [self._other("head", locale, self._head), *items, self._other(tail, locale, lambda: _tail(tail))]
        return join_message(self._summary(locale), pieces)

    def _draw(self, number: int, locale: str, role: str) -> str:
        item = self.chooser.items[number]
        known = (item.like, locale, role)
        piece = self.pieces.get(known) if item.like is not None else None
        if piece is None:
            with use_locale(locale):
                piece = dump_blocks(item.draw(role))
        if item.like is not None:
            self.pieces[known] = piece
        self._items[number, locale, role] = piece
        return piece

    def _head(self) -> tuple[Block, ...]:
        return views.head(self.policy)

    def _summary(self, locale: str) -> str:
        if ("summary", locale) not in self._others:
            with use_locale(locale):
                self._others["summary", locale] = views.summary(self.policy)
        return self._others["summary", locale]

    def _other(self, name: str, locale: str, make: Callable[[], tuple[Block, ...]]) -> str:
        if (name, locale) not in self._others:
            with use_locale(locale):
                self._others[name, locale] = dump_blocks(make())
        return self._others[name, locale]


def _tail(name: str) -> tuple[Block, ...]:
    return views.channel_tail() if name == "channel" else views.tail(name)


def make_chunk(
    db: UnitOfWork, run: DigestRun, now: datetime, policy: Policy, sources: DigestSources, limit: int = CHUNK
) -> None:
    """Makes the digests of the next readers of a run, and notes how far it is."""
    found = digests.list_readers(db, run.zone, run.rhythms.split(","), run.cursor, limit)
    made = make_digests(db, run.period, found, now, policy, sources) if found else []
    digests.post_digests(db, made, now, run.at + LATE)
    run.sent += len(made)
    if len(found) < limit:
        run.done_at = now
    else:
        run.cursor = found[-1][0].id
    db.session.add(run)


def make_digests(
    db: UnitOfWork,
    period: str,
    found: list[tuple[DigestReader, str]],
    now: datetime,
    policy: Policy,
    sources: DigestSources,
) -> list[Digest]:
    """What each of these readers gets; who has no account or no digest's worth gets none. Turns are noted."""
    ids = [reader.id for reader, _rhythm in found]
    lately = digests.list_written_to(db, ids, now - _SAME_PERIOD)
    served = digests.list_served(db, [make_key(id, period) for id in lately]) if lately else frozenset[str]()
    readers = tuple(reader for reader, _rhythm in found if make_key(reader.id, period) not in served)
    chooser = Chooser(sources.collect(DigestReaders(readers, now - NEW_FOR)))
    parted = digests.list_barriers(db, ids, {item.about for item in chooser.items if item.about})
    seen, addresses = digests.list_seen(db, ids), list_addresses(db, ids)
    words, rhythms, nobody = (
        Words(policy, chooser, PIECES),
        dict(zip(ids, (r for _, r in found), strict=True)),
        frozenset[int](),
    )
    made: list[Digest] = []
    for reader in readers:
        address, before = addresses.get(reader.id), seen.get(reader.id, "")
        if address is None:
            continue
        chosen = chooser.choose(reader, parted.get(reader.id, nobody), read_seen(before))
        if chosen:
            after = add_seen(before, [chooser.items[number].key for number in chosen])
            rhythm = rhythms[reader.id]
            made.append(_address(words, reader, address, chosen, after, rhythm, make_key(reader.id, period)))
    chooser.note_shown()
    return made


def _address(
    words: Words, reader: DigestReader, to: Address, chosen: tuple[int, ...], seen: str, rhythm: str, key: str
) -> Digest:
    """Weekly digests were asked for; the others come by default, and count in the monthly push budget."""
    urgency = Urgency.NUDGE if rhythm == "weekly" else Urgency.PUSH
    return Digest(key, reader.id, to, reader.locale, words.write(reader, chosen, rhythm), urgency, seen)


def make_key(member_id: int, period: str) -> str:
    """The key of a reader's delivery: one for each period, whatever zones the reader was in."""
    return f"digest:{member_id}:{period}"
