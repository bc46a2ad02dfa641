"""Importing into real databases: all or nothing, the same file twice, changed rows, conflicts, many rows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from handlers.roster import Change, Column, Fault, ImportReport, Stage, import_leavers
from handlers.roster.importing import INVITE
from storage.models import Member, Reminder, RosterEntry
from storage.queries.audit import list_acts
from storage.queries.roster import find_by_number, issue_code
from storage.uow import Store, UnitOfWork
from tests.handlers.roster.sheets import HEADER, JANE, MISAKI, SHO, sheet
from tests.support.world import POLICY, START

WHOLE = sheet(MISAKI, SHO, JANE)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on a fresh database of either kind."""
    made = Store(database_url)
    yield made
    made.close()


def run(
    store: Store, text: str, *, now: datetime = START, dry_run: bool = False, skip_bad_rows: bool = False
) -> ImportReport:
    def work(db: UnitOfWork) -> ImportReport:
        return import_leavers(db, text.encode(), POLICY, now, dry_run=dry_run, skip_bad_rows=skip_bad_rows)

    return store.run_here(work)


def entries(db: UnitOfWork) -> list[RosterEntry]:
    rows = [find_by_number(db, number) for number in ("00123", "00124", "A-7")]
    return [row for row in rows if row is not None]


def due_at(db: UnitOfWork, number: str) -> datetime | None:
    entry = find_by_number(db, number)
    assert entry is not None
    return next(
        (each.due_at for each in list_invites(db) if each.subject_id == entry.id and each.state == "pending"), None
    )


def list_invites(db: UnitOfWork) -> list[Reminder]:
    return list(db.session.exec(select(Reminder).where(Reminder.kind == INVITE)).all())


def test_a_list_comes_in_with_its_invitations(store: Store) -> None:
    report = run(store, WHOLE)
    assert (report.added, report.updated, report.unchanged, report.problems) == (3, 0, 0, ())
    assert (report.encoding, report.was_refused) == ("UTF-8", False)
    ten_in_tokyo = [datetime(2026, month, day, 1, tzinfo=UTC) for month, day in ((11, 30), (12, 15), (12, 31))]
    assert report.invitations == dict.fromkeys(ten_in_tokyo, 1)
    with store.begin() as db:
        misaki = entries(db)[0]
        assert (misaki.name, misaki.left_on, misaki.language) == ("佐藤 美咲", date(2026, 11, 30), "ja")
        assert (misaki.code_serial, misaki.invited_at, misaki.imported_at) == (0, None, START)
        assert due_at(db, "00123") == ten_in_tokyo[0]
        (act,) = list_acts(db)
        assert (act.act, act.actor_id) == ("roster.import", None)
        assert act.detail == "added=3 updated=0 unchanged=0 skipped=0"


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    run(store, WHOLE)
    with store.begin() as db:
        before = [entry.model_dump() for entry in entries(db)] + [each.model_dump() for each in list_invites(db)]
    report = run(store, WHOLE, now=START + timedelta(days=1))
    assert (report.added, report.updated, report.unchanged, report.invitations) == (0, 0, 3, {})
    with store.begin() as db:
        after = [entry.model_dump() for entry in entries(db)] + [each.model_dump() for each in list_invites(db)]
    assert after == before


def test_one_bad_row_and_nothing_is_imported(store: Store) -> None:
    report = run(store, sheet(MISAKI, SHO.replace("2026/12/31", "いつか"), JANE))
    assert (report.was_refused, report.added) == (True, 0)
    assert [(problem.line, problem.fault) for problem in report.problems] == [(3, Fault.NO_DATE)]
    with store.begin() as db:
        assert (entries(db), list_invites(db), list_acts(db)) == ([], [], [])


def test_bad_rows_can_be_left_out(store: Store) -> None:
    report = run(store, sheet(MISAKI, SHO.replace("2026/12/31", "いつか"), JANE), skip_bad_rows=True)
    assert (report.was_refused, report.added, len(report.problems)) == (False, 2, 1)
    with store.begin() as db:
        assert [entry.employee_number for entry in entries(db)] == ["00123", "A-7"]


