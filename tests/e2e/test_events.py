"""The life of an event, as people click it: full, a freed seat, changed, and cancelled; and the name tags as a file."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import vobject
from playwright.sync_api import Page, expect

from tests.e2e.conftest import take_picture
from tests.e2e.flows import (
    ENGLISH,
    HR,
    JAPANESE,
    Someone,
    open_sides,
    read_in_english,
    settle,
    speak,
    wait_for_event,
)
from tests.e2e.servers import Process
from tests.e2e.side import Side

pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True, slots=True)
class Evening:
    """What is played in a language: who waits for a seat, and what HR writes."""

    language: str
    guest: Someone
    name: str
    place: str
    reason: str


# The Japanese guest is on Slack, the English one on Teams; both live in Tokyo, where the offer comes in the daytime.
EVENINGS = [
    pytest.param(Evening("ja", JAPANESE.mentor, "冬の同窓の夕べ", "別館2階", "台風のためです。"), id="ja"),
    pytest.param(
        Evening("en", ENGLISH.asker, "Winter reunion evening", "Annex, 2nd floor", "Because of the typhoon."), id="en"
    ),
]


@dataclass(frozen=True, slots=True)
class House:
    """The guest beside HR."""

    page: Page
    guest: Side
    hr: Side
    evening: Evening

    def say(self, text: str) -> str:
        """In the language that is played."""
        return speak(self.evening.language)(text)

    def take_picture(self, name: str) -> None:
        """For people to look at."""
        take_picture(self.page, f"events-{self.evening.language}-{name}")

    def download(self, side: Side, label: str) -> Path:
        """The newest file of that name."""
        with self.page.expect_download() as waiting:
            side.pane.get_by_role("link", name=self.say(label), exact=True).last.click()
        return waiting.value.path()

    def open_desk(self) -> None:
        """HR's page of the evening."""
        self.hr.say("/events").sees(self.say("Manage events")).press(self.say("Manage events"))
        expect(self.hr.last).to_contain_text(self.say("New event"))
        self.take_picture("hr-list")
        self.hr.last.get_by_role("button", name=self.say("Open"), exact=True).first.click()
        expect(self.hr.last).to_contain_text(self.say("Name tags"))


@pytest.mark.parametrize("evening", EVENINGS)
def test_the_life_of_an_event(page: Page, demo: Process, evening: Evening) -> None:
    guest, hr = open_sides(page, demo.address, evening.guest, HR, evening.language)
    if evening.language == "en":
        read_in_english(hr)
    house = House(page, guest, hr, evening)
    _wait_in_line(house)
    _print_name_tags(house)
    first = _take_the_seat(house)
    _move(house, first)
    _cancel(house)
    assert "Traceback" not in demo.read_log()


def _wait_in_line(house: House) -> None:
    """All seats are taken: the guest waits behind two others."""
    _, guest = house.say, house.guest
    guest.say("/events").sees(house.evening.name)
    house.take_picture("member-list")
    guest.last.get_by_role("button", name=_("Details"), exact=True).first.click()
    guest.sees(_("All seats are taken. On the waiting list you are offered one when it is freed, in turn."))
    house.take_picture("full")
    guest.press(_("Join the waiting list")).sees(re.compile("前に2名の方がいます|2 people ahead of you"))
    house.take_picture("waiting")


def _print_name_tags(house: House) -> None:
    """With the former departments on them."""
    _ = house.say
    house.open_desk()
    house.take_picture("hr-page")
    house.hr.press(_("Name tags"))
    formerly = {"ja": "元 設計2課", "en": "formerly 設計2課"}[house.evening.language]
    assert formerly in read_pdf(house.download(house.hr, "Name tags (PDF)"))


def _take_the_seat(house: House) -> Any:
    """HR can't go below those who have a seat; with three more, the guest is offered one. Gives the calendar entry."""
    _ = house.say
    house.open_desk()
    house.hr.press(_("Change"))
    form = house.hr.form(_("Change the event"))
    form.fill(_("How many can come"), "2").press(_("Save"))
    form.sees(re.compile("すでに8名分の席が決まっています|8 people have a seat already"))
    house.take_picture("hr-too-few")
    form.fill(_("How many can come"), "11").press(_("Save"))
    form.is_gone()
    settle(house.page)
    house.guest.sees(_("Take the seat"))
    house.take_picture("offer")
    house.guest.press(_("Take the seat")).sees(_("You are going."))
    entry = read_entry(house.download(house.guest, "Calendar file"))
    house.take_picture("going")
    return entry


def _move(house: House, first: Any) -> None:
    """To another place: those who come hear of it, and their calendars change the same entry."""
    _ = house.say
    house.open_desk()
    house.hr.press(_("Change"))
    form = house.hr.form(_("Change the event"))
    form.fill(re.compile(f"^{_('Place')}"), house.evening.place).press(_("Save")).is_gone()
    wait_for_event(house.page, house.evening.language, house.guest, _("Not going"))
    house.guest.sees(_("A change of plans")).sees(house.evening.place)
    second = read_entry(house.download(house.guest, "Calendar file, as it is now"))
    house.take_picture("moved")
    assert first.uid.value == second.uid.value
    assert (first.sequence.value, second.sequence.value) == ("0", "1")
    assert second.location.value == house.evening.place


def _cancel(house: House) -> None:
    """Who signed up is told why, and gets a file that takes it out of the calendar."""
    _ = house.say
    house.open_desk()
    house.hr.press(_("Cancel the event…"))
    form = house.hr.form(_("Cancel the event"))
    house.take_picture("hr-cancel")
    form.fill(_("A word to them"), house.evening.reason).press(_("Cancel the event")).is_gone()
    settle(house.page)
    house.guest.sees(_("An event is cancelled")).sees(house.evening.reason)
    house.take_picture("cancelled")
    last = read_entry(house.download(house.guest, "File that removes it from your calendar"))
    assert (last.status.value, last.sequence.value) == ("CANCELLED", "2")
    house.guest.say("/events").hears(_("To come"))
    expect(house.guest.last).not_to_contain_text(house.evening.name)
    house.take_picture("after")


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
