"""What people name, as numbers and in words; and the whole way from people to groups."""

from dataclasses import replace

import numpy as np
import pytest

from bot.i18n import use_locale
from bot.policy import Policy
from handlers.coffee.solving import CHANGE, Snapshot, make_arrays, name_groups, solve
from handlers.coffee.topics import find_shared, list_keys, number_topics, value_of
from handlers.topics import get_reader
from matching.people import UNKNOWN, Groups
from matching.scores import score_pairs
from storage.models import Role
from storage.queries.coffee import Person

POLICY = Policy()


def person(id: int, *topics: str, role: Role = Role.ALUMNUS, department: str = "") -> Person:
    """Somebody who takes part."""
    return Person(id, role, department, topics)


async def score(*people: Person) -> int:
    """What the first two are worth to each other, among all of these."""
    arrays = await make_arrays(Snapshot(people, (), ()), POLICY)
    return int(score_pairs(arrays, arrays, (np.array([0]), np.array([1])))[0])


OTHERS = tuple(person(id, "人事") for id in range(10, 20))


async def test_the_same_concept_in_two_languages_is_shared() -> None:
    here, there = person(1, "電池開発"), person(2, "battery development")
    assert await score(here, there, *OTHERS) > await score(here, person(2, "相続"), *OTHERS) == 0


async def test_the_same_is_worth_more_than_what_only_a_broader_one_joins() -> None:
    same = await score(person(1, "全固体電池"), person(2, "全固体電池"), *OTHERS)
    near = await score(person(1, "全固体電池"), person(2, "リチウムイオン電池"), *OTHERS)
    assert same > near > 0


async def test_the_rarer_a_topic_the_more_it_is_worth() -> None:
    rare = await score(person(1, "電池開発"), person(2, "電池開発"), *OTHERS)
    common = await score(person(1, "人事"), person(2, "人事"), *OTHERS)
    assert rare > common > 0
    assert value_of(1, 1000, 1) > value_of(500, 1000, 1) > 1
    assert value_of(1000, 1000, 0.4) == 1


async def test_words_that_no_concept_covers_are_shared_as_they_are_written() -> None:
    assert await score(person(1, "みそ玉づくり研究会"), person(2, "みそ玉 づくり研究会"), *OTHERS) > 0


async def test_another_department_counts_if_both_are_known() -> None:
    assert await score(person(1, department="a"), person(2, department="b")) == CHANGE
    assert await score(person(1, department="a"), person(2, department="a")) == 0
    assert await score(person(1, department="a"), person(2)) == 0


async def test_blocks_and_history_of_those_who_take_no_part_are_left_out() -> None:
    snapshot = Snapshot(
        (person(5, department="a"), person(7, department="b")), ((5, 7), (5, 6)), ((7, "a"), (7, "z"), (9, "a"))
    )
    arrays = await make_arrays(snapshot, POLICY)
    assert arrays.apart.tolist() == [[0, 1]]
    assert arrays.shuns.tolist() == [[1, 0]]
    assert arrays.department.tolist() == [0, 1]
    assert (await make_arrays(Snapshot((person(1),), (), ()), POLICY)).department.tolist() == [UNKNOWN]


async def test_from_people_to_groups() -> None:
    people = (person(11, "電池開発"), person(12, "相続"), person(13, "battery development"), person(14, "相続"))
    groups = await solve(Snapshot(people, (), ()), POLICY)
    assert sorted(map(sorted, groups)) == [[11, 13], [12, 14]]
    assert await solve(Snapshot((), (), ()), POLICY) == []


def test_a_third_person_is_named_with_the_pair() -> None:
    none = np.zeros(1, np.int64)
    pairs = np.array([[0, 2], [1, 3]], np.int32)
    groups = Groups(pairs, np.array([1, 4], np.int32), none, none, none)
    assert name_groups(groups, [10, 20, 30, 40, 50]) == [(10, 30), (20, 40, 50)]


@pytest.mark.parametrize(("locale", "expected"), [("ja", ("電池開発",)), ("en", ("Battery development",))])
def test_what_is_shared_is_said_in_the_reader_s_language(locale: str, expected: tuple[str, ...]) -> None:
    with use_locale(locale):
        shared = find_shared([("電池開発", "相続")], [("battery development",)], POLICY)
    assert [one.casefold() for one in shared] == [one.casefold() for one in expected]


def test_of_three_only_what_all_share_is_named() -> None:
    with use_locale("ja"):
        assert find_shared([("相続", "人事")] * 2, [("相続",), ("相続", "人事")], POLICY) == find_shared(
            [("相続",)], [("相続",)], POLICY
        )
        assert find_shared([], [], POLICY) == ()


async def test_a_broken_vocabulary_of_the_company_s_own_holds_nothing_up() -> None:
    numbers, values = await number_topics({1: ["電池開発"], 2: []}, replace(POLICY, topics_file="/nowhere/at/all.toml"))
    assert numbers[1]
    assert numbers[2] == []
    assert min(values) > 0


def test_a_concept_brings_what_it_belongs_to() -> None:
    keys = list_keys(get_reader(), ["全固体電池"])
    assert max(keys.values()) == 1
    assert any(key.startswith("broader:") for key in keys)
