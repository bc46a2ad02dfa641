"""What is known of the pace of each platform's tenant, kept over restarts."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from storage.models import Delivery, DeliveryState, LanePace
from storage.queries.deliveries import Lane
from storage.statements import insert_or_update, run, table_of
from storage.uow import UnitOfWork

_pace, _delivery = table_of(LanePace), table_of(Delivery)

_LOOKED_AT = 100_000
"""So many of the newest deliveries are looked through: a year's are too many, and these are more than a window's."""

RATE_LASTS = timedelta(minutes=10)
"""A rate that met no limit says something while the same work goes on."""

LIMIT_LASTS = timedelta(days=30)
"""A platform's limit rarely changes."""


def find_pace(db: UnitOfWork, lane: Lane, now: datetime) -> tuple[float, float | None] | None:
    """The lane's rate and what the platform was found to allow, in messages a second; None when that is too old."""
    here = (_pace.c.platform == lane[0], _pace.c.tenant == lane[1])
    row = run(db.session, select(_pace.c.rate, _pace.c.allowed, _pace.c.at).where(*here)).first()
    if row is None or now - row[2] > (RATE_LASTS if row[1] is None else LIMIT_LASTS):
        return None
    return (row[0], row[1])


def list_recent(db: UnitOfWork, lane: Lane, since: datetime) -> list[datetime]:
    """When the lane's messages arrived after `since`, in order."""
    newest = select(func.coalesce(func.max(_delivery.c.id), 0)).scalar_subquery()
    here = (_delivery.c.platform == lane[0], _delivery.c.tenant == lane[1])
    sent = (_delivery.c.state == DeliveryState.SENT.value, _delivery.c.settled_at > since)
    statement = select(_delivery.c.settled_at).where(_delivery.c.id > newest - _LOOKED_AT, *here, *sent)
    return list(run(db.session, statement.order_by(_delivery.c.settled_at)).scalars())


def keep_pace(db: UnitOfWork, lane: Lane, rate: float, allowed: float | None, now: datetime) -> None:
    """Keeps them."""
    row = {"platform": lane[0], "tenant": lane[1], "rate": rate, "allowed": allowed, "at": now}
    insert_or_update(db.session, LanePace, [row], ("platform", "tenant"), ("rate", "allowed", "at"))
