"""A whole consultation between two people side by side, from the wish to the last word, with a kill -9 on the way."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PICTURES, OpenPage
from tests.e2e.flows import (
    JAPANESE,
    Cast,
    accept,
    ask,
    open_sides,
    page_says,
    speak,
    tell_how_it_was,
    wait_for_event,
    wait_in_time,
)
from tests.e2e.rooms import enter, find_message, use_tool
from tests.e2e.servers import Process, run_demo
from tests.e2e.side import Side

pytestmark = pytest.mark.timeout(240)

_SLOT = re.compile(r"^\d+月\d+日（.）\d+:\d\d$")
_MESSAGES = 10
_TOO_LATE = (
    "The conversation about “{topic}” is closed, so we didn't pass this on. To talk again, you can ask for a new "
    "consultation with /mentor."
)
_NOW = """async () => (await (await fetch("/playground/api/changes?people=&since=")).json()).now"""


@dataclass(frozen=True, slots=True)
class Stage:
    """The page with both sides, in a language."""

    page: Page
    demo: Process
    cast: Cast
    asker: Side
    mentor: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both."""
        return self.asker, self.mentor

    def now(self) -> datetime:
        """What the workspace's clock shows (UTC)."""
        return datetime.fromisoformat(self.page.evaluate(_NOW))

    def take_picture(self, name: str) -> None:
        """For people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"consultation-{self.cast.language}-{name}.png")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Process]:
    """The real thing, with a community of its own."""
    with run_demo(tmp_path / "demo") as process:
        yield process


@pytest.fixture
def page(open_page: OpenPage, demo: Process) -> Page:
    return open_page(demo.address)


def test_two_people_from_the_wish_to_the_last_word(page: Page, demo: Process) -> None:
    cast = JAPANESE
    asker, mentor = open_sides(page, demo.address, cast.asker, cast.mentor, cast.language)
    stage, _ = Stage(page, demo, cast, asker, mentor), speak(cast.language)
    ask(asker, cast)
    accept(mentor, cast)
    wait_in_time(page, cast.language, asker.pane.get_by_role("button", name=_("Close"), exact=True))
    _talk(stage)
    _change(stage)
    start = _find_a_time(stage)
    _be_reminded(stage, start)
    _be_asked(stage)
    _close(stage)
    assert "Traceback" not in demo.read_log()


def _enter_both(stage: Stage) -> None:
    """Each opens the thread."""
    asker, mentor = stage.sides
    enter(asker, mentor.name, stage.cast.language)
    enter(mentor, asker.name, stage.cast.language)


def _talk(stage: Stage) -> None:
    """Ten messages each way; in the middle the server is killed and comes back, while somebody writes."""
    asker, mentor = stage.sides
    _enter_both(stage)
    for number in range(_MESSAGES):
        if number == _MESSAGES // 2:
            stage.demo.kill()
        asker.say(f"{number} 番目の質問です。")
        if number == _MESSAGES // 2:
            stage.demo.start()
            stage.page.reload()
            _enter_both(stage)
            if asker.box.input_value():  # the start took longer than the page's patience: what was written is back
                asker.box.press("Enter")
        mentor.hears(f"{number} 番目の質問です。")
        mentor.say(f"{number} 番目の答えです。")
        asker.hears(f"{number} 番目の答えです。")
    for side in stage.sides:
        texts = re.findall(r"(\d) 番目の(質問|答え)です。", "\n".join(side.messages.all_inner_texts()))
        assert texts == [(str(number), what) for number in range(_MESSAGES) for what in ("質問", "答え")]
    stage.take_picture("talk")


def _change(stage: Stage) -> None:
    """An edit and a deletion each way."""
    text, _ = page_says(stage.cast.language), speak(stage.cast.language)
    for side, other, what in ((stage.asker, stage.mentor, "質問"), (stage.mentor, stage.asker, "答え")):
        use_tool(side, f"9 番目の{what}", "Edit", stage.cast.language)
        form = side.form(text("Edit the message"))
        form.fill(text("Message"), f"9 番目の{what}、改め").press(text("Save")).is_gone()
        expect(find_message(other, f"9 番目の{what}、改め")).to_contain_text(_("edited"))
        use_tool(side, f"8 番目の{what}", "Delete", stage.cast.language)
        stage.page.get_by_role("alertdialog").get_by_role("button", name=text("Delete")).click()
        expect(other.log).to_contain_text(_("(deleted by its writer)"))
        expect(other.log).not_to_contain_text(f"8 番目の{what}")
        expect(other.log).to_contain_text(f"7 番目の{what}です。")
    stage.take_picture("changed")


def _find_a_time(stage: Stage) -> datetime:
    """Suggested by one, picked by the other, and downloaded by both; gives when it is."""
    _, asker, mentor = speak(stage.cast.language), *stage.sides
    for side in stage.sides:
        side.go("Musubi")
    asker.press(_("Suggest times"))
    asker.form(_("Suggest times")).press(_("Send"))
    asker.last_page().sees(mentor.name).close()
    slots = mentor.pane.get_by_role("button", name=_SLOT)
    expect(slots).to_have_count(3)
    stage.take_picture("slots")
    slots.first.click()
    events = [_download(stage, side) for side in stage.sides]
    stage.take_picture("calendar")
    assert events[0]["DTSTART"].dt == events[1]["DTSTART"].dt
    assert events[0]["UID"] == events[1]["UID"]
    start: datetime = events[0]["DTSTART"].dt
    return start.astimezone(ZoneInfo("UTC"))


def _download(stage: Stage, side: Side) -> Any:
    """The event in somebody's calendar file."""
    _ = speak(stage.cast.language)
    side.sees(_("Your talk has a time"))
    with stage.page.expect_download() as waiting:
        side.pane.get_by_role("link", name=_("Calendar file")).last.click()
    calendar: Any = Calendar.from_ical(waiting.value.path().read_bytes())
    [event] = calendar.walk("VEVENT")
    return event


