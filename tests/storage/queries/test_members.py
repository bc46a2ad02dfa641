"""Whom a member may be shown, and which fields: the one gate, against a plain description of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import col

from storage.models import Account, Block, Member, Role, Status, Visibility
from storage.queries.members import (
    Card,
    ProfileField,
    clean_department,
    find_card,
    get_member,
    is_shown,
    list_cards,
    list_statuses,
    list_visible,
    render_card,
)
from storage.queries.topics import set_topics
from storage.uow import Store, UnitOfWork
from tests.support.world import START

DEPARTMENTS = ("", "設計2課", "R&D", "r&d")


def make(name: str = "佐藤 美咲", **values: Any) -> Member:
    given: dict[str, Any] = {"status": Status.ACTIVE, "role": Role.ALUMNUS, **values}
    return Member(name=name, created_at=START, **given)


def add(db: UnitOfWork, name: str = "佐藤 美咲", **values: Any) -> Member:
    member = make(name, **values)
    db.session.add(member)
    db.session.flush()
    return member


@pytest.fixture
def db(database_url: str) -> Iterator[UnitOfWork]:
    store = Store(database_url)
    with store.begin() as db:
        yield db
    store.close()


def names(cards: list[Card]) -> list[str]:
    return [card.name for card in cards]


def test_people_on_a_platform_stand_as_their_members_do(db: UnitOfWork) -> None:
    for user, status in (("a", Status.ACTIVE), ("b", Status.UNVERIFIED), ("c", Status.PAUSED)):
        member = add(db, status=status)
        for platform in ("slack", "teams"):
            db.session.add(Account(platform=platform, external_id=user, member_id=member.id, created_at=START))
    db.session.flush()
    found = list_statuses(db, "slack", ["a", "b", "nobody"])
    assert found == {"a": Status.ACTIVE, "b": Status.UNVERIFIED}


def test_active_members_see_each_other_and_not_themselves(db: UnitOfWork) -> None:
    viewer = add(db, "高橋 翔", role=Role.EMPLOYEE)
    add(db)
    assert names(list_visible(db, viewer)) == ["佐藤 美咲"]


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.ACTIVE])
def test_whoever_is_not_active_is_shown_nobody_and_to_nobody(db: UnitOfWork, status: Status) -> None:
    outsider, insider = add(db, "田中 健一", status=status), add(db)
    assert list_visible(db, outsider) == []
    assert find_card(db, outsider, insider.id or 0) is None
    assert list_visible(db, insider) == []
    assert find_card(db, insider, outsider.id or 0) is None


def test_a_block_works_both_ways(db: UnitOfWork) -> None:
    owner, other, third = add(db, "A"), add(db, "B"), add(db, "C")
    db.session.add(Block(owner_id=owner.id or 0, member_id=other.id, created_at=START))
    db.session.flush()
    assert names(list_visible(db, owner)) == ["C"]
    assert names(list_visible(db, other)) == ["C"]
    assert names(list_visible(db, third)) == ["A", "B"]


def test_a_block_of_a_department_hides_all_who_were_there_also_when_they_don_t_show_it(db: UnitOfWork) -> None:
    owner = add(db, "A")
    hidden = add(db, "B", department="R&D", visibility={"department": "nobody"})
    add(db, "C", department="営業")
    db.session.add(Block(owner_id=owner.id or 0, department="r&d", created_at=START))
    db.session.flush()
    assert names(list_visible(db, owner)) == ["C"]
    assert names(list_visible(db, hidden)) == ["C"]


def test_cards_come_in_the_order_asked_for_without_those_who_may_not_be_shown(db: UnitOfWork) -> None:
    viewer, one, two, paused = add(db, "V"), add(db, "1"), add(db, "2"), add(db, "P", status=Status.PAUSED)
    ids = [member.id or 0 for member in (two, paused, viewer, one)]
    assert names(list_cards(db, viewer, [*ids, 999])) == ["2", "1"]


def test_a_card_has_the_topics_in_their_order(db: UnitOfWork) -> None:
    viewer, other = add(db), add(db, "B")
    set_topics(db, other, ["量産", "電池"])
    card = find_card(db, viewer, other.id or 0)
    assert card is not None
    assert card.topics == ("量産", "電池")


def test_a_list_can_be_narrowed_and_cut(db: UnitOfWork) -> None:
    viewer = add(db, "V")
    for number in range(5):
        add(db, str(number), capacity=number % 2)
    assert names(list_visible(db, viewer, col(Member.capacity) > 0)) == ["1", "3"]
    assert names(list_visible(db, viewer, limit=2)) == ["0", "1"]


def test_reading_many_cards_takes_two_queries(db: UnitOfWork) -> None:
    viewer = add(db, "V")
    for number in range(30):
        set_topics(db, add(db, str(number)), ["電池"])
    statements: list[str] = []
    event.listen(db.session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert len(list_visible(db, viewer)) == 30
    assert len(statements) == 2


FULL: dict[str, Any] = {
    "department": "設計2課",
    "joined_on": date(2010, 4, 1),
    "left_on": date(2026, 3, 31),
    "employer": "アオバ電池",
    "job": "開発部長",
    "city": "仙台",
    "languages": ["ja", "en"],
    "latest_news": "引っ越しました",
}
SHOWN_BY = {
    ProfileField.DEPARTMENT: ("department",),
    ProfileField.YEARS: ("joined_on", "left_on"),
    ProfileField.EMPLOYER: ("employer",),
    ProfileField.JOB: ("job",),
    ProfileField.CITY: ("city",),
    ProfileField.LANGUAGES: ("languages",),
    ProfileField.TOPICS: ("topics",),
    ProfileField.LATEST_NEWS: ("latest_news",),
}

visibilities = st.dictionaries(
    st.sampled_from([*ProfileField]).map(str), st.sampled_from([*Visibility, "nonsense"]).map(str)
)


def test_every_field_that_can_be_hidden_stands_in_the_table() -> None:
    assert SHOWN_BY.keys() == set(ProfileField)


@given(visibilities, st.sampled_from(Role), st.sampled_from(Status))
def test_a_card_shows_just_the_fields_that_are_for_this_viewer(
    visibility: dict[str, str], role: Role, status: Status
) -> None:
    viewer = make("V", role=role, status=status)
    card = render_card(viewer, make(visibility=visibility, **FULL), ("電池",))
    for name, attributes in SHOWN_BY.items():
        wanted = visibility.get(name, "everyone")
        may_see = status is Status.ACTIVE and (wanted == "everyone" or (wanted == "alumni" and role is Role.ALUMNUS))
        assert is_shown(name, viewer, make(visibility=visibility)) is may_see
        for attribute in attributes:
            assert bool(getattr(card, attribute)) is may_see, attribute


@dataclass
class Person:
    """A member as the property below describes one; blocks name others by their place in the list."""

    status: Status
    role: Role
    department: str
    blocked: set[int] = field(default_factory=set[int])
    blocked_departments: set[str] = field(default_factory=set[str])


people = st.lists(
    st.builds(
        Person,
        st.sampled_from(Status),
        st.sampled_from(Role),
        st.sampled_from(DEPARTMENTS),
        st.sets(st.integers(0, 5), max_size=2),
        st.sets(st.sampled_from(DEPARTMENTS[1:]), max_size=1),
    ),
    min_size=2,
    max_size=6,
)


def would_rather_not_meet(owner: Person, place: int, other: Person) -> bool:
    departments = {department.lower() for department in owner.blocked_departments}
    return place in owner.blocked or (other.department != "" and other.department.lower() in departments)


def may_meet(community: list[Person], a: int, b: int) -> bool:
    one, two = community[a], community[b]
    both_active = one.status is Status.ACTIVE and two.status is Status.ACTIVE
    blocked = would_rather_not_meet(one, b, two) or would_rather_not_meet(two, a, one)
    return a != b and both_active and not blocked


def settle_in(db: UnitOfWork, community: list[Person]) -> list[Member]:
    members = [
        add(db, str(place), status=person.status, role=person.role, department=person.department)
        for place, person in enumerate(community)
    ]
    for person, member in zip(community, members, strict=True):
        ids = [members[place].id for place in person.blocked if place < len(members)]
        rows = [Block(owner_id=member.id or 0, member_id=id, created_at=START) for id in ids]
        rows += [
            Block(owner_id=member.id or 0, department=name, created_at=START) for name in person.blocked_departments
        ]
        db.session.add_all(rows)
    db.session.flush()
    return members


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(community=people)
def test_exactly_those_may_meet_who_are_active_and_have_no_block_between_them(
    sqlite_url: str, community: list[Person]
) -> None:
    store = Store(sqlite_url)
    with store.begin() as db:
        members = settle_in(db, community)
        for a, viewer in enumerate(members):
            seen = {card.name for card in list_visible(db, viewer)}
            assert seen == {str(b) for b in range(len(members)) if may_meet(community, a, b)}
        db.session.rollback()
    store.close()


def test_what_is_hidden_from_everybody_stands_nowhere_on_the_card() -> None:
    hidden = dict.fromkeys(map(str, ProfileField), Visibility.NOBODY.value)
    card = render_card(make("V"), make("名前", visibility=hidden, **FULL), ("電池",))
    assert card == Card(0, "名前", "", Role.ALUMNUS)


def test_a_member_is_got_by_id_or_an_error_says_so(db: UnitOfWork) -> None:
    member = add(db)
    assert get_member(db, member.id or 0) is member
    with pytest.raises(LookupError):
        get_member(db, 999)


@pytest.mark.parametrize(("given_text", "kept"), [("　設計２課 ", "設計2課"), ("R&D  Tokyo", "R&D Tokyo"), ("", "")])
def test_departments_are_kept_in_one_spelling(given_text: str, kept: str) -> None:
    assert clean_department(given_text) == kept
