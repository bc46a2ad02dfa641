"""The frame: people, clock, languages, looks, sizes, the address, the keyboard, and a line that breaks."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.servers import SmallServer, run_small_bot
from tests.e2e.side import Side

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_the_clock_moves_and_says_what_happened(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho = Side(page, "高橋 翔").say("/remind").sees("3日後にお知らせします。")
    clock = page.get_by_role("group", name="ワークスペースの時計")
    before = clock.inner_text()
    page.get_by_role("button", name="次の出来事へ").click()
    sho.hears("3日たちました。")
    expect(page.locator(".news")).to_contain_text(re.compile("になりました。.*新着：.*高橋 翔", re.DOTALL))
    assert clock.inner_text() != before
    page.get_by_role("button", name="次の出来事へ").click()
    expect(page.locator(".news")).to_contain_text("これから起きる予定はありません。")
    moved = clock.inner_text()
    page.reload()
    expect(clock).to_contain_text(moved.split("\n")[0].split("（")[0].removeprefix("いまは "))


def test_an_hour_and_a_day_are_what_they_say(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    page.get_by_role("button", name="＋1時間").click()
    expect(page.locator(".news")).to_contain_text("になりました。")
    assert small.bot.clock.offset.total_seconds() == 3600
    with page.expect_response("**/api/clock"):
        page.get_by_role("button", name="＋1日").click()
    assert small.bot.clock.offset.total_seconds() == 25 * 3600


def test_the_page_speaks_english_as_well(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Next event")).to_be_visible()
    Side(page, "高橋 翔").say("hello").hears("hello")
    expect(page.get_by_role("textbox", name="ワーク")).to_have_count(0)
    assert "lang=en" in page.url
    assert not re.search(
        r"[ぁ-ん]", page.locator("header.top, .say-hints, .trials").first.inner_text().replace("結び", "")
    )


def test_the_browsers_language_is_the_first_guess(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address, locale="en-GB")
    expect(page.get_by_role("searchbox", name="Find people")).to_be_visible()


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(250, 248, 244)"), ("dark", "rgb(20, 23, 28)")])
def test_light_and_dark_follow_the_system_until_chosen(
    open_page: OpenPage, small: SmallServer, scheme: str, paper: str
) -> None:
    page = open_page(small.address, color_scheme=scheme)
    expect(page.locator("body")).to_have_css("background-color", paper)
    other = {"light": "dark", "dark": "light"}[scheme]
    while page.locator("html").get_attribute("data-theme") != other:
        page.get_by_role("button", name=re.compile("明るさ")).click()
    expect(page.locator("body")).not_to_have_css("background-color", paper)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", other)


def test_people_are_found_by_name_reading_and_work(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    search = page.get_by_role("searchbox", name="人を探す")
    people = page.get_by_role("navigation").locator(".person")
    expect(people).to_have_count(8)
    for words, name in [
        ("ひらい", "平井 啓太"),
        ("平井啓太", "平井 啓太"),
        ("陶芸", "片山 美和子"),
        ("ＪＥＮＡ", "Daniel Hartwig"),
    ]:
        search.fill(words)
        expect(people).to_have_count(1)
        expect(people).to_contain_text(name)
    search.fill("いない人")
    expect(page.get_by_text("見つかりませんでした。")).to_be_visible()
    search.fill("")
    page.get_by_role("button", name="ほか38人を表示").click()
    expect(people).to_have_count(46)


def test_a_person_opens_in_the_pane_in_use_or_beside(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    people = page.get_by_role("navigation")
    Side(page, "佐藤 美咲").box.focus()
    people.locator(".person", has_text="Emily Carter").click()
    expect(Side(page, "Emily Carter").box).to_be_focused()
    expect(Side(page, "高橋 翔").pane).to_be_visible()
    people.locator(".person", has_text="山本 由佳").hover()
    page.get_by_role("button", name="山本 由佳さんを並べて表示").click()
    expect(Side(page, "山本 由佳").pane).to_be_visible()
    expect(page).to_have_url(re.compile("people=yuka-yamamoto,emily-carter"))
    page.go_back()
    expect(Side(page, "高橋 翔").pane).to_be_visible()
    page.get_by_role("button", name="Emily Carterさんの画面を閉じる").click()
    expect(page.get_by_role("region")).to_have_count(1)


def test_the_address_shows_who_and_where(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(f"{small.address}?people=emily-carter,yuka-yamamoto&at=channel:latest,home")
    Side(page, "Emily Carter").sees("Our first pack")
    Side(page, "山本 由佳").sees("縁")
    page.reload()
    expect(Side(page, "山本 由佳").pane.get_by_role("tab", name="ホーム")).to_have_attribute("aria-selected", "true")
    nonsense = open_page(f"{small.address}?people=nobody,emily-carter,emily-carter&at=,none")
    Side(nonsense, "Emily Carter").box.focus()


def test_a_person_abroad_lives_in_another_hour(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(f"{small.address}?people=emily-carter,sho-takahashi")
    expect(Side(page, "Emily Carter").pane.locator("header").first).to_contain_text(re.compile(r"Detroitは\d+:\d\d"))
    expect(Side(page, "高橋 翔").pane.locator("header").first).not_to_contain_text("浜松")


def is_wider_than_the_screen(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_on_a_phone_one_person_is_in_view(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address, **PHONE)
    sho, misaki = Side(page, "高橋 翔"), Side(page, "佐藤 美咲")
    expect(sho.pane).to_be_visible()
    expect(misaki.pane).to_be_hidden()
    assert not is_wider_than_the_screen(page)
    sho.say("/cards").sees("見出し")
    assert not is_wider_than_the_screen(page)
    page.get_by_role("group", name="表示する人").get_by_role("button", name="佐藤 美咲").click()
    expect(misaki.pane).to_be_visible()
    expect(sho.pane).to_be_hidden()
    page.get_by_role("button", name="人の一覧").click()
    page.get_by_role("navigation").locator(".person", has_text="山本 由佳").click()
    expect(Side(page, "山本 由佳").pane).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()
    Side(page, "山本 由佳").say("/mentor").form("相談をお願いする")
    assert not is_wider_than_the_screen(page)


def test_nobody_writes_into_the_conversation_of_whoever_was_there_before(
    open_page: OpenPage, small: SmallServer
) -> None:
    page, held = open_page(small.address), list[Route]()
    expect(Side(page, "高橋 翔").box).to_be_visible()
    page.route("**/changes?*", lambda route: held.append(route))
    page.get_by_role("navigation").locator(".person", has_text="山本 由佳").click()
    yuka = Side(page, "山本 由佳")
    expect(yuka.pane).to_be_visible()
    expect(yuka.box).to_have_count(0)
    page.unroute("**/changes?*")  # lets what was held go on
    yuka.say("/mentor").form("相談をお願いする")


def test_whoever_writes_already_keeps_the_box(open_page: OpenPage, small: SmallServer) -> None:
    page, held = open_page(small.address, **PHONE), list[Route]()
    expect(Side(page, "高橋 翔").pane).to_be_visible()
    page.get_by_role("button", name="人の一覧").click()
    page.get_by_role("navigation").locator(".person", has_text="山本 由佳").click()
    yuka = Side(page, "山本 由佳")
    yuka.box.focus()
    page.route("**/changes?*", lambda route: held.append(route))
    page.get_by_role("button", name="人の一覧").click()
    page.get_by_role("navigation").locator(".person", has_text="山本 由佳").click()
    yuka.box.focus()
    page.unroute("**/changes?*")  # lets what was held go on
    page.wait_for_load_state("networkidle")
    expect(yuka.box).to_be_focused()


def test_a_closed_window_leaves_the_focus_to_whoever_writes_by_then(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    box = Side(page, "高橋 翔").box
    expect(box).to_be_visible()
    keys = page.get_by_role("button", name="キーボード")
    keys.click()
    page.get_by_role("dialog").get_by_role("button").last.press("Escape")
    expect(keys).to_be_focused()
    keys.click()
    page.locator("dialog").evaluate("sheet => { sheet.close(); document.querySelector('.say-text').focus(); }")
    expect(page.locator("dialog")).to_have_count(0)
    expect(box).to_be_focused()


def test_whoever_goes_elsewhere_meanwhile_is_not_called_back(open_page: OpenPage, small: SmallServer) -> None:
    page, held = open_page(small.address), list[Route]()
    sho = Side(page, "高橋 翔")
    expect(sho.box).to_be_visible()
    page.route("**/changes?*", lambda route: held.append(route))
    page.get_by_role("navigation").locator(".person", has_text="山本 由佳").click()
    search = page.get_by_role("searchbox")
    search.focus()
    page.unroute("**/changes?*")  # lets what was held go on
    expect(Side(page, "山本 由佳").box).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(search).to_be_focused()


@pytest.mark.parametrize("width", [320, 720, 1024, 1100, 1920])
def test_no_width_needs_scrolling_sideways(open_page: OpenPage, small: SmallServer, width: int) -> None:
    page = open_page(f"{small.address}?lang=en", viewport={"width": width, "height": 800})
    Side(page, "高橋 翔").say("/cards").sees("見出し")
    assert not is_wider_than_the_screen(page)


def test_everything_is_reached_by_keyboard(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho, misaki = Side(page, "高橋 翔"), Side(page, "佐藤 美咲")
    expect(sho.box).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="1人目の画面へ")).to_be_focused()
    page.keyboard.press("Enter")
    expect(sho.box).to_be_focused()
    page.keyboard.press("Alt+2")
    expect(misaki.box).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(Side(page, "Emily Carter").box).to_be_focused()
    tab = Side(page, "Emily Carter").pane.get_by_role("tab", name="Musubi")
    tab.focus()
    page.keyboard.press("ArrowRight")
    expect(Side(page, "Emily Carter").pane.get_by_role("tab", name="ホーム")).to_be_focused()
    Side(page, "Emily Carter").sees("縁")


def test_everything_has_a_name_and_a_role(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    Side(page, "高橋 翔").say("/cards").sees("見出し")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, a[href], [role]")]
            .filter((node) => node.offsetParent && !node.closest("[aria-hidden=true]"))
            .filter((node) => !["tabpanel", "none"].includes(node.getAttribute("role")))
            .filter((node) => !(node.getAttribute("aria-label") || node.getAttribute("aria-labelledby")
                || node.textContent.trim() || node.labels?.length || node.title))
            .map((node) => node.outerHTML)"""
    )
    assert nameless == []
    log = Side(page, "高橋 翔").log
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_accessible_name("メッセージ：Musubi")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


def test_a_broken_line_is_mended_and_nothing_is_lost(open_page: OpenPage, tmp_path: Path) -> None:
    with run_small_bot(tmp_path / "small") as server:
        page = open_page(server.address)
        sho = Side(page, "高橋 翔").say("一番目").hears("聞きました：一番目")
        server.kill()
        expect(page.get_by_text("接続が切れました。")).to_be_visible()
        sho.say("切れている間に")
        server.start()
        sho.hears("聞きました：切れている間に")
        expect(page.get_by_text("接続が切れました。")).to_be_hidden()
        sho.say("三番目").hears("聞きました：三番目")
        server.kill()
        sho.say("閉じる前に")
        expect(sho.box).to_have_value("")
        server.start()
        page.reload()
        sho.hears("聞きました：閉じる前に")
        expect(sho.messages).to_have_count(8)
        for text in ("一番目", "切れている間に", "三番目", "閉じる前に"):
            expect(sho.log.get_by_text(text, exact=True)).to_have_count(1)
