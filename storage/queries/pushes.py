"""What members were sent unasked: the monthly push budget's memory is the outbox itself."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from storage.models import Delivery, DeliveryState, Urgency
from storage.statements import run, table_of
from storage.uow import UnitOfWork

_delivery = table_of(Delivery)

_TAKEN = (DeliveryState.SENDING.value, DeliveryState.SENT.value, DeliveryState.UNCERTAIN.value)
"""What may have reached the person."""


def list_pushes(
    db: UnitOfWork, member_ids: Collection[int], since: datetime, now: datetime
) -> dict[int, dict[int, datetime]]:
    """By member the unasked messages sent after `since`: delivery id → moment. What is being sent counts as sent
    `now`. A message that changes an earlier one disturbs nobody, and doesn't count."""
    given = {"ids": list(member_ids), "since": since, "now": now}
    found: dict[int, dict[int, datetime]] = {}
    for member_id, id, at in run(db.session, _make_pushes(), given):
        found.setdefault(member_id, {})[id] = at
    return found


@cache
def _make_pushes() -> Select[*tuple[Any, ...]]:
    """Built once, with holes: it is asked at every claim, and building it costs more than asking."""
    type_ = _delivery.c.settled_at.type
    moment = func.coalesce(_delivery.c.settled_at, bindparam("now", type_=type_), type_=type_)
    return select(_delivery.c.member_id, _delivery.c.id, moment).where(
        _delivery.c.member_id.in_(bindparam("ids", expanding=True)),
        _delivery.c.urgency == Urgency.PUSH.value,
        _delivery.c.state.in_(_TAKEN),
        _delivery.c.replaces_key == "",
        moment > bindparam("since", type_=type_),
    )
