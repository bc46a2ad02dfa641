"""The right people come first, by the program itself and on questions that the vocabulary's makers have not seen."""

import pytest

from tests.relevance.measure import Figures, load, measure, rank_by_musubi, rank_by_ngrams

OVERALL = 0.80
ACROSS = 0.75
"""The product's aims for nDCG@5."""

pytestmark = pytest.mark.xdist_group("relevance")
"""One worker measures once for all."""


@pytest.fixture(scope="module")
def held_out() -> Figures:
    return measure(load("held_out"), rank_by_musubi)


def test_the_right_people_come_first(held_out: Figures) -> None:
    assert held_out.overall >= OVERALL
    assert min(held_out.ja, held_out.en) >= OVERALL, "in each language"


def test_they_do_across_languages(held_out: Figures) -> None:
    assert held_out.across >= ACROSS
    assert min(held_out.across_ja, held_out.across_en) >= ACROSS, "both ways"


def test_no_field_is_left_behind(held_out: Figures) -> None:
    baseline = measure(load("held_out"), rank_by_ngrams)
    assert all(figure >= 0.7 for figure in held_out.fields.values())
    assert all(figure > baseline.fields[field] + 0.2 for field, figure in held_out.fields.items())
