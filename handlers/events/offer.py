"""Events as digests show them: one that is announced to the reader, and that the reader hasn't answered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.digest import DigestItem, DigestOffer, DigestReader, DigestReaders, ItemKind
from bot.ui import Block
from handlers.events import views
from handlers.events.listing import count_seats
from handlers.events.present import make_sight
from handlers.events.rules import Stage, find_stage
from storage.models import Event, Purpose
from storage.queries import events as queries
from storage.queries.event_readers import list_open_to_all
from storage.uow import UnitOfWork

MOST = 5
"""The next so many events are offered; each reader gets one at most."""


def offer(db: UnitOfWork, readers: DigestReaders, now: datetime) -> DigestOffer:
    """The next events with free seats, for those to whom they were announced."""
    coming = queries.list_open(db, now)[: 3 * MOST]
    counts = queries.count_answers(db, [event.id or 0 for event in coming])
    taken = {event.id or 0: count_seats(counts[event.id or 0]) for event in coming}
    free = [event for event in coming if find_stage(event, taken[event.id or 0], now) is Stage.OPEN][:MOST]
    ids = [event.id or 0 for event in free]
    answered = queries.list_answered(db, ids, readers.ids)
    rules = list_open_to_all(db, free)
    items = {f"event:{event.id}": _make_item(event, taken[event.id or 0], now) for event in free}
    numbers = {f"event:{event.id}": event.id or 0 for event in free}

    def fit(reader: DigestReader, item: DigestItem) -> float:
        event = numbers[item.key]
        return float(_is_for(rules[event], reader) and (event, reader.id) not in answered)

    return DigestOffer(tuple(items.values()), fit)


def _is_for(rules: tuple[Mapping[str, Any], ...] | None, reader: DigestReader) -> bool:
    return rules is None or any(
        rule.get("role", "") in ("", reader.role)
        and (not rule.get("departments") or reader.department in rule["departments"])
        for rule in rules
    )


def _make_item(event: Event, taken: int, now: datetime) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        return views.item(make_sight(event, event.zone, taken, now))

    shown_as = (event.id, event.edition, event.title_ja, event.title_en, event.place, event.starts_at)
    return DigestItem(
        ItemKind.EVENT, f"event:{event.id}", draw, purpose=Purpose.NEWS.value, from_hr=True, like=shown_as
    )
