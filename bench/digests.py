"""Digests for a whole community, beside selecting for each reader through the ORM.

Both choose of the same items by the same rules, write in the reader's language, and leave posting aside; then both once
more with posting. What is compared is readers a second of processor time. The ORM's way is measured on a sample: what
it costs does not depend on how many readers there are.
"""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import col, select

from bench.figures import Aim, Figure, divide, summarise
from bench.stopwatch import Lap, time_once
from bot.digest import DigestIssue, DigestItem, DigestOffer, DigestReader, Fit, ItemKind
from bot.i18n import use_locale
from bot.policy import Policy
from bot.ui import Block, Message, Para, dump_message
from handlers.digests import views
from handlers.digests.making import CHUNK, PIECES, SITTING, Sitting, make_digests
from handlers.digests.rules import LATE, NEW_FOR, Chooser, add_seen, read_seen
from handlers.introducing import card_for
from handlers.status import views as status_views
from handlers.status.offer import offer as offer_news
from storage.migrate import migrate
from storage.models import Account, Consent, DigestMemory, Member, News, Purpose, Role, Status, Urgency
from storage.models import Block as Barrier
from storage.queries import digests
from storage.queries.consents import find_consents
from storage.queries.members import get_member, select_visible
from storage.queries.outbox import Terms, find_best_account, post
from storage.statements import insert_ignore, run, table_of
from storage.uow import Store, UnitOfWork

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NEWS, EVENTS, JOBS = 150, 10, 40
FIELDS = 12
"""Fields of work: a job fits the readers whose number leaves the same rest."""
POLICY = Policy()

Get = Callable[[], Awaitable[None]]


async def measure_digests(folder: Path, readers: int, repeats: int) -> list[Figure]:
    """The ratios of readers a second of processor time, and the rates, for a community of that many readers."""
    url = f"sqlite:///{folder / 'digests.sqlite3'}"
    migrate(url)
    store = Store(url)
    try:
        community = Community(store, readers)
        sample = max(1, min(readers, 400))
        ways = {"batch": readers, "orm": sample, "batch posted": readers, "orm posted": sample}
        laps: dict[str, list[Lap]] = {way: [] for way in ways}
        for _repeat in range(repeats):
            for way, count in ways.items():
                laps[way].append(await time_once(community.prepare(way), count))
        return make_figures(laps, readers)
    finally:
        store.close()


def make_figures(laps: dict[str, list[Lap]], readers: int) -> list[Figure]:
    """The ratios of rates, and the rates."""
    rate = {way: [1 / lap.processor for lap in each] for way, each in laps.items()}
    size = f"{readers} readers × {NEWS + EVENTS + JOBS} items"
    return [
        summarise(f"digests ÷ selecting per reader, {size}", divide(rate["batch"], rate["orm"]), "×", Aim(20, "more")),
        summarise("the same, put into the outbox", divide(rate["batch posted"], rate["orm posted"]), "×"),
        summarise("digests: chosen and written, a second of processor time", rate["batch"], "readers/s"),
        summarise("selected per reader through the ORM", rate["orm"], "readers/s"),
    ]


class Community:
    """So many readers in one zone, with news, consents and blocks."""

    def __init__(self, store: Store, readers: int) -> None:
        self._store = store
        self._periods = itertools.count(1)
        with store.begin() as db:
            fill(db, readers)

    def prepare(self, way: str) -> Callable[[int], Awaitable[Get]]:
        """What `time_once` measures: nobody has seen anything, and the digests are of a period of their own."""
        posts = way.endswith("posted")
        work = self.make_in_chunks if way.startswith("batch") else self.make_one_by_one

        async def prepare(count: int) -> Get:
            period = f"p{next(self._periods)}"
            await self._store.run(lambda db: run(db.session, table_of(DigestMemory).delete()))
            PIECES.clear()

            async def measured() -> None:
                made = await work(count, period, posts=posts)
                if made < count * 0.9:
                    raise RuntimeError(f"only {made} of {count} readers got a digest")

            return measured

        return prepare

    async def make_in_chunks(self, count: int, period: str, *, posts: bool) -> int:
        """As the errand does it: a transaction for each chunk, and what is on offer found once for some of them."""
        after, made = 0, 0
        while after < count:
            sitting = await self._store.run(open_sitting)
            for _chunk in range(SITTING):
                after, more = await self._store.run(partial(make_chunk, sitting, after, period, posts=posts))
                sitting.chooser.keep()
                made += more
                if after >= count:
                    break
            await self._store.run(sitting.chooser.note_shown)
        return made

    async def make_one_by_one(self, count: int, period: str, *, posts: bool) -> int:
        """For each reader the usual selects, in one transaction for all."""

        def work(db: UnitOfWork) -> int:
            return sum(make_for(db, id, period, posts=posts) for id in range(1, count + 1))

        return await self._store.run(work)


def open_sitting(db: UnitOfWork) -> Sitting:
    """What is on offer."""
    return Sitting((offer_news(db, DigestIssue(NOW - NEW_FOR), NOW), offer_more()), POLICY)


def make_chunk(sitting: Sitting, after: int, period: str, db: UnitOfWork, *, posts: bool) -> tuple[int, int]:
    """One chunk: the last reader's id, and how many digests were made."""
    found = digests.list_readers(db, "Asia/Tokyo", ("monthly",), after, CHUNK)
    made, last = make_digests(sitting, db, period, found, NOW)
    if posts:
        digests.post_digests(db, made, NOW, NOW + LATE)
    return last, len(made)


