"""What the database keeps of somebody on the way in."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import select

from storage.models import Account, Delivery, Member, RosterEntry, Urgency, WrongCode
from storage.queries.outbox import Terms, post, skip_nudges
from storage.queries.registration import (
    add_application,
    add_wrong_code,
    attach_mail,
    find_application,
    find_last_application,
    find_registered,
    find_waiting_application,
    list_wrong_codes,
)
from storage.uow import Store, UnitOfWork
from tests.support.world import START, Message

MINUTE = timedelta(minutes=1)


@pytest.fixture
def db(database_url: str) -> Iterator[UnitOfWork]:
    store = Store(database_url)
    with store.begin() as db:
        yield db
    store.close()


def add(db: UnitOfWork, external_id: str = "U1") -> tuple[Member, Account]:
    member = Member(name="佐藤 美咲", language="ja", created_at=START)
    db.session.add(member)
    db.session.flush()
    account = Account(platform="chat", external_id=external_id, member_id=member.id, created_at=START)
    db.session.add(account)
    db.session.flush()
    return member, account


def mail_accounts(db: UnitOfWork) -> list[tuple[str, int | None]]:
    rows = db.session.exec(select(Account).where(Account.platform == "email").order_by(Account.external_id)).all()
    return [(row.external_id, row.member_id) for row in rows]


def test_wrong_codes_are_listed_by_account_from_a_moment_on(db: UnitOfWork) -> None:
    (_one, account), (_two, other) = add(db), add(db, "U2")
    for minutes in (30, 10, 20):
        add_wrong_code(db, account.id or 0, START + minutes * MINUTE)
    add_wrong_code(db, other.id or 0, START)
    assert list_wrong_codes(db, account.id or 0, START + 20 * MINUTE) == [START + 20 * MINUTE, START + 30 * MINUTE]
    assert list_wrong_codes(db, other.id or 0, START) == [START]
    assert list_wrong_codes(db, 999, START) == []
    assert set(WrongCode.model_fields) == {"id", "account_id", "at"}, "the code itself is nobody's business"


def test_an_application_waits_until_it_is_decided(db: UnitOfWork) -> None:
    member, _account = add(db)
    id = member.id or 0
    assert find_waiting_application(db, id) is None
    assert find_last_application(db, id) is None
    first = add_application(db, id, "123", "佐藤 美咲", "2026-03", START)
    assert find_waiting_application(db, id) is first
    first.state = "declined"
    assert find_waiting_application(db, id) is None
    assert find_last_application(db, id) is first
    second = add_application(db, id, "124", "佐藤 美咲", "2026-03", START)
    assert find_waiting_application(db, id) is second
    assert find_last_application(db, id) is second
    assert find_application(db, second.id or 0) is second
    assert find_application(db, 999) is None


def test_who_came_in_as_somebody_of_the_roster_is_found(db: UnitOfWork) -> None:
    member, _account = add(db)
    entry = RosterEntry(employee_number="1", name="佐藤", left_on=date(2026, 3, 31), imported_at=START)
    db.session.add(entry)
    db.session.flush()
    assert find_registered(db, entry.id or 0) is None
    member.roster_id = entry.id
    assert find_registered(db, entry.id or 0) is member


def test_the_private_address_becomes_a_way_to_reach_the_member(db: UnitOfWork) -> None:
    member, _account = add(db)
    attach_mail(db, member, " Misaki@Home.Example ", START)
    attach_mail(db, member, "misaki@home.example", START)
    assert mail_accounts(db) == [("misaki@home.example", member.id)]


def test_no_address_makes_no_account(db: UnitOfWork) -> None:
    member, _account = add(db)
    attach_mail(db, member, "  ", START)
    assert mail_accounts(db) == []


def test_an_address_belongs_to_one_member_and_one_that_nobody_has_is_taken_over(db: UnitOfWork) -> None:
    (one, _account), (two, _other) = add(db), add(db, "U2")
    db.session.add(Account(platform="email", external_id="invited@home.example", created_at=START))
    db.session.flush()
    attach_mail(db, one, "invited@home.example", START)
    attach_mail(db, two, "invited@home.example", START)
    assert mail_accounts(db) == [("invited@home.example", one.id)]


def test_taking_nudges_back_leaves_answers_other_people_s_and_what_was_sent(db: UnitOfWork) -> None:
    (one, _account), (two, _other) = add(db), add(db, "U2")
    for member, key, urgency in (
        (one, "nudge", Urgency.NUDGE),
        (one, "sent", Urgency.NUDGE),
        (one, "answer", Urgency.ANSWER),
        (two, "other", Urgency.NUDGE),
    ):
        post(db, member, lambda: Message("x", ()), Terms(key, START, urgency))
    sent = db.session.exec(select(Delivery).where(Delivery.key == "sent")).one()
    sent.state = "sent"
    db.session.flush()
    skip_nudges(db, one, "paused")
    db.session.expire_all()
    rows = {row.key: (row.state, row.reason) for row in db.session.exec(select(Delivery)).all()}
    assert rows == {
        "nudge": ("skipped", "paused"),
        "sent": ("sent", ""),
        "answer": ("pending", ""),
        "other": ("pending", ""),
    }
