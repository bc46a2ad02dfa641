"""Events as digests show them: one that is announced to the reader, and that the reader hasn't answered."""

from collections.abc import Sequence
from datetime import datetime

from bot.digest import DigestItem, DigestOffer, DigestReader, Fit, ItemKind
from bot.policy import Policy
from bot.ui import Block
from handlers.events import views
from handlers.events.listing import count_seats
from handlers.events.present import make_sight
from handlers.events.readers import prepare_readers
from handlers.events.rules import Stage, find_stage
from storage.models import Event, Purpose
from storage.queries import events as queries
from storage.uow import UnitOfWork

MOST = 10
"""The next so many events are offered; each reader gets one at most."""


def offer(db: UnitOfWork, now: datetime, policy: Policy) -> DigestOffer:
    """The next events with free seats, for those to whom they were announced."""
    coming = queries.list_open(db, now)[: 3 * MOST]
    counts = queries.count_answers(db, [event.id or 0 for event in coming])
    taken = {event.id or 0: count_seats(counts[event.id or 0]) for event in coming}
    free = [event for event in coming if find_stage(event, taken[event.id or 0], now) is Stage.OPEN][:MOST]
    items = {f"event:{event.id}": _make_item(event, taken[event.id or 0], now) for event in free}
    numbers = {f"event:{event.id}": event.id or 0 for event in free}
    find_readers = prepare_readers(db, free, policy)

    def fit_for(db: UnitOfWork, readers: Sequence[DigestReader]) -> Fit:
        ids = [reader.id for reader in readers]
        answered = queries.list_answered(db, list(numbers.values()), ids)
        announced_to = find_readers(db, ids)

        def fit(reader: DigestReader, item: DigestItem) -> float:
            event = numbers[item.key]
            among = announced_to[event]
            return float((among is None or reader.id in among) and (event, reader.id) not in answered)

        return fit

    return DigestOffer(tuple(items.values()), fit_for)


def _make_item(event: Event, taken: int, now: datetime) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        return views.item(make_sight(event, event.zone, taken, now))

    shown_as = (event.id, event.edition, event.title_ja, event.title_en, event.place, event.starts_at)
    return DigestItem(
        ItemKind.EVENT, f"event:{event.id}", draw, purpose=Purpose.NEWS.value, from_hr=True, like=shown_as
    )