def test_a_file_that_can_not_be_read_is_refused_in_any_case(store: Store) -> None:
    report = run(store, sheet(MISAKI, header=HEADER.replace("退職日", "備考")), skip_bad_rows=True)
    assert (report.was_refused, report.added) == (True, 0)


def test_a_dry_run_says_what_would_happen_and_does_nothing(store: Store) -> None:
    report = run(store, WHOLE, dry_run=True)
    assert (report.added, sum(report.invitations.values())) == (3, 3)
    with store.begin() as db:
        assert (entries(db), list_invites(db), list_acts(db)) == ([], [], [])


def test_a_changed_row_is_told_and_moves_the_invitation(store: Store) -> None:
    run(store, WHOLE)
    changed = WHOLE.replace("2026/11/30", "2026/12/5").replace("設計2課", "設計3課")
    report = run(store, changed)
    assert (report.added, report.updated, report.unchanged) == (0, 1, 2)
    assert report.changes == (Change(2, "00123", (Column.DEPARTMENT, Column.LEFT)),)
    with store.begin() as db:
        assert entries(db)[0].left_on == date(2026, 12, 5)
        assert due_at(db, "00123") == datetime(2026, 12, 5, 1, tzinfo=UTC)
        assert len(list_invites(db)) == 3


def test_an_empty_cell_erases_nothing(store: Store) -> None:
    run(store, WHOLE)
    report = run(store, sheet("00123,佐藤 美咲,2026/11/30", header="社員番号,氏名,退職日"))
    assert (report.updated, report.unchanged) == (0, 1)
    report = run(store, WHOLE.replace("misaki@mail.example", ""))
    assert report.updated == 0
    with store.begin() as db:
        assert entries(db)[0].email == "misaki@mail.example"


def test_a_corrected_address_is_invited_anew_and_the_old_code_is_void(store: Store) -> None:
    run(store, WHOLE)
    later = START + timedelta(days=20)
    with store.begin() as db:
        misaki = entries(db)[0]
        issue_code(db, misaki, b"s", timedelta(days=60), START)
        misaki.invited_at = START
        (reminder,) = [each for each in list_invites(db) if each.subject_id == misaki.id]
        reminder.state = "done"
    report = run(store, WHOLE.replace("misaki@mail", "misaki.sato@mail"), now=later)
    assert report.invitations == {later: 1}
    with store.begin() as db:
        misaki = entries(db)[0]
        assert (misaki.invited_at, misaki.code_hash, misaki.code_serial) == (None, "", 1)
        assert due_at(db, "00123") == later


def test_what_a_person_who_joined_says_of_themselves_stays(store: Store) -> None:
    run(store, WHOLE)
    with store.begin() as db:
        misaki = entries(db)[0]
        member = Member(name="佐藤 美咲", department="電池", roster_id=misaki.id, created_at=START, status="active")
        db.session.add(member)
    report = run(store, WHOLE.replace("設計2課", "設計3課").replace("misaki@", "m.sato@"))
    assert (report.updated, report.invitations) == (1, {})
    with store.begin() as db:
        assert entries(db)[0].email == "m.sato@mail.example"
        kept = db.session.get_one(Member, member.id)
        assert (kept.department, kept.name) == ("電池", "佐藤 美咲")


def test_a_number_without_its_zeros_is_seen_as_the_same_person(store: Store) -> None:
    run(store, WHOLE)
    report = run(store, WHOLE.replace("00123", "123"))
    (problem,) = report.problems
    assert (problem.line, problem.fault, problem.value) == (2, Fault.KNOWN_PERSON, "00123")
    with store.begin() as db:
        assert find_by_number(db, "123") is None


def test_zeros_are_looked_after_in_long_lists_too(store: Store) -> None:
    run(store, WHOLE)
    others = [f"B{number},渡辺 直人,,2026/12/1,,,,," for number in range(60)]
    report = run(store, sheet(MISAKI.replace("00123", "123"), *others))
    assert [(problem.line, problem.fault) for problem in report.problems] == [(2, Fault.KNOWN_PERSON)]


