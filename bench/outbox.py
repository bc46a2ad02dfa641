"""How fast the outbox empties, beside the obvious way: one ORM row at a time, claimed and marked in commits of their
own; and beside a way that marks a row only once, and so sends it twice after a crash.

All work on the same SQLite file with synchronous=FULL; none sends anything. What is compared is rows a second by
the wall, because waiting for the disk is what the obvious way does most.
"""

import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bench.figures import Aim, Figure, divide, summarise
from bench.stopwatch import Lap, Work, race
from bot.clock import SystemClock
from bot.ports import Parcel, Receipt, Sender
from bot.ui import Message, Para, dump_message
from scheduler.delivery import DeliveryWorker
from scheduler.pace import LaneLimits
from storage.migrate import migrate
from storage.models import Account, Content, Delivery, DeliveryState, Member
from storage.statements import insert_ignore
from storage.uow import Store, UnitOfWork

PLATFORM, TENANT = "bench", "T1"
WIDE = LaneLimits(rate=1_000_000, ceiling=1_000_000, at_once=1_000)


class NoOp:
    """A platform that takes everything at once."""

    platform = PLATFORM
    timeout = 30.0
    opens_groups = False

    async def send(self, parcel: Parcel) -> Receipt:
        """Does nothing."""
        return Receipt("D1", parcel.key)

    async def find_sent(self, parcel: Parcel) -> Receipt | None:
        """Never asked: nothing is left behind."""
        return None


async def measure_outbox(folder: Path, rows: int, repeats: int) -> list[Figure]:
    """The ratio of rows a second, and both rates; `rows` in each measurement. The database is made in `folder`."""
    url = f"sqlite:///{folder / 'outbox.sqlite3'}"
    migrate(url)
    store = Store(url)
    try:
        outbox = Outbox(store)
        outbox.add_people(rows)
        works: dict[str, Work] = {
            "worker": outbox.empty_by_worker,
            "one by one": outbox.empty_one_by_one,
            "unsafe": outbox.empty_unsafely,
        }
        return make_figures(await race(works, rows, repeats))
    finally:
        store.close()


def make_figures(laps: dict[str, list[Lap]]) -> list[Figure]:
    """The ratio of rates, and the rates."""
    worker, naive, unsafe = ([1 / lap.wall for lap in laps[name]] for name in ("worker", "one by one", "unsafe"))
    processor = divide([lap.processor for lap in laps["one by one"]], [lap.processor for lap in laps["worker"]])
    return [
        summarise("outbox ÷ one ORM row at a time, rows a second", divide(worker, naive), "×", Aim(20, "more")),
        summarise("the same, rows a second of processor time", processor, "×"),
        summarise("outbox ÷ one ORM row at a time that is not noted before it is sent", divide(worker, unsafe), "×"),
        summarise("outbox: claimed, sent to nobody, settled", worker, "rows/s"),
        summarise("one ORM row at a time", naive, "rows/s"),
    ]


class Outbox:
    """A community's outbox, filled again for each measurement."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clock = SystemClock()
        self._numbers = itertools.count(1)
        self._accounts: list[int] = []
        self._content = 0

    def add_people(self, count: int) -> None:
        """That many members with one account each: every row goes to somebody else, as in an announcement."""
        now = self._clock.now()
        with self._store.begin() as db:
            members = [Member(name=f"人{number}", created_at=now) for number in range(count)]
            db.session.add_all(members)
            content = Content(body=dump_message(Message("お知らせ", (Para(("お知らせです。",)),))))
            db.session.add(content)
            db.session.flush()
            accounts = [_account(member.id or 0, now) for member in members]
            db.session.add_all(accounts)
            db.session.flush()
            self._accounts = [account.id or 0 for account in accounts]
            self._content = content.id or 0

    def fill(self, count: int) -> None:
        """Puts `count` rows into the outbox, one for each person, all due."""
        now = self._clock.now()
        with self._store.begin() as db:
            insert_ignore(db.session, Delivery, [self._row(account, now) for account in self._accounts[:count]])

    def _row(self, account: int, now: datetime) -> dict[str, object]:
        fresh = Delivery(
            key=f"bench:{next(self._numbers)}",
            account_id=account,
            platform=PLATFORM,
            tenant=TENANT,
            content_id=self._content,
            available_at=now,
            created_at=now,
        )
        return fresh.model_dump(exclude={"id"})

    def count(self, state: DeliveryState) -> int:
        """How many rows are in that state."""
        with self._store.begin() as db:
            return len(db.session.exec(select(Delivery.id).where(Delivery.state == state)).all())

    async def empty_by_worker(self, count: int) -> Callable[[], Awaitable[None]]:
        """The delivery worker as it runs, with wide limits and a sender that does nothing."""
        self.fill(count)
        senders: dict[str, Sender] = {PLATFORM: NoOp()}
        return DeliveryWorker(self._store, senders, self._clock, {PLATFORM: WIDE}).drain

    async def empty_one_by_one(self, count: int) -> Callable[[], Awaitable[None]]:
        """Takes the first row that is due, says that it is being sent, commits; says that it is sent, commits; until
        there is none. The same promise as the worker's: what is begun is written down before."""
        self.fill(count)

        async def run() -> None:
            while (row := await self._store.run(self._claim_first)) is not None:
                await self._store.run(partial(self._settle, row=row))

        return run

    async def empty_unsafely(self, count: int) -> Callable[[], Awaitable[None]]:
        """Takes the first row that is due, says it is sent, commits. A crash in between sends it once more."""
        self.fill(count)

        async def run() -> None:
            while await self._store.run(self._send_first):
                pass

        return run

    def _claim_first(self, db: UnitOfWork) -> int | None:
        row = db.session.exec(_select_due(self._clock.now())).first()
        if row is None:
            return None
        row.state, row.attempts = DeliveryState.SENDING, row.attempts + 1
        return row.id

    def _settle(self, db: UnitOfWork, row: int) -> None:
        found = db.session.get_one(Delivery, row)
        found.state, found.settled_at = DeliveryState.SENT, self._clock.now()

    def _send_first(self, db: UnitOfWork) -> bool:
        row = db.session.exec(_select_due(self._clock.now())).first()
        if row is not None:
            row.state, row.settled_at = DeliveryState.SENT, self._clock.now()
        return row is not None


def _select_due(now: datetime) -> SelectOfScalar[Delivery]:
    return (
        select(Delivery)
        .where(Delivery.state == DeliveryState.PENDING, Delivery.platform == PLATFORM, Delivery.tenant == TENANT)
        .where(Delivery.available_at <= now)
        .order_by(col(Delivery.available_at))
        .limit(1)
    )


def _account(member_id: int, now: datetime) -> Account:
    return Account(
        platform=PLATFORM,
        tenant=TENANT,
        external_id=f"U{member_id}",
        member_id=member_id,
        address=f"D{member_id}",
        name="人",
        created_at=now,
    )
