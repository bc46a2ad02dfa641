"""Topics in the members' words, and consents with their moments."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from storage.models import Member, Purpose, Status
from storage.queries.consents import agrees_to, find_consents, list_consents, set_consents
from storage.queries.topics import clean_topics, fold_topic, list_common_topics, list_topics, set_topics
from storage.uow import Store, UnitOfWork
from tests.support.world import START


@pytest.fixture
def db(database_url: str) -> Iterator[UnitOfWork]:
    store = Store(database_url)
    with store.begin() as db:
        yield db
    store.close()


def add(db: UnitOfWork) -> Member:
    member = Member(status=Status.ACTIVE, created_at=START)
    db.session.add(member)
    db.session.flush()
    return member


def topics_of(db: UnitOfWork, member: Member) -> tuple[str, ...]:
    return list_topics(db, [member.id or 0]).get(member.id or 0, ())


def test_topics_keep_their_order_and_each_stands_once(db: UnitOfWork) -> None:
    member = add(db)
    set_topics(db, member, ["電池 開発", " EV Battery ", "", "ＥＶ battery", "電池開発"])
    assert topics_of(db, member) == ("電池 開発", "EV Battery")


def test_a_new_list_takes_the_place_of_the_old_one(db: UnitOfWork) -> None:
    member, other = add(db), add(db)
    set_topics(db, member, ["電池"])
    set_topics(db, other, ["電池"])
    set_topics(db, member, ["採用"])
    set_topics(db, member, ["採用"])
    assert (topics_of(db, member), topics_of(db, other)) == (("採用",), ("電池",))
    set_topics(db, member, [])
    assert topics_of(db, member) == ()


def test_the_first_five_are_kept(db: UnitOfWork) -> None:
    member = add(db)
    set_topics(db, member, [str(number) for number in range(9)])
    assert topics_of(db, member) == ("0", "1", "2", "3", "4")


def test_common_topics_are_those_of_three_or_more_the_most_frequent_first(db: UnitOfWork) -> None:
    for _ in range(2):
        set_topics(db, add(db), ["採用", "量産", "私だけの話題"])
    set_topics(db, add(db), ["採用", "量産"])
    set_topics(db, add(db), ["採　用"])
    assert list_common_topics(db) == ["採用", "量産"]
    assert list_common_topics(db, limit=1) == ["採用"]


@given(st.lists(st.text(max_size=20)))
def test_cleaning_topics_leaves_no_two_alike_and_changes_nothing_the_second_time(labels: list[str]) -> None:
    cleaned = clean_topics(labels)
    assert len({fold_topic(label) for label in cleaned}) == len(cleaned)
    assert clean_topics(cleaned) == cleaned
    assert all(label == label.strip() != "" for label in cleaned)


def test_nothing_is_agreed_to_before_somebody_says_so(db: UnitOfWork) -> None:
    member = add(db)
    assert find_consents(db, member.id or 0) == frozenset()
    set_consents(db, member.id or 0, [], START)
    assert list_consents(db, member.id or 0) == []


def test_each_change_of_a_consent_is_kept_with_its_moment(db: UnitOfWork) -> None:
    id = add(db).id or 0
    set_consents(db, id, [Purpose.NEWS, Purpose.JOBS], START)
    set_consents(db, id, [Purpose.NEWS], START + timedelta(days=1))
    set_consents(db, id, [Purpose.NEWS], START + timedelta(days=2))
    assert find_consents(db, id) == {Purpose.NEWS}
    kept = [(row.purpose, row.given, row.at - START) for row in list_consents(db, id)]
    day = timedelta(days=1)
    assert kept == [("news", True, 0 * day), ("jobs", True, 0 * day), ("jobs", False, day)]


def test_members_are_found_by_what_they_agree_to_now(db: UnitOfWork) -> None:
    yes, no, never = add(db), add(db), add(db)
    set_consents(db, yes.id or 0, [Purpose.CONSULTATIONS], START)
    set_consents(db, no.id or 0, [Purpose.CONSULTATIONS], START)
    set_consents(db, no.id or 0, [Purpose.NEWS], START)
    found = db.session.exec(select(Member).where(agrees_to(Purpose.CONSULTATIONS))).all()
    assert [member.id for member in found] == [yes.id]
    assert never.id not in [member.id for member in db.session.exec(select(Member).where(agrees_to(Purpose.NEWS)))]
