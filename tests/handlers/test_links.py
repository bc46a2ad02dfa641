"""Addresses that people enter: what is taken, every platform shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import Link, Message, Para, Reader
from handlers.links import is_link
from tests.support.everywhere import find_problems


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://meet.example.com/a?b=c#d", True),
        ("https://example.com", True),
        ("HTTPS://jobs.example", True),
        ("https://jobs.example:8443/", True),
        ("https://求人.example/", True),
        ("https://example.com/夏の集い", True),
        ("", False),
        ("http://example.com/", False),
        ("javascript:alert(1)", False),
        ("//example.com", False),
        ("https://", False),
        ("https:///x", False),
        ("https://localhost/x", False),
        ("https://./x", False),
        ("https://a b.example.com", False),
        ("https://example.com/<x>|y", False),
        ("https://example.com/\x01", False),
        ("https://example.com/`x`", False),
        ('https://example.com/"><script>', False),
        ("https://user:word@example.com/", False),
        ("https://example.com:99999/", False),
        ("https://example.com:/", False),
        ("https://[::1", False),
    ],
)
def test_links(url: str, good: bool) -> None:
    assert is_link(url) is good


@given(st.text(max_size=40).map(lambda text: f"https://a.example/{text}") | st.text(max_size=40))
def test_what_is_taken_every_platform_shows(url: str) -> None:
    if is_link(url):
        message = Message("x", (Para((Link(url, url),)),))
        assert find_problems(message, Reader("ja", "Asia/Tokyo")) == []
