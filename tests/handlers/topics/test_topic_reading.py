"""How a text is understood: which concepts it names, in any spelling, and which words are left over."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.topics.reading import LONGEST, Reader
from tests.handlers.topics.sample import find, make_reader


@pytest.mark.parametrize(
    "text",
    [
        "電池開発",
        "ＢＡＴＴＥＲＹ　ＤＥＶＥＬＯＰＭＥＮＴ",
        "battery-development",
        "Battery R & D",
        "電池の開発",
        "電池 開発",
        "電池・開発",
        "development of batteries",
        "battery and cell development",
    ],
)
def test_one_concept_in_many_spellings(text: str) -> None:
    assert find(text) == ["battery-development"]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("電池開発", ["battery-development"]),
        ("全固体電池の量産立ち上げ", ["solid-state-battery", "ramp-up"]),
        ("EV電池", ["battery"]),
        ("インドでの電池工場の立ち上げ", ["india", "battery", "ramp-up"]),
        ("I worked in india on quality control.", ["india", "quality"]),
        ("サプライ・チェーン", ["supply-chain"]),
        ("ｻﾌﾟﾗｲﾁｪｰﾝ", ["supply-chain"]),
        ("打合せの進め方", ["meeting"]),
        ("プロジェクトマネージメント", ["project-management"]),
        ("production ramp up", ["ramp-up"]),
        ("labor relations", ["labor"]),
        ("manufacturers", ["manufacturing"]),
        ("C++とC言語", ["cpp", "c-language"]),
        ("育休から復職", ["parental-leave", "returning"]),
        ("management of projects", ["project-management"]),
    ],
)
def test_what_is_named(text: str, concepts: list[str]) -> None:
    assert find(text) == concepts


@pytest.mark.parametrize(
    "text",
    [
        "インドネシア",
        "東京都",
        "ITALY",
        "make it work",
        "help us",
        "production of products",
        "電、池",
        "メーカーズ",
        "",
        "　",
        "🔋🔋",
        "、。！？",
    ],
)
def test_what_only_looks_like_a_name(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("IT", ["it"]),
        ("IT部門", ["it"]),
        ("it部門", ["it"]),
        ("information technology", ["it"]),
        ("US market", ["usa"]),
        ("the U.S. market", ["usa"]),
        ("tell us about it", []),
    ],
)
def test_an_everyday_word_counts_only_as_it_is_written(text: str, concepts: list[str]) -> None:
    assert find(text) == concepts


def test_the_longest_name_wins_and_nothing_inside_it_counts_again() -> None:
    assert find("電池開発と電池") == ["battery-development", "battery"]


def test_a_name_of_several_concepts_counts_for_each_but_less() -> None:
    found = make_reader().read("PMの仕事").found
    assert {one.concept for one in found} == {"product-management", "project-management"}
    assert all(0.5 < one.weight < 0.8 for one in found)


def test_a_concept_is_found_once_as_sure_as_its_surest_place() -> None:
    found = make_reader().read("PM, project management").weights
    assert found["project-management"] == 1.0
    assert found["product-management"] < 1.0


def test_what_is_told_of_each_place() -> None:
    one, other = make_reader().read("元・ＥＶ電池R&D").found
    assert (one.text, one.start) == ("EV電池", 2)
    assert (other.text, other.start) == ("R&D", 6)


def test_words_that_no_concept_covers_are_left_over() -> None:
    reading = make_reader().read("インドでの暮らし and good schools")
    assert reading.rest == ("暮らし", "good", "school")
    assert reading.words == ("インド", "暮らし", "good", "school")


def test_only_the_beginning_of_a_very_long_text_is_read() -> None:
    text = "あ" * LONGEST + "電池"
    assert find(text) == []


def test_threads_read_alike() -> None:
    texts = [f"{number}番目の電池開発と打合せ、{'インド' * (number % 3)}" for number in range(60)]
    alone = [Reader(make_reader().vocabulary).read(text) for text in texts[:5]]
    fresh = Reader(make_reader().vocabulary)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(fresh.read, texts))
    assert together[:5] == alone
    assert all("battery-development" in reading.weights for reading in together)


WORDS = st.sampled_from(
    ["電池", "開発", "の", "インド", "ネシア", "IT", "it", "R&D", " ", "、", "PM", "立ち上げ", "İ", "ß", "㈱", "ﬀ"]
)


@given(st.lists(WORDS | st.text(max_size=5), max_size=12).map("".join))
def test_any_text_can_be_read(text: str) -> None:
    reading = make_reader().read(text)
    assert len({one.concept for one in reading.found}) == len(reading.found)
    assert all(0 < one.weight <= 1 for one in reading.found)
    assert [one.start for one in reading.found] == sorted(one.start for one in reading.found)
    assert set(reading.rest) <= set(reading.words)


@given(st.lists(WORDS, max_size=8).map("".join))
def test_case_and_width_change_nothing_but_everyday_words(text: str) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert find(wide) == find(text)
