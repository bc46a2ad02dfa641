"""What HR announces, as people click it: written, addressed, looked at, undone, sent, read, corrected and withdrawn.
And a job or an event that goes the same way."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.i18n import load_translations
from tests.e2e.conftest import take_picture
from tests.e2e.flows import (
    HR,
    TOKYO,
    Someone,
    like,
    move_clock,
    open_sides,
    read_clock,
    read_in_english,
    settle,
    speak,
    wait_in_time,
)
from tests.e2e.servers import Process
from tests.e2e.side import Side

pytestmark = pytest.mark.timeout(240)

TITLES = {"ja": "春の見学会のお知らせ", "en": "Visit us in spring"}
BODIES = {
    "ja": "新しい研究棟を4月にご覧いただけます。\n昼食もご用意します。",
    "en": "You can see the new research building in April.\nThere will be lunch.",
}
CORRECTED = {
    "ja": "新しい研究棟を5月にご覧いただけます。",
    "en": "You can see the new research building in May.",
}


MOMENTS = {"ja": re.compile(r"\d+月\d+日（.）\d+:\d\d"), "en": re.compile(r"\w{3} \d+ \w{3}, \d+:\d\d")}
"""A day and a time; HR, who chose English on a platform in Japanese, reads both in English."""


@dataclass(frozen=True, slots=True)
class Readers:
    """Who plays: HR works in `language`, and one of each language reads, `first` beside HR."""

    language: str
    first: Someone
    other: Someone

    @property
    def others_language(self) -> str:
        """The one that HR doesn't work in."""
        return {"ja": "en", "en": "ja"}[self.language]


MISAKI = Someone("misaki-sato", "佐藤 美咲")
GIL = Someone("sooan-gil", "Gil Soo-an")  # in Seoul, where it is day when it is day in Tokyo
PLAYS = [
    pytest.param(Readers("ja", MISAKI, GIL), id="ja"),
    pytest.param(Readers("en", GIL, MISAKI), id="en"),
]


@dataclass(frozen=True, slots=True)
class Desk:
    """HR at work beside a reader."""

    page: Page
    hr: Side
    reader: Side
    language: str

    def take_picture(self, name: str) -> None:
        """For people to look at."""
        take_picture(self.page, f"announcements-{self.language}-{name}")


def sit_down(page: Page, demo: Process, readers: Readers) -> Desk:
    """HR, reading in that language, beside the first reader."""
    hr, reader = open_sides(page, demo.address, HR, readers.first, readers.language)
    if readers.language == "en":
        read_in_english(hr)
    return Desk(page, hr, reader, readers.language)


@pytest.mark.parametrize("readers", PLAYS)
def test_news_from_the_first_word_to_the_last(page: Page, demo: Process, readers: Readers) -> None:
    desk = sit_down(page, demo, readers)
    _write(desk)
    people = _choose_alumni(desk)
    _look(desk)
    _undo(desk)
    _send(desk, TITLES[desk.language])
    _be_read(desk, TITLES[desk.language], BODIES[desk.language].split("\n")[0])
    _read_report(desk, people)
    _correct(desk)
    _withdraw(desk)
    both = open_sides(page, demo.address, readers.first, readers.other, readers.language)
    for side, language in zip(both, (readers.language, readers.others_language), strict=True):
        side.sees(speak(language)("This announcement was withdrawn."))
        expect(side.log.get_by_text(TITLES[language])).to_have_count(0)
    desk.take_picture("withdrawn")
    assert "Traceback" not in demo.read_log()


JOBS = {"ja": "電池評価のアドバイザー", "en": "Advisor on battery testing"}
EVENTS = {"ja": "春の工場見学", "en": "Spring factory tour"}


@pytest.mark.parametrize("readers", PLAYS)
def test_a_job_goes_the_same_way(page: Page, demo: Process, readers: Readers) -> None:
    desk, translations = sit_down(page, demo, readers), load_translations(readers.language)
    _ = translations.gettext
    desk.hr.say("/announce").press(_("{kind}…").format(kind=_("Job")))
    form = desk.hr.form(_("Write a job"))
    form.fill(_("Title in Japanese"), JOBS["ja"]).fill(_("Text in Japanese"), "試験の進め方を月に一度ご助言ください。")
    form.fill(_("Title in English"), JOBS["en"]).fill(_("Text in English"), "Once a month, on how we test.")
    form.choose(_("Kind of work"), _("Advisor"))
    desk.take_picture("job-form")
    form.press(_("On to the readers"))
    desk.hr.last_page().sees(JOBS[desk.language]).press(_("For whom…"))
    _send_to_alumni(desk, JOBS[desk.language])
    _open_from_the_message(desk, JOBS[desk.language], translations.pgettext("job", "Details"))
    desk.reader.sees(_("Who talks with you")).hears({"ja": "月に一度", "en": "Once a month"}[desk.language])
    desk.take_picture("job-details")
    assert "Traceback" not in demo.read_log()


