"""In which lanes something is due: each found once, at the same price however much waits in them."""

from datetime import timedelta
from itertools import count
from random import Random
from typing import Any, cast

import pytest

from storage.models import Content, Delivery, DeliveryState
from storage.queries.deliveries import list_due_lanes
from storage.statements import insert_ignore, run, table_of
from storage.uow import Store, UnitOfWork
from tests.support.world import START

LANES = [(platform, tenant) for platform in ("email", "slack", "teams") for tenant in ("", "T1", "T2", "t1", "企業")]
KEYS = count()


def add(db: UnitOfWork, lane: tuple[str, str], state: DeliveryState, minutes: int, times: int = 1) -> None:
    at = START + timedelta(minutes=minutes)
    blank = Delivery(key="", content_id=1, available_at=at, created_at=START, state=state).model_dump(exclude={"id"})
    rows = [blank | {"platform": lane[0], "tenant": lane[1], "key": str(next(KEYS))} for _time in range(times)]
    insert_ignore(db.session, Delivery, rows)


def test_every_lane_in_which_something_is_due_is_found_once(database_url: str) -> None:
    store, random = Store(database_url), Random(7)
    with store.begin() as db:
        db.session.add(Content(id=1, body="{}"))
        db.session.flush()
        for _time in range(40):
            run(db.session, table_of(Delivery).delete())
            expected: set[tuple[str, str]] = set()
            for _row in range(random.randint(0, 12)):
                lane, state = random.choice(LANES), random.choice(list(DeliveryState))
                minutes = random.randint(-2, 2)
                add(db, lane, state, minutes)
                expected |= {lane} if state is DeliveryState.PENDING and minutes <= 0 else set()
            found = list_due_lanes(db, START)
            assert len(found) == len(set(found))
            assert set(found) == expected
    store.close()


def count_steps(store: Store) -> int:
    """Of SQLite's machine, in tens."""
    steps: list[int] = []
    with store.begin() as db:
        raw = cast(Any, db.session.connection().connection.dbapi_connection)
        raw.set_progress_handler(lambda: steps.append(1), 10)
        list_due_lanes(db, START)
        raw.set_progress_handler(None, 0)
    return len(steps)


@pytest.mark.parametrize("minutes", [-1, 1])
def test_a_broadcast_that_waits_makes_the_look_no_longer(sqlite_url: str, minutes: int) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        db.session.add(Content(id=1, body="{}"))
        db.session.flush()
        for lane in (("slack", "T1"), ("teams", "T2")):
            add(db, lane, DeliveryState.PENDING, minutes)
    before = count_steps(store)
    with store.begin() as db:
        add(db, ("slack", "T1"), DeliveryState.PENDING, minutes, times=3000)
    assert count_steps(store) <= before + 3
    store.close()
