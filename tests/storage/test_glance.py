"""Several questions about a member, answered by one statement."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from bot.glance import Question
from handlers import FEATURES
from storage.glance import MEMBER, NOW, Glances, finds_any
from storage.models import Account, CoffeeMember, Member
from storage.uow import Store, UnitOfWork
from tests.support.world import START

HAS_ACCOUNT = finds_any(select(Account).where(Account.member_id == MEMBER).order_by(col(Account.id)))
IS_KNOWN = finds_any(select(Member, Account).join(Account).where(Member.id == MEMBER, Member.created_at < NOW))
HAS_PART = finds_any(select(CoffeeMember).where(CoffeeMember.member_id == MEMBER))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


def add_member(db: UnitOfWork, name: str, *, account: bool = True) -> int:
    member = Member(name=name, created_at=START)
    db.session.add(member)
    db.session.flush()
    if account:
        db.session.add(Account(platform="chat", external_id=name, member_id=member.id, created_at=START))
    return member.id or 0


def test_each_question_is_answered_for_that_member_alone(store: Store) -> None:
    glances = Glances((HAS_ACCOUNT, IS_KNOWN, HAS_PART))
    with store.begin() as db:
        with_account, without = add_member(db, "a"), add_member(db, "b", account=False)
        db.session.flush()
        later = START + timedelta(days=1)
        for member, answers in ((with_account, (True, True, False)), (without, (False,) * 3), (99, (False,) * 3)):
            glance = glances.look(db, member, later)
            assert tuple(glance.sees(one) for one in (HAS_ACCOUNT, IS_KNOWN, HAS_PART)) == answers


def test_a_question_may_depend_on_the_moment(store: Store) -> None:
    with store.begin() as db:
        member = add_member(db, "a")
        seen = [Glances([IS_KNOWN]).look(db, member, START + timedelta(hours=hour)) for hour in (-1, 0, 1)]
    assert [glance.sees(IS_KNOWN) for glance in seen] == [False, False, True]


def test_what_this_transaction_has_added_is_seen(store: Store) -> None:
    glances = Glances([HAS_PART])
    with store.begin() as db:
        member = add_member(db, "a")
        assert not glances.look(db, member, START).sees(HAS_PART)
        db.session.add(CoffeeMember(member_id=member, changed_at=START))
        assert glances.look(db, member, START).sees(HAS_PART)


def test_all_are_one_statement_and_what_two_features_ask_is_asked_once(store: Store) -> None:
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    with store.begin() as db:
        glance = Glances([HAS_ACCOUNT, HAS_PART, HAS_ACCOUNT]).look(db, 1, START)
    assert glance.answers == {HAS_ACCOUNT: False, HAS_PART: False}
    assert len(statements) == 1
    assert statements[0].count("EXISTS") == 2


def test_without_questions_nothing_is_asked(store: Store) -> None:
    with store.begin() as db:
        assert Glances(list[Question]()).look(db, 1, START).answers == {}
        assert not db.session.in_transaction()


def test_sqlite_plans_the_home_page_s_statement_once(sqlite_url: str) -> None:
    """The authoriser is asked while a statement is planned, and not while it runs."""
    store, planned = Store(sqlite_url), list[object]()

    def authorize(*asked: object) -> int:
        planned.append(asked)
        return 0

    glances = Glances(question for feature in FEATURES for question in feature.glance)
    with store.begin() as db:
        raw = cast(Any, db.session.connection().connection.dbapi_connection)
        raw.set_authorizer(authorize)
        glances.look(db, 1, START)
        assert planned, "the authoriser is asked"
        planned.clear()
        glances.look(db, 2, START + timedelta(days=1))
        assert planned == []
    store.close()
