"""From a run to the outbox: one chunk of readers, in one transaction, with a fixed number of queries."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.digest import DigestOffer, DigestReader, dump_blocks, join_message
from bot.i18n import use_locale
from bot.policy import Policy
from bot.ui import Block
from handlers.digests import views
from handlers.digests.rules import LATE, Chooser, add_seen, read_seen
from storage.models import Urgency
from storage.queries import digests
from storage.queries.bulk import Address, list_addresses
from storage.queries.digests import Digest, OpenRun
from storage.uow import UnitOfWork

CHUNK = 20
"""Readers in a transaction. It takes about 4 ms, for which on SQLite whoever presses a button meanwhile waits; half of
them would take almost as long."""

SITTING = 50
"""Chunks for which what is on offer is found once: that takes as long as some chunks do, and what was found must not be
older than a second or two."""

_MOST_DRAWN = 20
"""Pieces that one transaction draws. The first chunks of a run would draw hundreds; they end early."""

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
    drawn: int = 0
    """How many pieces were drawn anew."""
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
            self.drawn += 1
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


class Sitting:
    """What is on offer at one moment, and what was chosen of it, for the readers of some chunks. The turns of news are
    noted at the end."""

    def __init__(self, offers: Iterable[DigestOffer], policy: Policy) -> None:
        self.chooser = Chooser(offers)
        self.words = Words(policy, self.chooser, PIECES)


def make_chunk(sitting: Sitting, db: UnitOfWork, run: OpenRun, now: datetime, limit: int) -> None:
    """Makes the digests of the next readers of a run, and notes how far it is."""
    found = digests.list_readers(db, run.zone, run.rhythms.split(","), run.cursor, limit)
    end = found[-1][0].id if found else run.cursor
    made, last = make_digests(sitting, db, run.period, found, now) if found else ([], end)
    digests.post_digests(db, made, now, run.at + LATE)
    digests.move_run(db, run.id, len(made), last, now if len(found) < limit and last == end else None)


def make_digests(
    sitting: Sitting, db: UnitOfWork, period: str, found: list[tuple[DigestReader, str]], now: datetime
) -> tuple[list[Digest], int]:
    """What each of these readers gets, and who is the last of them: where much has to be drawn, the others are left to
    the next chunk. Who has no account or no digest's worth gets none."""
    chooser, words, ids = sitting.chooser, sitting.words, [reader.id for reader, _rhythm in found]
    memories = digests.list_memories(db, ids)
    lately = [id for id in memories if memories[id].at > now - _SAME_PERIOD]
    served = digests.list_served(db, [make_key(id, period) for id in lately]) if lately else frozenset[str]()
    chooser.meet(db, [reader for reader, _rhythm in found])
    parted = digests.list_barriers(db, ids, chooser.subjects)
    addresses = list_addresses(db, ids)
    made: list[Digest] = []
    words.drawn = 0
    for reader, rhythm in found:
        key, to = make_key(reader.id, period), addresses.get(reader.id)
        if to is None or key in served:
            continue
        before = memories[reader.id].seen if reader.id in memories else ""
        chosen = chooser.choose(reader, parted.get(reader.id, frozenset()), read_seen(before))
        if chosen:
            after = add_seen(before, [chooser.items[number].key for number in chosen])
            made.append(_address(words, reader, to, chosen, after, rhythm, key))
        if words.drawn >= _MOST_DRAWN:
            return made, reader.id
    return made, ids[-1]


def _address(
    words: Words, reader: DigestReader, to: Address, chosen: tuple[int, ...], seen: str, rhythm: str, key: str
) -> Digest:
    """Weekly digests were asked for; the others come by default, and count in the monthly push budget."""
    urgency = Urgency.NUDGE if rhythm == "weekly" else Urgency.PUSH
    return Digest(key, reader.id, to, reader.locale, words.write(reader, chosen, rhythm), urgency, seen)


def make_key(member_id: int, period: str) -> str:
    """The key of a reader's delivery: one for each period, whatever zones the reader was in."""
    return f"digest:{member_id}:{period}"
