"""Who is new, has an anniversary or a portrait: looked for once a minute, and looked at again every time."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from storage.migrate import migrate
from storage.models import Member, Purpose, Status
from storage.queries import digest_items
from storage.queries.consents import set_consents
from storage.uow import Store, UnitOfWork

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=31)
ALL = (Purpose.NEWCOMER, Purpose.MILESTONES, Purpose.SPOTLIGHT)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


def add(db: UnitOfWork, name: str, days: int, agreed: Collection[Purpose] = ALL) -> Member:
    """Somebody who registered so many days ago."""
    since = NOW - timedelta(days=days)
    member = Member(name=name, status=Status.ACTIVE, created_at=since, activated_at=since)
    db.session.add(member)
    db.session.flush()
    set_consents(db, member.id or 0, agreed, since)
    return member


def newcomers(store: Store, now: datetime = NOW) -> list[str]:
    with store.begin() as db:
        return [member.name for member in digest_items.list_newcomers(db, SINCE, now)]


def test_the_newest_come_first_and_only_those_who_agreed(store: Store) -> None:
    with store.begin() as db:
        add(db, "older", 20)
        add(db, "newer", 2)
        add(db, "silent", 3, agreed=())
        add(db, "long here", 40)
    assert newcomers(store) == ["newer", "older"]


def test_whoever_takes_the_consent_back_or_leaves_is_not_named_any_more(store: Store) -> None:
    with store.begin() as db:
        first, second = add(db, "first", 5), add(db, "second", 4)
    assert newcomers(store) == ["second", "first"]
    with store.begin() as db:
        db.session.get_one(Member, first.id).status = Status.PAUSED
    assert newcomers(store) == ["second"]
    with store.begin() as db:
        set_consents(db, second.id or 0, (), NOW)
    assert newcomers(store) == []


def test_whoever_comes_or_agrees_is_found_at_once(store: Store) -> None:
    with store.begin() as db:
        silent = add(db, "silent", 5, agreed=())
    assert newcomers(store) == []
    with store.begin() as db:
        add(db, "another", 1)
    assert newcomers(store) == ["another"]
    with store.begin() as db:
        set_consents(db, silent.id or 0, ALL, NOW)
    assert newcomers(store) == ["another", "silent"]


def test_whoever_is_back_from_a_pause_is_found_in_the_next_minute(store: Store) -> None:
    with store.begin() as db:
        member = add(db, "paused", 5)
        member.status = Status.PAUSED
    assert newcomers(store) == []
    with store.begin() as db:
        db.session.get_one(Member, member.id).status = Status.ACTIVE
    assert newcomers(store, SINCE + timedelta(minutes=1)) == ["paused"]


def test_each_database_has_its_own(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('other') / 'other.sqlite3'}"
    migrate(url)
    other = Store(url)
    for each, name in ((store, "here"), (other, "there")):
        with each.begin() as db:
            add(db, name, 5)
    assert (newcomers(store), newcomers(other)) == (["here"], ["there"])
    other.close()


def test_an_anniversary_is_of_an_earlier_year_and_a_portrait_has_its_month(store: Store) -> None:
    with store.begin() as db:
        add(db, "three years", 3 * 365 + 11)
        add(db, "half a year", 180)
        for number in range(24):
            add(db, f"p{number}", 400)
    with store.begin() as db:
        assert [member.name for member in digest_items.list_anniversaries(db, SINCE, NOW)] == ["three years"]
        portraits = digest_items.list_spotlights(db, NOW.replace(month=12))
        assert {(member.id or 0) % 12 for member in portraits} == {0}
        assert {(member.id or 0) % 12 for member in digest_items.list_spotlights(db, NOW.replace(month=1))} == {1}


def test_who_comes_back_is_found_a_minute_later(store: Store) -> None:
    with store.begin() as db:
        resting = add(db, "one", 5)
        resting.status = Status.PAUSED
        assert digest_items.list_newcomers(db, SINCE, NOW) == []
        resting.status = Status.ACTIVE
        db.session.flush()
    assert newcomers(store, NOW + timedelta(minutes=1)) == ["one"]


def test_all_members_are_looked_through_once_a_minute(store: Store) -> None:
    asked: list[str] = []
    with store.begin() as db:
        add(db, "one", 5)
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for _chunk in range(5):
        newcomers(store)
    assert sum("activated_at >" in statement for statement in asked) == 1
    newcomers(store, NOW + timedelta(minutes=1))
    assert sum("activated_at >" in statement for statement in asked) == 2
