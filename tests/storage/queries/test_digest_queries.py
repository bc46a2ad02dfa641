"""The set statements behind digests say what the careful one-by-one queries say, and stay as many as they are."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import event

from bot.digest import DigestIssue
from bot.policy import Policy
from handlers.digests import making
from handlers.digests.community import offer as offer_community
from handlers.digests.making import Sitting, make_chunk
from handlers.status.offer import offer as offer_news
from storage.models import Account, Block, DigestRun, Member, Purpose, Role, Status
from storage.queries import digests
from storage.queries.bulk import list_addresses
from storage.queries.consents import find_consents, set_consents
from storage.queries.due import ensure_slot
from storage.queries.members import find_card
from storage.queries.outbox import find_best_account
from storage.queries.status import tell_news
from storage.uow import Store, UnitOfWork

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
DEPARTMENTS = ["", "設計2課", "QA", "qa", "営業部", "Ärzte"]


def fill(db: UnitOfWork, count: int, seed: int = 7) -> list[Member]:
    """A community with blocks of every kind, accounts of every kind, and consents given and taken back."""
    random = Random(seed)
    members = [
        Member(
            name=f"人{n}",
            status=Status.ACTIVE,
            role=random.choice([Role.ALUMNUS, Role.EMPLOYEE]),
            department=random.choice(DEPARTMENTS),
            language=random.choice(["ja", "en"]),
            created_at=NOW,
            activated_at=NOW - timedelta(days=random.randint(1, 900)),
        )
        for n in range(count)
    ]
    db.session.add_all(members)
    db.session.flush()
    for member in members:
        tell_news(db, member, f"近況{member.id}", NOW - timedelta(days=1))
        for number in range(random.randint(0, 3)):
            account = Account(
                platform=random.choice(["chat", "email"]),
                external_id=f"{member.id}-{number}",
                member_id=member.id,
                reachable=random.random() < 0.7,
                created_at=NOW,
            )
            db.session.add(account)
            db.session.flush()
            member.preferred_account_id = random.choice([None, account.id])
        for _change in range(2):
            set_consents(db, member.id or 0, random.sample(list(Purpose), random.randint(0, 8)), NOW)
        if random.random() < 0.5:
            other = random.choice(members)
            db.session.add(Block(owner_id=member.id or 0, member_id=other.id, created_at=NOW))
        if random.random() < 0.2:
            department = random.choice(DEPARTMENTS[1:])
            db.session.add(Block(owner_id=member.id or 0, department=department, created_at=NOW))
    db.session.flush()
    return members


def test_barriers_are_what_the_directory_hides(database_url: str) -> None:
    store = Store(database_url)
    with store.begin() as db:
        members = fill(db, 30)
        ids = [member.id or 0 for member in members]
        parted = digests.list_barriers(db, ids, set(ids))
        hidden = 0
        for reader in members:
            for other in members:
                if reader is not other:
                    is_hidden = find_card(db, reader, other.id or 0) is None
                    assert (other.id in parted.get(reader.id or 0, ())) is is_hidden, (reader.name, other.name)
                    hidden += is_hidden
        assert hidden > 20
    store.close()


def test_addresses_and_consents_are_those_of_one_by_one(database_url: str) -> None:
    store = Store(database_url)
    with store.begin() as db:
        members = fill(db, 40)
        found = digests.list_readers(db, "Asia/Tokyo", ["monthly"], 0, 100)
        addresses = list_addresses(db, [member.id or 0 for member in members])
        assert [reader.id for reader, _rhythm in found] == [member.id for member in members]
        for member, (reader, _rhythm) in zip(members, found, strict=True):
            best = find_best_account(db, member)
            assert (addresses[reader.id].account_id if best else None) == (best.id if best else None)
            assert reader.agreed == find_consents(db, reader.id) & {Purpose.NEWS, Purpose.JOBS}
    store.close()


def test_readers_come_in_chunks_by_id_and_only_those_of_the_zone_and_rhythm(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        members = fill(db, 10)
        members[3].zone, members[4].digest, members[5].status = "Europe/Berlin", "weekly", Status.PAUSED
        db.session.flush()
        first = digests.list_readers(db, "Asia/Tokyo", ["monthly"], 0, 4)
        second = digests.list_readers(db, "Asia/Tokyo", ["monthly"], first[-1][0].id, 100)
        ids = [reader.id for reader, _rhythm in first + second]
        assert ids == [member.id for n, member in enumerate(members) if n not in (3, 4, 5)]
        weekly = digests.list_readers(db, "Asia/Tokyo", ["monthly", "weekly"], 0, 100)
        assert (members[4].id, "weekly") in [(reader.id, rhythm) for reader, rhythm in weekly]
    store.close()


def count_statements(store: Store, work: Callable[[UnitOfWork], object]) -> int:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    with store.begin() as db:
        event.listen(store.engine, "before_cursor_execute", note)
        work(db)
        db.session.flush()
        event.remove(store.engine, "before_cursor_execute", note)
    return len(statements)


@pytest.mark.parametrize("readers", [20, 300])
def test_a_chunk_takes_as_many_queries_for_many_as_for_few(
    database_url: str, monkeypatch: pytest.MonkeyPatch, readers: int
) -> None:
    store, issue, sittings = Store(database_url), DigestIssue(NOW - timedelta(days=31)), list[Sitting]()
    monkeypatch.setattr(making, "_MOST_DRAWN", 10_000)
    run = digests.OpenRun(1, "Asia/Tokyo", NOW, "2026-12-01", "monthly,weekly", 0)

    def sit(db: UnitOfWork) -> None:
        sittings.append(Sitting((offer_news(db, issue, NOW), offer_community(db, issue, NOW, Policy())), Policy()))

    def make(db: UnitOfWork) -> None:
        found = digests.find_open_run(db)
        assert found is not None
        make_chunk(sittings[0], db, found, NOW, readers)
        sittings[0].chooser.keep()

    with store.begin() as db:
        fill(db, readers * 2)
        db.session.add(DigestRun(**run._asdict()))
    assert count_statements(store, sit) <= 9
    assert max(count_statements(store, make), count_statements(store, make)) <= 12
    with store.begin() as db:
        assert db.session.get_one(DigestRun, run.id).sent > readers * 2 / 3
    assert count_statements(store, sittings[0].chooser.note_shown) == 1
    store.close()


def test_a_slot_is_won_once(database_url: str) -> None:
    store = Store(database_url)
    following = NOW + timedelta(days=7)
    with store.begin() as db:
        ensure_slot(db, digests.SLOT + "Asia/Tokyo", NOW)
        ensure_slot(db, "another", NOW)
        assert digests.find_due_zone(db, NOW - timedelta(seconds=1)) is None
        assert digests.find_due_zone(db, NOW) == ("Asia/Tokyo", NOW)
        run = DigestRun(zone="Asia/Tokyo", at=NOW, period="2026-12-01", rhythms="weekly")
        assert digests.begin_run(db, run, NOW, following)
        assert not digests.begin_run(db, run, NOW, following)
        assert digests.find_due_zone(db, NOW) is None
        found = digests.find_open_run(db)
        assert found is not None
        digests.move_run(db, found.id, 3, 7, None)
        assert digests.find_open_run(db) == found._replace(cursor=7)
        digests.move_run(db, found.id, 2, 7, NOW)
        assert digests.find_open_run(db) is None
        done = db.session.get_one(DigestRun, found.id)
        assert (done.sent, done.done_at) == (5, NOW)
    store.close()
