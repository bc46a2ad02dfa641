"""Writing, completing, reading: what happens in the box and in the log."""

from playwright.sync_api import Page, Route, expect

from tests.adapters.playground.small_bot import HOSTILE
from tests.e2e.conftest import OpenPage
from tests.e2e.servers import SmallServer
from tests.e2e.side import Side

WRITE_OFTEN = """async (times) => {
    for (let n = 0; n < times; n += 1) {
        const what = { kind: "say", conversation: "dm:sho-takahashi", text: `${n}番目` };
        const body = JSON.stringify({ key: `many-${n}-key`, person: "sho-takahashi", what });
        await fetch("/playground/api/acts", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    }
}"""


def sides(page: Page) -> tuple[Side, Side]:
    return Side(page, "高橋 翔"), Side(page, "佐藤 美咲")


def test_two_people_stand_side_by_side_and_write(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho, misaki = sides(page)
    sho.say("こんにちは").hears("聞きました：こんにちは")
    expect(sho.messages).to_have_count(2)
    expect(sho.box).to_have_value("")
    expect(misaki.messages).to_have_count(0)
    assert "people=sho-takahashi,misaki-sato" in page.url


def test_commands_complete_by_keyboard(open_page: OpenPage, small: SmallServer) -> None:
    sho, _ = sides(open_page(small.address))
    sho.box.press_sequentially("/m")
    expect(sho.pane.get_by_role("option")).to_have_text(["/mentorAsk for a consultationmentor、相談"])
    sho.box.press("Tab")
    expect(sho.box).to_have_value("/mentor ")
    sho.box.fill("/")
    options = sho.pane.get_by_role("option")
    expect(options).to_have_count(6)
    expect(sho.box).to_have_attribute("aria-expanded", "true")
    sho.box.press("ArrowDown")
    sho.box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(sho.box).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    sho.box.press("Enter")
    expect(sho.box).to_have_value("/alumni ")
    sho.box.press_sequentially("p")
    expect(options).to_have_count(1)
    sho.box.press("Escape")
    expect(options).to_have_count(0)
    expect(sho.box).to_have_value("/alumni p")


def test_words_complete_by_mouse(open_page: OpenPage, small: SmallServer) -> None:
    sho, _ = sides(open_page(small.address))
    sho.box.press_sequentially("プロ")
    sho.pane.get_by_role("option", name="プロフィール").click()
    expect(sho.box).to_have_value("プロフィール ")
    expect(sho.box).to_be_focused()


def test_words_stand_ready_to_be_taken(open_page: OpenPage, small: SmallServer) -> None:
    sho, _ = sides(open_page(small.address))
    sho.pane.get_by_role("button", name="相談", exact=True).click()
    expect(sho.box).to_have_value("相談 ")


def test_registering_is_offered_to_newcomers_alone(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(f"{small.address}?people=kenichi-tanaka,sho-takahashi")
    page.get_by_role("button", name="ワークスペースに参加").click()
    kenichi, sho = Side(page, "田中 健一").go("Musubi"), Side(page, "高橋 翔")
    expect(kenichi.pane.get_by_role("button", name="登録", exact=True)).to_be_visible()
    expect(sho.pane.get_by_role("button", name="登録", exact=True)).to_have_count(0)
    kenichi.box.fill("登")
    expect(kenichi.pane.get_by_role("option")).to_have_count(1)
    sho.box.fill("登")
    expect(sho.pane.get_by_role("option")).to_have_count(0)


def test_hrs_command_is_offered_to_hr(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(f"{small.address}?people=yuka-yamamoto,sho-takahashi")
    yuka, sho = Side(page, "山本 由佳"), Side(page, "高橋 翔")
    expect(yuka.pane.locator(".hint-word").first).to_have_text("人事")
    expect(sho.pane.get_by_role("button", name="人事", exact=True)).to_have_count(0)
    yuka.box.fill("/h")
    expect(yuka.pane.get_by_role("option")).to_have_count(1)
    sho.box.fill("/h")
    expect(sho.pane.get_by_role("option")).to_have_count(0)


def test_enter_that_ends_a_conversion_does_not_send(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho, _ = sides(page)
    sho.box.fill("でんち")
    sho.box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    sho.box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True})
    expect(sho.box).to_have_value("でんち")
    sho.box.press("Shift+Enter")
    expect(sho.box).to_have_value("でんち\n")
    sho.box.press_sequentially("開発")
    sho.box.press("Enter")
    sho.hears("聞きました：でんち\n開発")
    assert small.bot.heard


def test_a_draft_waits_where_it_was_begun(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho, _ = sides(page)
    sho.box.fill("書きかけ")
    sho.go("近況")
    expect(sho.box).to_have_value("")
    sho.go("Musubi")
    expect(sho.box).to_have_value("書きかけ")
    page.reload()
    expect(sho.box).to_have_value("書きかけ")


def test_what_was_there_is_there_after_a_reload(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho, _ = sides(page)
    sho.say("/alumni help").hears("alumni: help")
    expect(sho.last).to_contain_text("あなただけに表示")
    before = sho.log.inner_text()
    page.reload()
    sho.hears("alumni: help")
    assert sho.log.inner_text() == before


def test_hostile_text_is_only_text(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho, _ = sides(page)
    sho.say(HOSTILE).hears("聞きました")
    sho.say("/cards").sees("見出し")
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, main script").count() == 0
    expect(sho.messages.first).to_contain_text("<script>window.hacked = 1</script>")
    link = sho.log.get_by_role("link", name="開く", exact=True)
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_people_write_to_each_other_in_a_group(open_page: OpenPage, small: SmallServer) -> None:
    sho, misaki = sides(open_page(small.address))
    sho.say("/group")
    expect(misaki.pane.get_by_role("tab", name="高橋 翔")).to_contain_text("1")
    sho.go("佐藤 美咲").sees("お二人の会話です。")
    misaki.go("高橋 翔")
    sho.say("よろしくお願いします。")
    misaki.hears("よろしくお願いします。")
    misaki.say("こちらこそ。")
    sho.hears("こちらこそ。")


def test_what_another_tab_does_is_seen_here(open_page: OpenPage, small: SmallServer) -> None:
    here, there = open_page(small.address), open_page(small.address)
    sides(there)[0].say("となりのタブから")
    sides(here)[0].hears("聞きました：となりのタブから")


def test_unread_messages_are_counted_until_they_are_seen(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(f"{small.address}?people=sho-takahashi,emily-carter")
    people = page.get_by_role("navigation")
    expect(people.locator(".person", has_text="田中 健一")).to_contain_text("未読1件")
    Side(page, "高橋 翔").say("/group")
    row = people.locator(".person", has_text="佐藤 美咲")
    expect(row).to_contain_text("未読1件")
    row.click()
    misaki = Side(page, "佐藤 美咲")
    expect(misaki.pane).to_be_visible()
    misaki.go("高橋 翔").sees("お二人の会話です。")
    expect(row.locator(".badge")).to_be_hidden()


def test_earlier_messages_can_be_loaded(open_page: OpenPage, small: SmallServer) -> None:
    page = open_page(small.address)
    sho, _ = sides(page)
    expect(sho.box).to_be_visible()
    page.evaluate(WRITE_OFTEN, 35)
    page.reload()
    expect(sho.messages).to_have_count(60)
    sho.pane.get_by_role("button", name="前のメッセージ").click()
    expect(sho.messages).to_have_count(70)
    expect(sho.messages.first).to_contain_text("0番目")


def test_what_came_back_into_the_box_and_had_arrived_stands_there_once(open_page: OpenPage, small: SmallServer) -> None:
    """The workspace takes it, and its answer is lost again and again."""
    page = open_page(small.address)
    page.clock.install()
    page.reload()
    sho, _ = sides(page)
    expect(sho.box).to_be_editable()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/api/acts", lose_the_answer)
    sho.say("一度だけ")
    for _again in range(20):
        page.clock.run_for(3_000)
        page.wait_for_timeout(50)
        if sho.box.input_value():
            break
    expect(sho.box).to_have_value("一度だけ")
    page.unroute("**/api/acts")
    sho.box.press("Enter")
    expect(sho.box).to_have_value("")
    sho.say("次に").hears("聞きました：次に")
    expect(sho.log.get_by_text("一度だけ", exact=True)).to_have_count(1)
    sho.say("一度だけ").hears("聞きました：一度だけ")
    expect(sho.log.get_by_text("一度だけ", exact=True)).to_have_count(2)
