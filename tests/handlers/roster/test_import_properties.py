"""What must hold for any list: a dry run tells the truth, twice is once, no formula gets in, no row is lost unseen."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select

from handlers.roster import ImportReport, import_leavers
from storage.models import AuditEntry, Reminder, RosterEntry
from storage.uow import Store, UnitOfWork
from tests.handlers.roster.sheets import sheet
from tests.support.world import POLICY, START

HEADER = "社員番号,氏名,退職日,部署,メール"
CELLS = st.sampled_from(
    [
        "00123",
        "123",
        "124",
        "A-7",
        "",
        "-",
        "=1+1",
        "+81",
        "@x",
        "佐藤 美咲",
        "高橋 翔",
        "2026/11/30",
        "R8.12.1",
        "去年",
    ]
)
NUMBERS = st.integers(1, 30).map(lambda number: f"{number:04}")
NAMES = st.sampled_from(["佐藤 美咲", "高橋 翔", "田中 一郎", "Jane Smith"])
DAYS = st.integers(-400, 400).map(lambda days: f"{START.date() + timedelta(days=days):%Y/%m/%d}")
ADDRESSES = st.one_of(st.just(""), st.integers(1, 30).map(lambda number: f"p{number}@mail.example"))
GOOD = st.tuples(NUMBERS, NAMES, DAYS, st.sampled_from(["設計2課", "製造課", ""]), ADDRESSES).map(",".join)
ANY = st.lists(CELLS, min_size=4, max_size=6).map(",".join)
LISTS = st.lists(GOOD | ANY, max_size=8)
PEOPLE = st.lists(GOOD, min_size=1, max_size=8)

one_database = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """One SQLite database for all examples; each begins by emptying it."""
    made = Store(sqlite_url)
    yield made
    made.close()


def empty(store: Store) -> None:
    with store.begin() as db:
        for model in (Reminder, RosterEntry, AuditEntry):
            db.session.exec(delete(model))


def run(store: Store, rows: list[str], *, dry_run: bool = False, skip_bad_rows: bool = True) -> ImportReport:
    data = sheet(*rows, header=HEADER).encode()

    def work(db: UnitOfWork) -> ImportReport:
        return import_leavers(db, data, POLICY, START, dry_run=dry_run, skip_bad_rows=skip_bad_rows)

    return store.run_here(work)


def everything(store: Store) -> list[str]:
    with store.begin() as db:
        entries = db.session.exec(select(RosterEntry)).all()
        reminders = db.session.exec(select(Reminder)).all()
        return sorted(repr(row.model_dump()) for row in (*entries, *reminders))


@one_database
@given(first=PEOPLE, rows=LISTS)
def test_a_dry_run_tells_what_happens_then(store: Store, first: list[str], rows: list[str]) -> None:
    empty(store)
    run(store, first)
    before = everything(store)
    told = run(store, rows, dry_run=True)
    assert everything(store) == before
    assert run(store, rows) == told


@one_database
@given(rows=LISTS)
def test_the_same_list_again_changes_nothing(store: Store, rows: list[str]) -> None:
    empty(store)
    first = run(store, rows)
    before = everything(store)
    again = run(store, rows)
    assert (again.added, again.updated, again.unchanged) == (0, 0, first.added)
    assert again.problems == first.problems
    assert everything(store) == before


@one_database
@given(rows=LISTS)
def test_every_row_is_counted_or_named(store: Store, rows: list[str]) -> None:
    empty(store)
    report = run(store, rows)
    if any(problem.is_of_the_file for problem in report.problems):
        assert report.was_refused
        return
    named = {problem.line for problem in report.problems}
    filled = [row for row in rows if row.replace(",", "")]
    assert report.added + report.updated + report.unchanged + len(named) == len(filled)


@one_database
@given(rows=LISTS)
def test_one_problem_and_nothing_is_written(store: Store, rows: list[str]) -> None:
    empty(store)
    report = run(store, rows, skip_bad_rows=False)
    assert report.was_refused == bool(report.problems)
    assert bool(everything(store)) == (not report.problems)


@one_database
@given(rows=LISTS)
def test_no_formula_gets_in(store: Store, rows: list[str]) -> None:
    empty(store)
    run(store, rows)
    with store.begin() as db:
        for entry in db.session.exec(select(RosterEntry)).all():
            for value in (entry.employee_number, entry.name, entry.department, entry.email):
                assert not value.startswith(("=", "+", "-", "@"))


@one_database
@given(first=PEOPLE, second=PEOPLE)
def test_everybody_who_is_not_invited_has_one_reminder_not_in_the_past(
    store: Store, first: list[str], second: list[str]
) -> None:
    empty(store)
    run(store, first)
    run(store, second)
    with store.begin() as db:
        entries = {entry.id: entry for entry in db.session.exec(select(RosterEntry)).all()}
        reminders = db.session.exec(select(Reminder)).all()
        assert sorted(each.subject_id for each in reminders) == sorted(id or 0 for id in entries)
        assert all(each.due_at >= START and each.state == "pending" for each in reminders)
        ahead = [each for each in reminders if entries[each.subject_id].left_on > START.date()]
        assert all(_day(each) == entries[each.subject_id].left_on for each in ahead)


def _day(reminder: Reminder) -> date:
    return (reminder.due_at + timedelta(hours=9)).date()
