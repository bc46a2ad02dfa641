"""Messages as mails: nothing gets out of its place, in both languages, whatever people are called."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.outbound import EmailSender, read_server
from adapters.email.render import LONGEST_SUBJECT, clean_subject, render_letter
from adapters.email.wrapping import WIDTH, count_columns
from bot.clock import FrozenClock
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
from handlers.actions import OpenHome

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
JAPANESE, ENGLISH = Reader("ja", "Asia/Tokyo"), Reader("en", "America/Detroit")
anything = st.text(max_size=200)


def everything(text: str) -> Message:
    """Every kind of block with the same words in all places."""
    blocks: tuple[Block, ...] = (
        Heading(text),
        Para((text, Bold(text), Link(text, "https://example.com/?a=1&b=2"), Mention(1, text), When(AT))),
        Quote(text),
        Facts((Fact(text, (text, When(AT, "date"))),)),
        Chips((text, text)),
        Note((text,), "done"),
        Picture("https://example.com/a.png", text),
        Divider(),
        Buttons((Button(text, OpenHome()),)),
    )
    return Message(text, blocks)


class Tags(HTMLParser):
    """The tags of a page, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps tags and addresses."""
        self.found.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        """Keeps words."""
        self.words += data


TAGS = Tags(render_letter(everything("x"), JAPANESE).html).found


@given(anything)
def test_no_text_becomes_markup(text: str) -> None:
    page = Tags(render_letter(everything(text), JAPANESE).html)
    assert [tag for tag in page.found if tag != "br"] == TAGS
    assert set(page.links) == {"https://example.com/?a=1&b=2", "https://example.com/a.png"}


@given(anything)
def test_a_subject_is_one_line(text: str) -> None:
    subject = clean_subject(text)
    assert len(subject) <= LONGEST_SUBJECT
    assert all(sign.isprintable() for sign in subject)


@given(anything, anything)
def test_headers_hold_what_they_should_and_nothing_else(subject: str, community: str) -> None:
    sender = EmailSender(read_server("smtp://localhost"), "musubi@example.jp", community, FrozenClock(AT))
    letter = render_letter(Message(f"件名{subject}", (Para(("本文",)),)), JAPANESE)
    data = sender.make_mail("key", "misaki@example.com", letter).as_bytes()
    mail = BytesParser(EmailMessage, policy=default).parsebytes(data)
    assert mail["To"] == "misaki@example.com"
    assert mail["Subject"] == letter.subject
    assert mail.get_all("Bcc") is None
    assert {part.get_content_type() for part in mail.walk()} == {"multipart/alternative", "text/plain", "text/html"}
    assert data.isascii(), "old servers take 7-bit mails only"


def test_links_that_are_no_web_address_are_words() -> None:
    letter = render_letter(Message("s", (Para((Link("press", "javascript:alert(1)"),)),)), ENGLISH)
    assert "<a " not in letter.html
    assert "press &lt;javascript:alert(1)&gt;" in letter.html


@pytest.mark.parametrize(
    ("reader", "moment", "press"),
    [(JAPANESE, "11月20日（金）10:00", "チャットの Musubi"), (ENGLISH, "Thu 19 Nov, 20:00", "in the chat with Musubi")],
)
def test_moments_and_sentences_are_the_reader_s(reader: Reader, moment: str, press: str) -> None:
    letter = render_letter(everything("x"), reader)
    for part in (letter.text, Tags(letter.html).words):
        assert moment in part
        assert press in part


def test_line_breaks_are_kept_wherever_they_stand() -> None:
    letter = render_letter(
        Message("s", (Para((Bold("佐藤 美咲"), "\n", "11月に\r\n", "ご招待\n\n", "以上")),)), JAPANESE
    )
    assert "<strong>佐藤 美咲</strong><br>11月に<br>ご招待<br><br>以上" in letter.html
    assert letter.text == "佐藤 美咲\n11月に\nご招待\n\n以上\n"


def test_plain_text_is_broken_into_lines_and_quotes_stay_quotes() -> None:
    letter = render_letter(
        Message("s", (Para(("近況を知らせ合い、" * 20,)), Quote("電池の量産立ち上げ。" * 20))), JAPANESE
    )
    paragraph, quote = letter.text.strip().split("\n\n")
    assert max(map(count_columns, (paragraph + "\n" + quote).split("\n"))) <= WIDTH
    assert all(line.startswith("> ") for line in quote.split("\n"))
    assert quote.replace("\n> ", "").removeprefix("> ") == "電池の量産立ち上げ。" * 20


def test_a_person_can_answer_that_they_want_no_more_mail() -> None:
    sender = EmailSender(read_server("smtp://localhost"), "縁 <musubi@example.jp>", "縁", FrozenClock(AT))
    mail = sender.make_mail("key", "misaki..sato.@docomo.ne.jp", render_letter(Message("s", ()), JAPANESE))
    assert mail["List-Unsubscribe"] == "<mailto:musubi@example.jp?subject=unsubscribe>"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert "misaki..sato.@docomo.ne.jp" in mail.as_string()


def test_the_same_delivery_has_the_same_message_id() -> None:
    sender = EmailSender(read_server("smtp://localhost"), "縁 <musubi@example.jp>", "縁", FrozenClock(AT))
    letter = render_letter(Message("s", ()), JAPANESE)
    ids = {str(sender.make_mail(key, "a@example.com", letter)["Message-ID"]) for key in ("one", "one", "two")}
    assert len(ids) == 2
    assert all(id.endswith("@example.jp>") for id in ids)


@pytest.mark.parametrize("url", ["", "localhost:25", "http://localhost", "smtp://", "smtp://host:port"])
def test_a_bad_address_of_the_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"SMTP_URL|[Pp]ort"):
        read_server(url)


def test_a_server_outside_must_encrypt() -> None:
    assert read_server("smtp://mail.example.com").start_tls is True
    assert read_server("smtp://localhost:1025").start_tls is False
    secure = read_server("smtps://us%40er:p%3Aw@mail.example.com")
    assert (secure.tls, secure.port, secure.start_tls, secure.user, secure.password) == (
        True,
        465,
        False,
        "us@er",
        "p:w",
    )
    assert "p:w" not in repr(secure)
