"""Who joined, who stalled, whom HR invites by hand, who waits: each list holds those it should, on both databases."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import pytest

from storage.models import (
    Account,
    Application,
    Content,
    Delivery,
    Member,
    Reminder,
    Role,
    RosterEntry,
    Status,
    WrongCode,
)
from storage.queries import applications, joining
from storage.queries.reminders import set_reminders
from storage.uow import Store, UnitOfWork
from tests.support.world import START

KIND = "roster.invite"
TODAY = date(2026, 11, 20)


@pytest.fixture
def db(database_url: str) -> Iterator[UnitOfWork]:
    """An open transaction on a fresh database of either kind."""
    store = Store(database_url)
    with store.begin() as db:
        yield db
    store.close()


Row = TypeVar("Row")


def keep(db: UnitOfWork, row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row


def entry(db: UnitOfWork, number: str, **values: Any) -> RosterEntry:
    row: dict[str, Any] = {"name": f"名 {number}", "left_on": TODAY, "imported_at": START} | values
    return keep(db, RosterEntry(employee_number=number, **row))


def member(db: UnitOfWork, name: str, platform: str = "slack", **values: Any) -> Member:
    row: dict[str, Any] = {"name": name, "created_at": START} | values
    made = keep(db, Member(**row))
    account = Account(platform=platform, external_id=name, member_id=made.id, created_at=START, name=name)
    keep(db, account)
    return made


def names(db: UnitOfWork, people: joining.People, **part: int) -> list[str]:
    return [person.name for person in joining.list_people(db, people, **part)]


def test_joined_are_registered_former_employees_the_newest_first(db: UnitOfWork) -> None:
    for days, name in enumerate(("新", "中", "古")):
        member(db, name, status=Status.ACTIVE, activated_at=START - timedelta(days=days))
    member(db, "休止", status=Status.PAUSED, activated_at=START - timedelta(days=9))
    member(db, "途中")
    member(db, "社員", status=Status.ACTIVE, role=Role.EMPLOYEE, activated_at=START)
    member(db, "退会", status=Status.WITHDRAWN, activated_at=START)
    assert names(db, joining.joined()) == ["新", "中", "古", "休止"]
    assert names(db, joining.joined(START - timedelta(days=1))) == ["新", "中"]
    assert names(db, joining.joined(), offset=1, limit=2) == ["中", "古"]
    assert joining.count(db, joining.joined()) == 4


def test_invited_are_those_who_have_not_come(db: UnitOfWork) -> None:
    entry(db, "1", invited_at=START)
    entry(db, "2", invited_at=START - timedelta(days=10))
    came = entry(db, "3", invited_at=START)
    member(db, "来た", roster_id=came.id)
    entry(db, "4")
    assert names(db, joining.invited()) == ["名 2", "名 1"]
    assert names(db, joining.invited(before=START)) == ["名 2"]
    assert names(db, joining.invited(since=START - timedelta(days=1))) == ["名 1"]


def welcome(db: UnitOfWork, to: Member) -> None:
    """Something was sent to them."""
    content = keep(db, Content(body="{}"))
    keep(
        db,
        Delivery(
            key=f"welcome:{to.id}",
            member_id=to.id,
            content_id=content.id or 0,
            available_at=START,
            created_at=START,
        ),
    )


def test_half_way_are_people_in_a_workspace_who_have_not_registered(db: UnitOfWork) -> None:
    member(db, "途中", registration_step=1)
    welcome(db, member(db, "先", created_at=START - timedelta(days=9)))
    member(db, "見かけただけ")
    welcome(db, member(db, "結構です", nudging_declined=True))
    member(db, "メールのみ", platform="email")
    member(db, "済", status=Status.ACTIVE)
    waiting = member(db, "承認待ち", registration_step=1)
    keep(db, Application(member_id=waiting.id or 0, name="x", created_at=START))
    others: dict[str, dict[str, Any]] = {
        "機械": {"kind": "bot"},
        "他社": {"kind": "stranger"},
        "去": {"reachable": False},
    }
    for name, values in others.items():
        made = keep(db, Member(name=name, created_at=START))
        welcome(db, made)
        keep(db, Account(platform="slack", external_id=name, member_id=made.id, created_at=START, **values))
    assert names(db, joining.half_way()) == ["先", "途中"]
    assert names(db, joining.half_way(before=START)) == ["先"]
    assert names(db, joining.half_way(since=START)) == ["途中"]


def test_to_hand_over_are_those_whom_no_mail_will_invite(db: UnitOfWork) -> None:
    planned = entry(db, "1", email="a@mail.example")
    set_reminders(db, KIND, {planned.id or 0: START})
    no_address = entry(db, "2")
    set_reminders(db, KIND, {no_address.id or 0: START})
    entry(db, "3", email="b@mail.example", left_on=TODAY - timedelta(days=3))
    entry(db, "4", left_on=TODAY + timedelta(days=1))
    entry(db, "5", invited_at=START)
    came = entry(db, "6")
    member(db, "来た", roster_id=came.id)
    assert names(db, joining.to_hand_over(TODAY, invitation=KIND)) == ["名 2", "名 3"]
    assert names(db, joining.to_hand_over(TODAY, invitation=KIND, since=TODAY)) == ["名 2"]
    assert names(db, joining.to_hand_over(TODAY)) == ["名 1", "名 2", "名 3"], "without a mail server"
    db.session.get_one(Reminder, 1).state = "done"
    assert "名 1" in names(db, joining.to_hand_over(TODAY, invitation=KIND))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("中村", ["中村 健", "中村　花"]),
        ("中村健", ["中村 健"]),
        ("KEN", ["Ken Nakamura"]),
        ("ken@example.jp", ["Ken Nakamura"]),
        ("KEN@EXAMPLE.JP", ["Ken Nakamura"]),
        ("%", []),
        ("_", []),
        ("卒業", []),
    ],
)
def test_employees_are_found_by_name_and_address(db: UnitOfWork, text: str, found: list[str]) -> None:
    for name in ("中村 健", "中村　花", "Ken Nakamura"):
        made = member(db, name, status=Status.ACTIVE, role=Role.EMPLOYEE)
        made.name = name
    account = db.session.get_one(Account, 3)
    account.email = "Ken@example.jp"
    member(db, "卒業 生", status=Status.ACTIVE)
    member(db, "中村 停", status=Status.SUSPENDED, role=Role.EMPLOYEE)
    db.session.flush()
    assert sorted(each.name for each in joining.search_employees(db, text, 10)) == sorted(found)


def test_hr_are_active_members_with_the_role(db: UnitOfWork) -> None:
    member(db, "由佳", status=Status.ACTIVE, role=Role.EMPLOYEE, is_hr=True)
    member(db, "休み", status=Status.PAUSED, role=Role.EMPLOYEE, is_hr=True)
    member(db, "健", status=Status.ACTIVE, role=Role.EMPLOYEE)
    assert [each.name for each in joining.list_hr(db)] == ["由佳"]


def wait_for_hr(db: UnitOfWork, name: str, at: datetime, state: str = "waiting") -> Application:
    made = member(db, name)
    return keep(db, Application(member_id=made.id or 0, name=name, created_at=at, state=state))


def test_who_waits_the_longest_comes_first(db: UnitOfWork) -> None:
    wait_for_hr(db, "一", START - timedelta(days=5))
    wait_for_hr(db, "済", START - timedelta(days=5), "approved")
    wait_for_hr(db, "二", START)
    assert [each.name for each, _member in applications.list_waiting(db, 0, 5)] == ["一", "二"]
    assert [each.name for each, _member in applications.list_waiting(db, 1, 5)] == ["二"]
    assert applications.count_waiting(db) == 2
    assert applications.count_waiting(db, START - timedelta(days=3)) == 1


@pytest.mark.parametrize(
    ("number", "name", "found"),
    [
        ("123", "", ["00123"]),
        ("", "佐藤 某", ["00123"]),
        ("", "さとう", ["00123"]),
        ("", "", []),
        ("9", "100%", []),
        ("", "_", []),
    ],
)
def test_lookalikes_share_something_and_have_not_come_in(
    db: UnitOfWork, number: str, name: str, found: list[str]
) -> None:
    long_ago = date(2001, 3, 31)
    entry(db, "00123", name="佐藤 美咲", kana="サトウ ミサキ", left_on=long_ago)
    came = entry(db, "0123", name="佐藤 美紀", left_on=long_ago)
    member(db, "来た", roster_id=came.id)
    entry(db, "777", name="高橋 翔", left_on=long_ago)
    rows = applications.list_lookalikes(db, number, name, date.max, date.min)
    assert [row.employee_number for row in rows] == found
    month = applications.list_lookalikes(db, number, name, date(2001, 3, 1), date(2001, 3, 31))
    assert {row.employee_number for row in month} == {"00123", "777"}


def test_wrong_codes_by_account_and_forgotten(db: UnitOfWork) -> None:
    for name in ("一", "二"):
        member(db, name)
    for account, minutes in ((1, 5), (1, 3), (2, 1), (2, 120)):
        keep(db, WrongCode(account_id=account, at=START - timedelta(minutes=minutes)))
    since = START - timedelta(hours=1)
    found = applications.list_wrong_codes(db, since)
    assert {account: len(moments) for account, moments in found.items()} == {1: 2, 2: 1}
    assert found[1] == sorted(found[1])
    assert [person.name for _account, person in applications.list_people_behind(db, [1, 2])] == ["一", "二"]
    assert applications.forget_wrong_codes(db, 1) == 2
    assert applications.list_wrong_codes(db, since).keys() == {2}
