"""What may be told of a month, and of topics that nobody could help with."""

import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.hr.figures_rules import (
    MOST_MONTHS,
    Counts,
    count_demand,
    count_month,
    find_borders,
    go_back,
    list_ended,
)
from storage.models import FEWEST_PEOPLE
from storage.queries.figures import Month, Rating, Talk, Wish

PEOPLE = st.integers(1, 9)
TALKS = st.lists(st.builds(Talk, st.integers(1, 40), PEOPLE, PEOPLE), max_size=30).map(tuple)
RATINGS = st.lists(st.builds(Rating, st.builds(Talk, st.integers(1, 40), PEOPLE, PEOPLE), PEOPLE, st.integers(1, 5)))


def talks(*askers: int, mentor: int = 0) -> tuple[Talk, ...]:
    """Consultations of these askers, each with somebody of their own, or all with one."""
    return tuple(Talk(place, asker, mentor or 100 + place) for place, asker in enumerate(askers))


def askers(of: tuple[Talk, ...]) -> set[int]:
    return {talk.asker for talk in of}


# A month


def test_five_people_are_told_and_four_are_not() -> None:
    assert count_month(Month(asked=talks(1, 2, 3, 4, 5))).asked == 5
    assert count_month(Month(asked=talks(1, 2, 3, 4))) == Counts()


def test_people_are_counted_and_not_what_they_did() -> None:
    assert count_month(Month(asked=talks(1, 2, 3, 4, 4, 4, 4, 4))).asked is None
    assert count_month(Month(asked=talks(1, 2, 3, 4, 5, 5, 5))).asked == 5


def test_what_many_did_with_one_is_a_figure_about_that_one() -> None:
    month = Month(asked=talks(*range(10)), accepted=talks(*range(10), mentor=7), held=talks(*range(10), mentor=7))
    assert count_month(month) == Counts(asked=10)


@pytest.mark.parametrize(("accepted", "told"), [(10, 10), (9, None), (6, None), (5, 5), (4, None)])
def test_a_difference_is_a_figure_too(accepted: int, told: int | None) -> None:
    """Ten asked. If nine found somebody, one did not, and HR must not learn that of one."""
    assert count_month(Month(asked=talks(*range(10)), accepted=talks(*range(accepted)))).accepted == told


def test_what_is_hidden_does_not_hide_the_next() -> None:
    month = Month(asked=talks(*range(20)), accepted=talks(*range(18)), held=talks(*range(12)))
    assert count_month(month) == Counts(asked=20, held=12)


def rate(*useful: int, mentor: int = 0) -> tuple[Rating, ...]:
    return tuple(
        Rating(Talk(place, place, mentor or 100 + place), 100 + place, each) for place, each in enumerate(useful)
    )


def test_how_useful_is_an_average_and_a_spread() -> None:
    counts = count_month(Month(ratings=rate(5, 5, 4, 3, 3)))
    assert (counts.useful, counts.spread) == (4.0, 0.9)
    assert count_month(Month(ratings=rate(5, 5, 4, 3))).useful is None
    assert count_month(Month(ratings=rate(5, 5, 4, 3, 3, mentor=8))).useful is None, "it rates one person"


def test_who_answers_often_has_one_voice() -> None:
    one = tuple(Rating(Talk(place, 0, 100 + place), 100, 1) for place in range(50, 60))
    assert count_month(Month(ratings=(*rate(1, 5, 5, 5, 5), *one))).useful == 4.2


@given(st.builds(Month, TALKS, TALKS, TALKS, RATINGS.map(tuple)))
def test_nothing_told_is_about_fewer_than_five(month: Month) -> None:
    counts = count_month(month)
    steps = ((counts.asked, month.asked), (counts.accepted, month.accepted), (counts.held, month.held))
    told = [(cell, of) for cell, of in steps if cell is not None]
    for cell, of in told:
        assert cell == len(askers(of)) >= FEWEST_PEOPLE
    for number, (cell, of) in enumerate(told):
        for other, others in told[number + 1 :]:
            more = askers(of) - askers(others) if cell >= other else askers(others) - askers(of)
            assert len(more) == 0 or len(more) >= FEWEST_PEOPLE
    if counts.accepted is not None:
        assert len({talk.mentor for talk in month.accepted}) >= FEWEST_PEOPLE
    if counts.useful is not None:
        assert len({rating.rater for rating in month.ratings}) >= FEWEST_PEOPLE
        assert len({rating.talk.mentor for rating in month.ratings}) >= FEWEST_PEOPLE
        assert 1 <= counts.useful <= 5
    assert (counts.useful is None) == (counts.spread is None)