@pytest.mark.parametrize("readers", PLAYS)
def test_an_event_goes_the_same_way(page: Page, demo: Process, readers: Readers) -> None:
    _, desk = speak(readers.language), sit_down(page, demo, readers)
    desk.hr.say("/announce").press(_("{kind}…").format(kind=_("Event")))
    form = desk.hr.form(_("A new event"))
    form.fill(_("Name in Japanese"), EVENTS["ja"]).fill(_("Name in English"), EVENTS["en"])
    day = read_clock(page, demo.address) + TOKYO + timedelta(days=40)
    form.fill(re.compile(f"^{_('Day')}"), f"{day:%Y-%m-%d}").fill(re.compile(f"^{_('Place')}"), "浜松工場")
    form.choose(_("Begins"), "14:00").choose(_("Ends"), "16:30")
    desk.take_picture("event-form")
    form.press(_("Next"))
    desk.hr.last_page().sees(EVENTS[desk.language]).press(_("For whom…"))
    _send_to_alumni(desk, EVENTS[desk.language])
    _open_from_the_message(desk, EVENTS[desk.language], _("Going"))
    desk.reader.sees(_("You are going."))
    expect(desk.reader.pane.get_by_role("link", name=_("Calendar file"))).to_be_visible()
    desk.take_picture("event-going")
    assert "Traceback" not in demo.read_log()


def _send_to_alumni(desk: Desk, title: str) -> None:
    """From the form of whom it is for to its beginning, by way of the preview."""
    _ = speak(desk.language)
    desk.hr.form(_("For whom")).choose(_("For"), _("Alumni")).press(_("Save"))
    if desk.page.get_by_role("dialog").count():
        desk.hr.last_page().press(_("Preview"))
    else:
        desk.hr.press(_("Preview"))
    _send(desk, title)


def _open_from_the_message(desk: Desk, title: str, label: str) -> None:
    """The reader presses a button of what has arrived."""
    heading = desk.page.locator("h3", has_text=re.compile(f"^{title}$"))
    message = desk.reader.messages.filter(has=heading)
    wait_in_time(desk.page, desk.language, message)  # where it was night, in the reader's morning
    expect(message).to_have_count(1)
    message.get_by_role("button", name=label, exact=True).click()


def _write(desk: Desk) -> None:
    """In both languages; a link that is not https is told beside its field."""
    _ = speak(desk.language)
    desk.hr.say("/announce").sees(_("What would you like to announce?"))
    desk.take_picture("list")
    desk.hr.press(_("News…"))
    form = desk.hr.form(_("Announcement"))
    form.fill(_("Title in Japanese"), TITLES["ja"]).fill(_("Text in Japanese"), BODIES["ja"])
    form.fill(_("Title in English"), TITLES["en"]).fill(_("Text in English"), BODIES["en"])
    form.fill(re.compile(f"^{_('Link')}"), "http://example.com/").press(_("Save"))
    form.sees(_("Please use an address that begins with {https}.").format(https="https://"))
    desk.take_picture("words")
    form.fill(re.compile(f"^{_('Link')}"), "https://example.com/spring").press(_("Save")).is_gone()
    desk.hr.sees(_("Saved. You can go on now or later."))


def _choose_alumni(desk: Desk) -> int:
    """Alumni alone: fewer than before, and five of them by name. Gives how many."""
    _ = speak(desk.language)
    everybody = _count(desk, "Reaches")
    desk.hr.press(_("For whom…"))
    form = desk.hr.form(_("For whom"))
    form.choose(_("For"), _("Alumni"))
    desk.take_picture("audience")
    form.press(_("Save")).is_gone()
    expect(_read_fact(desk, _("For"))).to_have_text(_("Alumni"))
    alumni = _count(desk, "Reaches")
    assert 5 <= alumni < everybody
    names = _read_fact(desk, _("For example")).inner_text().split(_(", "))
    assert len(set(names)) == 5
    desk.take_picture("draft")
    return alumni


def _count(desk: Desk, label: str) -> int:
    """How many people, beside that label on the last card."""
    text = _read_fact(desk, speak(desk.language)(label)).inner_text()
    found = re.fullmatch(r"(\d+)(名| people| person)", text)
    assert found is not None, text
    return int(found[1])


def _read_fact(desk: Desk, label: str) -> Locator:
    """What stands beside a label on the last card."""
    return desk.hr.last.locator("dt", has_text=re.compile(f"^{label}$")).locator("xpath=following-sibling::dd[1]")


