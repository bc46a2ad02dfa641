"""The room's decisions: what is passed on, how it is cut, which addresses become links."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming import SharedFile
from bot.ui import Link
from handlers.rooms import rules
from handlers.rooms.rules import Problem, WordByMail

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
WORDS = st.text(st.sampled_from('あ漢a &<>"\\*_~`|[](){}@#!。、\nhttps://mailto:.x/?=%\u202e\u3000'), max_size=400)
FILE = SharedFile("a.pdf", "application/pdf", "", 3)


@given(WORDS)
def test_cutting_into_links_loses_nothing(text: str) -> None:
    pieces = rules.split_links(text)
    assert (
        "".join(piece if isinstance(piece, str) else piece.url for piece in pieces if isinstance(piece, str | Link))
        == text
    )


@given(WORDS)
def test_a_link_shows_where_it_leads_and_is_nothing_but_https_or_mailto(text: str) -> None:
    for piece in rules.split_links(text):
        if isinstance(piece, Link):
            assert piece.label == piece.url
            assert piece.url.lower().startswith(("https://", "mailto:"))
            assert not any(sign in piece.url for sign in ' \n<>"\u3000')


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://example.com/a?b=c#d", ["https://example.com/a?b=c#d"]),
        ("見てください（https://example.com/a）。", ["https://example.com/a"]),
        ("Look: https://example.com/a, and mailto:a@example.com.", ["https://example.com/a", "mailto:a@example.com"]),
        ("HTTPS://EXAMPLE.com", ["HTTPS://EXAMPLE.com"]),
        ("http://example.com ftp://x javascript:alert(1) data:text/html,x tel:1", []),
        ("[bank](https://evil.example)", ["https://evil.example"]),
        ("<https://evil.example|https://bank.example>", ["https://evil.example", "https://bank.example"]),
        ("https:// mailto:", []),
        ("https://" + "a" * 1200, []),
    ],
)
def test_which_addresses_become_links(text: str, links: list[str]) -> None:
    assert [piece.url for piece in rules.split_links(text) if isinstance(piece, Link)] == links


def test_marks_that_turn_the_direction_of_writing_are_taken_out() -> None:
    assert rules.tidy(" https://example.com/\u202egnp.exe\u2066 \n") == "https://example.com/gnp.exe"


@given(st.text(st.sampled_from("あa。、 \n"), max_size=9000))
def test_paragraphs_keep_every_word_and_fit(text: str) -> None:
    pieces = rules.split_paragraphs(text)
    assert all(0 < len(piece) <= rules.PARAGRAPH for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.integers(0, 2600), st.integers(1, 900))
def test_no_paragraph_ends_inside_a_link(before: int, length: int) -> None:
    link = "https://example.com/" + "x" * length
    pieces = rules.split_paragraphs("あ" * before + " " + link + " " + "い" * 2600)
    assert any(link in piece for piece in pieces)


@pytest.mark.parametrize(
    ("text", "files", "recent", "problem"),
    [
        ("はい", (), 0, None),
        ("はい", (FILE,), 0, None),
        ("", (), 0, Problem.EMPTY),
        ("", (FILE,), 0, Problem.FILES),
        ("はい", (), 20, Problem.TOO_MANY),
        ("はい", (), 19, None),
        ("あ" * 10_000, (), 0, None),
        ("あ" * 10_001, (), 0, Problem.TOO_LONG),
        ("&" * 1_700, (), 0, Problem.TOO_LONG),
    ],
)
def test_what_speaks_against_passing_on(
    text: str, files: tuple[SharedFile, ...], recent: int, problem: Problem | None
) -> None:
    assert rules.find_problem(text, files, recent, 20) is problem


@pytest.mark.parametrize(
    ("url", "passed_on"),
    [
        ("https://drive.google.com/file/d/abc/view?usp=sharing", True),
        ("https://www.dropbox.com/s/x/y.pdf?dl=0", True),
        ("https://xgf.nz/abc", True),
        ("https://seiki.slack.com/files/U012/F1/x.pdf", False),
        ("https://files.slack.com/files-pri/T1-F1/x.pdf", False),
        ("https://seiki-my.sharepoint.com/personal/misaki_sato_seiki/Documents/x.pdf", False),
        ("https://drive.google.com.evil.example/x", False),
        ("https://notdropbox.com/x", False),
        ("https://user@drive.google.com/x", False),
        ("https://drive.google.com/?authuser=misaki%40example.com", False),
        ("http://drive.google.com/x", False),
        ("https://[drive.google.com/x", False),
        ("", False),
    ],
)
def test_which_files_are_passed_on_as_links(url: str, passed_on: bool) -> None:
    file = SharedFile("資料", "", url)
    assert rules.can_pass_on(file) is passed_on
    assert (url in rules.write_out("見てください", [file]) if url else True) is (passed_on or not url)


def test_a_file_without_words_is_its_name_and_address() -> None:
    assert rules.write_out("", [SharedFile("資料", "", "https://1drv.ms/x")]) == "資料 https://1drv.ms/x"
    assert rules.write_out("", [FILE]) == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("close", WordByMail.CLOSE),
        (" CLOSE.\n", WordByMail.CLOSE),
        ("ｃｌｏｓｅ", WordByMail.CLOSE),
        ("終える", WordByMail.CLOSE),
        ("［終える］", WordByMail.CLOSE),
        ("「通報」", WordByMail.REPORT),
        ("Report", WordByMail.REPORT),
        ("close the window, please", None),
        ("報告を終える", None),
        ("", None),
    ],
)
def test_one_word_by_mail_stands_for_a_button(text: str, word: WordByMail | None) -> None:
    assert rules.read_word(text) is word


def test_who_is_awake_and_who_is_to_be_told() -> None:
    assert not rules.is_awake(None, NOW)
    assert rules.is_awake(NOW - rules.AWAKE, NOW)
    assert not rules.is_awake(NOW - rules.AWAKE - timedelta(seconds=1), NOW)
    assert rules.is_to_be_told(None, NOW)
    assert not rules.is_to_be_told(NOW - rules.SAY_AGAIN, NOW)
    assert rules.is_to_be_told(NOW - rules.SAY_AGAIN - timedelta(seconds=1), NOW)


@pytest.mark.parametrize(
    ("text", "is_command"), [("/mentor", True), ("  ／mentor", True), ("と/か", False), ("", False)]
)
def test_what_looks_like_a_command(text: str, is_command: bool) -> None:
    assert rules.looks_like_command(text) is is_command
