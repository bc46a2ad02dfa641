"""In which lanes something is due, and claiming it: each found once, at the same price however much waits in them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from storage.models import Account, Content, Delivery, DeliveryState, Member, Urgency
from storage.queries import deliveries
from storage.queries.deliveries import Lease, claim, list_due_lanes, skip_outdated
from storage.statements import insert_ignore, run, table_of
from storage.uow import Store, UnitOfWork
from tests.support.steps import count_steps
from tests.support.world import START

LANES = [(platform, tenant) for platform in ("email", "slack", "teams") for tenant in ("", "T1", "T2", "t1", "企業")]
KEYS = count()


def add(
    db: UnitOfWork, lane: tuple[str, str], state: DeliveryState, minutes: int, times: int = 1, *, to: bool = False
) -> None:
    """So many deliveries; with `to` for as many people, who have an account each."""
    at = START + timedelta(minutes=minutes)
    until = at + timedelta(days=7)
    blank = Delivery(
        key="", content_id=1, available_at=at, not_after=until, created_at=START, state=state, urgency=Urgency.PUSH
    )
    row = blank.model_dump(exclude={"id"}) | {"platform": lane[0], "tenant": lane[1]}
    people = range(1, times + 1) if to else [None] * times
    insert_ignore(db.session, Delivery, [row | _give(id) | {"key": str(next(KEYS))} for id in people])


def _give(id: int | None) -> dict[str, Any]:
    return {"member_id": id, "account_id": id}


def add_people(db: UnitOfWork, count: int) -> None:
    member = Member(created_at=START).model_dump(exclude={"id"})
    account = Account(platform="slack", external_id="", created_at=START).model_dump(exclude={"id"})
    insert_ignore(db.session, Member, [member | {"id": id} for id in range(1, count + 1)])
    accounts = [account | {"id": id, "member_id": id, "external_id": f"U{id}"} for id in range(1, count + 1)]
    insert_ignore(db.session, Account, accounts)


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


def look(db: UnitOfWork) -> None:
    list_due_lanes(db, START)


def take_some(db: UnitOfWork) -> None:
    assert claim(db, ("slack", "T1"), Lease("mine", START), START, 3)


def tidy(db: UnitOfWork) -> None:
    assert skip_outdated(db, START + timedelta(days=6)) == 0


@pytest.mark.parametrize(("work", "minutes"), [(look, -1), (look, 1), (take_some, -1), (tidy, -1)])
def test_a_broadcast_that_waits_makes_it_no_longer(
    sqlite_url: str, work: Callable[[UnitOfWork], None], minutes: int
) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        db.session.add(Content(id=1, body="{}"))
        db.session.flush()
        for lane in (("slack", "T1"), ("teams", "T2")):
            add(db, lane, DeliveryState.PENDING, minutes, times=4)
    before = count_steps(store, work)
    with store.begin() as db:
        add(db, ("slack", "T1"), DeliveryState.PENDING, minutes, times=3000)
    assert count_steps(store, work) <= before + 3
    store.close()


def count_rows(store: Store) -> float:
    """The most rows that any step of PostgreSQL's plan for a claim gives or throws away."""
    given = {"platform": "slack", "tenant": "T1", "now": START, "most": 3}
    claiming = deliveries._CLAIM_OTHERS["postgresql"].params(**given)  # pyright: ignore[reportPrivateUsage]
    text = str(claiming.compile(dialect=store.engine.dialect, compile_kwargs={"literal_binds": True}))
    with store.begin() as db:
        explained = db.session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}".replace("%", "%%"))
        return max(_walk(explained.scalar_one()[0]["Plan"]))


def _walk(plan: dict[str, Any]) -> Iterator[float]:
    yield plan["Actual Rows"] * plan["Actual Loops"]
    yield plan.get("Rows Removed by Filter", 0)
    for part in plan.get("Plans", ()):
        yield from _walk(part)


@pytest.mark.parametrize("knows", [True, False])
def test_a_claim_reads_no_more_of_a_broadcast_than_it_takes_even_before_postgresql_knows_of_it(
    postgres_url: str, *, knows: bool
) -> None:
    store = Store(postgres_url)
    with store.begin() as db:
        db.session.add(Content(id=1, body="{}"))
        db.session.flush()
        add_people(db, 10_000)
        add(db, ("slack", "T1"), DeliveryState.SENT, -10, times=1000, to=True)
        db.session.connection().exec_driver_sql("ANALYZE")
        add(db, ("slack", "T1"), DeliveryState.PENDING, -1, times=8000, to=True)
        if knows:
            db.session.connection().exec_driver_sql("ANALYZE")
    assert count_rows(store) < 100
    store.close()
