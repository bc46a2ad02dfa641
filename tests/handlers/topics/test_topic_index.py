"""Who fits a question: the sample's vocabulary, a few people, and the order they must come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.topics import Index
from tests.handlers.topics.sample import make_reader


def rank(question: str, *profiles: str) -> list[str]:
    """The profiles that fit at all, the best first."""
    index = Index(make_reader())
    for profile in profiles:
        index.add([(profile, 1.0)])
    return [profiles[hit.place] for hit in index.rank(index.ask([(question, 1.0)])) if hit.score > 0]


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("電池開発", ["battery R&D", "solid-state batteries", "battery", "manufacturing"]),
        ("battery development", ["電池の開発", "全固体電池", "蓄電池"]),
        ("インドでの電池工場の立ち上げ", ["India, batteries, ramp-up", "India and battery", "ramp-up", "Asia"]),
        ("品質管理", ["quality control", "ramp-up", "manufacturing"]),
        ("育休", ["parental leave", "returning to work"]),
    ],
)
def test_the_nearest_comes_first_across_languages(question: str, order: list[str]) -> None:
    others = ["parental leave" if "育休" not in question else "India", "hiring", "C++"]
    assert rank(question, *others, *reversed(order)) == order


def test_several_concepts_of_the_question_count_more_than_one() -> None:
    profiles = ("インド", "電池", "インド、電池", "インド、電池、量産立ち上げ")
    assert rank("インドの電池の量産立ち上げ", *profiles)[:2] == ["インド、電池、量産立ち上げ", "インド、電池"]


def test_what_few_have_says_more_than_what_all_have() -> None:
    profiles = ("電池とC++", *["電池と採用"] * 8, "育休とインド")
    assert rank("電池とインド", *profiles)[0] == "育休とインド"


def test_what_stands_first_in_a_profile_counts_more() -> None:
    assert rank("インド", "採用の仕事。インドにも2年", "インドに2年。採用の仕事も")[0] == "インドに2年。採用の仕事も"


@pytest.mark.parametrize(
    ("question", "profile"),
    [
        ("釣りの話", "休日は釣り"),
        ("pottery", "I do pottery"),
        ("canoeing in Alaska", "Alaska"),
        ("ブロックチェーン", "blockchain"),
        ("Canada", "カナダの冬"),
        ("陶磁器", "磁器を焼く"),
    ],
)
def test_what_no_concept_covers_is_found_by_its_words(question: str, profile: str) -> None:
    assert rank(question, "電池", profile, "quality control") == [profile]


def test_words_break_the_tie_between_equal_concepts() -> None:
    assert rank("電池の寿命", "電池の回収", "電池の寿命予測", "電池")[0] == "電池の寿命予測"


def test_equal_profiles_keep_their_order() -> None:
    index = Index(make_reader())
    for _ in range(5):
        index.add([("電池", 1.0)])
    assert [hit.place for hit in index.rank(index.ask([("電池", 1.0)]))] == [0, 1, 2, 3, 4]


def test_a_text_with_less_weight_counts_less() -> None:
    index = Index(make_reader())
    index.add([("採用", 1.0), ("電池", 0.5)])
    index.add([("採用", 0.5), ("電池", 1.0)])
    assert [hit.place for hit in index.rank(index.ask([("電池", 1.0)]))] == [1, 0]
    assert [hit.place for hit in index.rank(index.ask([("採用", 1.0), ("電池", 0.3)]))] == [0, 1]


def test_the_reasons_name_what_was_asked_what_is_offered_and_how_it_is_written() -> None:
    index = Index(make_reader())
    place = index.add([("元・battery R&D, then India", 1.0)])
    question = index.ask([("インドでの全固体電池", 1.0)])
    told = {(one.asked, one.offered, one.relation.kind, one.text) for one in index.explain(question, place)}
    assert told == {
        ("solid-state-battery", "battery-development", "broader", "battery R&D"),
        ("india", "india", "same", "India"),
    }
    assert sum(one.share for one in index.explain(question, place)) == pytest.approx(1.0)


def test_nothing_is_given_as_a_reason_that_the_profile_does_not_name() -> None:
    index = Index(make_reader())
    place = index.add([("採用", 1.0)])
    assert index.explain(index.ask([("インドの電池", 1.0)]), place) == []


def test_nobody_fits_an_empty_question_and_nothing_fits_nobody() -> None:
    assert rank("、", "電池") == []
    assert rank("電池") == []


TEXTS = st.lists(
    st.sampled_from(["電池", "インド", "PM", "ramp-up", "釣り", "quality control", "育休", "、", " and "]), max_size=6
).map(" ".join)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=6))
def test_scores_lie_between_0_and_1_and_fall(question: str, profiles: list[str]) -> None:
    index = Index(make_reader())
    for profile in profiles:
        index.add([(profile, 1.0)])
    scores = [hit.score for hit in index.rank(index.ask([(question, 1.0)]))]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == len(profiles)


@given(TEXTS.filter(bool), st.lists(TEXTS, max_size=5))
def test_nobody_fits_better_than_who_wrote_the_question_itself(question: str, others: list[str]) -> None:
    index = Index(make_reader())
    for profile in (*others, question):
        index.add([(profile, 1.0)])
    scores = index.score(index.ask([(question, 1.0)]))
    assert scores[-1] >= max(scores) - 1e-9
