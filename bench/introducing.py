"""Introducing the people of a coffee round: several groups in one transaction, beside one group in each.

What is measured is all that follows from a plan: looking once more who is still there and who may meet whom, groups,
conversations or relayed rooms, a message for each person in their language, and the reminders. Half of the pairs are in
one workspace; of the others one is on Slack and one on Teams, as an alumnus and an employee often are. And how much
longer the slowest hundredth of commands waits while people are introduced than when nothing is done.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import select

from bench.figures import Aim, Figure, divide, summarise
from bench.stopwatch import Lap, race
from bot.installation import Installation
from bot.policy import Policy
from handlers.coffee.desk import Desk
from handlers.coffee.introducing import AT_ONCE, introduce_some
from handlers.coffee.rounds import BREATH
from handlers.topics import get_working_reader
from storage.migrate import migrate
from storage.models import (
    Account,
    Block,
    CoffeeMember,
    CoffeeRound,
    CoffeeSeat,
    Consent,
    Member,
    MemberTopic,
    Purpose,
    Role,
    RoundState,
    Status,
)
from storage.queries.coffee import add_plan
from storage.queries.topics import fold_topic
from storage.statements import insert_ignore
from storage.uow import Store, UnitOfWork

Run = Callable[[], Awaitable[None]]

NOW = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
DAY = date(2026, 12, 7)
POLICY = Policy()
INSTALLATION = Installation(b"secret of a benchmark", group_platforms=frozenset({"slack"}))
_TOPICS = ("電池開発", "海外赴任", "育休", "品質管理", "起業", "データ分析", "調達", "特許", "人材育成", "工場の自動化")


async def measure_introducing(folder: Path, groups: int, repeats: int) -> list[Figure]:
    """The ratio of rates, and the time that 10,000 groups take with the breaths between the steps."""
    url = f"sqlite:///{folder / 'introducing.sqlite3'}"
    migrate(url)
    store = Store(url)
    try:
        community = Community(store, groups)
        works = {"some": community.prepare(AT_ONCE), "one": community.prepare(1)}
        return make_figures(await race(works, groups, repeats))
    finally:
        store.close()


def make_figures(laps: dict[str, list[Lap]]) -> list[Figure]:
    """By the processor's time and by the clock's, breaths included."""
    rate = {name: [1 / lap.processor for lap in each] for name, each in laps.items()}
    whole = [10_000 * (lap.wall + BREATH / AT_ONCE) for lap in laps["some"]]
    what = f"groups introduced {AT_ONCE} in a transaction ÷ one by one"
    return [
        summarise(what, divide(rate["some"], rate["one"]), "×", Aim(2, "more")),
        summarise("groups introduced, a second of processor time", rate["some"], "groups/s"),
        summarise("10,000 groups introduced, with a breath between two transactions", whole, "s"),
    ]


class Community:
    """So many pairs, who can be introduced again and again: each time in a round of its own."""

    def __init__(self, store: Store, groups: int) -> None:
        self._store, self._groups, self._day = store, groups, DAY
        get_working_reader("").prepare()
        with store.begin() as db:
            fill(db, groups)

    def begin(self) -> int:
        """One more round that is solved; its id."""
        self._day += timedelta(days=1)
        with self._store.begin() as db:
            return plan_round(db, self._day, self._groups)

    def prepare(self, at_once: int) -> Callable[[int], Awaitable[Run]]:
        """What is measured: all groups of a round, so many in a transaction."""

        async def prepare(_count: int) -> Run:
            round_id = self.begin()
            return lambda: self.introduce(round_id, at_once)

        return prepare

    async def introduce(self, round_id: int, at_once: int, breath: float = 0) -> None:
        """Introduces everybody. Raises RuntimeError if somebody was left over."""

        def step(db: UnitOfWork) -> bool:
            return introduce_some(round_id, at_once, Desk(db, NOW, POLICY, INSTALLATION))

        while await self._store.run(step):  # noqa: ASYNC110 - it is others that are given time
            await asyncio.sleep(breath)
        with self._store.begin() as db:
            check(db, round_id, self._groups)


def check(db: UnitOfWork, round_id: int, groups: int) -> None:
    """Raises RuntimeError unless nearly all pairs were introduced: blocks keep some apart."""
    seats = db.session.exec(select(CoffeeSeat.state).where(CoffeeSeat.round_id == round_id)).all()
    if seats.count("introduced") < 1.9 * groups:
        raise RuntimeError(f"only {seats.count('introduced')} people of {2 * groups} were introduced")


def fill(db: UnitOfWork, groups: int) -> None:
    """An invented community of twice as many people as groups, and a plan in which they are paired."""
    random, since = Random(7), NOW - timedelta(days=30)
    ids = range(1, 2 * groups + 1)
    blank = Member(status=Status.ACTIVE, created_at=since, activated_at=since).model_dump(exclude={"id"})
    insert_ignore(db.session, Member, [blank | {"id": id} | _invent(id) for id in ids])
    account = Account(platform="slack", external_id="", tenant="T1", created_at=since).model_dump(exclude={"id"})
    insert_ignore(db.session, Account, [account | _find_place(id) for id in ids])
    agreed = {"purpose": Purpose.INTRODUCTIONS.value, "given": True, "at": since}
    insert_ignore(db.session, Consent, [agreed | {"member_id": id} for id in ids])
    part = CoffeeMember(member_id=0, changed_at=since).model_dump(exclude={"member_id"})
    insert_ignore(db.session, CoffeeMember, [part | {"member_id": id} for id in ids])
    topics = [
        {"member_id": id, "folded": fold_topic(label), "label": label, "position": place}
        for id in ids
        for place, label in enumerate(random.sample(_TOPICS, 3))
    ]
    insert_ignore(db.session, MemberTopic, topics)
    blocked = [{"owner_id": id, "member_id": random.choice(ids), "department": "", "created_at": since} for id in ids]
    insert_ignore(db.session, Block, blocked[::50])


def _invent(id: int) -> dict[str, Any]:
    return {
        "name": f"人{id}",
        "role": (Role.ALUMNUS if id % 2 else Role.EMPLOYEE).value,
        "language": "ja" if id % 3 else "en",
        "department": f"{id % 40}課",
        "employer": "株式会社見本" if id % 2 else "",
        "zone": "Asia/Tokyo",
    }


def _find_place(id: int) -> dict[str, Any]:
    """Of every second pair one is on Teams."""
    platform = "teams" if id % 4 == 0 else "slack"
    return {"member_id": id, "external_id": f"U{id}", "platform": platform}


def plan_round(db: UnitOfWork, day: date, groups: int) -> int:
    """A round that is solved; gives its id."""
    current = CoffeeRound(day=day, state=RoundState.SOLVED, plan="t", created_at=NOW, frozen_at=NOW)
    db.session.add(current)
    db.session.flush()
    seat = {"round_id": current.id, "state": "waiting", "answer": "", "card": ""}
    insert_ignore(db.session, CoffeeSeat, [seat | {"member_id": id} for id in range(1, 2 * groups + 1)])
    add_plan(db, current.id or 0, "t", 0, [(2 * place + 1, 2 * place + 2) for place in range(groups)])
    return current.id or 0
