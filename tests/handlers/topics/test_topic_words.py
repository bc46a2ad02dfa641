"""The pieces of texts: folding, units, stems, words, sounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.topics import load_vocabulary
from handlers.topics.folding import Kind, fold, split_units, stem
from handlers.topics.names import cut_name
from handlers.topics.pieces import list_pieces, list_wanted_pieces, split_word
from handlers.topics.words import split_words, strong_stem


def units(text: str) -> list[str]:
    """The keys of a text's units; "|" for a break."""
    return [unit.key if unit.kind is not Kind.BREAK else "|" for unit in split_units(fold(text))]


def words(text: str) -> list[str]:
    """The keys of a text's words."""
    cut = fold(text)
    return [word.key for word in split_words(cut, split_units(cut)).words]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("ＥＶ電池", ["ev", "電", "池"]),
        ("R&D", ["r", "and", "d"]),
        ("R ＆ D", ["r", "and", "d"]),
        ("C++, C#, .NET, Node.js", ["c++", "|", "c#", "|", ".net", "|", "node.js"]),
        ("CI/CD", ["ci", "cd"]),
        ("the U.S. market", ["us", "market"]),
        ("ｻﾌﾟﾗｲ・ﾁｪｰﾝ", ["サ", "プ", "ラ", "イ", "チ", "ェ", "ー", "ン"]),
        ("電池、育休。", ["電", "池", "|", "育", "休"]),
        ("women's rights", ["women", "right"]),
        ("ＳａａＳ", ["saas"]),
        ("Ｇ２０", ["g20"]),
        ("", []),
    ],
)
def test_units(text: str, keys: list[str]) -> None:
    assert units(text) == keys


@given(st.text())
def test_the_folded_text_is_as_long_as_the_plain_one(text: str) -> None:
    folded = fold(text)
    assert len(folded.plain) == len(folded.folded)
    assert fold(folded.plain).folded == folded.folded


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("batteries", "battery"),
        ("companies", "company"),
        ("processes", "process"),
        ("business", "business"),
        ("analysis", "analysis"),
        ("sales", "sales"),
        ("news", "news"),
        ("does", "does"),
        ("digitalisation", "digitalization"),
        ("labour", "labor"),
        ("centre", "center"),
        ("four", "four"),
        ("ai", "ai"),
    ],
)
def test_stems(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@pytest.mark.parametrize(
    "together",
    [
        ("manage", "managing", "manager", "management"),
        ("develop", "developing", "developer", "development"),
        ("plan", "planning", "planned", "planner"),
        ("negotiating", "negotiation"),
        ("hire", "hiring", "hired"),
    ],
)
def test_words_that_share_a_stem(together: tuple[str, ...]) -> None:
    assert len({strong_stem(word) for word in together}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("product", "production"), ("market", "marketing"), ("custom", "customer"), ("account", "accounting")],
)
def test_words_that_must_not_fall_together(one: str, other: str) -> None:
    assert strong_stem(one) != strong_stem(other)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("電池の開発をする", ["電池", "開発"]),
        ("打合せ", ["打ち合わせ"]),
        ("マネジャー", ["マネージャー"]),
        ("how to develop a battery", ["develop", "battery"]),
        ("make IT work", ["make", "it", "work"]),
        ("make it work", ["make", "work"]),
    ],
)
def test_words(text: str, keys: list[str]) -> None:
    assert words(text) == keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("カナダ", "canada"),
        ("ベトナム", "vietnam"),
        ("ファイナンス", "finance"),
        ("コンプライアンス", "compliance"),
        ("クラウド", "cloud"),
    ],
)
def test_a_loanword_sounds_alike_in_both_ways_of_writing(one: str, other: str) -> None:
    assert list_wanted_pieces([one]) & list_pieces([other])
    assert list_wanted_pieces([other]) & list_pieces([one])


def test_katakana_words_that_follow_each_other_sound_like_one() -> None:
    assert list_wanted_pieces(["ブロック", "チェーン"]) & list_pieces(["blockchain"])
    assert list_wanted_pieces(["blockchain"]) & list_pieces(["ブロック", "チェーン"])


@pytest.mark.parametrize(("one", "other"), [("crude", "cloud"), ("コート", "カード"), ("quality", "clarity")])
def test_words_of_one_writing_are_not_taken_for_each_other_by_sound(one: str, other: str) -> None:
    assert not list_wanted_pieces([one]) & list_pieces([other])


@pytest.mark.parametrize(
    ("one", "other"), [("カナダ", "china"), ("インド", "ireland"), ("リース", "release"), ("ア", "a")]
)
def test_other_words_sound_different(one: str, other: str) -> None:
    assert not list_wanted_pieces([one]) & list_pieces([other])


def test_kanji_share_pairs() -> None:
    assert split_word("陶磁器") & split_word("磁器")
    assert not split_word("電池") & split_word("電気")


def test_the_short_way_cuts_every_name_as_the_long_one_does() -> None:
    for concept in load_vocabulary().concepts.values():
        for name in concept.names:
            cut = fold(name)
            parts = split_units(cut)
            letters = tuple(unit.key for unit in parts if unit.kind is not Kind.BREAK)
            told = tuple(word.key for word in split_words(cut, parts).words)
            assert cut_name(name) == (letters, told), name
