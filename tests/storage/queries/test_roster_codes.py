"""Invitation codes: derived, found again however they are typed, and only the last one counts."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.models import RosterEntry
from storage.queries.roster import (
    CODE_ALPHABET,
    current_code,
    derive_code,
    find_by_code,
    find_by_employment,
    hash_code,
    issue_code,
    read_code,
    show_code,
)
from storage.uow import Store, UnitOfWork
from tests.support.world import START

SECRET = b"secret of a test"
VALID = timedelta(days=60)


def add_entry(
    db: UnitOfWork, number: str = "00123", name: str = "佐藤 美咲", kana: str = "サトウ ミサキ"
) -> RosterEntry:
    entry = RosterEntry(employee_number=number, name=name, kana=kana, left_on=date(2026, 3, 31), imported_at=START)
    db.session.add(entry)
    db.session.flush()
    return entry


def test_a_code_leads_to_its_person_and_can_be_shown_again(database_url: str) -> None:
    store = Store(database_url)
    with store.begin() as db:
        entry, other = add_entry(db), add_entry(db, "00124")
        code, second = issue_code(db, entry, SECRET, VALID, START), issue_code(db, other, SECRET, VALID, START)
        assert code != second
    with store.begin() as db:
        found = find_by_code(db, code, SECRET)
        assert found is not None
        assert (found.id, found.code_expires_at) == (entry.id, START + VALID)
        assert current_code(found, SECRET) == code
        assert code.replace("-", "") not in repr(found)
    store.close()


def test_only_the_last_code_counts(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        entry = add_entry(db)
        old = issue_code(db, entry, SECRET, VALID, START)
        entry.code_used_at = START
        assert current_code(entry, SECRET) is None
        new = issue_code(db, entry, SECRET, VALID, START)
        assert (entry.code_serial, entry.code_used_at) == (2, None)
        assert find_by_code(db, old, SECRET) is None
        assert find_by_code(db, new, SECRET) is entry
    store.close()


def test_a_used_code_is_found_so_that_the_person_can_be_told(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        entry = add_entry(db)
        code = issue_code(db, entry, SECRET, VALID, START)
        entry.code_used_at = START
        assert find_by_code(db, code, SECRET) is entry
    store.close()


def test_another_secret_makes_codes_that_are_out_invalid(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        entry = add_entry(db)
        assert current_code(entry, SECRET) is None
        code = issue_code(db, entry, SECRET, VALID, START)
        assert current_code(entry, b"another") is None
        assert find_by_code(db, code, b"another") is None
    store.close()


def test_a_code_that_somebody_has_is_passed_over(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        entry, other = add_entry(db), add_entry(db, "00124")
        other.code_hash = hash_code(SECRET, derive_code(SECRET, entry.id or 0, 1))
        db.session.flush()
        issue_code(db, entry, SECRET, VALID, START)
        assert entry.code_serial == 2
    store.close()


WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in CODE_ALPHABET}
LOOK_ALIKES = str.maketrans("01258V6", "OIZSBUG")


@pytest.mark.parametrize("serial", range(40))
def test_however_it_is_typed(serial: int) -> None:
    code = derive_code(SECRET, 7, serial)
    shown = show_code(code)
    ways = (
        shown,
        code,
        shown.lower(),
        shown.translate(WIDE),
        f"\u3000{' '.join(shown)} ",
        shown.replace("-", "ー"),
        shown.replace("-", "−"),
        shown.translate(LOOK_ALIKES),
        shown.replace("0", "D").replace("1", "l"),
    )
    assert [read_code(way) for way in ways] == [code] * len(ways)


@pytest.mark.parametrize("text", ["", "7K3M", "7K3M-XA4P9", "7K3M-XA4!", "佐藤美咲佐藤美咲", "\x00" * 8, "{code}{x}"])
def test_what_can_be_no_code(text: str) -> None:
    assert read_code(text) is None


@given(st.text(max_size=30))
def test_any_text_is_a_code_or_not(text: str) -> None:
    read = read_code(text)
    assert read is None or (len(read) == 8 and set(read) <= set(CODE_ALPHABET))


def test_no_two_characters_look_alike() -> None:
    for family in ("0OQD", "1IL", "2Z", "5S", "8B", "6G", "UV"):
        assert len(set(family) & set(CODE_ALPHABET)) == 1


def test_codes_spread_over_the_alphabet() -> None:
    codes = {derive_code(SECRET, id, 1) for id in range(3000)}
    assert len(codes) == 3000
    assert {sign for code in codes for sign in code} == set(CODE_ALPHABET)


@pytest.mark.parametrize(
    ("number", "name", "month", "found"),
    [
        ("00123", "佐藤 美咲", "2026-03", True),
        ("123", "佐藤美咲", "2026-03", True),
        ("００１２３", "さとう みさき", "2026-03", True),
        ("000123", "佐藤 美咲", "2026-03", True),
        ("00124", "佐藤 美咲", "2026-03", False),
        ("00123", "佐藤 美紀", "2026-03", False),
        ("00123", "佐藤 美咲", "2026-04", False),
        ("00123", "", "2026-03", False),
        ("", "佐藤 美咲", "2026-03", False),
    ],
)
def test_by_employment(sqlite_url: str, number: str, name: str, month: str, found: bool) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        entry = add_entry(db)
        add_entry(db, "99999", "高橋 翔", "")
        assert find_by_employment(db, number, name, month) is (entry if found else None)
    store.close()


def test_by_employment_gives_nobody_when_two_fit(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        add_entry(db, "0077")
        add_entry(db, "77")
        assert find_by_employment(db, "77", "佐藤 美咲", "2026-03") is None
    store.close()


def test_codes_run_out_at_their_moment(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    later = datetime(2027, 1, 1, tzinfo=START.tzinfo)
    with store.begin() as db:
        entry = add_entry(db)
        issue_code(db, entry, SECRET, timedelta(hours=1), later)
        assert entry.code_expires_at == later + timedelta(hours=1)
    store.close()
