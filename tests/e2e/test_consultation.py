"""A whole consultation between two people side by side, from the wish to the last word, with a kill -9 on the way."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.e2e.conftest import take_picture
from tests.e2e.flows import (
    ENGLISH,
    JAPANESE,
    Cast,
    Someone,
    accept,
    ask,
    like,
    open_sides,
    page_says,
    read_clock,
    send_what_came_back,
    speak,
    tell_how_it_was,
    wait_for_event,
    wait_in_time,
)
from tests.e2e.rooms import enter, find_message, use_tool
from tests.e2e.servers import Process
from tests.e2e.side import Side

pytestmark = pytest.mark.timeout(240)

# Such as 11月26日（木）12:00, or Thu 26 Nov, 12:00 (Berlin 04:00) where the two live in different zones.
_SLOT = re.compile(r"^(\d+月\d+日（.）|[A-Z][a-z]{2} \d+ [A-Z][a-z]{2}, )\d+:\d\d( ?[（(].+ ?\d+:\d\d[）)])?$")
_MESSAGES = 10
_TOO_LATE = (
    "The conversation about “{topic}” is closed, so we didn't pass this on. To talk again, you can ask for a new "
    "consultation with /mentor."
)

COLLEAGUES = Cast(
    "en",
    ENGLISH.asker,
    Someone("priya-raghunathan", "Priya Raghunathan"),
    ENGLISH.leaver,
    "IT and data",
    "How you brought the plants' data into one place.",
)
"""On two platforms, like the Japanese ones, so that the talk goes through Musubi; and in two zones."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What is said."""

    question: str
    answer: str
    changed: str
    late: str


_LINES = {
    "ja": Lines("{n} 番目の質問です。", "{n} 番目の答えです。", "言い直しました。", "まだ届きますか。"),
    "en": Lines("This is question {n}.", "This is answer {n}.", "I put it differently.", "Does this still reach you?"),
}


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
        return read_clock(self.page, self.demo.address)

    @property
    def lines(self) -> Lines:
        """What they say to each other."""
        return _LINES[self.cast.language]

    def take_picture(self, name: str) -> None:
        """For people to look at."""
        take_picture(self.page, f"consultation-{self.cast.language}-{name}")


@pytest.mark.parametrize("cast", [pytest.param(JAPANESE, id="ja"), pytest.param(COLLEAGUES, id="en")])
def test_two_people_from_the_wish_to_the_last_word(page: Page, demo: Process, cast: Cast) -> None:
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
    (asker, mentor), lines = stage.sides, stage.lines
    _enter_both(stage)
    for number in range(_MESSAGES):
        if number == _MESSAGES // 2:
            stage.demo.kill()
        asker.say(lines.question.format(n=number))
        if number == _MESSAGES // 2:
            stage.demo.start()
            stage.page.reload()
            _enter_both(stage)
            send_what_came_back(asker)
        mentor.hears(lines.question.format(n=number))
        mentor.say(lines.answer.format(n=number))
        asker.hears(lines.answer.format(n=number))
    said = [line.format(n=number) for number in range(_MESSAGES) for line in (lines.question, lines.answer)]
    either = re.compile("|".join(re.escape(line).replace(r"\{n\}", r"\d") for line in (lines.question, lines.answer)))
    for side in stage.sides:
        assert either.findall("\n".join(side.messages.all_inner_texts())) == said
    stage.take_picture("talk")


def _change(stage: Stage) -> None:
    """An edit and a deletion each way."""
    text, _, lines = page_says(stage.cast.language), speak(stage.cast.language), stage.lines
    for side, other, line in (
        (stage.asker, stage.mentor, lines.question),
        (stage.mentor, stage.asker, lines.answer),
    ):
        changed = f"{line.format(n=9)} {lines.changed}"
        use_tool(side, line.format(n=9), "Edit", stage.cast.language)
        form = side.form(text("Edit the message"))
        form.fill(text("Message"), changed).press(text("Save")).is_gone()
        expect(find_message(other, changed)).to_contain_text(_("edited"))
        use_tool(side, line.format(n=8), "Delete", stage.cast.language)
        stage.page.get_by_role("alertdialog").get_by_role("button", name=text("Delete")).click()
        expect(other.log).to_contain_text(_("(deleted by its writer)"))
        expect(other.log).not_to_contain_text(line.format(n=8))
        expect(other.log).to_contain_text(line.format(n=7))
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


def _be_reminded(stage: Stage, start: datetime) -> None:
    """A day before and an hour before: each of them once, to each of them."""
    language, _ = stage.cast.language, speak(stage.cast.language)
    day = like(_("A reminder: you talk with {name}, {time}."))
    hour = like(_("In an hour, at {time}, you talk with {name}."))
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
    question = like(_("Did you get to talk with {name} about “{topic}”?"))
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
    mentor.say(stage.lines.late)
    mentor.hears(like(_(_TOO_LATE)))
    expect(asker.log).not_to_contain_text(stage.lines.late)
    stage.take_picture("closed")
