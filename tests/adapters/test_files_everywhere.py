"""A file in a message, drawn by each platform: as a link where there is an address, else as the platform can."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.email.render import render_letter
from adapters.playground.limits import LimitError
from adapters.playground.render import render_message as draw_on_page
from adapters.slack.render import render_message as draw_on_slack
from adapters.teams.render import render_message as draw_on_teams
from bot.ui import File, Message, Para, Reader, dump_message, list_files, load_message, pack_file
from tests.support.everywhere import find_problems

URL = "https://musubi.example.com/files/x.y/musubi-1.ics"
ENTRY = File("musubi-1.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\n", "Add to *my* calendar")
MESSAGE = Message("A time", (Para(("It is fixed.",)), ENTRY))
PLAIN = Reader("en", "Europe/Berlin")
LINKED = replace(PLAIN, files={ENTRY.name: URL})


def test_a_stored_message_keeps_its_file() -> None:
    assert list_files(load_message(dump_message(MESSAGE))) == (ENTRY,)


@pytest.mark.parametrize("reader", [PLAIN, LINKED])
def test_every_platform_takes_it(reader: Reader) -> None:
    assert not find_problems(MESSAGE, reader)


def test_slack_links_it_and_says_nothing_of_what_is_uploaded() -> None:
    linked, plain = draw_on_slack(MESSAGE, LINKED)["blocks"], draw_on_slack(MESSAGE, PLAIN)["blocks"]
    assert linked[-1]["text"]["text"] == f"<{URL}|Add to ＊my＊ calendar>"
    assert len(plain) == 1


def test_teams_links_it_or_leaves_it_out() -> None:
    assert URL in str(draw_on_teams(MESSAGE, LINKED))
    assert "musubi-1" not in str(draw_on_teams(MESSAGE, PLAIN))


def test_a_mail_takes_it_along() -> None:
    assert render_letter(MESSAGE, LINKED).files == (ENTRY,)


def test_the_page_gets_the_text_and_makes_the_download() -> None:
    drawn: dict[str, Any] = draw_on_page(MESSAGE, PLAIN)["blocks"][-1]
    assert drawn["kind"] == "file"
    assert (drawn["name"], drawn["media_type"], drawn["text"]) == (ENTRY.name, "text/calendar", ENTRY.text)


@pytest.mark.parametrize("change", [{"name": ""}, {"name": "n" * 81}, {"text": ""}, {"label": "l" * 76}])
def test_the_page_says_what_fits(change: dict[str, str]) -> None:
    with pytest.raises(LimitError):
        draw_on_page(Message("s", (replace(ENTRY, **change),)), PLAIN)


def test_a_file_that_is_no_text_is_kept_as_its_bytes() -> None:
    packed = pack_file("tags.pdf", "application/pdf", bytes(range(256)), "Name tags")
    message = Message("Tags", (Para(("Here.",)), packed))
    assert list_files(load_message(dump_message(message)))[0].data == bytes(range(256))
    drawn: dict[str, Any] = draw_on_page(message, PLAIN)["blocks"][-1]
    assert (drawn["packed"], drawn["text"]) == (True, packed.text)
    assert not find_problems(message, PLAIN)
