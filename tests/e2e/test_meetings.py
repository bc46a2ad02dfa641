"""A time for a talk, as people click it: suggested, picked, and downloaded for the calendar."""

import re
from pathlib import Path
from typing import Any

import vobject
from playwright.sync_api import Page, expect

from tests.e2e.flows import JAPANESE, accept, ask, open_sides, speak
from tests.e2e.servers import Process

_SLOT = re.compile(r"^\d+月\d+日（.）\d+:\d\d$")


def test_a_slot_is_picked_and_both_download_the_entry(page: Page, demo: Process) -> None:
    _ = speak("ja")
    sho, misaki = open_sides(page, demo.address, JAPANESE.asker, JAPANESE.mentor, "ja")
    ask(sho, JAPANESE)
    accept(misaki, JAPANESE)
    sho.press(_("Suggest times"))
    form = sho.form(_("Suggest times"))
    form.press(_("Send"))
    sho.last_page().sees(JAPANESE.mentor.name).close()
    expect(misaki.button(_SLOT).first).to_be_visible()
    misaki.pane.get_by_role("button", name=_SLOT).first.click()
    for side in (sho, misaki):
        side.sees(_("Your talk has a time"))
        with page.expect_download() as waiting:
            side.pane.get_by_role("link", name=_("Calendar file")).last.click()
        entry = _read(waiting.value.path())
        assert waiting.value.suggested_filename.endswith("-0.ics")
        assert entry.vevent.sequence.value == "0"
        assert entry.vevent.organizer.value == "mailto:noreply@musubi.invalid"
        assert len(entry.vevent.contents["attendee"]) == 1, "the reader alone"


def _read(path: Path) -> Any:
    library: Any = vobject
    return library.readOne(path.read_text(encoding="utf-8"))
