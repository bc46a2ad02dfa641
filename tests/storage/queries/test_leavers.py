"""The roster in bulk, and what it stands on: set statements, reminders by the thousand, the audit log."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.models import Account, Member, Reminder, RosterEntry
from storage.queries import leavers, roster
from storage.queries.audit import list_acts, note_act
from storage.queries.reminders import forget, remind, set_reminders
from storage.statements import insert_or_update
from storage.uow import Store, UnitOfWork
from tests.support.world import START

LEFT = date(2026, 3, 31)


@pytest.fixture
def db(database_url: str) -> Iterator[UnitOfWork]:
    """An open transaction on a fresh database of either kind."""
    store = Store(database_url)
    with store.begin() as db:
        yield db
    store.close()


def row(number: str, **values: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(("kana", "email", "department", "job", "language"), "")
    basis = {"employee_number": number, "name": f"名 {number}", "left_on": LEFT, "joined_on": None}
    return empty | basis | {"imported_at": START} | values


def numbers(rows: list[Any]) -> list[str]:
    return sorted(each["employee_number"] for each in rows)


def test_people_are_added_found_and_changed(db: UnitOfWork) -> None:
    leavers.add_entries(db, [row("1"), row("2", email="two@mail.example"), row("3")])
    ids = leavers.find_ids(db, ["1", "2", "9"])
    assert set(ids) == {"1", "2"}
    leavers.update_entries(db, [{"id": ids["1"], "name": "新 一"}, {"id": ids["2"], "name": "新 二"}])
    assert {each["name"] for each in leavers.list_known(db, ["1", "2", "3"])} == {"新 一", "新 二", "名 3"}
    entry = roster.get_entry(db, ids["1"])
    assert (entry.code_serial, entry.code_hash, entry.invited_at, entry.email) == (0, "", None, "")


def test_who_is_known_tells_who_has_joined(db: UnitOfWork) -> None:
    leavers.add_entries(db, [row("1"), row("2")])
    member = Member(roster_id=leavers.find_ids(db, ["2"])["2"], created_at=START)
    db.session.add(member)
    db.session.flush()
    known = {each["employee_number"]: each["member_id"] for each in leavers.list_known(db, ["1", "2", "3"])}
    assert known == {"1": None, "2": member.id}


def test_owners_of_addresses(db: UnitOfWork) -> None:
    leavers.add_entries(db, [row("1", email="a@mail.example"), row("2", email="b@mail.example"), row("3")])
    assert numbers(leavers.list_owners(db, ["a@mail.example", "c@mail.example"])) == ["1"]
    assert leavers.list_owners(db, []) == []


@pytest.mark.parametrize("others", [0, 100])
def test_numbers_that_differ_in_zeros_only_however_many_are_asked_for(db: UnitOfWork, others: int) -> None:
    leavers.add_entries(db, [row("00123"), row("123"), row("1230"), row("A-0123"), row("0000")])
    asked = ["0123", "00", *(f"B{number}" for number in range(others))]
    assert numbers(leavers.list_spelled_alike(db, asked)) == ["0000", "00123", "123"]


def test_entries_are_found_one_by_one(db: UnitOfWork) -> None:
    leavers.add_entries(db, [row("00123")])
    found = roster.find_by_number(db, "00123")
    assert found is not None
    assert roster.find_entry(db, found.id or 0) is found
    assert roster.find_by_number(db, "123") is None
    assert roster.find_entry(db, 4711) is None
    with pytest.raises(LookupError):
        roster.get_entry(db, 4711)


def test_a_mail_account_is_kept_once_and_opened_again(db: UnitOfWork) -> None:
    account = roster.keep_mail_account(db, "misaki@mail.example", START)
    account.reachable, account.unreachable_reason = False, "(550)"
    again = roster.keep_mail_account(db, "misaki@mail.example", START + timedelta(days=1))
    assert again is account
    assert (again.reachable, again.unreachable_reason, again.created_at, again.member_id) == (True, "", START, None)
    assert len(db.session.exec(select(Account)).all()) == 1


def reminders(db: UnitOfWork, kind: str = "roster.invite") -> dict[int, tuple[str, int]]:
    db.session.expire_all()
    found = db.session.exec(select(Reminder).where(Reminder.kind == kind)).all()
    return {each.subject_id: (each.state, (each.due_at - START).days) for each in found}


def test_reminders_are_set_moved_and_made_anew_in_one_statement(db: UnitOfWork) -> None:
    set_reminders(db, "roster.invite", dict.fromkeys(range(1, 2001), START))
    assert len(reminders(db)) == 2000
    fired = db.session.exec(select(Reminder).where(Reminder.subject_id == 2)).one()
    fired.state, fired.attempts, fired.error_id = "done", 3, "abc"
    db.session.flush()
    set_reminders(db, "roster.invite", {1: START + timedelta(days=5), 2: START + timedelta(days=6)})
    found = reminders(db)
    assert (found[1], found[2], found[3]) == (("pending", 5), ("pending", 6), ("pending", 0))
    again = db.session.exec(select(Reminder).where(Reminder.subject_id == 2)).one()
    assert (again.attempts, again.error_id) == (0, "")


def test_no_reminders_are_no_statement(db: UnitOfWork) -> None:
    set_reminders(db, "roster.invite", {})
    assert reminders(db) == {}


def test_reminders_of_other_kinds_stay(db: UnitOfWork) -> None:
    remind(db, "welcome.nudge", 1, START, step=0)
    set_reminders(db, "roster.invite", {1: START + timedelta(days=1)})
    forget(db, "roster.invite", 1)
    assert reminders(db) == {}
    assert reminders(db, "welcome.nudge") == {1: ("pending", 0)}


def test_insert_or_update_changes_only_what_it_is_told(db: UnitOfWork) -> None:
    leavers.add_entries(db, [row("1", email="a@mail.example")])
    changed = row("1", name="新", email="b@mail.example", code_serial=9, code_hash="x")
    insert_or_update(db.session, RosterEntry, [changed], ("employee_number",), ("name",))
    entry = roster.find_by_number(db, "1")
    assert entry is not None
    assert (entry.name, entry.email, entry.code_serial) == ("新", "a@mail.example", 0)


def test_the_audit_log_names_who_did_what_to_whom(db: UnitOfWork) -> None:
    yuka = Member(name="山本 由佳", created_at=START)
    db.session.add(yuka)
    db.session.flush()
    note_act(db, None, "roster.import", START, detail="added=3")
    note_act(db, yuka, "application.approve", START + timedelta(minutes=1), subject="application:1")
    db.session.flush()
    newest, first = list_acts(db)
    assert (newest.act, newest.actor_id, newest.subject, newest.detail) == (
        "application.approve",
        yuka.id,
        "application:1",
        "",
    )
    assert (first.actor_id, first.detail, first.at) == (None, "added=3", START)
    assert len(list_acts(db, limit=1)) == 1
