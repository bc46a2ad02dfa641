"""The monthly push budget, kept where deliveries are claimed."""

from collections.abc import Sequence
from datetime import datetime

from bot.budget import MONTH, next_push
from storage.models import DeliveryState, Urgency
from storage.queries.deliveries import Row
from storage.queries.outcomes import Outcome
from storage.queries.pushes import list_pushes
from storage.uow import UnitOfWork


def keep_budget(db: UnitOfWork, rows: Sequence[Row], token: str, now: datetime) -> dict[int, Outcome]:
    """What becomes of claimed rows that nobody asked for and whose reader has had enough: they wait until the budget
    has room, or are given up where that would be too late. By row id; one query, and none without such rows."""
    pushes = [row for row in rows if row.urgency == Urgency.PUSH and row.member_id is not None and not row.replaces_key]
    if not pushes:
        return {}
    taken = list_pushes(db, {row.member_id for row in pushes if row.member_id is not None}, now - MONTH, now)
    return {
        row.id: outcome for row in pushes if (outcome := _judge(row, taken.get(row.member_id or 0, {}), token, now))
    }


def _judge(row: Row, taken: dict[int, datetime], token: str, now: datetime) -> Outcome | None:
    at = next_push([moment for id, moment in taken.items() if id != row.id], now)
    if at <= now:
        return None
    if row.not_after is not None and row.not_after < at:
        return Outcome(row.id, token, DeliveryState.SKIPPED, now, "month_full", counts=False)
    return Outcome(row.id, token, DeliveryState.PENDING, at, counts=False)
