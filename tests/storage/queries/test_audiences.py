"""Whom a rule reaches, on both databases: the same people as looking at each member one by one."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlmodel import select

from storage.models import Block, Member, Purpose, Role, Status
from storage.queries import audiences
from storage.queries.audiences import Audience
from storage.queries.consents import set_consents
from storage.uow import Store, UnitOfWork
from tests.handlers.announcements.people import add_member
from tests.support.world import START

MISAKI, EMILY, JUN, SHO = "佐藤 美咲", "Emily Carter", "熊谷 淳", "高橋 翔"
ALL = {MISAKI, EMILY, JUN, SHO}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    with store.begin() as db:
        fill(db)
    yield store
    store.close()


def fill(db: UnitOfWork) -> None:
    """Four who can be reached, and one of each kind who can't."""
    add_member(db, MISAKI, left=2020, city="大阪市", topics=["電池の量産", "生産技術"], department="電池開発部")
    add_member(db, EMILY, left=2015, city="Osaka", topics=["Batteries"], visibility={"topics": "nobody"})
    add_member(db, JUN, left=2024, city="大阪", visibility={"city": "alumni"})
    add_member(db, SHO, role=Role.EMPLOYEE, department="設計2課", city="100%市")
    add_member(db, "同意なし", consents=())
    add_member(db, "求人だけ", consents=[Purpose.JOBS])
    add_member(db, "休止中", status=Status.PAUSED)
    add_member(db, "停止中", status=Status.SUSPENDED)
    add_member(db, "登録前", status=Status.UNVERIFIED)
    changed = add_member(db, "やめた人")
    set_consents(db, changed.id or 0, (), START)
    add_member(db, "人事の人", role=Role.EMPLOYEE, consents=())


def names_of(db: UnitOfWork, rule: Audience, purpose: Purpose = Purpose.NEWS) -> set[str]:
    found = audiences.list_members(db, rule, purpose, 0, 100)
    assert audiences.count(db, rule, purpose) == len(found)
    return {db.session.get_one(Member, member.id).name for member in found}


RULES: list[tuple[Audience, set[str]]] = [
    (Audience(), ALL),
    (Audience(role=Role.ALUMNUS), {MISAKI, EMILY, JUN}),
    (Audience(role=Role.EMPLOYEE), {SHO}),
    (Audience(departments=("電池開発部", "設計2課")), ALL),
    (Audience(departments=("電池開発部",)), {MISAKI}),
    (Audience(departments=("なし",)), set[str]()),
    (Audience(left_from=2016), {MISAKI, JUN}),
    (Audience(left_to=2015), {EMILY}),
    (Audience(left_from=2020, left_to=2020), {MISAKI}),
    (Audience(cities=("大阪",)), {MISAKI}),  # the other one shows it to alumni only
    (Audience(cities=("osaka", "大阪市")), {MISAKI, EMILY}),
    (Audience(cities=("%",)), set[str]()),
    (Audience(cities=("100%",)), {SHO}),
    (Audience(topics=("電池の量産", "batteries")), {MISAKI}),  # the other one hides it
    (Audience(topics=()), set[str]()),
    (Audience(role=Role.ALUMNUS, departments=("電池開発部",), left_from=2019, cities=("大阪",)), {MISAKI}),
]


@pytest.mark.parametrize(("rule", "expected"), RULES)
def test_a_rule_reaches_those_whom_all_of_it_fits(store: Store, rule: Audience, expected: set[str]) -> None:
    with store.begin() as db:
        assert names_of(db, rule) == expected


def test_the_consent_for_the_purpose_is_always_applied(store: Store) -> None:
    with store.begin() as db:
        assert names_of(db, Audience(), Purpose.JOBS) == {"求人だけ"}
        assert names_of(db, Audience(), Purpose.MILESTONES) == set()


def test_chunks_follow_each_other_and_leave_out_nobody(store: Store) -> None:
    with store.begin() as db:
        first = audiences.list_members(db, Audience(), Purpose.NEWS, 0, 3)
        rest = audiences.list_members(db, Audience(), Purpose.NEWS, first[-1].id, 3)
        assert [member.id for member in (*first, *rest)] == sorted(member.id for member in (*first, *rest))
        assert (len(first), len(rest)) == (3, 1)


def test_whom_many_rules_fit_is_found_at_once_and_as_when_it_is_sent(store: Store) -> None:
    """Of certain members, whatever they have agreed to; in one statement for all rules. Topics are looked up apart."""
    rules = [(rule, expected) for rule, expected in RULES if rule.topics is None]
    statement, statements = audiences.make_fitting([rule for rule, _expected in rules]), list[str]()
    with store.begin() as db:
        ids = {member.id or 0: member.name for member in db.session.exec(select(Member)).all()}
        event.listen(store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        found = audiences.list_fitting(db, statement, list(ids))
        assert len(statements) == 1
        for (rule, expected), fitting in zip(rules, found, strict=True):
            assert {ids[id] for id in fitting} & ALL == expected, rule
        assert "人事の人" in {ids[id] for id in found[2]}, "an employee who agreed to nothing"
        assert audiences.list_fitting(db, statement, [1])[0] == {1}


def test_of_who_hides_their_topics_no_rule_on_topics_knows(store: Store) -> None:
    with store.begin() as db:
        statement = audiences.make_fitting([Audience(topics=())])
        assert audiences.list_fitting(db, statement, [1, 2, 3]) == [{1, 3}]


def test_topics_of_some_members_only(store: Store) -> None:
    with store.begin() as db:
        assert audiences.list_named(db, [2, 3]) == {"batteries": ("Batteries", {2})}


def test_samples_are_only_of_those_whom_the_viewer_may_be_shown(store: Store) -> None:
    with store.begin() as db:
        viewer = add_member(db, "山本 由佳", role=Role.EMPLOYEE, consents=())
        hidden = db.session.get_one(Member, 1)
        db.session.add(Block(owner_id=hidden.id or 0, member_id=viewer.id, created_at=START))
        db.session.flush()
        assert set(audiences.list_samples(db, Audience(), Purpose.NEWS, viewer, 5)) == ALL - {hidden.name}
        assert len(audiences.list_samples(db, Audience(), Purpose.NEWS, viewer, 2)) == 2


def test_departments_are_offered_the_largest_first(store: Store) -> None:
    with store.begin() as db:
        add_member(db, "一人", department="")
        assert audiences.list_departments(db)[:2] == ["設計2課", "電池開発部"]


def test_topics_are_those_of_active_members(store: Store) -> None:
    with store.begin() as db:
        add_member(db, "休む人", status=Status.PAUSED, topics=["囲碁"])
        assert audiences.list_topics(db) == {
            "電池の量産": "電池の量産",
            "生産技術": "生産技術",
            "batteries": "Batteries",
        }
