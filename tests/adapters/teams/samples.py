"""Text that tries to be more than text, and every kind of block made of it."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from adapters.teams.markup import one_line
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Chips,
    Divider,
    Fact,
    Facts,
    Heading,
    Inline,
    Link,
    Mention,
    Message,
    Note,
    Para,
    Picture,
    Quote,
    Reader,
    When,
)
from tests.adapters.teams.rig import Accept, Register

SATO = "11111111-2222-4333-a444-555555555555"
READER = Reader("ja", "Asia/Tokyo", {1: SATO, 2: "66666666-2222-4333-a444-555555555555"})
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

HOSTILE = [
    "<at>everyone</at>",
    "<at>佐藤</at></at>",
    "**太字** _斜体_ ~~取消~~",
    "[押して](https://evil.example)",
    "![画像](https://evil.example/a.png)",
    "[a]: https://evil.example",
    "{{DATE(2026-01-01T00:00:00Z,SHORT)}}",
    "${name} $(name)",
    "- 一\n- 二\r\n1. 三\r# 四\n> 五\n---\n    六",
    "`code` ```block```",
    "<script>alert(1)</script> <https://evil.example>",
    "&lt;b&gt; &#42;",
    "\\*\\_\\[",
    "\u202eabc\u2066x\u2069",
    "\x00\x01\x1f\x7f",
    "\ud800 x \udfff",
    "👩‍👩‍👧‍👦 佐藤 美咲 🇯🇵",
    "",
    " ",
    "\n\n",
    "山" * 3000,
]

words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
inlines: st.SearchStrategy[Inline] = st.one_of(
    words,
    st.builds(Bold, words),
    st.builds(Link, words, st.just("https://sample-seiki.example/a(b)")),
    st.builds(Mention, st.integers(1, 3), words),
    st.builds(When, st.just(AT), st.sampled_from(["datetime", "date", "time"])),
)
content = st.lists(inlines, max_size=5).map(tuple)
labels = words.filter(lambda text: bool(one_line(text)))
actions = st.sampled_from([Accept(1), Register(2)])
styles = st.sampled_from(["default", "primary", "danger"])
buttons = st.builds(Button, labels, actions, styles, st.sampled_from(["", "よろしいですか？", "**本当に**？"]))
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, words),
    st.builds(Para, content),
    st.builds(Quote, words),
    st.builds(Facts, st.lists(st.builds(Fact, labels, content), max_size=3).map(tuple)),
    st.builds(Chips, st.lists(words, max_size=4).map(tuple)),
    st.builds(Note, content, st.sampled_from(["quiet", "done"])),
    st.builds(Picture, st.just("https://sample-seiki.example/a.png"), labels),
    st.just(Divider()),
    st.builds(Buttons, st.lists(buttons, min_size=1, max_size=8).map(tuple)),
)
messages = st.builds(Message, labels, st.lists(blocks, max_size=4).map(tuple))


def knows(some_id: str) -> bool:
    return some_id in READER.mentions.values()
