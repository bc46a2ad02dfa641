"""Text never becomes markup: not for Slack's parser, and not by being cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.limits import RenderError
from adapters.slack.mrkdwn import clean, cut, defuse, literal, pack, quote, render_inlines, split_text, unescape
from bot.ui import Bold, Link, Mention, Reader, When
from tests.adapters.slack.samples import AT, EN, HOSTILE, JA, hostile_texts, inlines
from tests.fake_slack import FakeSlack
from tests.fake_slack.mrkdwn import find_pings, show

WORKSPACE = FakeSlack().workspace


def draw(*content: str | Bold | Link | Mention | When, reader: Reader = JA) -> str:
    """A sentence as mrkdwn."""
    return "".join(render_inlines(content, reader))


@given(hostile_texts)
def test_text_pings_nobody_and_holds_no_control_sequence(text: str) -> None:
    made = literal(text)
    assert find_pings(made) == []
    assert "<" not in made
    assert ">" not in made
    assert not re.search("&(?!amp;|lt;|gt;)", made)


@given(hostile_texts)
def test_text_looks_like_itself_but_for_the_twins_of_formatting_characters(text: str) -> None:
    twins = str.maketrans("＊＿～｀＞", "*_~`>")
    assert unescape(literal(text)).translate(twins) == clean(text).translate(twins)


@given(st.lists(inlines, max_size=4))
def test_a_sentence_pings_only_whom_it_names(content: list[str | Bold | Link | Mention | When]) -> None:
    named = [
        f"@{JA.mentions[piece.member_id]}" for piece in content if isinstance(piece, Mention) and piece.member_id == 7
    ]
    assert find_pings(draw(*content)) == named


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*太字*", "＊太字＊"),
        ("_斜体_ と ~線~", "＿斜体＿ と ～線～"),
        ("`x`", "｀x｀"),
        ("> 引用", "＞ 引用"),
        ("snake_case_name", "snake_case_name"),
        ("a_b@example.com", "a_b@example.com"),
        ("3 * 4 と 5*6", "3 * 4 と 5*6"),
        ("A & B <C>", "A & B <C>"),
    ],
)
def test_only_what_would_format_is_replaced(text: str, expected: str) -> None:
    assert defuse(text) == expected


def test_what_harms_the_text_around_it_is_left_out() -> None:
    assert clean("a\x00b\u202ec\u2066d\ud800e\r\nf\tg") == "abcde\nf\tg"


def test_bold_words_are_bold_beside_japanese_letters() -> None:
    made = draw("設計2課の", Bold("高橋 翔"), "さん")
    assert made == "設計2課の\u200b*高橋 翔*\u200bさん"
    assert show(made, WORKSPACE) == "設計2課の高橋 翔さん"


def test_bold_words_keep_their_own_stars_and_lines() -> None:
    assert show(draw(Bold(" *a*\n\nb_c ")), WORKSPACE) == "＊a＊\n\nb＿c"
    assert draw(Bold(" \n ")).strip() == ""


@pytest.mark.parametrize(
    ("style", "token", "written"),
    [
        ("datetime", "{date_long} {time}", "11月20日（金）10:00"),
        ("date", "{date_long}", "11月20日（金）"),
        ("time", "{time}", "10:00"),
    ],
)
def test_moments_are_shown_in_the_readers_own_zone(style: str, token: str, written: str) -> None:
    assert draw(When(AT, style)) == f"<!date^1795136400^{token}|{written}>"  # pyright: ignore[reportArgumentType]


def test_a_moment_for_a_reader_elsewhere() -> None:
    assert draw(When(AT), reader=EN).endswith("|Fri 20 Nov, 01:00>")


def test_members_whom_the_platform_does_not_know_are_named() -> None:
    assert draw(Mention(7, "佐藤 美咲"), Mention(8, "<!channel>\n田中")) == "<@U0MISAKI>&lt;!channel&gt; 田中"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (Link("ご案内", "https://e.com/?a=1&b=2"), "<https://e.com/?a=1&amp;b=2|ご案内>"),
        (Link("a|b>c\nd", "https://e.com/x|y>z"), "<https://e.com/x%7Cy%3Ez|a|b&gt;c d>"),
        (Link("", "mailto:hr@e.com"), "<mailto:hr@e.com>"),
    ],
)
def test_links(link: Link, expected: str) -> None:
    assert draw(link) == expected


@pytest.mark.parametrize("url", ["javascript:alert(1)", "example.com", "", "https://a b", "https://" + "x" * 3000])
def test_addresses_that_are_no_links(url: str) -> None:
    with pytest.raises(RenderError):
        draw(Link("x", url))


@given(hostile_texts, st.integers(20, 500))
def test_cutting_loses_nothing_and_keeps_the_limit(text: str, most: int) -> None:
    packed = pack(split_text(text), most)
    assert "".join(packed) == text
    assert all(0 < len(part) <= most for part in packed)


def test_texts_are_cut_after_spaces_and_stops_where_possible() -> None:
    text = "一つめの文です。" * 60
    assert all(part.endswith("。") for part in pack(split_text(text), 200))


@given(hostile_texts)
def test_quoted_lines_all_carry_the_mark(text: str) -> None:
    for part in quote(text, 300):
        assert len(part) <= 300
        assert all(line.startswith(">") for line in part.split("\n"))
        assert find_pings(part) == []


def test_a_quote_of_several_lines() -> None:
    assert quote("\n一行目\n\n> 二行目 *強く*\n", 3000) == ["> 一行目\n> \n> ＞ 二行目 ＊強く＊"]


def test_cutting_with_an_ellipsis() -> None:
    assert (cut("12345", 5), cut("123456", 5)) == ("12345", "1234…")


def test_the_hostile_samples_are_hostile() -> None:
    assert any(find_pings(text) for text in HOSTILE)
