"""The life of an event, as people click it: full, a freed seat, changed, and cancelled; and the name tags as a file."""

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import vobject
from playwright.sync_api import Page, expect

from tests.e2e.flows import HR, JAPANESE, open_sides, speak, wait_for_event
from tests.e2e.servers import Process
from tests.e2e.side import Side

pytestmark = pytest.mark.timeout(240)

PARTY = "冬の同窓の夕べ"


def open_card(side: Side) -> None:
    """`/events`, and the party's card."""
    _ = speak("ja")
    side.say("/events")
    side.sees(PARTY)
    side.last.get_by_role("button", name=_("Details"), exact=True).first.click()


def open_desk(hr: Side) -> None:
    """HR's page of the party."""
    _ = speak("ja")
    hr.say("/events")
    hr.press(_("Manage events"))
    hr.last.get_by_role("button", name=_("Open"), exact=True).first.click()
    hr.sees(_("Name tags"))


def test_the_life_of_an_event(page: Page, demo: Process) -> None:
    _ = speak("ja")
    misaki, hr = open_sides(page, demo.address, JAPANESE.mentor, HR, "ja")
    open_card(misaki)
    misaki.sees(_("All seats are taken. On the waiting list you are offered one when it is freed, in turn."))
    misaki.press(_("Join the waiting list"))
    misaki.sees("前に2名の方がいます")

    open_desk(hr)
    with page.expect_download() as waiting:
        hr.press(_("Name tags"))
        hr.pane.get_by_role("link", name=_("Name tags (PDF)")).last.click()
    assert "元 " in read_pdf(waiting.value.path())

    open_desk(hr)
    hr.press(_("Change"))
    form = hr.form(_("Change the event"))
    form.fill(_("How many can come"), "2").press(_("Save"))
    form.sees("すでに8名分の席が決まっています")
    form.fill(_("How many can come"), "11").press(_("Save"))
    form.is_gone()
    misaki.sees(_("Take the seat")).press(_("Take the seat"))
    misaki.sees(_("You are going."))
    with page.expect_download() as waiting:
        misaki.pane.get_by_role("link", name=_("Calendar file")).last.click()
    first = read_entry(waiting.value.path())

    open_desk(hr)
    hr.press(_("Change"))
    hr.form(_("Change the event")).fill(re.compile(f"^{_('Place')}"), "別館2階").press(_("Save"))
    wait_for_event(page, "ja", misaki, _("Not going"))
    misaki.sees(_("A change of plans")).sees("別館2階")
    with page.expect_download() as waiting:
        misaki.pane.get_by_role("link", name=_("Calendar file, as it is now")).last.click()
    second = read_entry(waiting.value.path())
    assert first.uid.value == second.uid.value
    assert (first.sequence.value, second.sequence.value) == ("0", "1")

    open_desk(hr)
    hr.press(_("Cancel the event…"))
    hr.form(_("Cancel the event")).fill(_("A word to them"), "台風のためです。").press(_("Cancel the event"))
    wait_for_event(page, "ja", misaki, _("Details"))
    misaki.sees(_("An event is cancelled")).sees("台風のためです。")
    expect(misaki.pane.get_by_role("link", name=_("File that removes it from your calendar"))).to_be_visible()


def read_entry(path: Path) -> Any:
    """The calendar entry as another program reads it."""
    library: Any = vobject
    return library.readOne(path.read_text(encoding="utf-8")).vevent


def read_pdf(path: Path) -> str:
    """The text of the first page."""
    library: Any = pypdfium2
    pdf = library.PdfDocument(path.read_bytes())
    text = str(pdf[0].get_textpage().get_text_range())
    pdf.close()
    return text
