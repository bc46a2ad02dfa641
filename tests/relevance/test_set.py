"""The relevance sets themselves, and the arithmetic that reads them."""

from collections import Counter

import pytest

from tests.relevance import ngrams
from tests.relevance.measure import (
    Cases,
    Text,
    find_ndcg,
    load,
    main,
    make_table,
    measure,
    rank_by_ngrams,
    restrict,
)

SIZES = {"held_out": (50, 72), "dev": (25, 30)}


@pytest.mark.parametrize("name", SIZES)
def test_a_set_is_whole(name: str) -> None:
    cases, (mentors, questions) = load(name), SIZES[name]
    ids = {mentor.id for mentor in cases.mentors}
    assert len(ids) == len(cases.mentors) >= mentors
    assert len({question.id for question in cases.questions}) == len(cases.questions) >= questions
    assert cases.judgments.keys() == {question.id for question in cases.questions}
    for judged in cases.judgments.values():
        assert judged.keys() <= ids
        assert 3 in judged.values()
        assert set(judged.values()) <= {1, 2, 3}


@pytest.mark.parametrize("name", SIZES)
def test_no_language_and_no_mentor_is_forgotten(name: str) -> None:
    cases = load(name)
    mentors = Counter(mentor.lang for mentor in cases.mentors)
    assert all(mentors[lang] >= len(cases.mentors) / 4 for lang in ("ja", "en", "mixed"))
    assert all(Counter(question.lang for question in cases.questions)[lang] >= 15 for lang in ("ja", "en"))
    assert {id for judged in cases.judgments.values() for id in judged} == {mentor.id for mentor in cases.mentors}
    assert all(question.field for question in cases.questions)


@pytest.mark.parametrize("name", SIZES)
def test_a_text_is_in_the_language_that_it_is_marked_with(name: str) -> None:
    cases = load(name)
    for text in (*cases.mentors, *cases.questions):
        assert any(ord(letter) > 0x3000 for letter in text.text) is (text.lang != "en"), text.id


def test_the_held_out_texts_are_not_those_developed_with() -> None:
    dev, held_out = load("dev"), load("held_out")
    for part in ("mentors", "questions"):
        ours, theirs = ({ngrams.fold(text.text) for text in getattr(cases, part)} for cases in (dev, held_out))
        assert not ours & theirs


JUDGED = {"a": 3, "b": 1}


@pytest.mark.parametrize(
    ("order", "ndcg"),
    [
        (["a", "b", "c"], 1.0),
        (["b", "a"], (1 + 7 / 1.5849625) / (7 + 1 / 1.5849625)),
        (["c", "d", "e", "f", "g", "a", "b"], 0.0),
        (["a"], 7 / (7 + 1 / 1.5849625)),
        ([], 0.0),
    ],
)
def test_the_best_order_is_one_and_the_sixth_place_is_nothing(order: list[str], ndcg: float) -> None:
    assert find_ndcg(order, JUDGED) == pytest.approx(ndcg)


def test_an_order_that_can_not_be_scored_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        find_ndcg(["a", "a"], JUDGED)
    with pytest.raises(ValueError, match="relevant"):
        find_ndcg(["a"], {})


FEW = Cases(
    (Text("j", "電池", "ja"), Text("e", "battery", "en"), Text("x", "電池 battery", "mixed")),
    (Text("q1", "電池", "ja", "one"), Text("q2", "battery", "en", "one"), Text("q3", "lawyer", "en", "two")),
    {"q1": {"j": 3, "e": 3, "x": 3}, "q2": {"j": 2, "e": 3, "x": 3}, "q3": {"e": 1}},
)


def test_across_leaves_only_those_written_in_the_other_language() -> None:
    english = restrict(FEW, "ja")
    assert [mentor.id for mentor in english.mentors] == ["e"]
    assert [question.id for question in english.questions] == ["q1"]
    japanese = restrict(FEW, "en")
    assert [question.id for question in japanese.questions] == ["q2"]
    assert japanese.judgments["q2"] == {"j": 2}


def test_a_perfect_and_a_backward_ranking_measure_as_such() -> None:
    def best(mentors: object, questions: object) -> dict[str, list[str]]:
        return {"q1": ["j", "e", "x"], "q2": ["x", "e", "j"], "q3": ["e", "j", "x"]}

    def worst(mentors: object, questions: object) -> dict[str, list[str]]:
        return {"q1": [], "q2": [], "q3": []}

    figures = measure(FEW, best)
    assert (figures.overall, figures.ja, figures.en) == (1.0, 1.0, 1.0)
    assert figures.fields == {"one": 1.0, "two": 1.0}
    assert measure(FEW, worst).overall == 0.0


def test_the_baseline_finds_the_same_letters_and_nothing_across() -> None:
    index = ngrams.Index(["battery cells", "電池の量産", "law"])
    assert index.rank("ＢＡＴＴＥＲＹ")[0] == 0
    assert index.rank("量産")[0] == 1
    assert index.rank("弁護士") == [0, 1, 2]


def test_the_baseline_leaves_something_to_do() -> None:
    figures = measure(load("dev"), rank_by_ngrams)
    assert 0.2 < figures.overall < 0.8
    assert figures.across < 0.6


def test_the_table_shows_the_figures_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    main(["dev", "--baseline", "--fields"])
    printed = capsys.readouterr().out
    assert "n-grams" in printed
    assert "across_ja" in printed
    assert "manufacturing" in printed
    assert make_table({"one": measure(FEW, rank_by_ngrams)}).row_count == 6
