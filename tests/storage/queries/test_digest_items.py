"""Who is new, has an anniversary or a portrait: found as things stand, whatever the community's size."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.models import Member, Purpose, Status
from storage.queries import digest_items
from storage.queries.consents import set_consents
from storage.statements import insert_ignore
from storage.uow import Store, UnitOfWork
from tests.support.steps import count_steps

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


def newcomers(store: Store) -> list[str]:
    with store.begin() as db:
        return [member.name for member in digest_items.list_newcomers(db, SINCE)]


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


def test_whoever_comes_agrees_or_is_back_is_found_at_once(store: Store) -> None:
    with store.begin() as db:
        silent, paused = add(db, "silent", 5, agreed=()), add(db, "paused", 6)
        paused.status = Status.PAUSED
    assert newcomers(store) == []
    with store.begin() as db:
        add(db, "another", 1)
    assert newcomers(store) == ["another"]
    with store.begin() as db:
        set_consents(db, silent.id or 0, ALL, NOW)
        db.session.get_one(Member, paused.id).status = Status.ACTIVE
    assert newcomers(store) == ["another", "silent", "paused"]


def congratulated(store: Store, now: datetime = NOW) -> list[str]:
    with store.begin() as db:
        return [member.name for member in digest_items.list_anniversaries(db, now - timedelta(days=31), now)]


def test_an_anniversary_is_of_an_earlier_year(store: Store) -> None:
    with store.begin() as db:
        add(db, "three years", 3 * 365 + 11)
        add(db, "forty years", 40 * 365 + 20)
        add(db, "silent", 3 * 365 + 11, agreed=())
        add(db, "half a year", 180)
        add(db, "new", 5)
    assert sorted(congratulated(store)) == ["forty years", "three years"]


def test_nobody_is_congratulated_where_nobody_has_registered(store: Store) -> None:
    assert congratulated(store) == []
    with store.begin() as db:
        assert digest_items.list_spotlights(db, NOW) == []


def test_on_29_february_the_28th_of_other_years_is_looked_at(store: Store) -> None:
    leap_day = datetime(2028, 2, 29, 1, 0, tzinfo=UTC)
    with store.begin() as db:
        for name, day in (("28th", 28), ("1 March", 31)):
            member = add(db, name, 0)
            member.activated_at = datetime(2026, 2, 28, tzinfo=UTC) + timedelta(days=day - 28)
    assert congratulated(store, leap_day) == ["28th"]


def spotlights(store: Store, now: datetime) -> list[int]:
    with store.begin() as db:
        return [member.id or 0 for member in digest_items.list_spotlights(db, now)]


def test_a_portrait_has_its_month(store: Store) -> None:
    with store.begin() as db:
        for number in range(36):
            add(db, f"p{number}", 400)
    found = {month: spotlights(store, NOW.replace(month=month)) for month in range(1, 13)}
    assert all(id % 12 == month % 12 for month, ids in found.items() for id in ids)
    assert sorted(id for ids in found.values() for id in ids) == list(range(1, 37))


def test_everybodys_turn_comes_minute_by_minute(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where there are more than one look finds, and only one in five agrees."""
    monkeypatch.setattr(digest_items, "_ASKED", 8)
    monkeypatch.setattr(digest_items, "_SPOTLIGHTS", 3)
    with store.begin() as db:
        for number in range(480):
            add(db, f"p{number}", 400, agreed=ALL if number % 5 < 1 else ())
    agreed = {id for id in range(1, 481) if id % 12 == 0 and (id - 1) % 5 < 1}
    found = [spotlights(store, NOW + timedelta(minutes=minute)) for minute in range(40)]
    assert {id for ids in found for id in ids} == agreed
    assert max(map(len, found)) <= 3


def test_what_is_looked_at_does_not_grow_with_the_community(store: Store) -> None:
    """By an index, and no more than so many."""
    with store.begin() as db:
        blank = Member(name="x", status=Status.ACTIVE, created_at=NOW).model_dump(exclude={"id"})
        rows = [blank | {"activated_at": NOW - timedelta(hours=number)} for number in range(30_000)]
        insert_ignore(db.session, Member, rows)
    few = count_steps(store, ask)
    with store.begin() as db:
        insert_ignore(db.session, Member, rows)
    assert count_steps(store, ask) < few * 1.3


def ask(db: UnitOfWork) -> None:
    digest_items.list_newcomers(db, SINCE)
    digest_items.list_anniversaries(db, SINCE, NOW)
    digest_items.list_spotlights(db, NOW)
