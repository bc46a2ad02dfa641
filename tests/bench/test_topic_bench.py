"""The benchmark of topics asks real questions."""

import random

import pytest

from bench.topics import find_95th, invent_profile, invent_question, measure_topics
from handlers.topics import get_reader


def test_profiles_and_questions_are_about_something_and_the_same_for_the_same_seed() -> None:
    reader = get_reader()
    texts = [
        (invent_profile(reader, chance), invent_question(reader, chance))
        for chance in (random.Random(3), random.Random(3), random.Random(4))
    ]
    assert texts[0] == texts[1] != texts[2]
    assert all(reader.read(text).found for pair in texts for text in pair)


def test_the_figures_have_their_sizes_in_their_names() -> None:
    figures = measure_topics(20, 5, 1)
    assert figures[0].name == "topics: a question at 20 profiles, 95th percentile"
    assert all(figure.value > 0 for figure in figures)
    assert figures[1].value <= figures[0].value


@pytest.mark.parametrize(("values", "found"), [([3.0], 3.0), ([float(n) for n in range(100)], 94.0), ([2.0, 1.0], 1.0)])
def test_the_95th_percentile(values: list[float], found: float) -> None:
    assert find_95th(values) == found