def test_an_address_of_somebody_else_is_a_problem(store: Store) -> None:
    run(store, WHOLE)
    report = run(store, sheet(MISAKI.replace("00123", "00999").replace("佐藤 美咲", "渡辺 直人")))
    (problem,) = report.problems
    assert (problem.line, problem.fault, problem.value) == (2, Fault.KNOWN_ADDRESS, "misaki@mail.example")


def test_who_came_back_and_left_again_has_two_numbers_and_one_address(store: Store) -> None:
    run(store, WHOLE)
    report = run(store, sheet(MISAKI.replace("00123", "00999")))
    assert (report.added, report.problems) == (1, ())


def test_addresses_may_change_hands_in_one_file(store: Store) -> None:
    run(store, WHOLE)
    swapped = WHOLE.replace("misaki@", "x@").replace("sho@", "misaki@").replace("x@", "sho@")
    report = run(store, swapped)
    assert (report.updated, report.problems) == (2, ())


@pytest.mark.parametrize(
    ("left", "at"),
    [
        ("2026/11/30", datetime(2026, 11, 30, 1, tzinfo=UTC)),
        ("2026/11/20", START),
        ("2026/11/15", START),
        ("2026/11/12", datetime(2026, 11, 21, 1, tzinfo=UTC)),
        ("2008/3/31", datetime(2026, 11, 21, 1, tzinfo=UTC)),
    ],
)
def test_when_the_invitation_goes_out(store: Store, left: str, at: datetime) -> None:
    report = run(store, sheet(MISAKI.replace("2026/11/30", left)))
    assert report.invitations == {at: 1}


def test_nobody_is_invited_at_night(store: Store) -> None:
    night = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    report = run(store, sheet(MISAKI.replace("2026/11/30", "2026/11/20")), now=night)
    assert list(report.invitations) == [datetime(2026, 11, 20, 23, tzinfo=UTC)]


def test_progress_is_told_to_the_end(sqlite_url: str) -> None:
    store, seen = Store(sqlite_url), list[tuple[Stage, int, int]]()
    rows = [f"N{number:05},渡辺 直人,,2026/12/1,,,,," for number in range(2500)]

    def note(stage: Stage, done: int, total: int) -> None:
        seen.append((stage, done, total))

    store.run_here(lambda db: import_leavers(db, sheet(*rows).encode(), POLICY, START, progress=note))
    assert [step for step in seen if step[0] is Stage.COMPARE] == [(Stage.COMPARE, n, 2500) for n in (1000, 2000, 2500)]
    assert [step for step in seen if step[0] is Stage.WRITE][-1] == (Stage.WRITE, 2500, 2500)
    assert {step[0] for step in seen} == set(Stage)
    store.close()


def count_statements(store: Store, text: str) -> tuple[ImportReport, int]:
    """Imports, and counts what is said to the database."""
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    report = run(store, text)
    event.remove(store.engine, "before_cursor_execute", note)
    return report, len(said)


def test_many_rows_are_read_and_written_in_sets(store: Store) -> None:
    """Counted in statements, because seconds tell about the machine: few for many rows, and for eight times the rows
    no more than about eight times as many."""
    rows = [
        f"{number:06},渡辺 直人{number},ワタナベ ナオト,2026/12/{number % 28 + 1},2001/4/1,製造{number % 9}課,"
        f"naoto{number}@mail.example,製造,ja"
        for number in range(18_000)
    ]
    few, said_for_few = count_statements(store, sheet(*rows[:2000]))
    many, said_for_many = count_statements(store, sheet(*rows[2000:]))
    again, said_again = count_statements(store, sheet(*rows))
    assert (few.added, many.added, sum(many.invitations.values()), again.unchanged) == (2000, 16_000, 16_000, 18_000)
    assert said_for_many < 16_000 / 100
    assert said_for_many <= 8 * said_for_few
    assert said_again < said_for_many
