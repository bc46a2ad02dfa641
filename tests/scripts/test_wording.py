"""The rules for Japanese sentences, each shown by sentences that keep it and sentences that don't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.wording import english_words, holes, kept_words, problems_of


@pytest.mark.parametrize(
    "japanese",
    [
        "佐藤 美咲さん、ようこそ。",
        "SlackとTeamsのどちらでも使えます。",
        "CSVの{line}行目の日付を読めませんでした。",
        "`/alumni find` と書くと探せます。",
        "/mentor で相談できます。",
        "MUSUBI_PORT に番号を入れてください。",
        "--skip-bad-rows を付けると、その行を除きます。",
        "https://example.com/guide をご覧ください。",
        "hr@example.com にお送りください。",
        "キャンセル待ちに入りました（2番目）。",
        "11月20日（金）10:00",
        "ようこそ！",
        "様子をお知らせください。",
    ],
)
def test_a_good_sentence_has_no_problems(japanese: str) -> None:
    english = "CSV {line}" if "{line}" in japanese else "anything"
    assert list(problems_of(english, japanese)) == []


@pytest.mark.parametrize(
    ("japanese", "problem"),
    [
        ("Laterで押してください。", "English left over (Later)"),
        ("ボタン(青)を押してください。", "half-width brackets or punctuation"),
        ("よろしいですか?", "half-width brackets or punctuation"),
        ("おめでとうございます！！", "exclamation marks in a row"),
        ("弊社の催しです。", "弊社 is not our word"),
        ("佐藤様からの相談です。", "様 is not our word"),
        ("マッチングしました。", "マッチング is not our word"),
        ("予定をキャンセルしました。", "キャンセル is not our word"),
        ("ご連絡させていただきます。", "させていただ is not our word"),
    ],
)
def test_a_sentence_against_the_rules_is_named(japanese: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in problems_of("anything", japanese))


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("Hello {name}", "{name}さん"),
        ("{a} and {b}", "{b}と{a}"),
        ("{name}, yes, {name}", "{name}さん"),
        ("no holes", "なし"),
    ],
)
def test_holes_may_change_their_order_and_number(english: str, japanese: str) -> None:
    assert list(problems_of(english, japanese)) == []


@pytest.mark.parametrize(
    ("english", "japanese", "problem"),
    [
        ("Hello {name}", "こんにちは", "holes differ (name in English)"),
        ("Hello", "{name}さん", "holes differ (none in English)"),
        ("{n:,} people", "{n}人", "holes differ (n:, in English)"),
        ("Hello {}", "{}さん", "a hole without a name"),
        ("Hello {0}", "{0}さん", "a hole without a name"),
        ("Hello {name}", "{nameさん", "braces that don't pair"),
    ],
)
def test_other_holes_are_named(english: str, japanese: str, problem: str) -> None:
    assert problem in list(problems_of(english, japanese))


def test_names_in_the_list_are_kept_in_any_case() -> None:
    assert {"musubi", "slack", "teams", "csv"} <= kept_words()
    assert english_words("MusubiとCSV") == []


def test_a_sentence_that_is_still_english_is_named_word_by_word() -> None:
    assert english_words("The circle of people") == ["The", "circle", "of", "people"]


names = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)


@given(st.lists(names, max_size=5))
def test_holes_are_found_wherever_they_stand(found: list[str]) -> None:
    text = "、".join(f"{{{name}}}" for name in found)
    assert holes(text) == sorted(found)
    assert list(problems_of(text, "。".join(f"{{{name}}}" for name in reversed(found)))) == []
