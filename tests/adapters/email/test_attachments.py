"""Files in a mail: attached, and a calendar entry as an alternative too, so that it is shown as an invitation."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from adapters.email.outbound import EmailSender, read_server
from adapters.email.render import render_letter
from bot.clock import FrozenClock
from bot.ui import File, Message, Para, Reader, pack_file
from tests.support.world import START

ENTRY = File(
    "musubi-1.ics",
    "text/calendar; method=REQUEST; charset=utf-8",
    "BEGIN:VCALENDAR\r\nSUMMARY:相談\r\n",
    "カレンダー用",
)


def parts_of(*files: File) -> list[EmailMessage]:
    """All parts of the mail as they arrive."""
    letter = render_letter(Message("日時", (Para(("決まりました。",)), *files)), Reader("ja", "Asia/Tokyo"))
    sender = EmailSender(read_server("smtp://localhost:25"), "en@example.com", "縁", FrozenClock(START), 5)
    mail = sender.make_mail("k", "misaki@example.com", letter)
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return list(read.walk())


def test_a_calendar_entry_is_an_alternative_and_an_attachment() -> None:
    kinds = [part.get_content_type() for part in parts_of(ENTRY)]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "text/calendar",
    ]


def test_both_say_what_they_are_and_hold_the_text() -> None:
    shown, attached = (part for part in parts_of(ENTRY) if part.get_content_type() == "text/calendar")
    for part in (shown, attached):
        assert part["Content-Type"].params["method"] == "REQUEST"
        assert part["Content-Type"].params["charset"] == "utf-8"
        assert part.get_content().splitlines() == ENTRY.text.splitlines()
    assert (shown.get_filename(), attached.get_filename()) == (None, "musubi-1.ics")


def test_another_file_is_only_attached() -> None:
    table = File("figures.csv", "text/csv; charset=utf-8", "a,b\r\n", "Figures")
    assert [part.get_content_type() for part in parts_of(table)][-2:] == ["text/html", "text/csv"]


def test_without_files_a_mail_stays_as_it_was() -> None:
    assert [part.get_content_type() for part in parts_of()] == ["multipart/alternative", "text/plain", "text/html"]


def test_the_words_say_that_something_is_attached() -> None:
    plain = next(part for part in parts_of(ENTRY) if part.get_content_type() == "text/plain")
    assert "musubi-1.ics" in plain.get_content()


def test_a_file_that_is_no_text_arrives_as_it_was() -> None:
    data = b"%PDF-1.4\n" + bytes(range(256))
    (attached,) = (
        part for part in parts_of(pack_file("tags.pdf", "application/pdf", data, "Name tags")) if part.get_filename()
    )
    assert (attached.get_content_type(), attached.get_content()) == ("application/pdf", data)
