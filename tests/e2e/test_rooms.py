"""Two people on different platforms talk side by side: threads, edits, deletions, a report, and the end of it."""

from playwright.sync_api import Page, expect

from tests.e2e.flows import HR, JAPANESE, accept, ask, open_sides, page_says, speak, wait_for_event
from tests.e2e.rooms import enter, use_tool
from tests.e2e.servers import Process

_ = speak("ja")
page_text = page_says("ja")


def test_two_people_talk_through_musubi_side_by_side(page: Page, demo: Process) -> None:
    sho, misaki = open_sides(page, demo.address, JAPANESE.asker, JAPANESE.mentor, "ja")
    ask(sho, JAPANESE)
    accept(misaki, JAPANESE)
    wait_for_event(page, "ja", sho, _("Close"))
    enter(sho, misaki.name)
    enter(misaki, sho.name)

    sho.say("来週の水曜はいかがですか。 <!channel> https://example.com/x")
    misaki.hears("来週の水曜はいかがですか。 <!channel> https://example.com/x")
    misaki.hears(_("From {name}").format(name=sho.name))
    expect(misaki.last.get_by_role("link")).to_have_attribute("href", "https://example.com/x")
    misaki.say("水曜の18時からでお願いします。")
    sho.hears("水曜の18時からでお願いします。")

    use_tool(misaki, "水曜の18時", "Edit")
    form = misaki.form(page_text("Edit the message"))
    form.fill(page_text("Message"), "木曜の18時からでお願いします。").press(page_text("Save")).is_gone()
    sho.hears("木曜の18時からでお願いします。").hears(_("edited"))
    use_tool(misaki, "木曜の18時", "Delete")
    page.get_by_role("alertdialog").get_by_role("button", name=page_text("Delete")).click()
    sho.hears(_("(deleted by its writer)"))
    expect(sho.log).not_to_contain_text("木曜の18時")

    misaki.say("うちの製品を買いませんか。")
    sho.hears("うちの製品を買いませんか。")
    sho.press(_("Report"))
    report = sho.form(_("Report to HR"))
    report.fill(_("What is wrong with it?"), "営業です。").press(_("Report"))
    sho.last_page().sees(_("Thank you. HR looks at this one message and tells you what they decide.")).close()

    sho.press(_("Close"))
    page.get_by_role("alertdialog").get_by_role("button", name=_("Close")).click()
    misaki.sees(_("This conversation is closed. What is written here is no longer passed on."))
    misaki.say("まだ届きますか。")
    misaki.hears("お届けしませんでした")
    expect(sho.log).not_to_contain_text("まだ届きますか。")

    yuka, _misaki = open_sides(page, demo.address, HR, JAPANESE.mentor, "ja")
    wait_for_event(page, "ja", yuka, _("Warn"))
    yuka.sees("うちの製品を買いませんか。")
    expect(yuka.log).not_to_contain_text("水曜")
    assert "Traceback" not in demo.read_log()
