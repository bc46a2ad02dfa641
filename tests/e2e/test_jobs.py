"""Jobs in the browser: an interest from the first word to hired, and a friend who agrees on the small page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.flows import HR, JAPANESE, Someone, open_sides, page_says, speak
from tests.e2e.servers import Process
from tests.e2e.side import Side

pytestmark = pytest.mark.timeout(180)

FRIEND = Someone("nanako-horiuchi", "堀内 菜々子")
ADDRESS = "nanako.horiuchi@example.com"
_ = speak("ja")
TITLE = "電池パックの量産立ち上げ（カムバック歓迎）"


@pytest.fixture
def sides(page: Page, demo: Process) -> tuple[Side, Side]:
    """The alumna, beside HR."""
    return open_sides(page, demo.address, JAPANESE.mentor, HR, "ja")


def first(side: Side, label: str) -> None:
    """Presses the button of that name that stands first on the newest card: that of the job that fits best."""
    side.last.get_by_role("button", name=label, exact=True).first.click()


def step(hr: Side, label: str, *, sure: bool = False) -> None:
    """Presses the newest button of that name; some ask once more."""
    hr.press(label)
    if sure:
        hr.page.get_by_role("alertdialog").get_by_role("button", name=label, exact=True).click()


def test_an_interest_goes_all_the_way_to_hired(sides: tuple[Side, Side]) -> None:
    misaki, hr = sides
    misaki.say("/jobs")
    misaki.sees(TITLE).sees("あなたの話題：電池開発")
    first(misaki, _("Talk casually"))
    form = misaki.form(_("Talk casually"))
    form.sees("人事がお話しします")  # the contact is of her former department
    form.fill(_("What you would like to know"), "安全設計の進め方を伺いたいです。").press(_("Send"))
    misaki.last_page().sees("人事だけにお伝えします").close()
    hr.sees(f"佐藤 美咲さんが「{TITLE}」").sees("安全設計の進め方")
    step(hr, _("Talk with them"))
    hr.sees("お二人の会話を開きました")
    misaki.sees("喜んでお話しします")
    step(hr, _("Who is where"))
    step(hr, _("On to interviews"))
    misaki.sees("選考に進みます")
    step(hr, _("Hired"), sure=True)
    misaki.sees("心から歓迎します")


def test_a_friend_agrees_on_the_small_page(sides: tuple[Side, Side], open_page: OpenPage) -> None:
    misaki, hr = sides
    misaki.say("/jobs").sees(TITLE)
    first(misaki, _("Refer a friend"))
    form = misaki.form(_("Refer a friend"))
    form.fill(_("Your friend's name"), FRIEND.name).fill(_("Your friend's mail address"), ADDRESS)
    form.fill(_("A few words to your friend"), "きっと合うと思います。").press(_("Ask my friend"))
    misaki.last_page().sees("メールが届き").close()
    page = open_page(_read_link(misaki.page), viewport={"width": 390, "height": 844})
    expect(page.locator("h1").first).to_have_text(TITLE)
    expect(page.locator("section")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name=_("Yes, tell me more")).click()
    expect(page.locator("section").first).to_contain_text("人事からご連絡します")
    misaki.sees("話を聞きたいそうです")
    hr.sees("佐藤 美咲さんのお知り合い")
    step(hr, _("Talk with them"))
    hr.sees(ADDRESS)
    page.reload()
    page.get_by_role("button", name=_("I have changed my mind")).click()
    expect(page.locator("section").first).to_contain_text("お名前とアドレスは削除しました")


def _read_link(page: Page) -> str:
    """The link in the friend's mail, in the friend's own pane."""
    other = page.context.new_page()
    other.goto(f"{page.url.split('?')[0]}?people={FRIEND.id}&lang=ja")
    friend = Side(other, FRIEND.name)
    friend.go(re.compile(page_says("ja")("Mail")))
    frame = friend.pane.frame_locator("iframe").last.locator("a", has_text=_("See more, and say yes or no")).first
    link = frame.get_attribute("href") or ""
    other.close()
    return link