@given(st.builds(Month, TALKS, TALKS, TALKS, RATINGS.map(tuple)), st.randoms())
def test_the_order_tells_nothing(month: Month, chance: random.Random) -> None:
    asked, accepted, held = (tuple(chance.sample(part, len(part))) for part in month[:3])
    mixed = Month(asked, accepted, held, tuple(chance.sample(month.ratings, len(month.ratings))))
    assert count_month(mixed) == count_month(month)


# Demand

BROADER = {"cell": "battery", "pack": "battery", "battery": "technology", "law": "office", "technology": "", "a": "b"}


def broaden(term: str) -> str:
    return BROADER.get(term, "")


def wishes(term: str, people: str, month: str = "2026-11") -> list[Wish]:
    return [Wish(term, person, month) for person in people]


def test_a_topic_is_told_when_five_wished_for_it() -> None:
    (demand,) = count_demand(wishes("law", "abcde") + wishes("cell", "abcd"), broaden)
    assert (demand.term, len(demand.askers)) == ("law", 5)


def test_too_few_count_for_the_broader_topic_together() -> None:
    (demand,) = count_demand(wishes("cell", "abc", "2026-09") + wishes("pack", "cde"), broaden)
    assert (demand.term, len(demand.askers), demand.since) == ("battery", 5, "2026-09")
    assert len(demand.wishes) == 6, "all of them are forgotten with it"


def test_the_same_person_twice_is_one() -> None:
    assert count_demand(wishes("cell", "abcd") + wishes("pack", "abcd"), broaden) == []


def test_whoever_is_counted_is_not_counted_for_the_broader_topic_again() -> None:
    found = count_demand(wishes("cell", "abcde") + wishes("pack", "fg") + wishes("battery", "hij"), broaden)
    assert [(demand.term, "".join(sorted(demand.askers))) for demand in found] == [
        ("cell", "abcde"),
        ("battery", "fghij"),
    ]


def test_a_circle_ends() -> None:
    circle = {"a": "b", "b": "a"}
    assert count_demand(wishes("a", "abcd"), lambda term: circle[term]) == []


@given(
    st.lists(st.builds(Wish, st.sampled_from([*BROADER, "office"]), st.sampled_from("abcdefgh"), st.just("2026-11")))
)
def test_no_wish_is_counted_twice_and_no_figure_is_small(given_wishes: list[Wish]) -> None:
    found = count_demand(set(given_wishes), broaden)
    counted = Counter(wish for demand in found for wish in demand.wishes)
    assert all(often == 1 for often in counted.values())
    assert counted.keys() <= set(given_wishes)
    assert all(len(demand.askers) >= FEWEST_PEOPLE for demand in found)
    assert len({demand.term for demand in found}) == len(found)


# Months


def test_a_month_ends_at_midnight_of_the_community() -> None:
    first = datetime(2026, 9, 30, 15, 0, tzinfo=UTC)  # 1 October in Tokyo
    before, after = datetime(2026, 11, 30, 14, 59, tzinfo=UTC), datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
    assert list_ended(first, before, "Asia/Tokyo") == ["2026-10"]
    assert list_ended(first, after, "Asia/Tokyo") == ["2026-10", "2026-11"]
    assert list_ended(after, after, "Asia/Tokyo") == []
    assert find_borders("2026-12", "Asia/Tokyo") == (
        datetime(2026, 11, 30, 15, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 15, 0, tzinfo=UTC),
    )


def test_after_years_only_the_last_are_counted() -> None:
    found = list_ended(datetime(2015, 1, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC), "UTC")
    assert (len(found), found[-1]) == (MOST_MONTHS, "2026-10")


@pytest.mark.parametrize(
    ("month", "months", "earlier"), [("2026-11", 0, "2026-11"), ("2026-11", 11, "2025-12"), ("2026-01", 1, "2025-12")]
)
def test_months_are_counted_back_over_the_year(month: str, months: int, earlier: str) -> None:
    assert go_back(month, months) == earlier