def _look(desk: Desk) -> None:
    """As it will look in both languages; and sent to me in both."""
    _ = speak(desk.language)
    desk.hr.press(_("Preview"))
    for language, title in TITLES.items():
        desk.hr.sees(_({"ja": "For readers in Japanese", "en": "For readers in English"}[language])).sees(title)
    desk.take_picture("preview")
    desk.hr.press(_("Send to me")).sees(_("Sent to you, in both languages."))
    for title in TITLES.values():
        expect(_find_news(desk.hr, title)).to_have_count(1)
    desk.take_picture("sent-to-me")


def _find_news(side: Side, title: str) -> Locator:
    """The announcement as its readers get it: a message that begins with its title, and holds no button."""
    heading = side.page.locator("h3", has_text=re.compile(f"^{title}$"))
    return side.messages.filter(has=heading).filter(has_not=side.page.locator("button.button"))


def _begin_sending(desk: Desk) -> None:
    """[Send…], as soon as possible: it waits ten minutes."""
    _ = speak(desk.language)
    desk.hr.press(_("Send…"))
    form = desk.hr.form(_("Send"))
    desk.take_picture("send")
    form.press(_("Go on")).is_gone()
    told = desk.hr.log.locator("p", has_text=like(_("It goes out on {time}. Until then you can undo it.")))
    expect(told.locator("time")).to_have_text(MOMENTS[desk.language])


def _undo(desk: Desk) -> None:
    """Within the ten minutes; an hour later nobody has got anything."""
    _ = speak(desk.language)
    _begin_sending(desk)
    desk.take_picture("scheduled")
    desk.hr.press(_("Undo"))
    expect(desk.hr.button(_("Send…"))).to_be_visible()
    desk.take_picture("undone")
    move_clock(desk.page, desk.language, "+1 hour")
    expect(_find_news(desk.reader, TITLES[desk.language])).to_have_count(0)


def _send(desk: Desk, title: str) -> None:
    """Sent, and not undone: HR is told when it begins."""
    _begin_sending(desk)
    text = speak(desk.language)("“{title}” is on its way to {people}.")
    wait_in_time(desk.page, desk.language, desk.hr.log.get_by_text(like(text.replace("{title}", title))))
    desk.take_picture("on-its-way")


def _be_read(desk: Desk, title: str, words: str) -> None:
    """By the reader beside HR, in their language, and once."""
    news = _find_news(desk.reader, title)
    wait_in_time(desk.page, desk.language, news)  # where it was night, in the reader's morning
    expect(news).to_contain_text(words)
    expect(news).to_have_count(1)


def _open_page(desk: Desk) -> None:
    """The announcement's page, from the list."""
    _ = speak(desk.language)
    desk.hr.say("/announce")
    expect(desk.hr.last).to_contain_text(_("On the way and sent"))
    desk.hr.last.get_by_role("button", name=_("Show"), exact=True).first.click()
    expect(desk.hr.last.locator("h3").first).to_have_text(TITLES[desk.language])


def _read_report(desk: Desk, people: int) -> None:
    """Meant for as many as were counted before; where it is night, it is on its way."""
    _ = speak(desk.language)
    _open_page(desk)
    desk.take_picture("report")
    assert _count(desk, "Meant for") == people
    assert _count(desk, "Arrived") + _count(desk, "On the way") == people
    with desk.page.expect_download() as waiting:
        desk.hr.press(_("As a file"))
        desk.hr.pane.get_by_role("link", name=_("The report")).last.click()
    table = waiting.value.path().read_text(encoding="utf-8-sig")
    assert f"{_('Meant for')},{people}" in table


def _correct(desk: Desk) -> None:
    """The new words stand in the old ones' place."""
    _ = speak(desk.language)
    _open_page(desk)
    desk.hr.press(_("Correct…"))
    form = desk.hr.form(_("Correct it"))
    for language, label in (("ja", _("Text in Japanese")), ("en", _("Text in English"))):
        form.fill(label, CORRECTED[language])
    form.press(_("Save")).is_gone()
    desk.hr.sees(
        like(_("Corrected. Where the platform allows it, the new words stand in the old ones' place; mails stay."))
    )
    settle(desk.page)
    _be_read(desk, TITLES[desk.language], CORRECTED[desk.language])
    expect(_find_news(desk.reader, TITLES[desk.language])).to_contain_text(like(_("Corrected on {day}")))
    desk.take_picture("corrected")


def _withdraw(desk: Desk) -> None:
    """After one more question; a line stands in its place."""
    _ = speak(desk.language)
    desk.hr.press(_("Refresh"))
    desk.hr.press(_("Withdraw"))
    question = desk.page.get_by_role("alertdialog")
    expect(question).to_contain_text(_("Withdraw it? A line saying so will stand in its place."))
    question.get_by_role("button", name=_("Withdraw"), exact=True).click()
    desk.hr.sees(_("Withdrawn."))
    settle(desk.page)
