"""The tables behind HR's figures, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

from storage.models import (
    Consultation,
    ConsultationState,
    DemandFigure,
    FollowUp,
    Member,
    MonthFigures,
    RosterEntry,
    UnmetDemand,
)
from storage.queries import figures
from storage.queries.figures import Talk, Wish
from storage.uow import Store, UnitOfWork
from tests.support.people import moment
from tests.support.rows import list_rows
from tests.support.world import START

SECRET = b"secret of a test"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


@pytest.mark.parametrize("column", ["asked", "accepted", "held"])
def test_the_database_refuses_a_month_about_too_few(store: Store, column: str) -> None:
    with pytest.raises(IntegrityError), store.begin() as db:
        figures.add_month(db, MonthFigures(month="2026-10", counted_at=START, **{column: 4}))
    with store.begin() as db:
        figures.add_month(db, MonthFigures(month="2026-10", counted_at=START, **{column: 5}))
        assert figures.list_counted(db) == {"2026-10"}


def test_the_database_refuses_a_topic_of_too_few(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as db:
        figures.add_demand(db, DemandFigure(term="word:x", people=4, since="2026-10", until="2026-10"), [])


def test_a_month_is_counted_once(store: Store) -> None:
    with store.begin() as db:
        figures.add_month(db, MonthFigures(month="2026-10", counted_at=START))
    with pytest.raises(IntegrityError), store.begin() as db:
        figures.add_month(db, MonthFigures(month="2026-10", counted_at=START))


def test_the_newest_months_come_first(store: Store) -> None:
    with store.begin() as db:
        for month in ("2026-09", "2026-11", "2026-10"):
            figures.add_month(db, MonthFigures(month=month, counted_at=START))
        assert [row.month for row in figures.list_months(db, 2)] == ["2026-11", "2026-10"]


def test_topics_come_by_month_and_by_people_and_old_ones_go(store: Store) -> None:
    with store.begin() as db:
        for term, people, until in (
            ("a", 5, "2026-10"),
            ("b", 9, "2026-11"),
            ("c", 12, "2026-11"),
            ("d", 9, "2025-01"),
        ):
            figures.add_demand(db, DemandFigure(term=term, people=people, since="2024-12", until=until), [])
        assert [row.term for row in figures.list_demand(db, "2025-11", 9)] == ["c", "b", "a"]
        assert [row.term for row in figures.list_demand(db, "2025-11", 1)] == ["c"]


def test_a_hash_tells_people_apart_and_needs_the_secret() -> None:
    one = figures.hash_asker(SECRET, 1)
    assert one == figures.hash_asker(SECRET, 1)
    assert len({one, figures.hash_asker(SECRET, 2), figures.hash_asker(b"another", 1)}) == 3
    assert len(one) == 32


def test_wishing_again_counts_once_and_is_the_newer(store: Store) -> None:
    with store.begin() as db:
        figures.note_unmet_demand(db, ["word:x", "word:y", "word:x"], "p", "2026-10")
        figures.note_unmet_demand(db, ["word:x"], "p", "2026-11")
        figures.note_unmet_demand(db, [], "p", "2026-11")
    assert sorted((row.term, row.month) for row in list_rows(store, UnmetDemand)) == [
        ("word:x", "2026-11"),
        ("word:y", "2026-10"),
    ]


def test_what_was_counted_is_forgotten_and_what_waited_too_long(store: Store) -> None:
    with store.begin() as db:
        for person in "abcde":
            figures.note_unmet_demand(db, ["word:x"], person, "2026-10")
        figures.note_unmet_demand(db, ["word:y"], "a", "2026-05")
        figures.note_unmet_demand(db, ["word:z"], "a", "2026-11")
        found = [wish for wish in figures.list_wishes(db, "2026-10") if wish.term == "word:x"]
        assert Wish("word:x", "a", "2026-10") in found
        figures.add_demand(db, DemandFigure(term="word:x", people=5, since="2026-10", until="2026-10"), found)
        assert figures.forget_wishes(db, "2026-06") == 1
    assert [row.term for row in list_rows(store, UnmetDemand)] == ["word:z"]


@pytest.mark.parametrize(
    ("word", "known"), [("田中", True), ("健一", True), ("smith", True), ("タナカ", True), ("中", False), ("%", False)]
)
def test_a_word_may_be_somebodys_name(store: Store, word: str, known: bool) -> None:
    with store.begin() as db:
        db.session.add(Member(created_at=START, name="Ann Smith"))
        entry = RosterEntry(employee_number="1", name="田中 健一", left_on=START.date(), imported_at=START)
        entry.kana = "タナカ ケンイチ"
        db.session.add(entry)
        db.session.flush()
        assert figures.is_in_a_name(db, word) is known


def add_people(db: UnitOfWork, count: int) -> list[int]:
    people = [Member(created_at=START) for _ in range(count)]
    db.session.add_all(people)
    db.session.flush()
    return [person.id or 0 for person in people]


def test_a_month_is_read_from_its_first_moment_to_before_the_next(store: Store) -> None:
    start, end = moment(10), moment(20)
    with store.begin() as db:
        asker, mentor = add_people(db, 2)
        rows = [
            Consultation(asker_id=asker, form_key=str(number), topic="t", created_at=at, mentor_id=mentor)
            for number, at in enumerate([moment(9), start, moment(19), end])
        ]
        db.session.add_all(rows)
        db.session.flush()
        rows[0].accepted_at, rows[0].state, rows[0].ended_at = moment(11), ConsultationState.HELD, moment(12)
        rows[1].state, rows[1].ended_at = ConsultationState.CLOSED, moment(12)
        for person, useful in ((asker, 5), (mentor, None)):
            said = FollowUp(consultation_id=rows[0].id or 0, member_id=person, useful=useful, at=moment(12))
            db.session.add(said)
        month = figures.read_month(db, start, end)
        first = Talk(rows[0].id or 0, asker, mentor)
        assert {talk.id for talk in month.asked} == {rows[1].id, rows[2].id}
        assert month.accepted == month.held == (first,)
        assert [(rating.talk, rating.rater, rating.useful) for rating in month.ratings] == [(first, asker, 5)]
        assert figures.find_first_moment(db) == moment(9)
        assert figures.read_month(db, end, moment(21)).ratings == ()


def test_an_empty_community_has_no_first_moment(store: Store) -> None:
    with store.begin() as db:
        assert figures.find_first_moment(db) is None
