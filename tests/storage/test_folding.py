"""Two ways of writing one person come out the same; two persons don't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import fold_name, fold_number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("佐藤 美咲", "佐藤　美咲"),
        ("佐藤美咲", " 佐藤 美咲 "),
        ("サトウ ミサキ", "さとう みさき"),
        ("ｻﾄｳ ﾐｻｷ", "サトウミサキ"),
        ("髙橋 翔", "高橋 翔"),
        ("山﨑 渡邉", "山崎 渡辺"),
        ("齋藤 眞", "斉藤 真"),
        ("𠮷田 誠", "吉田 誠"),
        ("葛\U000e0100城 誠", "葛城 誠"),
        ("Misaki Sato", "SATO misaki"),
        ("Ｍｉｓａｋｉ Sato", "Sato, Misaki"),
        ("ジョン・スミス", "ジョン スミス"),
    ],
)
def test_one_person(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("佐藤 美咲", "佐藤 美紀"), ("Misaki Sato", "Misaki Saito"), ("サトウ", "サイトウ"), ("高橋 翔", "高橋 翔太")],
)
def test_two_persons(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_nothing_stays_nothing() -> None:
    assert fold_name(" 　") == ""


def test_an_employee_number_keeps_its_zeros() -> None:
    assert fold_number(" ａ-００ 12 ") == "A-0012"


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
    assert fold_number(fold_number(text)) == fold_number(text)