def make_for(db: UnitOfWork, id: int, period: str, *, posts: bool) -> bool:
    """One reader's digest: the reader, consents, account, what was seen, and the news that the reader may see."""
    me = get_member(db, id)
    agreed = frozenset(map(str, find_consents(db, id)))
    reader = DigestReader(id, me.language, me.role, me.department, agreed)
    account, memory = find_best_account(db, me), db.session.get(DigestMemory, id)
    seen = memory.seen if memory else ""
    chooser = Chooser((DigestOffer(tuple(_select_news(db, me))), offer_more()))
    chooser.meet(db, (reader,))
    chosen = chooser.choose(reader, (), read_seen(seen))
    if account is None or not chosen:
        return False
    items = [chooser.items[number] for number in chosen]
    with use_locale(me.language):
        message = _write(items, me)
        dump_message(message)
    if posts:
        post(db, me, lambda: message, Terms(f"orm:{id}:{period}", NOW, Urgency.PUSH, NOW + LATE))
        db.session.merge(DigestMemory(member_id=id, seen=add_seen(seen, [item.key for item in items]), at=NOW))
    return True


def _select_news(db: UnitOfWork, me: Member) -> list[DigestItem]:
    """As many as are needed, the least shown first: never the whole community's, and found by keys. (As one join it is
    much slower in a large community, which would flatter us.)"""
    turn = select(News.member_id).order_by(col(News.shown), col(News.at), col(News.member_id)).limit(20)
    ids = db.session.exec(turn).all()
    found = {member.id: member for member in db.session.exec(select_visible(me).where(col(Member.id).in_(ids))).all()}
    return [_as_item(found[id]) for id in ids if id in found]


def _as_item(member: Member) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        return status_views.item(card_for(role, member), 1)

    return DigestItem(ItemKind.NEWS, f"news:{member.id}:1", draw, member.id or 0)


def _write(items: list[DigestItem], me: Member) -> Message:
    drawn = [block for item in items for block in item.draw(me.role)]
    return Message(views.summary(POLICY), (*views.head(POLICY), *drawn, *views.tail("monthly")))


def offer_more() -> DigestOffer:
    """HR's events and jobs."""
    return DigestOffer(MORE, _fit_for)


def _fit_for(db: UnitOfWork, readers: Sequence[DigestReader]) -> Fit:
    return _fit


def _fit(reader: DigestReader, item: DigestItem) -> float:
    return 1.0 if item.kind is ItemKind.EVENT or reader.id % FIELDS == item.shown % FIELDS else 0.0


def _make_more() -> tuple[DigestItem, ...]:
    def make(kind: ItemKind, purpose: Purpose, number: int) -> DigestItem:
        def draw(role: str) -> tuple[Block, ...]:
            return (Para((f"{kind} {number}",)),)

        return DigestItem(kind, f"{kind}:{number}", draw, 0, purpose=purpose, from_hr=True, shown=number)

    events = [make(ItemKind.EVENT, Purpose.NEWS, number) for number in range(EVENTS)]
    return (*events, *(make(ItemKind.JOB, Purpose.JOBS, number) for number in range(JOBS)))


MORE = _make_more()


def fill(db: UnitOfWork, readers: int, now: datetime = NOW) -> None:
    """The invented community, by set statements: they came over ten years, the first have news, two in three agree to
    events and jobs, one in eleven to be named, one in fifty would rather not meet somebody."""
    random, since = Random(7), now - NEW_FOR * 10
    blank = Member(status=Status.ACTIVE, created_at=since).model_dump(exclude={"id"})
    ids = range(1, readers + 1)
    insert_ignore(db.session, Member, [blank | {"id": id} | _invent(id, random, now) for id in ids])
    account = Account(platform="bench", external_id="", tenant="T1", created_at=since).model_dump(exclude={"id"})
    accounts = [account | {"external_id": f"U{id}", "member_id": id} for id in ids]
    insert_ignore(db.session, Account, accounts)
    told = [{"member_id": id, "serial": 1, "at": now - timedelta(days=2), "shown": 0} for id in ids[:NEWS]]
    insert_ignore(db.session, News, told)
    given = [
        {"member_id": id, "purpose": purpose.value, "given": id % 3 > 0, "at": since}
        for id in ids
        for purpose in (Purpose.NEWS, Purpose.JOBS)
    ]
    given += [
        {"member_id": id, "purpose": purpose.value, "given": True, "at": since}
        for id in ids[::11]
        for purpose in (Purpose.NEWCOMER, Purpose.MILESTONES, Purpose.SPOTLIGHT)
    ]
    insert_ignore(db.session, Consent, given)
    blocked = [
        {"owner_id": id, "member_id": random.choice(ids), "department": "", "created_at": since} for id in ids[::50]
    ]
    insert_ignore(db.session, Barrier, blocked)


def _invent(id: int, random: Random, now: datetime) -> dict[str, Any]:
    return {
        "activated_at": now - timedelta(days=id % 3650),
        "name": f"人{id}",
        "role": random.choice([Role.ALUMNUS, Role.EMPLOYEE]).value,
        "language": random.choice(["ja", "en"]),
        "department": f"{id % 40}課",
        "latest_news": f"近況{id}：新しい仕事に慣れてきました。" if id <= NEWS else "",
        "visibility": {"latest_news": "alumni"} if id % 7 == 0 else {},
    }
