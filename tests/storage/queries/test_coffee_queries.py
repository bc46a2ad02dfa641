"""The queries of coffee rounds, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from storage.models import (
    Account,
    Block,
    CoffeeGroup,
    CoffeeMember,
    CoffeeRound,
    CoffeeSeat,
    Member,
    Purpose,
    RoundState,
    Status,
)
from storage.queries import coffee, introductions
from storage.queries.consents import set_consents
from storage.queries.topics import set_topics
from storage.uow import Store, UnitOfWork
from tests.support.world import START

DAY = date(2026, 12, 7)
LATER = START + timedelta(days=40)


@pytest.fixture
def db(database_url: str) -> Iterator[UnitOfWork]:
    store = Store(database_url)
    with store.begin() as db:
        yield db
    store.close()


def add(db: UnitOfWork, *, joined: bool = True, platform: str = "chat", consent: bool = True, **fields: object) -> int:
    """A member in the rounds; returns their number."""
    member = Member(status=Status.ACTIVE, created_at=START)
    for name, value in fields.items():
        setattr(member, name, value)
    db.session.add(member)
    db.session.flush()
    id = member.id or 0
    db.session.add(Account(platform=platform, external_id=f"U{id}", member_id=id, created_at=START))
    set_consents(db, id, (Purpose.INTRODUCTIONS,) if consent else (), START)
    db.session.add(CoffeeMember(member_id=id, joined=joined, changed_at=START))
    db.session.flush()
    return id


def freeze(db: UnitOfWork, day: date = DAY) -> CoffeeRound:
    """A round in which it is settled who takes part."""
    current = coffee.ensure_round(db, day, START)
    coffee.freeze(db, current, START)
    db.session.flush()
    return current


def introduce(db: UnitOfWork, current: CoffeeRound, *members: int) -> None:
    """Introduces some of those who take part."""
    introductions.add_groups(db, current.id or 0, [members], START)


def test_who_takes_part_is_settled_in_one_statement(db: UnitOfWork) -> None:
    here = add(db)
    add(db, joined=False)
    add(db, consent=False)
    add(db, platform="email")
    add(db, status=Status.PAUSED)
    current = freeze(db)
    assert [seat.member_id for seat in coffee.list_without_group(db, current.id or 0)] == [here]
    assert current.state == RoundState.FROZEN
    assert coffee.is_taking_part(db, here, DAY, START)


@pytest.mark.parametrize(
    ("field", "value", "day", "takes_part"),
    [
        ("skips", DAY, DAY, False),
        ("skips", DAY, date(2027, 1, 4), True),
        ("resting_until", START + timedelta(days=1), DAY, False),
        ("resting_until", START, DAY, True),
        ("asked_to_stay", True, DAY, False),
        ("joined", False, DAY, False),
    ],
)
def test_what_keeps_somebody_out(db: UnitOfWork, field: str, value: object, day: date, takes_part: bool) -> None:
    id = add(db)
    part = coffee.find_part(db, id)
    setattr(part, field, value)
    db.session.flush()
    assert coffee.is_taking_part(db, id, day, START) is takes_part
    assert [member.id for member in coffee.list_taking_part(db, day, START, 0, 10)] == ([id] if takes_part else [])


def test_a_round_is_one_a_day_and_a_part_one_a_member(db: UnitOfWork) -> None:
    assert coffee.ensure_round(db, DAY, START).id == coffee.ensure_round(db, DAY, LATER).id
    id = add(db)
    assert coffee.ensure_part(db, id, LATER).changed_at == START


def test_people_are_read_some_at_a_time_with_what_they_show(db: UnitOfWork) -> None:
    one = add(db, department="Design", visibility={"topics": "nobody"})
    other, last = add(db, department="購買部", visibility={"topics": "alumni"}), add(db)
    for id in (one, other):
        set_topics(db, db.session.get_one(Member, id), ["電池", "相続"])
    current = freeze(db)
    first = coffee.list_people(db, current.id or 0, 0, limit=2)
    assert [(person.id, person.department, person.topics) for person in first] == [
        (one, "design", ()),
        (other, "購買部", ("電池", "相続")),
    ]
    assert [person.id for person in coffee.list_people(db, current.id or 0, other)] == [last]


def test_blocks_are_read_of_those_who_take_part(db: UnitOfWork) -> None:
    one, other, outside = add(db), add(db), add(db, joined=False)
    for owner, member, department in ((one, other, ""), (one, None, "Design 2"), (outside, one, "")):
        db.session.add(Block(owner_id=owner, member_id=member, department=department, created_at=START))
    current = freeze(db)
    assert coffee.list_blocks(db, current.id or 0) == ([(one, other)], [(one, "design 2")])


def test_who_met_lately(db: UnitOfWork) -> None:
    a, b, c, d = (add(db) for _ in range(4))
    current = freeze(db)
    introduce(db, current, a, b, c)
    assert sorted(coffee.list_introduced(db, START - timedelta(days=1))) == [(a, b), (a, c), (b, c)]
    assert coffee.list_introduced(db, START) == []
    assert coffee.were_introduced(db, c, a, START - timedelta(days=1))
    assert not coffee.were_introduced(db, a, d, START - timedelta(days=1))
    assert not coffee.were_introduced(db, a, b, START)
    assert [group.number for group in coffee.list_open_groups(db, b)] == [1]
    assert coffee.list_open_groups(db, d) == []


def test_a_plan_counts_when_its_round_says_so_and_no_other_does(db: UnitOfWork) -> None:
    current = freeze(db)
    coffee.add_plan(db, current.id or 0, "first", 0, [(2, 1)])
    coffee.add_plan(db, current.id or 0, "second", 0, [(3, 4), (5, 6)])
    assert introductions.list_planned(db, current, 10) == []
    coffee.take_plan(current, "second")
    assert introductions.list_planned(db, current, 1) == [[3, 4]]
    assert introductions.list_planned(db, current, 10) == [[3, 4], [5, 6]]
    current.told_up_to = 1
    assert introductions.list_planned(db, current, 10) == [[5, 6]]
    current.told_up_to = 2
    assert introductions.list_planned(db, current, 10) == []
    coffee.remove_plans(db, current.id or 0)
    current.told_up_to = 0
    assert introductions.list_planned(db, current, 10) == []


def test_groups_are_numbered_on_and_their_seats_name_the_card(db: UnitOfWork) -> None:
    a, b, c, d, e = (add(db) for _ in range(5))
    current = freeze(db)
    round_id = current.id or 0
    first, second = introductions.add_groups(db, round_id, [(a, b), (c, d)], START)
    [third] = introductions.add_groups(db, round_id, [(e,)], START)
    assert introductions.add_groups(db, round_id, [], START) == []
    groups = db.session.exec(select(CoffeeGroup).order_by(col(CoffeeGroup.number))).all()
    assert [(group.id, group.number) for group in groups] == [(first, 1), (second, 2), (third, 3)]
    seats = [seat for members in ((a, b), (c, d), (e,)) for seat in coffee.list_seats(db, round_id, members)]
    assert [(seat.group_id, seat.card) for seat in seats] == [
        (first, f"coffee:{first}:meet:{a}"),
        (first, f"coffee:{first}:meet:{b}"),
        (second, f"coffee:{second}:meet:{c}"),
        (second, f"coffee:{second}:meet:{d}"),
        (third, f"coffee:{third}:meet:{e}"),
    ]
    assert {seat.state for seat in seats} == {"introduced"}


def test_a_round_is_left_to_whoever_works_at_it(db: UnitOfWork) -> None:
    current = freeze(db)
    found = coffee.find_unfinished(db, START)
    assert found is not None
    assert found.id == current.id
    current.try_at = LATER
    db.session.flush()
    assert coffee.find_unfinished(db, START) is None
    assert coffee.find_unfinished(db, LATER) is not None
    current.state = RoundState.DONE.value
    db.session.flush()
    assert coffee.find_unfinished(db, LATER) is None


def test_the_oldest_round_comes_first(db: UnitOfWork) -> None:
    freeze(db, date(2027, 1, 4))
    freeze(db, DAY)
    found = coffee.find_unfinished(db, START)
    assert found is not None
    assert found.day == DAY


def test_accounts_in_one_workspace(db: UnitOfWork) -> None:
    one, other = (db.session.get_one(Member, add(db)) for _ in range(2))
    apart = db.session.get_one(Member, add(db, platform="teams"))
    assert [len(some) for some in introductions.list_common_accounts(db, [one, other])] == [2]
    assert introductions.list_common_accounts(db, [one, other, apart]) == []
    gone = db.session.get_one(Account, 2)
    gone.reachable = False
    db.session.flush()
    assert introductions.list_common_accounts(db, [one, other]) == []


def test_nobody_sits_twice_in_a_round(db: UnitOfWork) -> None:
    add(db)
    current = freeze(db)
    db.session.add(CoffeeSeat(round_id=current.id or 0, member_id=1))
    with pytest.raises(Exception, match=r"(?i)unique"):
        db.session.flush()
    db.session.rollback()
