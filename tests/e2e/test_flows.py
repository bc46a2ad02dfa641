"""Leaver to welcome, registration, and a consultation from the first word to "how was it?", in both languages."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.flows import (
    ENGLISH,
    HR,
    JAPANESE,
    Cast,
    accept,
    ask,
    join,
    move_clock,
    open_sides,
    page_says,
    read_code,
    register,
    send_what_came_back,
    speak,
    talk,
    tell_how_it_was,
    wait_for_event,
    wait_in_time,
)
from tests.e2e.servers import Process, command_of_demo
from tests.e2e.side import Side

CASTS = [pytest.param(JAPANESE, id="ja"), pytest.param(ENGLISH, id="en")]


def invited(page: Page, demo: Process, cast: Cast) -> Side:
    """The leaver, beside HR, when the invitation has arrived."""
    leaver, _ = open_sides(page, demo.address, cast.leaver, HR, cast.language)
    wait_in_time(page, cast.language, leaver.pane.locator("iframe"))
    return leaver


@pytest.mark.parametrize("cast", CASTS)
def test_a_leaver_is_invited_joins_and_registers(page: Page, demo: Process, cast: Cast) -> None:
    _ = speak(cast.language)
    leaver = invited(page, demo, cast)
    code = read_code(leaver)
    join(leaver, cast.language)
    leaver.sees(cast.leaver.name)
    offers, words = leaver.pane.locator(".hint-word"), {"ja": ("登録", "相談"), "en": ("/alumni register", "/mentor")}
    expect(offers.first).to_have_text(words[cast.language][0])
    register(leaver, code, cast.language)
    expect(offers.first).to_have_text(words[cast.language][1])  # who has registered is offered what members can do
    expect(leaver.button(_("Share news"))).to_be_visible()
    leaver.go(page_says(cast.language)("Home")).sees("庭の柿が色づきました。")
    page.reload()
    leaver.sees("庭の柿が色づきました。")


def test_wrong_codes_are_told_kindly_and_lock_after_five(page: Page, demo: Process) -> None:
    _ = speak("ja")
    leaver = invited(page, demo, JAPANESE)
    join(leaver, "ja")
    leaver.press(_("Register"))
    form = leaver.form(_("Who are you (1/3)"))
    for left in (4, 3, 2, 1):
        form.fill(_("Invitation code"), f"WRNG-000{left}").press(_("Next"))
        field = form.node.get_by_label(_("Invitation code"))
        expect(field).to_have_accessible_description(re.compile(f"あと{left}回"))
        expect(field).to_have_value(f"WRNG-000{left}")
    form.fill(_("Invitation code"), "WRNG-0000").press(_("Next"))
    leaver.last_page().sees(_("We have told HR, who can help you with a new code.")).close()


def test_who_is_not_registered_sees_no_member(page: Page, demo: Process) -> None:
    leaver = invited(page, demo, JAPANESE)
    join(leaver, "ja")
    leaver.say("/mentor 電池")
    expect(leaver.cards).to_have_count(2)
    expect(page.get_by_role("dialog")).to_have_count(0)
    leaver.go(page_says("ja")("Home"))
    expect(leaver.pane.get_by_role("tabpanel").locator(".card")).to_be_visible()
    expect(leaver.pane.get_by_role("tabpanel")).not_to_contain_text("佐藤")


def test_the_nudge_of_day_three_is_seen_today(page: Page, demo: Process) -> None:
    _ = speak("ja")
    leaver = invited(page, demo, JAPANESE)
    join(leaver, "ja")
    wait_for_event(page, "ja", leaver, _("No thanks"))
    leaver.press(_("No thanks"))
    leaver.sees(_("Understood: we won't write to you about this again."))
    told = leaver.messages.count()
    for _again in range(10):
        move_clock(page, "ja", "+1 day")
    expect(leaver.messages).to_have_count(told)


def test_hr_adds_a_leaver_and_mistakes_are_named_beside_the_field(page: Page, demo: Process) -> None:
    _ = speak("ja")
    yuka, _misaki = open_sides(page, demo.address, HR, JAPANESE.mentor, "ja")
    yuka.say("/hr").press(_("Add a leaver"))
    form = yuka.form(_("Add a leaver"))
    form.fill(_("Employee number"), "120999").fill(_("Full name"), "新田 ひかり").fill(_("Last day"), "2026-12-31")
    form.fill(_("Private mail address"), "hikari.nitta").press(_("Add"))
    field = form.node.get_by_label(_("Private mail address"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(form.node.get_by_label(_("Full name"))).to_have_value("新田 ひかり")
    form.fill(_("Private mail address"), "hikari.nitta@example.com").press(_("Add"))
    yuka.last_page().sees("新田 ひかり").close()


def send_to_hr(page: Page, demo: Process, cast: Cast) -> tuple[Side, Side]:
    """The leaver gives a number that is in no list; both sides, when HR has been told."""
    _ = speak(cast.language)
    leaver, yuka = invited(page, demo, cast), Side(page, HR.name)
    join(leaver, cast.language)
    leaver.press(_("Register"))
    form = leaver.form(_("Who are you (1/3)"))
    form.press(_("Next")).sees(
        _("Please enter your code or, without one, your employee number, name and month of leaving.")
    )
    form.fill(_("Employee number"), "093999").fill(_("Name"), cast.leaver.name)
    form.fill(_("Month of leaving"), "2026-11").press(_("Next"))
    leaver.last_page().close()
    return leaver, yuka


def test_hr_approves_who_could_not_be_matched(page: Page, demo: Process) -> None:
    _ = speak("ja")
    leaver, yuka = send_to_hr(page, demo, JAPANESE)
    wait_for_event(page, "ja", yuka, _("Approve"))
    yuka.sees(JAPANESE.leaver.name).press(_("Approve"))
    form = yuka.form(_("Approve")).sees("093999")
    form.node.get_by_role("combobox").select_option(index=1)
    form.press(_("Approve")).is_gone()
    yuka.sees(_("{who} approved.").format(who=HR.name))
    wait_for_event(page, "ja", leaver, _("Continue"))
    leaver.press(_("Continue")).form(_("About you (2/3)"))


def test_hr_declines_with_a_reason_that_the_person_reads(page: Page, demo: Process) -> None:
    english = speak("en")
    page.goto(f"{demo.address}?people={HR.id}&lang=en")
    yuka = Side(page, HR.name).say("/alumni settings")
    yuka.form(speak("ja")("Preferences")).choose(speak("ja")("Language of our messages"), speak("ja")("English")).press(
        speak("ja")("Save")
    )
    leaver, yuka = send_to_hr(page, demo, ENGLISH)
    wait_for_event(page, "en", yuka, english("Decline…"))
    yuka.press(english("Decline…"))
    form = yuka.form(english("Decline"))
    form.fill(english("Reason"), "The number is of another person. Please look at your pay slip.")
    form.press(english("Decline")).is_gone()
    wait_for_event(page, "en", leaver, english("Try again"))
    leaver.sees("Please look at your pay slip.")


@pytest.mark.parametrize("cast", CASTS)
def test_a_consultation_from_the_first_word_to_the_last(page: Page, demo: Process, cast: Cast) -> None:
    _ = speak(cast.language)
    asker, mentor = open_sides(page, demo.address, cast.asker, cast.mentor, cast.language)
    ask(asker, cast)
    accept(mentor, cast)
    # Where the two live in different hours, the good news waits for the asker's morning.
    wait_for_event(page, cast.language, asker, _("Tell the day"))
    asker.sees(_("{name} is glad to talk with you").format(name=cast.mentor.name))
    talk(asker, mentor)
    asker.press(_("Tell the day"))
    day = page.evaluate("new Date(Date.now() + 5 * 86400000).toISOString().slice(0, 10)")
    asker.form(_("Tell the day")).fill(_("The day of your talk"), day).press(_("Send")).is_gone()
    mentor.sees(cast.asker.name)
    tell_how_it_was(asker, cast.language, "5: very")
    tell_how_it_was(mentor, cast.language, "4: quite")


def test_not_this_time_goes_on_to_the_next_and_the_asker_is_told(page: Page, demo: Process) -> None:
    _ = speak("ja")
    asker, mentor = open_sides(page, demo.address, JAPANESE.asker, JAPANESE.mentor, "ja")
    ask(asker, JAPANESE)
    wait_for_event(page, "ja", mentor, _("Accept"))
    mentor.press(_("Not this time…"))
    mentor.form(_("Not this time")).press(_("Send"))
    asker.sees(_("Asking the next person"))
    expect(asker.log).not_to_contain_text(_("I have no time just now"))


def test_a_request_called_off_takes_the_card_back(page: Page, demo: Process) -> None:
    _ = speak("ja")
    asker, mentor = open_sides(page, demo.address, JAPANESE.asker, JAPANESE.mentor, "ja")
    ask(asker, JAPANESE)
    wait_for_event(page, "ja", mentor, _("Accept"))
    asker.press(_("Call it off"))
    page.get_by_role("alertdialog").get_by_role("button", name=_("Call it off")).click()
    mentor.sees(_("This request has been taken back. You don't need to do anything."))
    expect(mentor.button(_("Accept"))).to_have_count(0)


def test_killed_in_the_middle_nothing_is_lost_and_nothing_doubled(page: Page, demo: Process, tmp_path: Path) -> None:
    _ = speak("ja")
    asker, mentor = open_sides(page, demo.address, JAPANESE.asker, JAPANESE.mentor, "ja")
    ask(asker, JAPANESE)
    wait_for_event(page, "ja", mentor, _("Accept"))
    before = mentor.log.inner_text()
    demo.kill()
    mentor.press(_("Accept"))
    expect(
        page.get_by_text(page_says("ja")("The connection is gone. Trying again; nothing you wrote is lost."))
    ).to_be_visible()
    demo.start()
    mentor.sees(_("Before you talk"))
    talk(asker, mentor)
    asker.say("確かめたいことを、もう一度整理します。")
    demo.kill()
    demo.start(command_of_demo(tmp_path / "demo"))
    page.reload()
    send_what_came_back(asker)
    asker.sees("確かめたいことを、もう一度整理します。")
    told = _("{name} is glad to talk with you").format(name=JAPANESE.mentor.name)
    expect(asker.log.get_by_text(told, exact=True)).to_have_count(1)
    assert before.count(JAPANESE.aim) == mentor.log.inner_text().count(JAPANESE.aim) == 1
    assert "Traceback" not in demo.read_log()
