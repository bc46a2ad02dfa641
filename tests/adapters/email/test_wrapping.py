"""Plain text in lines: nothing is lost, no line is too wide, none begins with what can't begin one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.wrapping import WIDTH, count_columns, wrap

URL = "https://join.slack.com/t/en-community/shared_invite/zt-1234567890-abcdefghijklmnopqrstuvwxyz012345"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("短い行\n\n次の行", ["短い行", "", "次の行"]),
        ("一二三四五六七八", ["一二三四五", "六七八"]),
        ("一二三四五、六", ["一二三四", "五、六"]),
        ("一二三四「五六」", ["一二三四", "「五六」"]),
        ("一二三四っ！六", ["一二三", "四っ！六"]),
        ("one two three four", ["one two", "three four"]),
        ("abcdefghijklmnop", ["abcdefghijklmnop"]),
        ("末尾の空白   ", ["末尾の空白"]),
    ],
)
def test_lines_of_ten_columns(text: str, lines: list[str]) -> None:
    assert wrap(text, 10).split("\n") == lines


def test_an_address_is_never_broken() -> None:
    lines = wrap(f"参加するには {URL} を開いてください。").split("\n")
    assert URL in lines


def test_half_width_letters_take_half_the_room() -> None:
    assert (count_columns("Musubi"), count_columns("むすび"), count_columns("ﾑｽﾋﾞ"), count_columns("が")) == (6, 6, 4, 2)


JAPANESE = st.text(alphabet="あいう漢字カタ、。「」（）！ーっabc 1.", max_size=200)


@given(JAPANESE)
def test_nothing_is_lost_but_spaces(text: str) -> None:
    assert "".join(wrap(text, 20).split()) == "".join(text.split())


@given(st.text(alphabet="あいう漢字カタ、。「」ーっ", max_size=300))
def test_no_line_is_too_wide_and_none_begins_or_ends_badly(text: str) -> None:
    lines = wrap(text).split("\n")
    ordinary = [line for line in lines if set(line) & set("あいう漢字カタ")]
    assert all(count_columns(line) <= WIDTH for line in ordinary)
    for above, below in itertools.pairwise(lines):
        if set(above) & set("あいう漢字カタ"):
            assert below[:1] not in set("、。」ーっ")
        assert above[-1:] != "「" or set(above) <= set("「")


@given(st.text(max_size=200))
def test_any_text_can_be_wrapped_and_short_lines_stay(text: str) -> None:
    wrapped = wrap(text)
    for line in text.split("\n"):
        if count_columns(line) <= WIDTH:
            assert line.rstrip() in wrapped
