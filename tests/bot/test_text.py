"""Text that can be kept."""

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clean, is_storable


def can_be_kept(text: str) -> bool:
    """Whether SQLite and PostgreSQL take it: UTF-8 without NUL."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


@given(st.text(st.characters()))
def test_it_is_known_what_can_be_kept(text: str) -> None:
    assert is_storable(text) == can_be_kept(text)


@given(st.text(st.characters()))
def test_what_is_clean_can_be_kept_and_stays(text: str) -> None:
    assert is_storable(clean(text))
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "text", ["結び", "two\nlines\tand a tab\r\n", "👩‍👩‍👧‍👦", "e\u0301", "\u202eright to left", "\u3000"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_control_characters_and_halves_go() -> None:
    assert clean("a\0b\x07c\x1bd\x7fe\ud83d") == "abcde"


def test_half_a_surrogate_pair_arrives_as_json() -> None:
    arrived = json.loads(r'"caf\u00e9 \ud83d"')
    with pytest.raises(UnicodeEncodeError):
        sqlite3.connect(":memory:").execute("SELECT ?", (arrived,))
    assert clean(arrived) == "café "