def _like(text: str) -> re.Pattern[str]:
    """The sentence, whatever stands in its holes."""
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\{\w+\}", text) if part))


def _be_reminded(stage: Stage, start: datetime) -> None:
    """A day before and an hour before: each of them once, to each of them."""
    language, _ = stage.cast.language, speak(stage.cast.language)
    day = _like(_("A reminder: you talk with {name}, {time}."))
    hour = _like(_("In an hour, at {time}, you talk with {name}."))
    for words, hours in ((day, 24), (hour, 1)):
        wait_in_time(stage.page, language, stage.mentor.log.get_by_text(words))
        assert start - stage.now() <= timedelta(hours=hours)
        assert start > stage.now()
    stage.take_picture("reminded")
    for side in stage.sides:
        for words in (day, hour):
            expect(side.log.get_by_text(words)).to_have_count(1)


def _be_asked(stage: Stage) -> None:
    """Afterwards both are asked whether they talked, and tell how it was."""
    language, _ = stage.cast.language, speak(stage.cast.language)
    question = _like(_("Did you get to talk with {name} about “{topic}”?"))
    for side in stage.sides:
        wait_for_event(stage.page, language, side, _("Yes"))
        expect(side.log.get_by_text(question)).to_have_count(1)
    stage.take_picture("asked")
    tell_how_it_was(stage.asker, language, "5: very")
    tell_how_it_was(stage.mentor, language, "4: quite")


def _close(stage: Stage) -> None:
    """The conversation is closed; what comes later is not passed on."""
    asker, mentor, _ = *stage.sides, speak(stage.cast.language)
    for side, other in ((asker, mentor), (mentor, asker)):
        side.go(other.name)
    asker.press(_("Close"))
    stage.page.get_by_role("alertdialog").get_by_role("button", name=_("Close")).click()
    mentor.sees(_("This conversation is closed. What is written here is no longer passed on."))
    mentor.say("まだ届きますか。")
    mentor.hears(_like(_(_TOO_LATE)))
    expect(asker.log).not_to_contain_text("まだ届きますか。")
    stage.take_picture("closed")
